"""What a container of an image starts: ENTRYPOINT with CMD, and HEALTHCHECK (OCI image specification; Docker).

Where a file or a setting starts it in another way, that counts besides: nobody knows that it is the only one.
"""

from collections.abc import Iterator, Sequence

import msgspec

from gate.images.config import Runtime
from gate.images.in_use.commands import DEFAULT_PATH, started_by
from gate.images.in_use.files import Files
from gate.images.in_use.graph import EVERYTHING, Because, Gap, Started, Step
from gate.model import ContainerStart

_SHELL = ("/bin/sh", "-c")


def starts_of(runtime: Runtime, files: Files, starts: Sequence[ContainerStart] = ()) -> Iterator[Step]:
    """Yield the programs that a container starts, as the image says and in each of the ways of `starts`."""
    own = _words(runtime.entrypoint) + _words(runtime.cmd)
    if own or not starts:
        yield _start(own, runtime, files, "entrypoint")
    for start in starts:
        changed = started_as(start, runtime)
        words = _words(changed.entrypoint) + _words(changed.cmd)
        yield _start(words, changed, files, f"start in {start.place}")
    if runtime.healthcheck is not None and not runtime.healthcheck.is_off:
        kind, *test = runtime.healthcheck.test or [""]
        yield _start((*_SHELL, *test) if kind == "CMD-SHELL" else tuple(test), runtime, files, "health check")


def started_as(start: ContainerStart, runtime: Runtime) -> Runtime:
    """Return an image's configuration with what `start` says in place of its own."""
    return msgspec.structs.replace(
        runtime,
        entrypoint=runtime.entrypoint if start.entrypoint is None else list(start.entrypoint),
        cmd=runtime.cmd if start.entrypoint is None and start.command is None else list(start.command or ()),
        env=[*(runtime.env or ()), *start.environment],
        working_dir=start.folder or runtime.working_dir,
    )


def _words(stated: list[str] | str | None) -> tuple[str, ...]:
    return (*_SHELL, stated) if isinstance(stated, str) else tuple(stated or ())


def _start(words: tuple[str, ...], runtime: Runtime, files: Files, what: str) -> Step:
    if not words:
        return Gap(kind=EVERYTHING, reason=f"the image names no program as its {what}")
    container = Started(program="", folder=runtime.working_dir or "/", environment=_environment(runtime), because=_IT)
    started = started_by(container, words, Because("", what), files)
    if started is None:
        return Gap(kind=EVERYTHING, reason=f"the {what} {words[0][:100]!r} is not in the image")
    return started


_IT = Because("", "")


def _environment(runtime: Runtime) -> tuple[tuple[str, str], ...]:
    pairs = (variable.partition("=")[::2] for variable in runtime.env or ())
    return tuple(sorted({"PATH": DEFAULT_PATH, **dict(pairs)}.items()))
