"""The imports of a Python source, and strings that may name modules; searched in one pass, without parsing.

Python's own parser would take ten times as long for the thousands of files of one program, and would refuse sources for
other versions of the language, Python 2 included. Only strings, comments and import statements matter here.
"""

import re
from collections.abc import Iterator

import msgspec

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*+|\\.)
    | (?P<long>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+''')
    | (?P<short>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')
    | ^(?P<indent>[ \t]*+)(?:(?P<import>import[ \t]++)|(?P<from>from[ \t]++[.\w]+[ \t]++import\b))
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_AFTER_IMPORT = re.compile(r"[ \t]*+(?:\(([^)]{0,20000}+)\)|((?:[^\n\\#;]++|\\\n)*+))")
_SKIPPED = re.compile(r"#[^\n]*|[\\\n]")
_NAME = re.compile(r"[ \t]*([\w.]+|\*)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.]+)?(?:\(.*\))?")
_HEADER = re.compile(
    r"[ \t]*(?:async[ \t]+def|def|if|elif|else|try|except|with|for|while|class|finally|match|case)\b[^\n]*"
)
_FOR_SCRIPTS = re.compile(r"if[ \t(]+__name__\b")
_FOR_TYPES = re.compile(r"if[ \t(]+(?:\w+\.)?TYPE_CHECKING\b")
_MAX_LINES_BACK = 400
"""Lines before an indented import that are searched for the blocks that it is in."""
_MAX_LINE = 1_000
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


class PythonSource(msgspec.Struct, frozen=True):
    """The imports and the strings of one file."""

    imports: tuple[ImportedName, ...]
    strings: frozenset[str]
    """Short strings that look like the name of a module, or of something in one."""


def read_source(text: str) -> PythonSource:
    """Return the imports of a source, and the strings that look like names; of other texts there are few or none."""
    imports: list[ImportedName] = []
    strings: set[str] = set()
    line, counted = 1, 0
    for found in _TOKEN.finditer(text):
        if found["short"]:
            string = found["short"][1:-1]
            if len(string) < 120 and _DOTTED.fullmatch(string):
                strings.add(string)
        elif found["indent"] is not None and len(imports) < _MAX_IMPORTS:
            line, counted = line + text.count("\n", counted, found.start()), found.start()
            imports.extend(_imports(text, found, line))
    return PythonSource(tuple(imports), frozenset(strings))


def _imports(text: str, found: "re.Match[str]", line: int) -> Iterator[ImportedName]:
    where = _Blocks.of(text, found)
    if where.is_for_type_checkers:
        return
    rest = _AFTER_IMPORT.match(text, found.end())
    names = _names(rest[1] or rest[2] or "") if rest else []
    if found["import"]:
        yield from (ImportedName(name, None, line, where.is_in_function, where.is_fallback) for name in names)
    else:
        module = found["from"].split()[1]
        yield from (ImportedName(module, name, line, where.is_in_function, where.is_fallback) for name in names)


def _names(listed: str) -> list[str]:
    parts = _SKIPPED.sub(" ", listed).split(",")
    return [name[1] for part in parts if (name := _NAME.match(part))]


class _Blocks(msgspec.Struct, frozen=True):
    """The blocks around a statement."""

    is_in_function: bool = False
    is_for_type_checkers: bool = False
    is_fallback: bool = False

    @classmethod
    def of(cls, text: str, found: "re.Match[str]") -> "_Blocks":
        headers = list(_headers(text, found.start(), len(found["indent"]))) if found["indent"] else []
        words = [header.split(None, 1)[0].rstrip(":") for header in headers]
        types = any(word == "if" and _FOR_TYPES.search(header) for word, header in zip(words, headers, strict=True))
        is_main = any(_FOR_SCRIPTS.match(header.lstrip()) for header in headers)
        return cls(is_main or "def" in words or "async" in words, types, "except" in words)


def _headers(text: str, start: int, indent: int) -> Iterator[str]:
    """Yield the first lines of the blocks around, the innermost first."""
    end = start - 1
    for _ in range(_MAX_LINES_BACK):
        if end <= 0 or indent == 0:
            return
        begin = text.rfind("\n", max(0, end - _MAX_LINE), end) + 1
        line = text[begin:end]
        own = len(line) - len(line.lstrip())
        if line.strip() and own < indent and _HEADER.match(line):
            indent = own
            yield line
        end = begin - 1
    yield "def further up than is looked"
