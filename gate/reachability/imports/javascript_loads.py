"""What a JavaScript or TypeScript file loads, found in its text: CommonJS calls and ES module declarations.

The text is not parsed: a call in a string or within a line's comment counts too. It then names a module that is in the
image, or nothing. So minified, broken and future syntax is read all the same, and no real call is missed.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

Form = Literal["require", "import"]

_PLACE = re.compile(
    r"""(?<![\w$.])(?<!function\s)
    (?: (?P<call>_{0,2}require\d?(?:\.resolve)?|module\.require|import|fork|new\s+Worker)
        \s*\(\s*(?:/\*[^*]{0,200}\*/\s*){0,5}
      | (?P<declared>from|import)\s*(?=["'])
    )""",
    re.VERBOSE,
)
_QUOTED = r"""(?P<quote>["'`])(?P<name>(?:(?!(?P=quote))[^\\\n$]){1,500})(?P=quote)"""
_NAME = re.compile(_QUOTED + r"(?!\s*\+)")
_BESIDE = re.compile(
    r"(?:[\w$.]{1,40}\.(?:join|resolve)\s*\(\s*)?(?:__dirname|import\.meta\.dirname)\s*[,+]\s*"
    + _QUOTED
    + r"(?P<more>(?:\s*,\s*[\"'`][\w./-]{1,100}[\"'`]){0,5})\s*\)"
)
_PART = re.compile(r"[\w./-]+")
_BEGINNING = re.compile(
    r"""(?:`|["'])(?P<name>\.{1,2}/(?:[^"'`\\\n$]{0,200}/)?)(?:[^"'`\\\n$/]{0,200})(?:\$\{|["']\s*\+)"""
)
_NO_NAME = re.compile(r"\d+\s*[,)]|\)|\.\.\.|\\[\"'`]")
"""A bundler's number, no argument, a signature, a name within a string of code."""
_UNTOLD = re.compile(r"_{0,2}require\d?|module\.require|import")
"""Calls that load packages; the others start a file of the project."""
_PACKAGE = re.compile(r"""["'`]((?:@[a-z\d][\w.-]{0,100}/)?[a-z\d][\w.-]{0,100}(?:/[\w./-]{1,100})?)(?=["'`])""")
_OUTERMOST = re.compile(r"\n(?=[^\s})\]/*])")
_COMMENT = re.compile(r"\s*(?://|/?\*)")
_LONGEST_BLOCK = 600
"""Characters before a call in which the beginning of its block is looked for."""
_LONGEST_INDENT = 300
"""Characters before a call in which the beginning of its line is looked for."""


class Load(msgspec.Struct, frozen=True):
    """One place that loads something."""

    name: str
    """The module as it is written, `./` in front of one that is named from the file's folder; for one that only a run
    would tell, the folder that its name begins with (`./locale/`), or nothing."""
    form: Form
    line: int
    is_told: bool = True
    is_indented: bool = False
    """True if its line begins with blanks: it happens in a block or function, `try` at the outermost left aside."""


def loads(text: str) -> Iterator[Load]:
    """Yield every place in `text` that loads a module, in one pass."""
    line, counted = 1, 0
    starting: int | None = None
    for found in _PLACE.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if not _is_comment(text, found.start()):
            start = text.rfind("\n", max(0, found.start() - _LONGEST_INDENT), found.start())
            is_indented = start >= 0 and text[start + 1] in " \t" and not _is_tried(text, start)
            told = tuple(_loaded(text, found, line))
            if not told and found["call"] and not _UNTOLD.fullmatch(found["call"]):
                starting = starting or line
            for load in told:
                yield msgspec.structs.replace(load, is_indented=is_indented)
    if starting is not None:  # which file a process or worker starts with was chosen before: one of these
        yield from (_beside(each, "require", starting) for each in _BESIDE.finditer(text))


def _is_tried(text: str, end: int) -> bool:
    """True if the nearest line above `end` that is not indented begins with `try`."""
    starts = [found.end() for found in _OUTERMOST.finditer(text, max(0, end - _LONGEST_BLOCK), end)]
    return bool(starts) and text.startswith("try", starts[-1])


def names_in(text: str) -> Iterator[str]:
    """Yield every string that could name a package or a module in it: view engines, transports, drivers."""
    return (found[1] for found in _PACKAGE.finditer(text))


def _loaded(text: str, found: "re.Match[str]", line: int) -> Iterator[Load]:
    call = found["call"]
    form: Form = "import" if call in ("import", None) else "require"
    if name := _NAME.match(text, found.end()):
        yield Load(_from_folder(name["name"]) if call == "fork" else name["name"], form, line)
    elif beside := _BESIDE.match(text, found.end()):
        yield _beside(beside, form, line)
    elif beginning := _BEGINNING.match(text, found.end()):
        yield Load(beginning["name"], form, line, is_told=False)
    elif call and _UNTOLD.fullmatch(call) and not _NO_NAME.match(text, found.end()):
        yield Load("", form, line, is_told=False)


def _beside(found: "re.Match[str]", form: Form, line: int) -> Load:
    """Return the load of a file that is named from the folder of the source."""
    return Load(_from_folder("/".join((found["name"], *_PART.findall(found["more"])))), form, line)


def _from_folder(name: str) -> str:
    return name if name.startswith((".", "/")) and not name.startswith("/") else f"./{name.lstrip('/')}"


def _is_comment(text: str, place: int) -> bool:
    start = text.rfind("\n", max(0, place - _LONGEST_INDENT), place)
    is_known = start >= 0 or place <= _LONGEST_INDENT
    return is_known and _COMMENT.match(text, start + 1, place) is not None
