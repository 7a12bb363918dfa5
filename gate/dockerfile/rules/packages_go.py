"""go: pinned."""

from collections.abc import Iterator

from gate.core.word_lists import word_lists
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import rule, run_programs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command
from gate.model import Severity

_WITH_VALUE = (
    *("-tags", "-ldflags", "-gcflags", "-asmflags", "-gccgoflags", "-o", "-p", "-mod", "-modfile", "-C", "-exec"),
    *("-buildmode", "-toolexec", "-overlay", "-pkgdir", "-installsuffix", "-compiler", "-pgo"),
)


_OWN = frozenset({"all", "cmd", "std", "tool", "work"})
"""Patterns that name packages of the toolchain and of the module itself."""
_LISTS = word_lists(__file__)
_STANDARD = frozenset(_LISTS["standard"])
"""First parts of the paths of the standard library."""


def _packages(command: Command) -> tuple[ShellWord, ...]:
    """Return what is fetched: `go run` takes one package, the rest is for the program."""
    words = command.operands(*_WITH_VALUE)
    match words[0].text if words else "":
        case "install" | "get":
            return words[1:]
        case "run":
            return words[1:2]
    return ()


def _is_own(package: str) -> bool:
    """True for what `go install` and `go run` build from source that is there: a module to fetch has a dot in its name.

    `@version` says that it is fetched all the same, and so does `go get`, which does nothing else.
    """
    first = package.partition("/")[0]
    return "$" not in package and "@" not in package and "." not in first.strip(".")


def _is_pinned(package: str) -> bool:
    first = package.partition("/")[0]
    if first in _OWN or (first in _STANDARD and "@" not in package):
        return True
    if package.startswith((".", "/")) or package.endswith(".go"):
        return True
    version = package.partition("@")[2]
    return version not in ("", "latest")


@rule(
    "DL3062",
    Severity.LOW,
    "Go program without a version",
    looks_at=run_programs("go"),
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package@version.",
    references=("CWE-1357",),
    bad="RUN go install packages.example/tool@latest",
    good="RUN go install packages.example/tool@v1.2.3",
)
def unpinned_go(command: Command) -> Iterator[Hit]:
    fetches = any(word in ("get",) for word in command.arguments[:1])
    packages = (word for word in _packages(command) if fetches or not _is_own(word.text))
    loose = unpinned(command, packages, _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")
