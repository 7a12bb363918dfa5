"""Fixes that pin an action to the commit that the repository itself knows for its tag.

It is known from another step, `uses: owner/name@COMMIT # v4.1.2`, or from the lockfile of GitHub's agentic workflows
(`.github/aw/actions-lock.json`). Of a tag with several commits none is taken; `v4` may be any version that begins so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from gate.ci.github.model import GithubRepository, GithubStep
from gate.ci.github.steps_of_files import all_steps, place_of
from gate.ci.model import StepFix
from gate.core.errors import GateError
from gate.core.lazy_regex import lazy_regex
from gate.rules import Change
from gate.trees import FileTree

PINNED = frozenset({"unpinned-uses"})
LOCKFILE = ".github/aw/actions-lock.json"
_MAX_LOCKFILE = 1 << 20
_COMMIT = lazy_regex(r"[0-9a-f]{40}")
_SAID = lazy_regex(r"@(?P<commit>[0-9a-f]{40})[\"']?\s+#\s*(?:tag\s*=\s*)?(?P<tag>v?\d[\w.+-]*)\s*\Z")
_TAG = lazy_regex(r"v?\d+(?:\.\d+)*")
KnownPins = Mapping[tuple[str, str], str]
"""Commits by action, in lower case, and tag."""


class _Locked(msgspec.Struct, frozen=True):
    repo: str
    version: str
    sha: str


class _Lockfile(msgspec.Struct, frozen=True):
    entries: dict[str, _Locked] = {}


def locked_pins(tree: FileTree) -> KnownPins:
    """Return what the lockfile knows; nothing if there is none, or it cannot be read."""
    if tree.look_up(LOCKFILE) is None:
        return {}
    try:
        entries = msgspec.json.decode(tree.read(LOCKFILE, _MAX_LOCKFILE), type=_Lockfile).entries.values()
    except (GateError, msgspec.MsgspecError):
        return {}
    return {(one.repo.lower(), one.version): one.sha for one in entries if _COMMIT.fullmatch(one.sha)}


def pins_of(repository: GithubRepository, texts: Mapping[str, str], locked: KnownPins) -> Iterator[StepFix]:
    """Yield a fix for each step that uses an action by a tag of a known commit; `texts` are the files by path."""
    lines = {path: text.split("\n") for path, text in texts.items()}
    steps = list(all_steps(repository))
    known = {**_stated(steps, lines), **locked}
    times = Counter(map(place_of, steps))
    for step in steps:
        change = _change(step, lines, known) if times[place_of(step)] == 1 else None
        if change is not None:
            (first, _), (last, _) = step.value.start, step.value.end
            yield StepFix(PINNED, step.value.path, first, max(first, last), (change,))


def _stated(steps: list[GithubStep], lines: Mapping[str, list[str]]) -> dict[tuple[str, str], str]:
    """Return the pins that steps state with their tag, without those that they state differently."""
    stated: dict[tuple[str, str], set[str]] = {}
    for step in steps:
        uses = step.value.get("uses")
        line = _line(lines, uses.path, uses.line) if uses is not None else ""
        found = _SAID.search(line)
        if found:
            stated.setdefault((step.action, found["tag"]), set()).add(found["commit"])
    return {name: next(iter(commits)) for name, commits in stated.items() if len(commits) == 1}


def _line(lines: Mapping[str, list[str]], path: str, number: int) -> str:
    of_file = lines.get(path, [])
    return of_file[number - 1].rstrip() if 0 < number <= len(of_file) else ""


def _change(step: GithubStep, lines: Mapping[str, list[str]], known: KnownPins) -> Change | None:
    """Return the change of the reference; None if no commit is known, or more stands on the line."""
    uses = step.value.get("uses")
    if uses is None or uses.style or not _TAG.fullmatch(step.reference):
        return None
    tag, commit = _pin(step, known)
    line, (number, column) = _line(lines, uses.path, uses.start[0]), uses.start
    is_whole = line[column - 1 :] == step.uses and uses.line == number
    if not commit or not is_whole:
        return None
    start = (number, column + len(step.uses) - len(step.reference))
    return Change((start, (number, len(line) + 1)), f"{commit} # {tag}")


def _pin(step: GithubStep, known: KnownPins) -> tuple[str, str]:
    """Return tag and commit: of the same tag, or of the newest version that begins with it; empty: none is known."""
    exact = known.get((step.action, step.reference))
    if exact:
        return step.reference, exact
    begun = [tag for action, tag in known if action == step.action and tag.startswith(f"{step.reference}.")]
    numbered = [tag for tag in begun if _TAG.fullmatch(tag)]
    newest = max(numbered, key=_numbers, default="")
    return newest, known.get((step.action, newest), "")


def _numbers(tag: str) -> tuple[int, ...]:
    return tuple(int(part) for part in tag.removeprefix("v").split("."))
