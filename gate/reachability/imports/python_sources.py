"""The imports of a Python source, and strings that may name modules; searched in one pass, without parsing.

Python's own parser would take ten times as long for the thousands of files of one program, and would refuse sources for
other versions of the language, Python 2 included. Only strings, comments and import statements matter here.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Set
from functools import cached_property
from itertools import chain, takewhile

import msgspec

from gate.reachability.imports.sentences import OF_SENTENCES

_STATEMENT = r"(?:import[ \t]|from[ \t]++[.\w]+[ \t]++import\b)"
_BLANKS = r"[ \t]*+"
_TOKEN = re.compile(
    rf"""
    (?: (?! (?:^|(?<=[:;])) {_BLANKS}{_STATEMENT} )
        (?: [^\\"'\#\n:;]++ | \#[^\n]*+ | [\n:;]++ (?! {_BLANKS}{_STATEMENT} ) )*+
    )?+
    [\n:;]*+
    (?:
      (?P<long>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+''')
    | (?P<short>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')
    | (?:^(?P<indent>{_BLANKS})|(?<=[:;]){_BLANKS})
      (?:(?P<import>import[ \t]++)|(?P<from>from[ \t]++[.\w]+[ \t]++import\b))
    | \\.
    | .
    | \Z
    )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
"""What is between strings and imports, then one of these, or a character that begins none. It matches everywhere, so
that a text is read once: a search that fails is repeated from the next character."""
_LONG, _SHORT = _TOKEN.groupindex["long"], _TOKEN.groupindex["short"]
_AFTER_IMPORT = re.compile(r"[ \t]*+(?:\(([^)]{0,20000}+)\)|((?:[^\n\\#;]++|\\\n)*+))")
_SKIPPED = re.compile(r"#[^\n]*|[\\\n]")
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"[ \t]*([\w.]+|\*)")
_DOTTED = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.]+)?(?:\(.*\))?$", re.MULTILINE)
_BLOCK = (
    r"([ \t]*+)(?=[acdefimtw])(?:async[ \t]+def|def|if|elif|else|try|except|with|for|while|class|finally|match|case)\b"
)
"""To look at the first letter before the words takes a third of the time."""
_HEADER = re.compile(_BLOCK)
_NEXT_HEADER = re.compile("\n" + _BLOCK)
_FOR_SCRIPTS = re.compile(r"if[ \t(]+__name__\b")
_FOR_TYPES = re.compile(r"(?:el)?if[ \t(]+(?:\w+\.)?TYPE_CHECKING(?:[ \t)]*:|[ \t]+and\b)")
_WORDS = re.compile(r"^[\w./:+-]++(?:[ ,;|]++[\w./:+=-]++)*+$", re.MULTILINE)
"""One or several names, as code takes apart with `split`, or a command with its arguments."""
_BETWEEN = re.compile(r"[ ,;|=\n]+")
_BETWEEN_WORDS = re.compile(r"[ ,;|]+")
_OF_COMMANDS = ("-", "/", "./")
"""How a word of a command begins that no sentence has."""
_SIGN = re.compile(r"[.:/+]")
_BEGINNING = re.compile(r"^[\w.-]*[\w.][._-](?=[{%]|$)", re.MULTILINE)
_END = re.compile(r"(?:^|\}|%[sr])([._-]\w[\w.-]*)$", re.MULTILINE)
_IN_CODE = re.compile(
    r"""(?:(?:^|[;\n])[ \t]*(?:import|from)[ \t]+|\b(?:__import__|import_module)\([ \t]*\\?["'])([A-Za-z_]\w*)"""
)
"""An import in a string that holds code, for `exec` or another interpreter."""
_COMMAND = re.compile(
    r"^[ \t]*@(?!(?:rich_|async)?click\.|cloup\.)\w[\w.]*\.command\b"
    r"""(?:\([ \t\n]*(?:name[ \t]*=[ \t]*)?["']([\w.:-]+)["'])?""",
    re.MULTILINE,
)
"""The decorator of a command among others (Click, Typer, Flask), with its name if that is stated."""
_SUFFIX_OF_COMMAND = re.compile(r"_(?:command|cmd)$")
_FUNCTION = re.compile(r"(?:async[ \t]+)?def[ \t]+(\w+)")
_CONDITION = re.compile(r"(?:if|elif|else)\b")
_GUARD = re.compile(r"if\b.*:[ \t]*(?:return|raise)\b")
_MAX_GUARDED = 2_000
"""Characters before an import in which such a line is looked for."""
_GIVEN = r"(?:[ \t]*,[ \t]*(?:None|''|\"\"))?[ \t]*\)"
_FOR_VARIABLE = re.compile(
    rf"if[ \t(]+(?:(?:os\.)?(?:environ\.get|getenv)\([ \t]*[\"'](\w+)[\"']{_GIVEN}"
    r"|[\"'](\w+)[\"'][ \t]+in[ \t]+(?:os\.)?environ)[ \t)]*(?:and\b[^\n]*)?:"
)
"""A condition that does not hold while a variable of the environment is not set."""
_TEST_OF_VERSION = (
    r"sys\.version_info(?P<part>\[:2\])?[ \t]*(?P<sign>[<>]=?)"
    r"[ \t]*\([ \t]*(?P<major>\d{1,3})[ \t]*(?:,[ \t]*(?P<minor>\d{1,3})\b)?[^)\n]*\)"
)
_FOR_VERSION = re.compile(rf"(?:el)?if[ \t(]+(?:{_TEST_OF_VERSION}|(?P<not>not[ \t]+)?(?P<name>[A-Za-z_]\w*))[ \t)]*:")
_NAMED_VERSION = re.compile(rf"^(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*{_TEST_OF_VERSION}[ \t]*$", re.MULTILINE)
"""A condition of the version of Python, and a name that stands for one."""
_VERSION = "version_info"
_IMPORTS = re.compile(r"\n[ \t]+(?:from|import)[ \t]")
_IS_COMMAND = "  # is the command "
_INSTEAD = "  # instead of "
"""Stands in what is written of a block with `else` or `elif`, before the first line of each in whose place it is."""
_IN_IMPORTS = "  # imports instead of "
"""Stands there if one of these blocks imports something."""
_MAX_LINES_BACK = 400
"""Lines before an indented import that are searched for the blocks that it is in."""
_MAX_LINE = 1_000
"""Characters of a line that are looked at."""
_ADVICE = re.compile(r"\s*(?:[^&|;]*[:`'(]\s?)?pip3? (?:un)?install ")
"""How messages say what is missing; code that installs something names pip in a string of its own."""
SHORTEST_NAME = 3
"""Characters of a name in a string or variable: shorter ones are anything."""
_LONGEST_NAME = 200
"""Characters of a string that may hold names."""
_LONGEST_MODULE = 120
"""Characters of a string that may be the name of a module, less one."""
_GOES_ON = tuple("([{,=+%\\")
"""What stands at the end of a line behind which a string is a part of an expression."""
_BETWEEN_PARTS = " \t\n\r\\rRbBuUfFtT"
"""What may stand between strings that are one, the letters before their quotes included."""
_MAX_IMPORTS = 5_000
"""Import statements of one file that are read."""


class VersionNeeded(msgspec.Struct, frozen=True, array_like=True):
    """Versions of Python from one on, or all before it."""

    major: int
    minor: int
    is_before: bool = False

    def has(self, version: tuple[int, int]) -> bool:
        """True if it is one of these versions."""
        return (version < (self.major, self.minor)) is self.is_before


class ImportedName(msgspec.Struct, frozen=True):
    """One imported name."""

    module: str
    """With as many dots in front as the statement has."""
    name: str | None
    """What is taken from the module, which may be a module in it; None for `import module`."""
    line: int
    is_lazy: bool
    """True inside a function or under `if __name__ == "__main__"`: it may never be executed."""
    is_fallback: bool = False
    """True behind `except`: it is executed if another import fails."""
    command: str = ""
    """The name of the command whose function it is in: it is executed where the command line has that word."""
    is_for_scripts: bool = False
    """True under `if __name__ == "__main__"`: it is executed where the source itself is started."""
    is_conditional: bool = False
    """True under a condition inside a function, or behind one that ends the function (`if not x: return`)."""
    variable: str = ""
    """The variable of the environment that has to be set: `if os.environ.get("X"):`."""
    versions: tuple["VersionNeeded", ...] = ()
    """The versions of Python for which it is executed: `if sys.version_info >= (3, 11):`."""
    is_alternative: bool = False
    """True behind `else`, if another import stands in the block before."""
    function: str = ""
    """The outermost function that it is in, which may be a method."""


class PythonSource(msgspec.Struct, frozen=True):
    """The imports and the strings of one file."""

    imports: tuple[ImportedName, ...]
    strings: frozenset[str]
    """Short strings that look like the name of a module, or of something in one."""
    parts: frozenset[str] = frozenset()
    """Words of short strings, and what stands in them before a dot or colon: names of packages and of commands."""
    beginnings: frozenset[str] = frozenset()
    """`shop_`, `shop.`: ends of strings behind which a name may be put together with the rest."""
    ends: frozenset[str] = frozenset()
    """`_plugin`: a name may be put in front."""

    def may_name(self, name: str) -> bool:
        """True if an import or a string names the package, command or group `name`, or may be a part of its name."""
        return name in self.named_among({name})

    def named_among(self, names: Set[str]) -> set[str]:
        """Return those of `names` that an import or a string names, or may be a part of."""
        imported = names & {one.module.partition(".")[0] for one in self.imports}
        beginnings = tuple(one for one in self.beginnings if len(one) >= SHORTEST_NAME)
        ends = tuple(one for one in self.ends if len(one) >= SHORTEST_NAME)
        named = set(names & self.parts)
        if beginnings or ends:
            named.update(name for name in names if name.startswith(beginnings) or name.endswith(ends))
        return {*imported, *(name for name in named if len(name) >= SHORTEST_NAME)}


class ImportsAndStrings(msgspec.Struct, frozen=True):
    """The imports of a source, and its strings as they are written, without quotes."""

    imports: tuple[ImportedName, ...]
    short: frozenset[str]
    long: tuple[str, ...]
    """Those of three quotes that are no documentation."""
    whole: frozenset[str] = frozenset()
    """Strings as a program has them: those that stand side by side are one."""


def read_source(text: str) -> PythonSource:
    """Return the imports of a source, and the strings that look like names; of other texts there are few or none."""
    return named_in(read_statements(text))


def read_statements(text: str) -> ImportsAndStrings:
    """Return the imports and the strings of a source."""
    imports: list[ImportedName] = []
    short: list[str] = []
    whole: list[list[str]] = []
    end = 0
    code: list[str] = []
    headers = _Headers(text)
    line, counted = 1, 0
    for found in _TOKEN.finditer(text):
        kind = found.lastindex
        if kind == _SHORT:
            string = found[_SHORT][1:-1]
            begin, behind = found.span(_SHORT)
            short.append(string)
            is_apart = begin > end and text[end] not in _BETWEEN_PARTS  # as most are: it is looked at first
            if whole and not is_apart and not text[end:begin].strip(_BETWEEN_PARTS):
                whole[-1].append(string)
            else:
                whole.append([string])
            end = behind
        elif kind == _LONG:
            if not _is_documentation(text, found.start(_LONG)):
                code.append(found[_LONG])
        elif kind is not None and len(imports) < _MAX_IMPORTS:
            line, counted = line + text.count("\n", counted, found.start(kind)), found.start(kind)
            imports.extend(_imports(text, found, line, headers))
    return ImportsAndStrings(tuple(imports), frozenset(short), tuple(code), frozenset(map("".join, whole)))


def without_documentation(text: str) -> str:
    """Return a source without its comments, and without strings of three quotes that are statements of their own."""
    kept: list[str] = []
    for found in _TOKEN.finditer(text):
        begin = found.start(found.lastgroup) if found.lastgroup else found.end()
        kept.append(_COMMENT.sub("", text[found.start() : begin]))
        if found.lastindex != _LONG or not _is_documentation(text, begin):
            kept.append(text[begin : found.end()])
    return "".join(kept)


def _is_documentation(text: str, start: int) -> bool:
    """True for a long string that begins a line, unless what is in front goes on: an argument, or an element."""
    before = text[max(0, start - _MAX_LINE) : start].rstrip(" \trRbBuUfF")
    return before[-1:] in ("", "\n") and before.rstrip()[-1:] not in _GOES_ON


def named_in(statements: ImportsAndStrings) -> PythonSource:
    """Return a source with what its strings name; they are searched together, one a line, as most code holds many."""
    short, code = statements.short, list(statements.long)
    names = [one for one in short if one.isidentifier() and one.isascii() and len(one) < _LONGEST_NAME]
    others = short.difference(names)
    code += [one for one in others if len(one) >= _LONGEST_NAME]
    texts = [one for one in others if len(one) < _LONGEST_NAME and not _ADVICE.match(one)]
    lines = "\n".join(texts)
    listed = [one for one in _WORDS.findall(lines) if not _is_said(one)]
    words = set(_BETWEEN.split("\n".join(listed)))
    code += (sentences := set(texts).difference(listed))
    parts = words.union(names, *map(_parts_of, filter(_SIGN.search, words)))
    parts.update(*(sentence.split(None, 1)[:1] for sentence in sentences))
    parts.update(_IN_CODE.findall("\n".join(one for one in code if "import" in one or "from" in one)))
    dotted = (one for one in (*names, *_DOTTED.findall(lines)) if len(one) < _LONGEST_MODULE)
    beginnings = (one for one in names if one[-1] == "_" and len(one) > 1)
    ends = (one for one in names if one[0] == "_" and len(one) > 1)
    return PythonSource(
        statements.imports,
        strings=frozenset(dotted),
        parts=frozenset(parts),
        beginnings=frozenset((*beginnings, *_BEGINNING.findall(lines))),
        ends=frozenset((*ends, *_END.findall(lines))),
    )


def _is_said(text: str) -> bool:
    """True for a sentence; a command, with its options and paths, is none."""
    words = _BETWEEN_WORDS.split(text.lower())
    return not OF_SENTENCES.isdisjoint(words) and not any(word.startswith(_OF_COMMANDS) for word in words)


def _parts_of(word: str) -> tuple[str, str]:
    """Return what stands in a word before its first dot, colon or the like, and behind its last slash."""
    return _SIGN.split(word, maxsplit=1)[0], word.rpartition("/")[2]


def _imports(text: str, found: "re.Match[str]", line: int, headers: "_Headers") -> Iterator[ImportedName]:
    where = _Blocks.of(text, found, line, headers)
    if where.is_for_type_checkers:
        return
    rest = _AFTER_IMPORT.match(text, found.end())
    names = _names(rest[1] or rest[2] or "") if rest else []
    module = None if found["import"] else found["from"].split()[1]
    for name in names:
        whole, part = (name, None) if module is None else (module, name)
        yield ImportedName(
            whole,
            part,
            line,
            where.is_in_function,
            where.is_fallback,
            where.command,
            where.is_for_scripts,
            where.is_conditional,
            where.variable,
            where.versions,
            where.is_alternative,
            where.function,
        )


def _names(listed: str) -> list[str]:
    if "\n" in listed or "#" in listed or "\\" in listed:
        listed = _SKIPPED.sub(" ", listed)
    return [name[1] for part in listed.split(",") if (name := _NAME.match(part))]


class _Blocks(msgspec.Struct, frozen=True):
    """The blocks around a statement."""

    is_in_function: bool = False
    is_for_type_checkers: bool = False
    is_fallback: bool = False
    command: str = ""
    is_for_scripts: bool = False
    is_conditional: bool = False
    variable: str = ""
    versions: tuple[VersionNeeded, ...] = ()
    is_alternative: bool = False
    function: str = ""

    @classmethod
    def of(cls, text: str, found: "re.Match[str]", line: int, headers: "_Headers") -> "_Blocks":
        if found["indent"] == "":
            return cls()
        around = list(_around(text, found, line, headers))
        words = [header.split(None, 1)[0].rstrip(":") for header in around]
        types = any(
            word in ("if", "elif") and _FOR_TYPES.search(header) for word, header in zip(words, around, strict=True)
        )
        is_main = any(_FOR_SCRIPTS.match(header.lstrip()) for header in around)
        functions = [match[1] for header in around if (match := _FUNCTION.match(header.lstrip()))]
        is_in_function = bool(functions) and not (
            functions == functions[:1] and around[-1][:1] in "ad" and headers.calls(functions[0])
        )
        commands = [header.rpartition(_IS_COMMAND)[2] for header in around if _IS_COMMAND in header]
        inside = takewhile(lambda header: not _FUNCTION.match(header.lstrip()), around)
        is_conditional = is_in_function and (
            any(_CONDITION.match(header.lstrip()) for header in inside) or _is_guarded(text, found)
        )
        variables = (match[1] or match[2] for header in around if (match := _FOR_VARIABLE.match(header.lstrip())))
        return cls(
            is_main or is_in_function,
            types,
            "except" in words,
            "".join(commands[:1]),
            is_main,
            is_conditional,
            next(variables, ""),
            tuple(chain.from_iterable(headers.versions(header) for header in around)),
            any(_IN_IMPORTS in header for header in around),
            functions[-1] if functions else "",
        )


def _is_guarded(text: str, found: "re.Match[str]") -> bool:
    """True for an import behind a line of the same block that ends the function on a condition."""
    indent = len(found["indent"] or "")
    begin = text.rfind("\n", 0, found.start(found.lastgroup or "")) + 1
    behind = ""
    for line in reversed(text[max(0, begin - _MAX_GUARDED) : begin].split("\n")):
        here = len(line) - len(line.lstrip())
        if line.strip() and here < indent:
            return False
        if line.strip() and here == indent and _GUARD.match(f"{line.strip()} {behind}"):
            return True
        behind = line.strip() or behind
    return False


def _around(text: str, found: "re.Match[str]", line: int, headers: "_Headers") -> Iterator[str]:
    """Yield the first lines of the blocks around an import, that in front of it in its own line included."""
    keyword = found.start(found.lastgroup or "")
    begin = text.rfind("\n", 0, keyword) + 1
    if found["indent"] is not None:
        yield from headers.around(line, begin, len(found["indent"]))
        return
    before = text[begin:keyword].rstrip(" \t")
    if _HEADER.match(before):
        yield before
    yield from headers.around(line, begin, len(before) - len(before.lstrip()))


class _Headers:
    """The first lines of all blocks of a source; searched where the first one is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """Where each begins, and where its indentation ends."""
        first = _HEADER.match(self._text)
        places = [first.span(1)] if first else []
        return places + [header.span(1) for header in _NEXT_HEADER.finditer(self._text)]

    def calls(self, function: str) -> bool:
        """True if a line of the module itself calls a function, so that to load the module executes it."""
        return self._text.startswith(f"{function}(") or f"\n{function}(" in self._text

    def around(self, line: int, begin: int, indent: int) -> Iterator[str]:
        """Yield the first lines of the blocks around a line that begins at `begin`, with its indentation.

        The innermost comes first. That of a decorated function has a mark at its end.
        """
        behind = bisect_left(self._places, (begin,)) if indent else 0
        for start, end in reversed(self._places[max(0, behind - _MAX_LINES_BACK) : behind]):
            if end - start < indent:
                if self._text.count("\n", start, begin) > _MAX_LINES_BACK:
                    break
                indent = end - start
                yield self._written(start) + self._replaced(end, indent)
            if not indent:
                break
        if indent and line > _MAX_LINES_BACK:
            yield "def further up than is looked"

    def versions(self, header: str) -> Iterator[VersionNeeded]:
        """Yield the versions of Python that a block is for, by its first line and those of the blocks before it."""
        if _VERSION not in self._text:
            return
        own, *others = re.split(f"{_INSTEAD}|{_IN_IMPORTS}", header)
        if needed := self._version(own.lstrip()):
            yield needed
        for other in others:
            if needed := self._version(other.lstrip()):
                yield msgspec.structs.replace(needed, is_before=not needed.is_before)

    def _version(self, header: str) -> VersionNeeded | None:
        found = _FOR_VERSION.match(header)
        if found is None:
            return None
        if found["name"] is None:
            return _needed(found)
        named = self._named_versions.get(found["name"])
        if named is None or not found["not"]:
            return named
        return msgspec.structs.replace(named, is_before=not named.is_before)

    @cached_property
    def _named_versions(self) -> dict[str, VersionNeeded]:
        return {found["name"]: _needed(found) for found in _NAMED_VERSION.finditer(self._text)}

    def _replaced(self, begin: int, indent: int) -> str:
        """Return the first lines of the blocks in whose place one with `else` or `elif` is, with marks; or nothing."""
        if not self._text.startswith("el", begin):
            return ""
        place = bisect_left(self._places, (begin - indent,))
        found: list[str] = []
        for start, end in reversed(self._places[max(0, place - _MAX_LINES_BACK) : place]):
            if end - start < indent:
                return ""
            word = self._text[end : end + 4]
            if end - start == indent:
                if not word.startswith(("if", "elif")):
                    return ""
                found.append(self._text[end : self._text.find("\n", end, end + _MAX_LINE)])
            if end - start == indent and word.startswith("if"):
                is_for_types = any(_FOR_TYPES.match(one) for one in found)
                is_imported = not is_for_types and _IMPORTS.search(self._text, end, begin) is not None
                return "".join(f"{_IN_IMPORTS if is_imported else _INSTEAD}{one}" for one in found)
        return ""

    def _written(self, begin: int) -> str:
        end = self._text.find("\n", begin, begin + _MAX_LINE)
        written = self._text[begin : end if end >= 0 else begin + _MAX_LINE]
        command = _command_of(self._text, begin, written)
        return f"{written}{_IS_COMMAND}{command}" if command else written


def _needed(found: "re.Match[str]") -> VersionNeeded:
    """Return the versions of a condition; no version is a pair of numbers alone, unless the condition cuts it so."""
    sign, minor = found["sign"], int(found["minor"] or 0)
    is_next = found["part"] is not None and sign in ("<=", ">")
    return VersionNeeded(int(found["major"]), minor + is_next, sign.startswith("<"))


def _command_of(text: str, begin: int, written: str) -> str:
    """Return the name of the command that a function is registered for; nothing if it is none, or the only one."""
    function = _FUNCTION.match(written.lstrip())
    if function is None:
        return ""
    before = text[max(0, begin - _MAX_LINE) : begin]
    decorators = before.rpartition("\n\n")[2]
    found = _COMMAND.search(decorators)
    if found is None or len(_COMMAND.findall(text)) == 1:
        return ""
    return found[1] or _SUFFIX_OF_COMMAND.sub("", function[1]).replace("_", "-")
