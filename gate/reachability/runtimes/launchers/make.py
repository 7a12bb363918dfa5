"""make: the recipes of the targets that it is asked for, and of what these need (GNU make manual, "Recipes")."""

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

import msgspec

from gate.reachability.runtimes.launchers.make_functions import stem_of
from gate.reachability.runtimes.launchers.makefiles import Makefile, MakeRule, RecipeLine
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import (
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
_TOGETHER = re.compile(r"-(?:[bBdeiknpqrRsStvwm]*)(?P<option>[CfIlWo])(?P<value>.*)", re.DOTALL)
_EVALUATED = ("--eval", "-E")
_MAX_WANTED = 500
"""Targets that are followed as certain: rules may need one another without an end."""
_FLAG = re.compile(r"(?:\\.|[^\s\\])+")
_AUTOMATIC = "@<^+?*|%"
_OF_IMPLICIT_RULES = (
    *("cc", "gcc", "g++", "c++", "f77", "gfortran", "as", "ld", "ar", "ranlib", "lex", "flex", "yacc", "bison", "cat"),
    *("chmod", "m2c", "pc", "makeinfo", "texi2dvi", "tex", "weave", "tangle", "cweave", "ctangle", "co", "get", "lint"),
)
"""Programs of the rules that make has of its own ("Catalogue of Built-In Rules")."""
_Wanted = dict[str, tuple[MakeRule | None, str, tuple[str, ...]]]
"""Targets that are made, each with the rule that has its recipe, the stem and the needs."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of make."""
    return isinstance(reached, StartedProgram) and reached.name in ("make", "gmake")


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the makefiles, and what the recipes run; recipes of other targets are only possible."""
    assert isinstance(reached, StartedProgram)
    folder, named, goals, given = _arguments(reached)
    path = next((path for name in named or _NAMES if files.find(path := posixpath.join(folder, name))), None)
    if path is None:
        yield Gap(kind=EVERYTHING, reason="reads a makefile that is not there", path=reached.program)
        return
    if any(word.startswith(_EVALUATED) for word in reached.arguments):
        yield Gap(kind=EVERYTHING, reason="is given rules among its words", path=reached.program)
    makefile = Makefile(files, folder, dict(reached.environment), given)
    before = (reached.variable("MAKEFILES") or "").split()
    for name in [*before, *(named or [path])]:
        if files.find(one := posixpath.join(folder, name)):
            makefile.take(one)
    for one in makefile.read:
        yield Opened(path=one, because=Because(reached.program, "reads"))
    environment = {**dict(reached.environment), **makefile.variables_for_recipes(), **_flags(given)}
    caller = msgspec.structs.replace(reached, folder=folder, environment=tuple(sorted(environment.items())))
    yield from _Run(caller, makefile, files).steps(goals)


def _flags(given: dict[str, str]) -> dict[str, str]:
    """Return the variable by which another make gets the variables of the command line."""
    words = (f"{name}={value}".replace(" ", "\\ ") for name, value in given.items())
    return {"MAKEFLAGS": " ".join(words)} if given else {}


def _arguments(started: StartedProgram) -> tuple[str, list[str], list[str], dict[str, str]]:
    """Return the folder, the makefiles that are named, the targets, and the variables on the command line."""
    folder, named, goals, given = posixpath.join("/", started.folder), list[str](), list[str](), dict[str, str]()
    flags = [re.sub(r"\\(.)", r"\1", word) for word in _FLAG.findall(started.variable("MAKEFLAGS") or "")]
    flags = [word for word in flags if word.startswith("-") or "=" in word]
    words = iter([*flags, *_separated(started.arguments)])
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


def _separated(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the words, options that stand together apart: `-sC x`, `-Cx`; the number behind `-j` is left out."""
    before = ""
    for word in words:
        together = _TOGETHER.fullmatch(word)
        if together:
            yield from (word for word in (f"-{together['option']}", together["value"]) if word)
        elif not (before == "-j" and word.isdecimal()):
            yield word
        before = word


class _Run:
    """One run of make, with its recipes."""

    def __init__(self, caller: StartedProgram, makefile: Makefile, files: Files) -> None:
        self._caller = caller
        self._makefile = makefile
        self._files = files

    def steps(self, goals: list[str]) -> Iterator[Step]:
        """Yield the starts of recipes, and of what the makefile's functions run."""
        goal = self._makefile.goal
        wanted = self._wanted(goals or ([] if goal is None else [goal]))
        for target, (rule, stem, needs) in wanted.items():
            is_made = target in self._makefile.phony or self._find(target) is None
            local = {"@": target, "<": "".join(needs[:1]), "^": " ".join(dict.fromkeys(needs)), "*": stem}
            local |= {"+": " ".join(needs), "?": " ".join(needs), "|": " ".join(rule.order) if rule else ""}
            if rule is not None:
                yield from self._recipe(rule, local, is_certain=is_made)
            elif target not in self._makefile.phony:
                yield from self._implicit(target)
        used = {id(rule) for rule, _, _ in wanted.values()}
        for rule in self._makefile.rules:
            if id(rule) not in used:
                name = rule.targets[0] if "%" not in rule.targets[0] else UNKNOWN
                yield from self._recipe(rule, {**dict.fromkeys(_AUTOMATIC, UNKNOWN), "@": name}, is_certain=False)
        yield from self._others()

    def _others(self) -> Iterator[Step]:
        """Yield what functions run, and the gaps of what could not be read."""
        for command in self._makefile.commands:
            line = RecipeLine(command.path, command.number, command.text, command.is_certain)
            yield from self._start(line, command.text, is_certain=command.is_certain)
        for path, number in self._makefile.unknown:
            reason = "has rules that are known only at run time"
            yield Gap(kind=EVERYTHING, reason=reason, path=path.strip("/"), line=number)

    def _recipe(self, rule: MakeRule, local: dict[str, str], *, is_certain: bool) -> Iterator[Step]:
        lines = rule.lines
        if self._makefile.is_one_shell and lines:
            lines = [msgspec.structs.replace(lines[0], text="\n".join(line.text for line in lines))]
        for line in lines:
            is_run = is_certain and line.is_certain
            text = self._makefile.expanded(line.text, local, is_certain=is_run, at=(line.path, line.number))
            for one in text.split("\n") if not self._makefile.is_one_shell else [text]:
                yield from self._start(line, one.lstrip("@-+ \t"), is_certain=is_run)

    def _start(self, line: RecipeLine, text: str, *, is_certain: bool) -> Iterator[Step]:
        if not text.strip():
            return
        shell = self._makefile.value("SHELL").split() if self._makefile.has("SHELL") else ["/bin/sh"]
        flags = self._makefile.value(".SHELLFLAGS").split() if self._makefile.has(".SHELLFLAGS") else ["-c"]
        because = Because(line.path.strip("/"), "runs", line.number)
        if UNKNOWN in "".join((*shell, *flags)):
            reason = "runs a program that is known only at run time"
            yield Gap(kind=EVERYTHING, reason=reason, path=because.path, line=line.number)
            return
        started = started_by(self._caller, (*shell, *flags, text), because, self._files)
        if started is not None:
            yield msgspec.structs.replace(started, is_certain=is_certain)

    def _implicit(self, target: str) -> Iterator[Step]:
        """Yield the programs by which make's own rules may make a target of a file with the same stem."""
        folder, base = posixpath.split(posixpath.join(self._caller.folder, target))
        stem = posixpath.splitext(base)[0]
        if not any(name.startswith(f"{stem}.") for name in self._files.names(folder.strip("/"))):
            return
        because = Because(self._makefile.read[0].strip("/"), "may make by")
        for name in _OF_IMPLICIT_RULES:
            started = started_by(self._caller, (name,), because, self._files)
            if started is not None:
                yield msgspec.structs.replace(started, is_certain=False)

    def _wanted(self, goals: list[str]) -> _Wanted:
        wanted: _Wanted = {}
        todo = list(goals)
        while todo and len(wanted) < _MAX_WANTED:
            target = todo.pop(0)
            if target not in wanted:
                rule, stem, needs, order = self._rule_of(target)
                wanted[target] = (rule, stem, needs)
                todo += [*needs, *order]
        return wanted

    def _rule_of(self, target: str) -> tuple[MakeRule | None, str, tuple[str, ...], tuple[str, ...]]:
        """Return the rule with the recipe of a target, its stem, and the needs, those of order alone apart."""
        found, stem = None, ""
        needs, order = list[str](), list[str]()
        for rule in self._makefile.rules:
            if target in rule.targets:
                part = stem_of(rule.pattern, target) if rule.pattern else ""
                needs += [need.replace("%", part or "", 1) if rule.pattern else need for need in rule.needs]
                order += rule.order
                if rule.lines:
                    found, stem = rule, part or ""
        if found is None:
            found, stem = self._by_pattern(target)
            if found is not None:
                needs = [need.replace("%", stem, 1) for need in found.needs] + needs
                order += [need.replace("%", stem, 1) for need in found.order]
        return found, stem, tuple(needs), tuple(order)

    def _by_pattern(self, target: str) -> tuple[MakeRule | None, str]:
        fitting: list[tuple[int, int, MakeRule, str]] = []
        for place, rule in enumerate(self._makefile.rules):
            for stem in [stem for name in rule.targets if (stem := stem_of(name, target)) is not None]:
                if all(self._can_be_made(need.replace("%", stem, 1)) for need in rule.needs):
                    fitting.append((len(stem), place, rule, stem))
        _, _, found, stem = min(fitting, key=lambda one: one[:2], default=(0, 0, None, ""))
        return found, stem

    def _can_be_made(self, need: str) -> bool:
        is_target = need in self._targets or any(stem_of(pattern, need) for pattern in self._patterns)
        return is_target or self._find(need) is not None

    @cached_property
    def _targets(self) -> frozenset[str]:
        """The targets of all rules, patterns too."""
        return frozenset(name for rule in self._makefile.rules for name in rule.targets)

    @cached_property
    def _patterns(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._targets if "%" in name))

    def _find(self, name: str) -> object | None:
        path = posixpath.normpath(posixpath.join(self._caller.folder, name))
        return self._files.find(path) or self._files.folder(path)
