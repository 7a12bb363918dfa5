"""make: the recipes of the targets that it is asked for, and of what these need (GNU make manual, "Recipes")."""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.commands import started_by
from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.given import SHELL
from gate.reachability.runtimes.graph import (
    EVERYTHING,
    UNKNOWN,
    Because,
    Gap,
    Opened,
    Reached,
    StartedProgram,
    Step,
)

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_VALUED = frozenset(("-C", "-f", "-I", "-l", "-o", "-W", "--directory", "--file", "--makefile", "--include-dir"))
_VARIABLE = re.compile(r"\$[({](?P<name>\w+)[)}]|\$(?P<short>[A-Za-z@<^*])")
_ASSIGNMENT = re.compile(r"(?:export\s+)?(?P<name>\w+)\s*(?P<operator>[:?+]?=)\s*(?P<value>.*)")
_RULE = re.compile(r"(?P<targets>[^\s#:=][^#:=]*):(?!=)(?P<needs>[^=;#]*)(?:;(?P<recipe>.*))?")
_MAX_DEPTH = 10
"""Variables in one another, and targets that need one another."""


class _Makefile(msgspec.Struct, frozen=True):
    """The variables and rules of a makefile."""

    variables: dict[str, str]
    recipes: dict[str, list[tuple[int, str]]]
    needs: dict[str, list[str]]


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of make."""
    return isinstance(reached, StartedProgram) and reached.name in ("make", "gmake")


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the makefile, and what each line of the recipes runs; recipes of other targets are only possible."""
    assert isinstance(reached, StartedProgram)
    folder, named, goals, given = _arguments(reached)
    caller = msgspec.structs.replace(reached, folder=folder)
    path = next((path for name in named or _NAMES if files.find(path := posixpath.join(folder, name))), None)
    if path is None:
        yield Gap(kind=EVERYTHING, reason="reads a makefile that is not there", path=reached.program)
        return
    yield Opened(path=path, because=Because(reached.program, "reads"))
    makefile = _read(files.text(path), dict(reached.environment) | given)
    wanted = _wanted(goals or list(makefile.recipes)[:1], makefile)
    for target, lines in makefile.recipes.items():
        for number, line in lines:
            text = _expanded(line.lstrip("@-+ \t"), makefile.variables)
            started = started_by(caller, (*SHELL, text), Because(path.strip("/"), "runs", number), files)
            if started is not None:
                yield msgspec.structs.replace(started, is_certain=target in wanted)


def _arguments(started: StartedProgram) -> tuple[str, list[str], list[str], dict[str, str]]:
    """Return the folder, the makefiles that are named, the targets, and the variables on the command line."""
    folder, named, goals, given = posixpath.join("/", started.folder), list[str](), list[str](), dict[str, str]()
    words = iter(started.arguments)
    for word in words:
        option, equals, value = word.partition("=")
        if word in _VALUED or (equals and option in _VALUED):
            value = value if equals else next(words, "")
            if option in ("-C", "--directory"):
                folder = posixpath.join(folder, value)
            elif option in ("-f", "--file", "--makefile"):
                named.append(value)
        elif equals and not word.startswith("-"):
            given[option] = value
        elif not word.startswith("-"):
            goals.append(word)
    return folder, named, goals, given


def _read(text: str, variables: dict[str, str]) -> _Makefile:
    makefile = _Makefile(variables, {}, {})
    targets: list[str] = []
    for number, line in enumerate(text.replace("\\\n", " ").splitlines(), start=1):
        if line.startswith("\t"):
            for target in targets:
                makefile.recipes[target].append((number, line.strip()))
        elif found := _ASSIGNMENT.fullmatch(line.strip()):
            if found["operator"] != "?=" or found["name"] not in variables:
                variables[found["name"]] = found["value"]
        elif rule := _RULE.fullmatch(line):
            targets = _targets(rule, number, makefile)
    return makefile


def _targets(rule: "re.Match[str]", number: int, makefile: _Makefile) -> list[str]:
    """Note a rule; the special targets such as `.PHONY` have no recipe."""
    targets = [name for name in rule["targets"].split() if not re.fullmatch(r"\.[A-Z_]+", name)]
    for target in targets:
        makefile.recipes.setdefault(target, []).extend([(number, rule["recipe"])] if rule["recipe"] else [])
        makefile.needs.setdefault(target, []).extend(_expanded(rule["needs"], makefile.variables).split())
    return targets


def _wanted(goals: list[str], makefile: _Makefile) -> set[str]:
    wanted: set[str] = set()
    todo = list(goals)
    while todo:
        target = todo.pop()
        if target not in wanted:
            wanted.add(target)
            todo.extend(makefile.needs.get(target, ()))
    return wanted


def _expanded(text: str, variables: dict[str, str], depth: int = 0) -> str:
    """Put in the variables that are known; `$$` is the shell's own sign."""
    if depth > _MAX_DEPTH:
        return text

    def value(found: "re.Match[str]") -> str:
        known = variables.get(found["name"] or "")
        return UNKNOWN if known is None else _expanded(known, variables, depth + 1)

    return "$".join(_VARIABLE.sub(value, part) for part in text.split("$$"))
