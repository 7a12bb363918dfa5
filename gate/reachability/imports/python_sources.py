"""The imports of a Python source, and strings that may name modules; searched in one pass, without parsing.

Python's own parser would take ten times as long for the thousands of files of one program, and would refuse sources for
other versions of the language, Python 2 included. Only strings, comments and import statements matter here.
"""

import re
from collections.abc import Iterator, Set

import msgspec

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
_AFTER_IMPORT = re.compile(r"[ \t]*+(?:\(([^)]{0,20000}+)\)|((?:[^\n\\#;]++|\\\n)*+))")
_SKIPPED = re.compile(r"#[^\n]*|[\\\n]")
_NAME = re.compile(r"[ \t]*([\w.]+|\*)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.]+)?(?:\(.*\))?")
_HEADER = re.compile(
    r"[ \t]*(?:async[ \t]+def|def|if|elif|else|try|except|with|for|while|class|finally|match|case)\b[^\n]*"
)
_FOR_SCRIPTS = re.compile(r"if[ \t(]+__name__\b")
_FOR_TYPES = re.compile(r"if[ \t(]+(?:\w+\.)?TYPE_CHECKING(?:[ \t)]*:|[ \t]+and\b)")
_WORDS = re.compile(r"[\w./:+-]+(?:[ ,;|]+[\w./:+=-]+)*")
"""One or several names, as code takes apart with `split`, or a command with its arguments."""
_BETWEEN = re.compile(r"[ ,;|=]+")
_SIGN = re.compile(r"[.:/+]")
_BEGINNING = re.compile(r"[\w.-]*[\w.][._-](?=[{%]|$)")
_END = re.compile(r"(?:^|\}|%[sr])([_-]\w[\w.-]*)$")
_IN_CODE = re.compile(r"(?:^|[;\n])[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)")
"""An import in a string that holds code, for `exec` or another interpreter."""
_DECORATED = "  # decorated"
_MAX_LINES_BACK = 400
"""Lines before an indented import that are searched for the blocks that it is in."""
_MAX_LINE = 1_000
_ADVICE = ("pip install ", "pip3 install ")
"""How messages say what is missing; code that installs something names pip in a string of its own."""
SHORTEST_NAME = 3
"""Characters of a name in a string or variable: shorter ones are anything."""
_LONGEST_NAME = 200
"""Characters of a string that may hold names."""
_LONGEST_MODULE = 120
"""Characters of a string that may be the name of a module, less one."""
_MAX_IMPORTS = 5_000
"""Import statements of one file that are read."""


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
    is_registered: bool = False
    """True in a function with a decorator: what the decorator registers it for decides whether it is executed."""


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


def read_source(text: str) -> PythonSource:
    """Return the imports of a source, and the strings that look like names; of other texts there are few or none."""
    imports: list[ImportedName] = []
    strings = _Strings()
    short: set[str] = set()
    line, counted = 1, 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind is None:
            continue
        if kind == "short":
            short.add(found["short"])
        elif kind == "long":
            strings.add_code(found["long"], text, found.start("long"))
        elif len(imports) < _MAX_IMPORTS:
            line, counted = line + text.count("\n", counted, found.start(kind)), found.start(kind)
            imports.extend(_imports(text, found, line))
    for string in short:
        strings.add(string[1:-1])
    return strings.source(tuple(imports))


class _Strings:
    """Collects what the strings of a source may name."""

    def __init__(self) -> None:
        self._dotted: set[str] = set()
        self._parts: set[str] = set()
        self._beginnings: set[str] = set()
        self._ends: set[str] = set()

    def source(self, imports: tuple[ImportedName, ...]) -> PythonSource:
        return PythonSource(
            imports,
            frozenset(self._dotted),
            frozenset(self._parts),
            frozenset(self._beginnings),
            frozenset(self._ends),
        )

    def add(self, string: str) -> None:
        if len(string) >= _LONGEST_NAME:
            self._add_imported(string)
        elif string.isidentifier() and string.isascii():
            self._add_identifier(string)
        elif not string.startswith(_ADVICE):
            self._add_words(string)
            self._add_halves(string)
        if len(string) < _LONGEST_MODULE and _DOTTED.fullmatch(string):
            self._dotted.add(string)

    def _add_identifier(self, string: str) -> None:
        """Add a single name, as `_add_words` and `_add_halves` do, only faster: most strings of code are one."""
        self._parts.add(string)
        if string[-1] == "_" and len(string) > 1:
            self._beginnings.add(string)
        if string[0] == "_" and len(string) > 1:
            self._ends.add(string)

    def _add_words(self, string: str) -> None:
        if _WORDS.fullmatch(string):
            for word in _BETWEEN.split(string):
                self._parts.update((word, _SIGN.split(word, maxsplit=1)[0], word.rpartition("/")[2]))
        else:
            self._parts.update(string.split(None, 1)[:1])
            self._add_imported(string)

    def _add_halves(self, string: str) -> None:
        if beginning := _BEGINNING.match(string):
            self._beginnings.add(beginning[0])
        if (string[:1] in ("_", "-") or "}" in string or "%" in string) and (end := _END.search(string)):
            self._ends.add(end[1])

    def _add_imported(self, code: str) -> None:
        if "import" in code or "from" in code:
            self._parts.update(_IN_CODE.findall(code))

    def add_code(self, string: str, text: str, start: int) -> None:
        """Add what the code in a long string imports; one that begins a line is documentation."""
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if before.strip(" \trRbBuUfF"):
            self._add_imported(string)


def _imports(text: str, found: "re.Match[str]", line: int) -> Iterator[ImportedName]:
    where = _Blocks.of(text, found)
    if where.is_for_type_checkers:
        return
    rest = _AFTER_IMPORT.match(text, found.end())
    names = _names(rest[1] or rest[2] or "") if rest else []
    module = None if found["import"] else found["from"].split()[1]
    for name in names:
        whole, part = (name, None) if module is None else (module, name)
        yield ImportedName(whole, part, line, where.is_in_function, where.is_fallback, where.is_registered)


def _names(listed: str) -> list[str]:
    if "\n" in listed or "#" in listed or "\\" in listed:
        listed = _SKIPPED.sub(" ", listed)
    return [name[1] for part in listed.split(",") if (name := _NAME.match(part))]


class _Blocks(msgspec.Struct, frozen=True):
    """The blocks around a statement."""

    is_in_function: bool = False
    is_for_type_checkers: bool = False
    is_fallback: bool = False
    is_registered: bool = False

    @classmethod
    def of(cls, text: str, found: "re.Match[str]") -> "_Blocks":
        if found["indent"] == "":
            return cls()
        headers = list(_around(text, found))
        words = [header.split(None, 1)[0].rstrip(":") for header in headers]
        types = any(word == "if" and _FOR_TYPES.search(header) for word, header in zip(words, headers, strict=True))
        is_main = any(_FOR_SCRIPTS.match(header.lstrip()) for header in headers)
        is_in_function = "def" in words or "async" in words
        is_registered = any(header.endswith(_DECORATED) for header in headers)
        return cls(is_main or is_in_function, types, "except" in words, is_registered)


def _around(text: str, found: "re.Match[str]") -> Iterator[str]:
    """Yield the first lines of the blocks around an import, that in front of it in its own line included."""
    if found["indent"] is not None:
        yield from _headers(text, found.start("indent"), len(found["indent"]))
        return
    keyword = found.start(found.lastgroup or "")
    start = text.rfind("\n", 0, keyword) + 1
    line = text[start:keyword].rstrip(" \t")
    if _HEADER.match(line):
        yield line
    yield from _headers(text, start, len(line) - len(line.lstrip()))


def _headers(text: str, start: int, indent: int) -> Iterator[str]:
    """Yield the first lines of the blocks around, the innermost first; that of a decorated function with a mark."""
    end = start - 1
    for _ in range(_MAX_LINES_BACK):
        if end <= 0 or indent == 0:
            return
        begin = text.rfind("\n", max(0, end - _MAX_LINE), end) + 1
        if not text[begin : min(end, begin + indent)].isspace():
            line = text[begin:end]
            own = len(line) - len(line.lstrip())
            if own < indent and _HEADER.match(line):
                indent = own
                yield line + (_DECORATED if _is_decorated(text, begin, own) else "")
        end = begin - 1
    yield "def further up than is looked"


def _is_decorated(text: str, start: int, indent: int) -> bool:
    """True if the line in front of `start` begins with `@`, or ends a decorator of several lines."""
    before = text.rfind("\n", max(0, start - _MAX_LINE), max(0, start - 1)) + 1
    line = text[before:start].rstrip()
    return line[indent : indent + 1] in ("@", ")") and not line[:indent].strip()
