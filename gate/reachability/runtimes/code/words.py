"""The words of an expression in a script: literals, arguments, variables and files, where a run gives them.

This is no parser of any language: the values that an expression names are taken in their order, which is that of the
words in a call such as `execvp(argv[1], argv[1:])` or `spawn("nice", [command, …rest])`.
"""

import re
import shlex
from collections.abc import Callable

import msgspec

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.walk.graph import UNKNOWN

_MAX_BEFORE = 20_000
"""Characters in front of a call in which its variables are looked for."""
_MAX_DEPTH = 4
"""Variables that are assigned from one another."""
_MAX_EXPRESSION = 2_000
_LITERAL = r"""(?P<kind>[rbuf]{0,2})(?P<quote>\"{3}|'{3}|["'`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"""
_LIST = r"(?P<list>%w|qw|qq?|%q)\s*(?:\[(?P<l1>[^\]]*)\]|\((?P<l2>[^)]*)\)|\{(?P<l3>[^}]*)\}|/(?P<l4>[^/]*)/)"
_OF_PYTHON, _OF_NODE = r"os\.environ(?:\.get\(|\[)|os\.getenv\(|getenv\(", r"process\.env(?:\.(?=\w)|\[)"
_OF_OTHERS = r"\$ENV\{|ENV(?:\.fetch\(|\[)|\$_(?:ENV|SERVER)\[|ENVIRON\[|\$(?:::)?env\("
_ENVIRONMENT = rf"(?:{_OF_PYTHON}|{_OF_NODE}|{_OF_OTHERS})\s*[\"']?(?P<variable>\w+)[\"']?\s*(?P<default>,|[\])}}])?"
_READING = r"\bopen\(|\bPath\(|readFileSync\(|File\.read\(|IO\.read\(|file_get_contents\(|\bio\.open\("
_FILE = rf"(?:{_READING})\s*[\"'](?P<path>[^\"'\n]{{1,200}})[\"']"
_ARGV = r"(?:sys\.argv|process\.argv|(?<![\w$@])argv)"
_SLICES = r"\.slice\(\s*(?P<from>\d+)\s*\)|\[\s*(?P<after>\d+)\s*:\s*\]"
_SLICED = rf"{_ARGV}(?:{_SLICES})|(?<!\w)array_slice\(\s*\$argv\s*,\s*(?P<php>\d+)\s*\)"
_INDEXED = rf"(?:{_ARGV}|\$argv|\$ARGV|(?<![\w$@])ARGV|(?<!\w)arg)\s*\[\s*(?P<index>\d+)\s*\]"
_SHIFTED = r"\bshift\b(?!\s*\()(?:\s*@ARGV|\s*\(\s*@ARGV\s*\))?|(?:ARGV|sys\.argv|argv)\.(?:shift|pop\(0\))"
_OF_LUA = r"(?<!\w)(?:table\.)?unpack\(\s*arg\s*\)|(?<!\w)table\.concat\(\s*arg\b"
_EVERY = rf"@ARGV\b|\*?\bARGV\b|\$argv\b|\$@|\bsys\.argv\b|{_OF_LUA}|\{{\*\}}\$argv"
_KEYWORD = r",\s*(?:\w+\s*=(?!=)|\w+:(?!:)\s|=>|\{)"
_TOKEN = re.compile(
    rf"""
      (?P<literal>{_LITERAL}|{_LIST})
    | (?P<environment>{_ENVIRONMENT})
    | (?P<file>{_FILE})
    | (?P<sliced>{_SLICED})
    | (?P<indexed>{_INDEXED})
    | (?P<shifted>{_SHIFTED})
    | (?P<every>{_EVERY})
    | (?P<keyword>{_KEYWORD})
    | (?P<name>[$@*]{{0,2}}\{{?[A-Za-z_]\w*\}}?(?:(?:\.|->|::)\w+)*)(?P<call>\s*\()?
    | (?P<joined>\+|\.\.?(?!\w|\.))
    """,
    re.VERBOSE | re.DOTALL,
)
_INSIDE = re.compile(r"\$\{[^}]*\}|#\{[^}]*\}|\{[^{}]*\}|[$@]\{?\w+(?:[\[{][^\]}]*[\]}])?\}?|%[sd]")
_SHIFT = re.compile(
    r"\bshift\b(?:\s*@ARGV|\(\s*@ARGV\s*\))?\s*[;,)|/]|ARGV\.shift|argv\.pop\(0\)|array_shift\(\s*\$argv"
)
_STATEMENT = r"(?:^|[;{(\n]|\b(?:my|local|const|let|var)\s)[ \t(]*"
_TYPE = r"[ \t]*(?::[^=\n]{1,40})?"
_GIVEN = r"=(?![=~>])(?P<value>[^\n;]{1,1000})"
_SEVERAL = re.compile(
    rf"^[ \t]*(?:my|local|const|let|var)?[ \t]*[\[(]?(?P<names>(?:[\w$@*. \t]+,)+[\w$@*. \t]+)[\])]?[ \t]*{_GIVEN}",
    re.MULTILINE,
)
_SPACE = (" ", "=", "/")
_NOTHING = frozenset(word_lists(__file__)["no_word"])
"""Names that add no word."""


class ScriptRun(msgspec.Struct, frozen=True):
    """What a script is run with."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    first: int
    """The number that the script's language gives the first argument: 1 where 0 is the script."""
    read: Callable[[str], str | None]
    """The text of a file of the image, None if it is not there."""
    text: str = ""
    """The whole script."""


class _Words:
    """The words that were found so far, and what joins the next one to them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._is_joined = False

    def add(self, words: tuple[str, ...]) -> None:
        if words and self._is_joined and self.found and _meets(self.found[-1], words[0]):
            self.found[-1] += words[0]
            words = words[1:]
        self.found.extend(words)
        self._is_joined = False

    def join(self) -> None:
        self._is_joined = True


def _meets(left: str, right: str) -> bool:
    """True for two texts that are put together, not two lists of words."""
    return left.endswith(_SPACE) or right.startswith(_SPACE)


def words_of(expression: str, before: str, run: ScriptRun, depth: int = 0) -> tuple[str, ...]:
    """Return the words of an expression; `before` is the script's text in front of it, which assigns variables."""
    words = _Words()
    for token in _TOKEN.finditer(expression[:_MAX_EXPRESSION]):
        if token["keyword"]:
            if "{" not in token["keyword"] or words.found:
                break
        elif token["joined"]:
            words.join()
        else:
            words.add(_value(token, before, run, depth))
    return tuple(words.found)


def _literal(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    inside = token["l1"] or token["l2"] or token["l3"] or token["l4"]
    if inside is not None:
        return tuple(inside.split()) if token["list"] in ("%w", "qw") else (inside,)
    text = token["text"]
    if not text.strip() or text in _NOTHING:
        return ()
    is_filled = "f" in token["kind"] or (token["quote"] in '"`' and "$" in text) or "#{" in text or "@" in text
    if is_filled and _INSIDE.search(text):
        return (_INSIDE.sub(lambda found: _filled(found[0], before, run, depth), text),)
    return (re.sub(r"\\(.)", r"\1", text),)


def _filled(part: str, before: str, run: ScriptRun, depth: int) -> str:
    if part.startswith("%"):
        return UNKNOWN
    inner = part.strip("#") if part.startswith("#") else part
    bare = re.fullmatch(r"[$#]?\{(.*)\}", inner)
    words = words_of(bare[1] if bare and not part.startswith("$ENV") else part, before, run, depth + 1)
    return " ".join(words) if words else UNKNOWN


def _environment(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    value = run.environment.get(token["variable"])
    if value is None:  # then a default behind the name is a literal of its own
        return () if token["default"] == "," or "||" in token.string[token.end() : token.end() + 4] else (UNKNOWN,)
    return (value,)


def _file(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    text = run.read(token["path"])
    return (UNKNOWN,) if text is None else (text.strip(),)


def _sliced(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    start = int(token["from"] or token["after"] or token["php"])
    return run.arguments[max(0, start - run.first) :]


def _indexed(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    place = int(token["index"]) - run.first
    return run.arguments[place : place + 1] if place >= 0 else ()


def _shifted(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    place = _shifts(before)
    return run.arguments[place : place + 1]


def _every(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    return run.arguments[_shifts(before) :]


def _shifts(before: str) -> int:
    return len(_SHIFT.findall(before))


def _name(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    name = token["name"].strip("$@*{}")
    if name in _NOTHING or name.rpartition(".")[2] in _NOTHING:
        return ()
    if token["call"] and depth:
        return ()
    found = _assigned(name, before) if depth < _MAX_DEPTH else None
    if found is not None:
        expression, start, place, is_rest = found
        words = words_of(expression, before[:start], run, depth + 1)
        if place is None:
            return words
        return words[place:] if is_rest else words[place : place + 1]
    if token["call"] or "." in token["name"].strip("."):
        return ()
    return _passed(name, before, run, depth) if depth < _MAX_DEPTH else (UNKNOWN,)


def _passed(name: str, before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    """Return what a function is given for its only parameter `name`, by the first call of it."""
    heads = re.findall(rf"\b(?:def|function|sub)\s+(\w+)\s*\(\s*\$?\*?{re.escape(name)}\s*[):,]", before)
    call = re.search(rf"(?<!def )(?<!function )(?<!\w){heads[-1]}\((?P<given>[^\n]*)\)", run.text) if heads else None
    if call is None:
        return (UNKNOWN,)
    return words_of(call["given"], run.text[: call.start()], run, depth + 1) or (UNKNOWN,)


def _assigned(name: str, before: str) -> tuple[str, int, int | None, bool] | None:
    """Return the expression that a variable was given last, where it stands, and the variable's place in a list."""
    single = re.compile(rf"{_STATEMENT}[$@]?{re.escape(name)}{_TYPE}{_GIVEN}")
    left_out = max(0, len(before) - _MAX_BEFORE)
    before = before[left_out:]
    found = list(single.finditer(before))
    if found:
        return found[-1]["value"], left_out + found[-1].start(), None, False
    for one in _SEVERAL.finditer(before):
        names = [each.strip().split()[-1] for each in one["names"].split(",") if each.strip()]
        for place, each in enumerate(names):
            if each.strip("$@*.") == name:
                return one["value"], left_out + one.start(), place, each[0] in "@*." and each != f"${name}"
    return None


_VALUES: dict[str, Callable[["re.Match[str]", str, ScriptRun, int], tuple[str, ...]]] = {
    "literal": _literal,
    "environment": _environment,
    "file": _file,
    "sliced": _sliced,
    "indexed": _indexed,
    "shifted": _shifted,
    "every": _every,
    "name": _name,
}


def _value(token: "re.Match[str]", before: str, run: ScriptRun, depth: int) -> tuple[str, ...]:
    kind = next(name for name in _VALUES if token[name])
    return _VALUES[kind](token, before, run, depth)


def split(text: str) -> tuple[str, ...]:
    """Return the words of a text as a shell would split them."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return tuple(text.split())
