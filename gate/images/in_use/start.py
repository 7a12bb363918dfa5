"""What a container of an image starts: ENTRYPOINT with CMD, and HEALTHCHECK (OCI image specification; Docker)."""

from collections.abc import Iterator, Sequence

from gate.images.config import Runtime
from gate.images.in_use.commands import DEFAULT_PATH, started_by
from gate.images.in_use.files import Files
from gate.images.in_use.graph import EVERYTHING, Because, Gap, Started, Step

_SHELL = ("/bin/sh", "-c")


def starts_of(runtime: Runtime, files: Files, command: Sequence[str] | None = None) -> Iterator[Step]:
    """Yield the programs that a container starts; `command` stands for ENTRYPOINT and CMD if it is given."""
    words = tuple(command) if command is not None else _words(runtime.entrypoint) + _words(runtime.cmd)
    yield _start(words, runtime, files, "entrypoint")
    if runtime.healthcheck is not None and not runtime.healthcheck.is_off:
        kind, *test = runtime.healthcheck.test or [""]
        yield _start((*_SHELL, *test) if kind == "CMD-SHELL" else tuple(test), runtime, files, "health check")


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
