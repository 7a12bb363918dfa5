"""What calls functions by names that are made at run time, so that no mention of a name shows it."""

import re
from collections.abc import Collection, Iterator

from gate.reachability.functions.sources import Sources

_LITERAL = rb"[\"']\w+[\"']\s*[,)]"
_LOOKS_UP = re.compile(
    rb"\b(?:getattr|attrgetter|methodcaller)\(\s*(?!%s)[^,()]{1,80}(?:\([^()]{0,80}\))?\s*,\s*(?!%s)"
    % (_LITERAL, _LITERAL)
)
"""`getattr(x, name)`, whose second argument is no text alone."""
_CALLS_WHAT_IT_LOOKS_UP = re.compile(
    rb"\bgetattr\(\s*[^,()]{1,80}(?:\([^()]{0,80}\))?\s*,\s*(?!%s)[^()]{1,120}(?:\([^()]{0,80}\)[^()]{0,40})?\)\s*\("
    % _LITERAL
)
_ENUMERATES = re.compile(
    rb"(?<![\w.])vars\([^()]{0,80}\)\s*(?:\[|\.(?:get|items|values)\()|\b__subclasses__\(\)"
    rb"|\b__dict__\s*(?:\[|\.(?:get|items|values)\()|\bgetmembers\w*\(|(?<![\w.])dir\("
)
_ENUMERATES_ITSELF = re.compile(
    rb"(?<![\w.])(?:globals\(\)\s*(?:\[|\.)|(?:vars|dir)\((?:self|cls)?\))|\b(?:self|cls)\.__dict__"
)
"""What finds the parts of its own module, or of its own object."""
_ITSELF = re.compile(rb"\((?:\s*(?:self|cls)\b|\))")
_RUNS_TEXT = re.compile(rb"(?<![\w.])(?:eval|exec)\((?!\s*\))")
_ASSIGNED = re.compile(rb"\b(\w+)\s*:?=\s*\Z")
_LONGEST_NAME = 60
_NEAR = 3_000
"""Characters behind a look-up in which its result is called."""
_BEGINNING = re.compile(rb"(?<![\w\"'])f?[\"']([A-Za-z_]\w*_)(?=[\"'{%])")
_END = re.compile(rb"[\"'}s](_\w+)[\"']")


def doubt_of(sources: Sources, names: Collection[str], homes: Collection[str], package: str) -> str | None:
    """Return what may call one of `names` by a name made at run time, None if nothing does.

    `homes` are the files that define them, `package` the first part of the modules whose functions are asked about.
    What looks up any name there, or in the program's own code, may find them; elsewhere, what looks up names with a
    known beginning or end that one of them has.
    """
    for path in sources.all:
        content = sources.content(path)
        module = sources.module_name(path)
        if not module or module.partition(".")[0] == package:
            found = _looks_anywhere(content, is_home=path in homes, is_own=not module)
            if found:
                return f"{path}:{_line(content, found)} calls what it looks up at run time"
        if (found := _LOOKS_UP.search(content)) and any(_fits(content, names)):
            return f"{path}:{_line(content, found)} looks up names that it puts together"
    return None


def _looks_anywhere(content: bytes, *, is_home: bool, is_own: bool) -> "re.Match[bytes] | None":
    if is_home and (found := _ENUMERATES_ITSELF.search(content)):
        return found
    if is_own and (found := _RUNS_TEXT.search(content) or _LOOKS_UP.search(content)):
        return found
    if found := next(_called_later(content), None):
        return found
    for pattern in (_CALLS_WHAT_IT_LOOKS_UP, _ENUMERATES):
        for found in pattern.finditer(content):
            is_of_itself = _ITSELF.search(found[0]) or content[: found.start()].endswith((b"self.", b"cls."))
            if is_home or not is_of_itself:
                return found
    return None


def _called_later(content: bytes) -> Iterator["re.Match[bytes]"]:
    """Yield what is looked up, gets a name, and is called by that name."""
    for found in _LOOKS_UP.finditer(content):
        assigned = _ASSIGNED.search(content[max(0, found.start() - _LONGEST_NAME) : found.start()])
        if assigned and assigned[1] + b"(" in content[found.end() : found.end() + _NEAR]:
            yield found


def _fits(content: bytes, names: Collection[str]) -> Iterator[bool]:
    beginnings = tuple({found[1].decode() for found in _BEGINNING.finditer(content)})
    ends = tuple({found[1].decode() for found in _END.finditer(content)})
    for name in names:
        yield name.startswith(beginnings) or name.endswith(ends)


def _line(content: bytes, found: "re.Match[bytes]") -> int:
    return content.count(b"\n", 0, found.start()) + 1
