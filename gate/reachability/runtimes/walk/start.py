"""What a container of an image starts: ENTRYPOINT with CMD, and HEALTHCHECK (OCI image specification; Docker).

If a file or a setting starts it in another way, both are followed, because the image's own start may be used too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from gate.model import ContainerStart
from gate.model.container import Runtime
from gate.reachability.runtimes.walk.commands import DEFAULT_PATH, started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, UNKNOWN, Because, Gap, StartedProgram, Step

_SHELL = ("/bin/sh", "-c")
_REFERENCE = re.compile(r"\$\((\w+)\)")
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_PUT_IN = re.compile(rf"{_TEMPLATE.pattern}|\$\(\w+\)|\$\{{[^}}]*\}}|\$\w+", re.DOTALL)
"""Templates, and variables of Kubernetes and Compose that have no value in the file."""
_CONFIGURED = Because("", "")


def starts_of(runtime: Runtime, files: Files, starts: Sequence[ContainerStart] = ()) -> Iterator[Step]:
    """Yield the programs that a container starts, as the image says and in each of the ways of `starts`."""
    own = _words(runtime.entrypoint) + _words(runtime.cmd)
    if own or not starts:
        yield _start(own, _around(runtime), files, "entrypoint")
    for start in starts:
        changed = started_as(start, runtime)
        words = _words(changed.entrypoint) + _words(changed.cmd)
        filled = tuple(_filled(word, before, start) for before, word in pairwise(("", *words)))
        yield _start(filled, _around(changed), files, f"start in {start.place}")
    if runtime.healthcheck is not None and not runtime.healthcheck.is_off:
        kind, *test = runtime.healthcheck.test or [""]
        for each in dict.fromkeys((_around(runtime), *(_around(started_as(start, runtime)) for start in starts))):
            words = (*_SHELL, *test) if kind == "CMD-SHELL" else tuple(test)
            yield _start(words, each, files, "health check")


def started_as(start: ContainerStart, runtime: Runtime) -> Runtime:
    """Return an image's configuration with the values of `start` in place of its own."""
    entrypoint, cmd = runtime.entrypoint, runtime.cmd
    if start.entrypoint is not None:
        entrypoint, cmd = list(start.entrypoint), []  # a new entrypoint drops the image's CMD
    if start.command is not None:
        cmd = list(start.command)
    return msgspec.structs.replace(
        runtime,
        entrypoint=entrypoint,
        cmd=cmd,
        env=[*(runtime.env or ()), *start.environment],
        working_dir=start.folder or runtime.working_dir,
    )


def _words(stated: list[str] | str | None) -> tuple[str, ...]:
    return (*_SHELL, stated) if isinstance(stated, str) else tuple(stated or ())


def _filled(word: str, before: str, start: ContainerStart) -> str:
    """Return a word of a file with `$(NAME)` replaced, and with `UNKNOWN` for values that the file does not hold.

    A word after `-c` is a script, whose shell variables are left in it.
    """
    given = dict(_variables(start.environment))
    word = _REFERENCE.sub(lambda found: given.get(found[1], found[0]), word)
    return _TEMPLATE.sub(UNKNOWN, word) if before.endswith("c") else _PUT_IN.sub(UNKNOWN, word)


class _Around(msgspec.Struct, frozen=True):
    """What a program finds when it is started."""

    folder: str
    environment: tuple[tuple[str, str], ...]


def _around(runtime: Runtime) -> _Around:
    environment = {"PATH": DEFAULT_PATH, **dict(_variables(runtime.env or ()))}
    return _Around(runtime.working_dir or "/", tuple(sorted(environment.items())))


def _variables(stated: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield names and values; a name alone has its value from elsewhere."""
    for variable in stated:
        name, equals, value = variable.partition("=")
        yield name, value if equals else UNKNOWN


def _start(words: tuple[str, ...], around: _Around, files: Files, what: str) -> Step:
    if not words:
        return Gap(kind=EVERYTHING, reason=f"the image names no program as its {what}")
    container = StartedProgram(program="", folder=around.folder, environment=around.environment, because=_CONFIGURED)
    started = started_by(container, words, Because("", what), files)
    if started is None:
        named = words[0][:100].replace(UNKNOWN, "…")
        return Gap(kind=EVERYTHING, reason=f"the {what} {named!r} is not in the image")
    return started
