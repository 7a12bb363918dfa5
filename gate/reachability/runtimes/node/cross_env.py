"""cross-env: the command behind the variables that it sets (cross-env's README, and `parseCommand` of its source)."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, UNKNOWN, Because, Gap, Reached, StartedProgram, Step

_NAMES = frozenset({"cross-env", "cross-env.js"})
_SETTING = re.compile(r"(?P<name>\w+)=(?:'(?P<single>.*)'|\"(?P<double>.*)\"|(?P<plain>.*))", re.DOTALL)
_CHANGED = frozenset("\\'")
"""Signs of which cross-env takes some out of a command's words."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of cross-env, by its name or as the script of Node.js."""
    return isinstance(reached, StartedProgram) and is_cross_env(reached)


def is_cross_env(started: StartedProgram) -> bool:
    """True for a start of cross-env, whose words are known."""
    return started.words_of(_NAMES) is not None


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the start of the command with the variables that are set for it; none starts nothing."""
    assert isinstance(reached, StartedProgram)
    words = list(reached.words_of(_NAMES) or ())
    environment = dict(reached.environment)
    while words and (setting := _SETTING.search(words[0])):
        environment[setting["name"]] = _value(setting)
        del words[0]
    if not words:
        return
    if any(UNKNOWN in word or _CHANGED.intersection(word) for word in words):
        yield Gap(kind=EVERYTHING, reason="starts a command that is not known", path=reached.program)
        return
    caller = _with(reached, environment)
    started = started_by(caller, tuple(words), Because(reached.program, "starts"), files)
    if started is not None:
        yield started


def _value(setting: re.Match[str]) -> str:
    """Return what is set; a variable in it, or a sign that may be taken out, leaves it unknown."""
    value = next(one for one in setting.group("single", "double", "plain") if one is not None)
    return UNKNOWN if "$" in value or "\\" in value else value


def _with(started: StartedProgram, environment: Mapping[str, str]) -> StartedProgram:
    return msgspec.structs.replace(started, environment=tuple(sorted(environment.items())))
