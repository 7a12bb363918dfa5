"""Whether an application's own source loads something only where a variable of the environment is set.

As `if (process.env.BUCKET) { const s3 = require("@aws-sdk/client-s3"); … }`, and as scripts of a shell do: what needs a
variable that nothing sets only may run. The text is read by lines and their indentation; what is not understood stands
behind no condition.
"""

import re
from collections.abc import Iterator, Mapping

_VARIABLE = (
    r"process\.(?:env(?:\.(?P<name>\w{1,80})|\[[\"'](?P<quoted>\w{1,80})[\"']\])|(?:stdin|stdout|stderr)\.isTTY)"
)
"""A variable, or whether there is a terminal: a container has none unless it is started with one."""
_COMPARED = r"(?:\s*(?P<sign>[!=]==?)\s*[\"'](?P<value>[^\"'\n]{0,200})[\"'])?"
_TEST = re.compile(rf"(?P<no>!?)\(?{_VARIABLE}{_COMPARED}\)?")
_BLOCK = re.compile(r"\s*(?:\}\s*else\s+)?if\s*\((?P<condition>.{1,400})\)\s*\{\s*")
_GUARD = re.compile(r"\s*if\s*\((?P<condition>[^{};]{1,400}?)\)\s*(?:return\b|throw\b|process\.exit\()")
_IN_LINE = re.compile(r"\s*if\s*\((?P<condition>[^(){}]{1,400})\)\s*[^\s{]")
_CHOSEN = re.compile(rf"(?P<condition>(?<![\w.!])!?{_VARIABLE}{_COMPARED})\s*(?:\?(?![.?])|&&)[\s(]*(?:await\s+)?\Z")
_EMPTY = r"(?:undefined|null|false|\{\s*\}|\[\s*\])"
_CHOICE = re.compile(
    rf"(?P<condition>(?<![\w.!])!?{_VARIABLE}{_COMPARED})\s*(?:&&|\?(?![.?]))\s*(?P<else>{_EMPTY}\s*:)?"
    r"""[^?{})"'`]*(?:\{[^?{}()"'`]*){0,4}\Z"""
)
"""A choice between two values of which the second goes on, if the first is empty: `isTTY ? {} : { target: `."""
_LONGEST_CHOICE = 300
_CALL = re.compile(r"\b(?:require|import)\s*\(")
_MAX_LINES = 2_000
"""Lines above a load that are looked at."""


def is_left_out(lines: list[str], number: int, variables: Mapping[str, str]) -> bool:
    """True if the load in line `number` (from 1) needs a variable that is not set, or set to something else."""
    line = lines[number - 1]
    in_line = _IN_LINE.match(line)
    call = _CALL.search(line)
    chosen = _CHOSEN.search(line[: call.start()]) if call is not None else None
    needed = (found["condition"] for found in (in_line, chosen) if found is not None)
    if any(_holds(condition, variables) is False for condition in needed):
        return True
    return any(_holds(condition, variables) is (not is_needed) for condition, is_needed in _around(lines, number))


def is_not_chosen(text: str, place: int, variables: Mapping[str, str]) -> bool:
    """True if what stands at a place of a source is the value for a variable that is not set, or set otherwise."""
    found = _CHOICE.search(text, max(0, place - _LONGEST_CHOICE), place)
    return found is not None and _holds(found["condition"], variables) is (found["else"] is not None)


def _around(lines: list[str], number: int) -> Iterator[tuple[str, bool]]:
    """Yield the conditions of the blocks around a line, and those that end one before it; True for what has to hold."""
    indent = indent_of(lines[number - 1])
    for line in reversed(lines[max(0, number - 1 - _MAX_LINES) : number - 1]):
        if not line.strip() or indent_of(line) > indent:
            continue
        is_outside = indent_of(line) < indent
        indent = min(indent, indent_of(line))
        if is_outside and (block := _BLOCK.fullmatch(line)):
            yield block["condition"], True
        elif not is_outside and (guard := _GUARD.match(line)):
            yield guard["condition"], False


def _holds(condition: str, variables: Mapping[str, str]) -> bool | None:
    """Return what a condition of variables comes to; None if it has other parts that decide it."""
    if "||" in condition:
        return None
    tests = [_test(part.strip(), variables) for part in condition.split("&&")]
    if False in tests:
        return False
    return None if None in tests else True


def _test(text: str, variables: Mapping[str, str]) -> bool | None:
    found = _TEST.fullmatch(text)
    if found is None:
        return None
    value = variables.get(found["name"] or found["quoted"] or "")
    if found["sign"] is None:
        return bool(value) is not bool(found["no"])
    return (value == found["value"]) is found["sign"].startswith("=") if not found["no"] else None


def indent_of(line: str) -> int:
    """Return how many blanks a line begins with."""
    return len(line) - len(line.lstrip(" \t"))
