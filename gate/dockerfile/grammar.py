"""What Docker refuses although it can be cut into words: wrong places, wrong numbers of arguments."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from gate.dockerfile.syntax import Instruction, Problem

_STAGE_NAME = re.compile(r"[a-z][a-z0-9._-]*")
_NOT_IN_ONBUILD = frozenset({"FROM", "MAINTAINER"})
_LEAST: Mapping[str, int] = {
    "ADD": 2,
    "ARG": 1,
    "COPY": 2,
    "ENV": 2,
    "EXPOSE": 1,
    "FROM": 1,
    "HEALTHCHECK": 1,
    "LABEL": 2,
    "MAINTAINER": 1,
    "ONBUILD": 1,
    "SHELL": 1,
    "STOPSIGNAL": 1,
    "USER": 1,
    "VOLUME": 1,
    "WORKDIR": 1,
}
"""How many arguments an instruction has at least; CMD, ENTRYPOINT and RUN may be empty."""


def _problems_of_from(instruction: Instruction) -> Iterator[Problem]:
    words = instruction.values
    if len(words) == 1:
        return
    if len(words) != 3 or words[1].lower() != "as":
        yield Problem(instruction.line, "FROM takes an image, or an image AS a name")
    elif not _STAGE_NAME.fullmatch(words[2].lower()):
        yield Problem(instruction.line, "the name of the build stage has to be letters, digits, '.', '_' and '-'")


def _problems_of_health_check(instruction: Instruction) -> Iterator[Problem]:
    kind = instruction.values[0].upper()
    if kind not in ("NONE", "CMD"):
        yield Problem(instruction.line, "HEALTHCHECK takes NONE, or CMD and a command")
    elif (kind == "CMD") != (len(instruction.arguments) > 1):
        yield Problem(instruction.line, f"HEALTHCHECK {kind} has the wrong number of arguments")


def _problems_of_shell(instruction: Instruction) -> Iterator[Problem]:
    if not instruction.is_exec:
        yield Problem(instruction.line, 'SHELL takes a JSON array: SHELL ["/bin/bash", "-c"]')


def _problems_of_onbuild(instruction: Instruction) -> Iterator[Problem]:
    if instruction.inner is not None and instruction.inner.name in _NOT_IN_ONBUILD:
        yield Problem(instruction.line, f"ONBUILD cannot hold {instruction.inner.name}")


_CHECKS: Mapping[str, Callable[[Instruction], Iterator[Problem]]] = {
    "FROM": _problems_of_from,
    "HEALTHCHECK": _problems_of_health_check,
    "ONBUILD": _problems_of_onbuild,
    "SHELL": _problems_of_shell,
}


def problems_of(instruction: Instruction) -> Iterable[Problem]:
    """Return what Docker refuses in one instruction, whatever stands around it and in it."""
    name = instruction.name
    if len(instruction.arguments) < _LEAST.get(name, 0):
        return (Problem(instruction.line, f"{name} has too few arguments"),)
    check = _CHECKS.get(name)
    return check(instruction) if check else ()


def problems_of_order(instructions: tuple[Instruction, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the order: nothing there, no FROM, or something before it."""
    if not instructions:
        yield Problem(1, "there is no instruction in it")
        return
    first = next((one for one in instructions if one.name != "ARG"), None)
    if first is None or all(one.name != "FROM" for one in instructions):
        yield Problem(instructions[0].line, "there is no FROM, so there is no stage to build")
    elif first.name != "FROM":
        yield Problem(first.line, f"{first.name} stands before the first FROM")
