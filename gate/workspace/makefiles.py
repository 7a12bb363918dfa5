"""Goals of Makefiles that a start calls by name or by default: what they run is what starts.

GNU make, "Writing Rules" and "Arguments to Specify the Goals". Variables stay as written, included files are not read.
"""

import posixpath
from collections import deque
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gate.core.errors import GateError
from gate.core.lazy_regex import lazy_regex
from gate.trees import EntryKind, FileTree
from gate.workspace.model import AutoStart, ReadFile
from gate.workspace.readers.reading import shown, text_of

MAX_GOALS = 50
"""Goals that are followed from one call, and those of one rule."""
_NAMES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which make looks for them."""
_CALL = lazy_regex(r"(?:^|[;&|(])[ \t]*make(?P<words>(?:[ \t]+[^\s;&|()]+)*)(?=$|[\s;&|)])")
_FOLDER = lazy_regex(r"[ \t](?:-C[ \t]*|--directory[= ])(?P<folder>[^\s-]\S*)")
_ELSEWHERE = lazy_regex(r"[ \t](?:-f|--(?:make)?file)|\$")
"""Another file, or what only the shell knows."""


class CalledGoals(msgspec.Struct, frozen=True):
    """One call of make."""

    folder: str
    """Of `-C`; empty without."""
    goals: tuple[str, ...]
    """Empty: the default goal."""


class MakeGoal(msgspec.Struct):
    """A goal of a Makefile, which may have several rules."""

    line: int
    needs: list[str]
    recipe: list[str]


def called_goals(command: str) -> Iterator[CalledGoals]:
    """Yield the calls of make in a command; none that follow `cd`, as their folder is not known."""
    for call in _CALL.finditer(command):
        if "cd " in command[: call.start()] or _ELSEWHERE.search(call["words"]):
            continue
        folder = _FOLDER.search(call["words"])
        words = _FOLDER.sub("", call["words"]).replace('"', "").replace("'", "").split()
        goals = tuple(word for word in words if not (word.startswith("-") or "=" in word or word.isdigit()))
        yield CalledGoals(folder["folder"] if folder else "", goals)


def goals_in(text: str) -> dict[str, MakeGoal]:
    """Return the goals of a Makefile by their names, the default goal first."""
    goals: dict[str, MakeGoal] = {}
    current: list[MakeGoal] = []
    for number, line in _whole_lines(text):
        if line.startswith("\t") and not line.lstrip().startswith("#"):
            for goal in current:
                goal.recipe.append(line.strip().lstrip("@-+ "))
        elif line.strip() and not line.lstrip().startswith("#"):
            current = list(_goals_of_rule(number, line, goals))
    return goals


def _whole_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines, each with those that continue it, and the number of the first."""
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts.append(line if not parts else line.strip())
        if not line.endswith("\\"):
            yield number - len(parts) + 1, " ".join(part.removesuffix("\\").rstrip() for part in parts)
            parts = []


def _goals_of_rule(number: int, line: str, goals: dict[str, MakeGoal]) -> Iterator[MakeGoal]:
    targets, colon, rest = line.partition(":")
    needs, _, recipe = rest.lstrip(":").partition(";")
    needs = needs.partition("#")[0]
    needed = needs.replace("|", " ").split()[:MAX_GOALS]
    if not colon or "=" in targets or "=" in needs:
        return  # a variable, also one of a goal
    for target in targets.split()[:MAX_GOALS]:
        if not target.startswith(".") and "%" not in target:
            goal = goals.setdefault(target, MakeGoal(number, [], []))
            goal.needs += needed
            goal.recipe += [recipe.strip()] if recipe.strip() else []
            yield goal


def started_by_make(
    starts: Iterable[AutoStart], tree: FileTree, is_wanted: Callable[[str], bool]
) -> Iterator[ReadFile]:
    """Yield for each Makefile whose goals are called what these run, at the moment of the call."""
    texts: dict[str, dict[str, MakeGoal]] = {}
    done: set[tuple[str, str, str, str]] = set()
    for start in starts:
        for call in called_goals(start.command):
            path = _makefile_of(start, call, tree)
            if not path or not is_wanted(path):
                continue
            if path not in texts:
                try:
                    texts[path] = goals_in(text_of(tree, path))
                except GateError:
                    texts[path] = {}
                    yield ReadFile(notes=(f"{path}: cannot be read, so what its goals start is not known",))
            yield ReadFile(entries=tuple(_starts(start, call, path, texts[path], done)))


def _makefile_of(start: AutoStart, call: CalledGoals, tree: FileTree) -> str:
    """Return the nearest Makefile of the start's folder and those above it; empty if there is none."""
    folder = posixpath.dirname(start.path)
    while True:
        for name in _NAMES:
            path = posixpath.normpath(posixpath.join(folder, call.folder, name))
            entry = None if path.startswith(("..", "/")) else tree.look_up(path)
            if entry is not None and entry.kind is EntryKind.FILE:
                return path
        if not folder:
            return ""
        folder = posixpath.dirname(folder)


def _starts(
    start: AutoStart, call: CalledGoals, path: str, goals: dict[str, MakeGoal], done: set[tuple[str, str, str, str]]
) -> Iterator[AutoStart]:
    for name in _reached(call.goals or tuple(goals)[:1], goals):
        called = (path, name, start.when.value, start.by)
        if goals[name].recipe and called not in done:
            done.add(called)
            yield msgspec.structs.replace(
                start,
                by="make",
                what=shown(f"goal {name}, by {start.by}")[:120],
                command=shown("\n".join(goals[name].recipe)),
                path=path,
                line=goals[name].line,
                span=None,
            )


def _reached(first: Iterable[str], goals: dict[str, MakeGoal]) -> list[str]:
    """Return the goals that are made: the named ones and what they need, as far as a Makefile has them."""
    reached: dict[str, None] = {}
    waiting = deque(first)
    while waiting and len(reached) < MAX_GOALS:
        name = waiting.popleft()
        if name in goals and name not in reached:
            reached[name] = None
            waiting += goals[name].needs
    return list(reached)
