"""Names of programs that the image's own code puts together: `"mysql" + tool`, `f"pg_{command}"`, `%s%s`.

A part that code joins to something else is a string in front of or behind an operator, or of a value that is put in.
What it is joined to may be any word of the image's own texts, arguments and variables. Where code joins two variables,
each of its strings may be such a part, and where it puts something to a string, any number.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gate.reachability.runtimes.node.sources import SOURCES
from gate.reachability.runtimes.walk.given import BETWEEN

_STRING = re.compile(r"(?P<quote>[\"'`])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n]){0,300})(?P=quote)")
_PUT_IN = re.compile(r"%[a-z]|%\(\w+\)s|[#$]?\{[^{}]*\}|[$@]\w+")
_JOINED_BEHIND = re.compile(r"\s*(?:\+|\.\.|\.(?=\s*[\"'$(\w])|%|<<|\|\||[\"']|\.format|\.concat|\$)")
_JOINED_BEFORE = re.compile(r"(?:\+=?|\.\.|\.=?|<<|\|\||concat\(|[\"'\w)])\s*\Z")
_IS_AWK = re.compile(r"\A#!.*awk|\b(?:BEGIN|END)\s*\{")
_BEFORE_IN_AWK = re.compile(r"[\"'\w)$]\s*\Z")
"""There, what stands side by side is put together."""
_JOINS_VALUES = re.compile(
    r"[\w\])]\s*\+=?\s*[A-Za-z_$(]|\$\w+\s*\.=?\s*[\w$(]|\w\s*(?:\.\.|<<)\s*[A-Za-z_$]"
    r"|\b(?:join|implode)\s*\(?\s*(?:[\"']{2}|\[)|\)\s*\.join|(?:%s|\{\w*\}|[#$]\{\w+\}){2}|\$\w+\$\w+"
)
"""Two values are put together, or all of a list."""
_BACK = 20
"""Characters before a string in which an operator is looked for."""
_LAST = re.compile(r"[\w.+-]+\Z")
_FIRST = re.compile(r"\A[\w.+-]+")
_WORDS = re.compile(rf"(?:{BETWEEN.pattern}|[/=:])+")
_CHANGES_CASE = re.compile(r"\.lower\(|toLowerCase|\bdowncase|\blc\b|strtolower|tolower|string\.lower")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_LONGEST_NAME = 40
_SHORTEST_VALUE = 2
"""Characters of a string that a variable has and that is a part: letters are joined for much else."""
_RUNS_JAVASCRIPT = re.compile(
    r"(?:node(?:js)?|bun|deno|electron|mongo\w*|\w*js|chrom\w*)[\d.-]*|lib(?:node|v8|mozjs|gjs|quickjs)[\w-]*\.so.*"
)
_MAX_TEXT = 1 << 20


class Parts(msgspec.Struct):
    """What may be a part of a name."""

    left: set[str]
    """Words that something is put behind."""
    right: set[str]
    """Words that something is put before."""
    words: set[str]
    """Words of strings."""
    lowered: set[str]
    """Words of strings in small letters, of a source that makes some small."""


def parts_of(code: str) -> Parts:
    """Return the parts of names in a source of any language."""
    parts = Parts(set(), set(), set(), set())
    whole: set[str] = set()
    before = _BEFORE_IN_AWK if _IS_AWK.search(code) else _JOINED_BEFORE
    for found in _STRING.finditer(code):
        pieces = _PUT_IN.split(found["text"])
        is_joined_behind = _JOINED_BEHIND.match(code, found.end()) is not None
        is_joined_before = before.search(code, max(0, found.start() - _BACK), found.start()) is not None
        for piece in pieces if is_joined_behind else pieces[:-1]:
            parts.left.update(_LAST.findall(piece))
        for piece in pieces if is_joined_before else pieces[1:]:
            parts.right.update(_FIRST.findall(piece))
        words = [word for piece in pieces for word in _WORDS.split(piece) if word]
        parts.words.update(words)
        whole.update(words if len(words) == 1 else ())
    if _JOINS_VALUES.search(code):
        whole = {word for word in whole if len(word) >= _SHORTEST_VALUE}
        parts.left |= whole
        parts.right |= whole
    if _CHANGES_CASE.search(code):
        parts.lowered = {word.lower() for word in parts.words if not word.islower()}
    return parts


def is_run(path: str, programs: Iterable[str]) -> bool:
    """False for a source of JavaScript in an image of whose `programs` none runs it: a browser does."""
    return not path.endswith(SOURCES) or any(map(_RUNS_JAVASCRIPT.fullmatch, programs))


class JoinedNames:
    """The parts of all own texts."""

    def __init__(self) -> None:
        self._left: dict[str, str] = {}
        self._right: dict[str, str] = {}
        self._lowered: dict[str, str] = {}
        self._words: set[str] = set()
        self._texts: list[Callable[[], bytes]] = []
        """Texts that are no code: what they hold matters only where code puts names together."""

    def add_source(self, path: str, content: bytes) -> None:
        """Take in the strings of a source; one above 1 MB is data."""
        if len(content) <= _MAX_TEXT:
            self._add_code(path, content.decode("utf-8", "replace"))

    def add_text(self, read: Callable[[], bytes]) -> None:
        """Take in the words of settings, which are read when they are needed; a text above 1 MB is data."""
        self._texts.append(read)

    def add_given(self, words: Iterable[str]) -> None:
        """Take in arguments and values of variables, which may be code: `python3 -c …`."""
        for word in words:
            if BETWEEN.search(word):
                self._add_code("the command line", word)
            self._words.update(_WORDS.split(word))

    def _add_code(self, path: str, code: str) -> None:
        parts = parts_of(code)
        self._left |= dict.fromkeys(parts.left, path)
        self._right |= dict.fromkeys(parts.right, path)
        self._lowered |= dict.fromkeys(parts.lowered, path)
        self._words |= parts.left | parts.right | parts.words | parts.lowered

    def among(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield those of `names` that can be put together of several parts, each with a source that does so."""
        if not (self._left or self._right):
            return
        for read in self._texts:
            content = read()
            if len(content) <= _MAX_TEXT:
                self._words.update(BETWEEN.split(content.decode("utf-8", "replace")))
        self._texts.clear()
        for name in names:
            path = self._source(name) if len(name) <= _LONGEST_NAME else None
            if path is not None:
                yield path, name

    def _source(self, name: str) -> str | None:
        """Return a source that may put a name together; something empty may be put to all of it."""
        return self._lowered.get(name) or self._joint(name, name) or self._of_parts(name)

    def _of_parts(self, name: str) -> str | None:
        """Return a source that may put a name together of two parts or more."""
        ends: dict[int, dict[str, str]] = {0: {"": ""}}
        """By place: the parts that end there and can stand behind others, each with the source of its joint."""
        for end in range(1, len(name) + 1):
            for start in range(end):
                part = name[start:end]
                befores = ends.get(start)
                if befores is None or part == name or not self._is_part(part):
                    continue
                source = next(filter(None, (self._joint(before, part) for before in befores)), None)
                if start == 0 or source:
                    ends.setdefault(end, {})[part] = source or ""
        return next(iter(ends.get(len(name), {}).values()), None)

    def _is_part(self, word: str) -> bool:
        """True for a word, and for a number, which code makes."""
        return word in self._words or _NUMBER.fullmatch(word) is not None

    def _joint(self, left: str, right: str) -> str | None:
        return self._left.get(left) or self._right.get(right)
