"""Makefiles: their variables, functions, conditionals and rules (GNU make manual, "Writing Makefiles")."""

import fnmatch
import math
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

import msgspec

from gate.reachability.runtimes.launchers.make_functions import (
    CLOSING,
    FUNCTIONS,
    OTHERS,
    arguments_of,
    end_of,
    patsubst,
)
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN

_ASSIGNMENT = re.compile(
    r"(?P<words>(?:(?:export|override|private)\s+)*)(?P<name>[^\s:#=+?!$(){},]+)\s*"
    r"(?P<operator>:{0,3}=|[?+!]=)\s*(?P<value>.*)",
    re.DOTALL,
)
_DIRECTIVE = re.compile(
    r"(?P<name>ifn?def|ifn?eq|else|endif|-?include|sinclude|define|export|unexport)\b\s*(?P<rest>.*)"
)
_DEFINITION = re.compile(r"(?P<name>\S+)\s*(?P<operator>[:?+]{0,3}=)?")
_COMPARED = re.compile(r"\((?P<a>.*),(?P<b>.*)\)|\"(?P<c>.*?)\"\s*\"(?P<d>.*?)\"|'(?P<e>.*?)'\s*'(?P<f>.*?)'")
_COMMENT = re.compile(r"(?<!\\)#.*")
_RULE = re.compile(r"(?P<targets>[^:;]*[^:;\s])\s*::?(?!=)(?P<needs>[^;]*)(?:;(?P<recipe>.*))?", re.DOTALL)
_SPECIAL = re.compile(r"\.[A-Z_]+")
_DEFAULTS = {
    "AR": "ar",
    "AS": "as",
    "CC": "cc",
    "CPP": "$(CC) -E",
    "CXX": "g++",
    "FC": "f77",
    "LD": "ld",
    "LEX": "lex",
    "MAKEINFO": "makeinfo",
    "RM": "rm -f",
    "TEX": "tex",
    "YACC": "yacc",
}
"""Variables that have a value of their own ("Implicit Variables")."""
_EMPTY = re.compile(r"(?:AR|AS|C|CXX|CO|CPP|F|G|L|LD|LINT|P|R|Y|MAKE)FLAGS|LDLIBS|LOADLIBES|TARGET_ARCH|MAKELEVEL")
"""Variables that are empty unless something sets them ("Implicit Variables")."""
_MAX_DEPTH = 20
_MAX_FILES = 50
_MAX_LENGTH = 32_000
"""Characters of a text that is worked on; of longer ones nothing is known."""
_MAX_WORK = 500_000
"""References of a makefile with what it includes, and twenties of characters put in: twelve lines can ask for 10^12."""
_WORK_OF_PATTERN = 50
"""As much as fifty references, as it is compiled."""
_MAX_PRODUCT = 400_000
"""Of the lengths of what a function is given: each word of one may be combined with each of another."""


_Branch = tuple[bool | None, bool | None]
"""Whether the branch of a conditional is read, and the one behind `else`; None: it may be."""


class RecipeLine(msgspec.Struct, frozen=True):
    """A line of a recipe, before its variables are put in."""

    path: str
    number: int
    text: str
    is_certain: bool


class MakeRule(msgspec.Struct):
    """A rule; in a pattern rule the targets hold `%`, in a static one the needs do."""

    targets: tuple[str, ...]
    needs: tuple[str, ...]
    order: tuple[str, ...]
    pattern: str | None
    lines: list[RecipeLine]


class ShellCommand(msgspec.Struct, frozen=True):
    """What `$(shell …)` or `!=` runs."""

    path: str
    number: int
    text: str
    is_certain: bool


class Makefile:
    """A makefile and what it includes. `given` are the variables of the command line, which win over its own."""

    def __init__(self, files: Files, folder: str, environment: Mapping[str, str], given: Mapping[str, str]) -> None:
        self._files = files
        self._folder = folder
        self._given = frozenset(given)
        self._values = {name: (value, True) for name, value in {**environment, **given}.items() if name != "SHELL"}
        self._values |= {"MAKE": ("make", True), "CURDIR": (folder, True)}
        self._exported: set[str] = set(given)
        self._branches: list[_Branch] = []
        self._is_certain = True
        self._at = ("", 0)
        self._work = 0
        self._has_given_up = False
        self.rules: list[MakeRule] = []
        self.phony: set[str] = set()
        self.read: list[str] = []
        self.commands: list[ShellCommand] = []
        self.unknown: list[tuple[str, int]] = []
        """Lines that may be any rule."""
        self.is_one_shell = False

    @property
    def goal(self) -> str | None:
        """The target that is made if none is asked for."""
        named = self.value(".DEFAULT_GOAL").strip() if ".DEFAULT_GOAL" in self._values else ""
        names = (name for rule in self.rules for name in rule.targets if "%" not in name and name[:1] != ".")
        return named or next(names, None)

    def variables_for_recipes(self) -> dict[str, str]:
        """Return the variables that the recipes' environment has besides make's own."""
        names = self._values.keys() if "*" in self._exported else self._exported & self._values.keys()
        return {name: self.value(name) for name in sorted(names) if name.isidentifier()}

    def value(self, name: str) -> str:
        """Return the value of a variable, with all that is known of it."""
        return self.expanded(f"$({name})")

    def has(self, name: str) -> bool:
        """True if something sets a variable."""
        return name in self._values

    def expanded(
        self,
        text: str,
        local: Mapping[str, str] | None = None,
        *,
        is_certain: bool = True,
        at: tuple[str, int] = ("", 0),
    ) -> str:
        """Put in variables and functions; `UNKNOWN` stands for what is not known. Commands are noted on the way."""
        self._is_certain, self._at = is_certain, at if at[0] else self._at
        return self._expand(text, local or {}, 0)

    def take(self, path: str) -> None:
        """Read one file."""
        if len(self.read) >= _MAX_FILES:
            self.unknown.append(self._at)
            return
        self.read.append(path)
        rule: MakeRule | None = None
        lines = _joined(self._files.text(path))
        for number, line in lines:
            self._at = (path, number)
            self._is_certain = self._state() is True
            if line.startswith("\t") and rule is not None:
                if self._state() is not False:
                    rule.lines.append(RecipeLine(path, number, line.strip(), self._state() is True))
                continue
            text = _COMMENT.sub("", line).strip()
            directive = _DIRECTIVE.fullmatch(text)
            is_assigned = _ASSIGNMENT.fullmatch(text)
            if directive and not (is_assigned and directive["name"] != "export"):
                self._directive(directive["name"], directive["rest"].strip(), lines)
            elif text and self._state() is not False:
                rule = self._statement(text, rule)

    def _state(self) -> bool | None:
        states = [state for state, _ in self._branches]
        if False in states:
            return False
        return None if None in states else True

    def _statement(self, text: str, rule: MakeRule | None) -> MakeRule | None:
        """Take in an assignment or a rule; return the rule whose recipe may follow."""
        if assigned := _ASSIGNMENT.fullmatch(text):
            self._assign(assigned)
            return rule
        head, _, recipe = text.partition(";")
        found = _RULE.fullmatch(self._expand(head, {}, 0))
        if found is None:
            if UNKNOWN in self._expand(text, {}, 0):
                self.unknown.append(self._at)
            return rule
        if special := _ASSIGNMENT.fullmatch(found["needs"].strip()):
            self._values[special["name"]] = (UNKNOWN, True)  # for some targets only
            return None
        return self._rule(found, recipe.strip())

    def _rule(self, found: "re.Match[str]", recipe: str) -> MakeRule | None:
        targets = tuple(found["targets"].split())
        pattern, colon, needs = found["needs"].partition(":")
        needs, _, order = (needs if colon else pattern).partition("|")
        if ".PHONY" in targets:
            self.phony.update(needs.split())
        self.is_one_shell = self.is_one_shell or ".ONESHELL" in targets
        targets = tuple(name for name in targets if not _SPECIAL.fullmatch(name))
        first = [RecipeLine(*self._at, recipe, self._is_certain)] if recipe else []
        static = pattern.strip() if colon else None
        rule = MakeRule(targets, tuple(needs.split()), tuple(order.split()), static, first)
        if targets:
            self.rules.append(rule)
        return rule if targets else None

    def _assign(self, found: "re.Match[str]") -> None:
        name, operator, value = found["name"], found["operator"], found["value"]
        if name == ".RECIPEPREFIX":
            self.unknown.append(self._at)
        if "export" in found["words"]:
            self._exported.add(name)
        if (name in self._given and "override" not in found["words"]) or (operator == "?=" and name in self._values):
            return
        before = self._values.get(name)
        if operator == "!=":
            value, is_simple = self._shell(self._expand(value, {}, 0)), True
        elif operator == "+=" and before is not None:
            value, is_simple = f"{before[0]} {self._expand(value, {}, 0) if before[1] else value}", before[1]
        else:
            is_simple = operator.startswith(":")
            value = self._expand(value, {}, 0) if is_simple else value
        is_sure = self._state() is True or before == (value, is_simple)
        self._values[name] = (value, is_simple) if is_sure else (UNKNOWN, True)

    def _directive(self, name: str, rest: str, lines: Iterator[tuple[int, str]]) -> None:
        if name in ("ifdef", "ifndef", "ifeq", "ifneq"):
            self._branches.append(self._condition(name, rest))
        elif name == "else" and self._branches:
            _, other = self._branches.pop()
            inner = _DIRECTIVE.fullmatch(rest)
            after = self._condition(inner["name"], inner["rest"]) if inner else (True, False)
            self._branches.append(after if other else (other, other))
        elif name == "endif" and self._branches:
            self._branches.pop()
        elif name == "define":
            self._define(rest, lines)
        elif self._state() is False:
            return
        elif name.endswith("include"):
            self._include(rest)
        elif name == "export":
            assigned = _ASSIGNMENT.fullmatch(rest)
            self._exported.update([assigned["name"]] if assigned else self._expand(rest, {}, 0).split() or ["*"])
            if assigned:
                self._assign(assigned)

    def _define(self, rest: str, lines: Iterator[tuple[int, str]]) -> None:
        """Read the lines of a variable up to `endef`."""
        inside = []
        for _, line in lines:
            if line.strip().startswith("endef"):
                break
            inside.append(line)
        found = _DEFINITION.fullmatch(rest)
        if found and self._state() is not False:
            self._values[found["name"]] = ("\n".join(inside) if self._state() else UNKNOWN, False)

    def _include(self, rest: str) -> None:
        for name in self._expand(rest, {}, 0).split():
            path = posixpath.join(self._folder, name)
            if UNKNOWN in name:
                self.unknown.append(self._at)
            elif self._files.find(path) and path not in self.read:
                at = self._at
                self.take(path)
                self._at = at

    def _condition(self, name: str, rest: str) -> "_Branch":
        """Return whether the first branch of a conditional is read, and the other; a user may set what is not set."""
        if name in ("ifdef", "ifndef"):
            known = self._values.get(self._expand(rest, {}, 0).strip())
            if known is None:
                return (None, True) if name == "ifdef" else (True, None)
            is_set = (known[0] != "") is (name == "ifdef")
            return is_set, not is_set
        found = _COMPARED.fullmatch(rest.strip())
        sides = [self._expand(side.strip(), {}, 0) for side in found.groups() if side is not None] if found else []
        if len(sides) != 2 or UNKNOWN in "".join(sides):
            return None, None
        is_taken = (sides[0] == sides[1]) is (name == "ifeq")
        return is_taken, not is_taken

    def _expand(self, text: str, local: Mapping[str, str], depth: int) -> str:
        if "$" not in text:
            return text
        if depth > _MAX_DEPTH or len(text) > _MAX_LENGTH:
            return self._given_up()
        parts, place = [], 0
        while (sign := text.find("$", place)) >= 0 and sign + 1 < len(text):
            parts.append(text[place:sign])
            opening = text[sign + 1]
            if opening in CLOSING:
                end = end_of(text, sign + 2, opening)
                parts.append(self._reference(text[sign + 2 : end], local, depth + 1))
                place = end + 1
            else:
                parts.append("$" if opening == "$" else self._lookup(opening, local, depth + 1))
                place = sign + 2
            if self._is_too_much(parts[-1]):
                return self._given_up()
        whole = "".join(parts) + text[place:]
        return whole if len(whole) <= _MAX_LENGTH else UNKNOWN

    def _reference(self, body: str, local: Mapping[str, str], depth: int) -> str:
        name, _, rest = body.lstrip().partition(" ")
        if name in FUNCTIONS or name in OTHERS:
            return self._function(name, rest.lstrip(), local, depth)
        whole, colon, change = self._expand(body, local, depth).partition(":")
        value = self._lookup(whole, local, depth)
        before, equals, after = change.partition("=")
        if not (colon and equals):
            return value
        return patsubst(*((before, after) if "%" in before else (f"%{before}", f"%{after}")), value)

    def _lookup(self, name: str, local: Mapping[str, str], depth: int) -> str:
        if name in local:
            return local[name]
        if len(name) == 2 and name[0] in local and name[1] in "DF":
            parts = [posixpath.split(word) for word in local[name[0]].split()]
            return " ".join((folder or ".") if name[1] == "D" else base for folder, base in parts)
        if name in self._values:
            value, is_simple = self._values[name]
            return value if is_simple else self._expand(value, local, depth)
        if name in _DEFAULTS:
            return self._expand(_DEFAULTS[name], local, depth)
        return "" if _EMPTY.fullmatch(name) else UNKNOWN

    def _function(self, name: str, rest: str, local: Mapping[str, str], depth: int) -> str:
        words = arguments_of(rest)
        if name == "foreach" and len(words) == 3:
            return self._each(words[0].strip(), self._expand(words[1], local, depth), words[2], local, depth)
        values = [self._expand(word, local, depth) for word in words]
        if name == "shell":
            return self._shell(",".join(values))
        if name == "wildcard":
            return self._wildcard(values[0])
        if name == "call" and values[0] in self._values:
            numbered = {str(place): value for place, value in enumerate(values)}
            return self._expand(self._values[values[0]][0], {**local, **numbered}, depth)
        if name in ("info", "warning", "error"):
            return ""
        if name == "eval":
            self.unknown.append(self._at)
        if math.prod(max(len(value), 1) for value in values) > _MAX_PRODUCT:
            return UNKNOWN
        with suppress(KeyError, TypeError, ValueError):
            return FUNCTIONS[name](*values)
        return UNKNOWN

    def _each(self, name: str, words: str, text: str, local: Mapping[str, str], depth: int) -> str:
        """Put each word into a text, in the place of a name."""
        made: list[str] = []
        for word in words.split():
            made.append(self._expand(text, {**local, name: word}, depth))
            if self._is_too_much(made[-1]):
                return self._given_up()
        return " ".join(made)

    def _given_up(self) -> str:
        """Return what stands for a text that was not worked out: functions in it may run any program."""
        if not self._has_given_up:
            self.unknown.append(self._at)
            self._has_given_up = True
        return UNKNOWN

    def _is_too_much(self, made: Collection[str]) -> bool:
        """Count what was made, a text or a list of files, and say whether it is more than is worked on."""
        self._work += 1 + len(made) // 20
        return self._work > _MAX_WORK

    def _shell(self, text: str) -> str:
        self.commands.append(ShellCommand(*self._at, text, self._is_certain))
        return UNKNOWN

    def _wildcard(self, patterns: str) -> str:
        found = []
        for pattern in patterns.split():
            folder, slash, last = pattern.rpartition("/")
            if UNKNOWN in pattern or re.search(r"[*?\[]", folder):
                return UNKNOWN
            names = self._files.names(posixpath.join(self._folder, folder).strip("/"))
            self._work += _WORK_OF_PATTERN
            if self._is_too_much(names):
                return self._given_up()
            found += [f"{folder}{slash}{name}" for name in fnmatch.filter(names, last)]
        return " ".join(sorted(found))


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers; one that ends with a backslash goes on in the next."""
    number, waiting = 1, ""
    for place, line in enumerate(text.splitlines(), start=1):
        if line.endswith("\\"):
            number = number if waiting else place
            waiting += line[:-1].rstrip() + " " if not waiting else line[:-1].strip() + " "
            continue
        yield (number, waiting + line.strip()) if waiting else (place, line)
        waiting = ""
    if waiting:
        yield number, waiting
