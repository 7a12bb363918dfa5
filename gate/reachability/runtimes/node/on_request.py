"""Whether an application's own source loads a package only when a request, an event or a command asks for it.

A handler, a method, or a function that only these call may never run: what only they load may be loaded. A start calls
what stands outside of functions, and perhaps what a module exports. The text is read by lines and their indentation;
what is not understood is no function.
"""

import re
from collections.abc import Iterator

from gate.reachability.runtimes.node.conditions import indent_of

_LONGEST = 400
"""Characters of a line; longer ones are minified."""
_MAX_LINES = 2_000
_MAX_DEPTH = 4
"""Functions that call each other, which are followed."""
_CALL = re.compile(r"\b(?:require|import)\s*\(")
_BEGINS = r"(?:=>|\bfunction\b)"
_LISTENS = (
    r"\.(?:get|post|put|patch|delete|head|options|all|use|on|once|route|handle|command|query|mutation|subscription"
    r"|action|subscribe|consume)\s*\("
)
_HANDLER = re.compile(rf"{_LISTENS}.*{_BEGINS}")
"""Where a library is given what it calls for a request, an event or a command."""
_EXPORTED = re.compile(rf"\s*(?:(?:module\.)?exports(?:\.[\w$]{{1,80}})?\s*=.*{_BEGINS}|export\b)")
"""What other code may call when it starts, so that it counts."""
_DECLARED = re.compile(
    r"\s*(?:async\s+)?function\b\s*\*?\s*(?P<function>[\w$]{1,80})"
    rf"|\s*(?:const|let|var)\s+(?P<variable>[\w$]{{1,80}})\s*=.*{_BEGINS}"
)
_METHOD = re.compile(
    r"\s+(?:(?:static|async|get|set|public|private|protected)\s+|\*\s*)*(?!(?:if|for|while|switch|catch|with|function)\b)"
    r"#?[\w$]{1,80}\s*\([^;]*\)\s*(?::[^=;{]{1,80})?\{\s*"
)
_MEMBER = re.compile(rf"\s*(?P<key>[\w$]{{1,80}})\s*:\s*(?:async\b\s*)?(?:\([^()]*\)|[\w$]+)?\s*{_BEGINS}")
_CONDITION = re.compile(r"\s*(?:\}\s*)?(?:else\s+)?if\s*\(|\s*\}\s*else\s*\{")
_GUARD = re.compile(r"\s+if\s*\(.*\)\s*(?:return\b|throw\b)")
"""A condition for what stands in its block, or behind it in the same one."""
_AT_START = frozenset({"useFactory", "setup", "load", "loader", "onReady", "bootstrap", "init", "start", "inject"})
"""Functions of an object that libraries call when an application starts."""


def is_on_request(lines: list[str], number: int) -> bool:
    """True if the load in line `number` (from 1) stands in a function that the start of the source does not call.

    Also if it stands on a condition in a function: a client for settings that few have.
    """
    call = _CALL.search(lines[number - 1])
    before = lines[number - 1][: call.start()] if call is not None else ""
    return _is_on_request(lines, number, before, _MAX_DEPTH) or _is_optional(lines, number)


def _is_optional(lines: list[str], number: int) -> bool:
    """True for a line on a condition inside a function, but for one that the source itself calls outside of all."""
    around = [line for line, _ in _around(lines, number) if len(line) <= _LONGEST]
    place = next((place for place, line in enumerate(around) if _name_of(line) is not None), None)
    if place is None:
        return False
    called = re.compile(rf"(?:await\s+|void\s+)?{re.escape(_name_of(around[place]) or '=')}\s*\(")
    is_conditional = any(map(_CONDITION.match, around[:place])) or _is_guarded(lines, number)
    return is_conditional and not any(map(called.match, lines))


def _name_of(line: str) -> str | None:
    """Return the name of the function that a line begins; empty for one without, None if it begins none."""
    if _EXPORTED.match(line) and re.search(_BEGINS, line):
        return ""
    declared = _DECLARED.match(line)
    return (declared["function"] or declared["variable"]) if declared is not None else None


def _is_guarded(lines: list[str], number: int) -> bool:
    """True if a line before in the same block ends the function on a condition; TypeScript writes it in two lines."""
    indent = indent_of(lines[number - 1])
    behind = ""
    for line in reversed(lines[max(0, number - 1 - _MAX_LINES) : number - 1]):
        if line.strip() and indent_of(line) < indent:
            return False
        whole = f"{line} {behind.strip()}" if line.rstrip().endswith(")") else line
        if indent_of(line) == indent and len(whole) <= _LONGEST and _GUARD.match(whole):
            return True
        behind = line
    return False


def _is_on_request(lines: list[str], number: int, before: str, depth: int) -> bool:
    for line, place in (before, number), *_around(lines, number):
        if len(line) > _LONGEST:
            continue
        if _EXPORTED.match(line):
            return False
        if declared := _DECLARED.match(line):
            return not _is_started(declared["function"] or declared["variable"], place, lines, depth)
        member = _MEMBER.match(line)
        if member is not None and member["key"] not in _AT_START:
            return True
        if _METHOD.fullmatch(line) or _HANDLER.search(line):
            return True
    return False


def _is_started(name: str, declared: int, lines: list[str], depth: int) -> bool:
    """True if code that the start runs calls a function of the source, or gives it to other code than a listener."""
    named = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])")
    for number, line in enumerate(lines, 1):
        found = named.search(line) if number != declared and len(line) <= _LONGEST else None
        if found is None or re.search(_LISTENS, line[: found.start()]):
            continue
        if not depth or not _is_on_request(lines, number, line[: found.start()], depth - 1):
            return True
    return False


def _around(lines: list[str], number: int) -> Iterator[tuple[str, int]]:
    """Yield the lines that begin the blocks around a line, the innermost first, with their numbers."""
    indent = indent_of(lines[number - 1])
    for place in range(number - 1, max(0, number - 1 - _MAX_LINES), -1):
        line = lines[place - 1]
        if line.strip() and indent_of(line) < indent and line.lstrip()[0] not in "})]":
            indent = indent_of(line)
            yield line, place
