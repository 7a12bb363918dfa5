"""go: pinned."""

from collections.abc import Iterator

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


def _packages(command: Command) -> tuple[ShellWord, ...]:
    """Return what is fetched: `go run` takes one package, the rest is for the program."""
    words = command.operands(*_WITH_VALUE)
    match words[0].text if words else "":
        case "install" | "get":
            return words[1:]
        case "run":
            return words[1:2]
    return ()


def _is_pinned(package: str) -> bool:
    """A module has a dot in the first part of its path; what has none is the standard library's."""
    if "$" not in package and "." not in package.partition("/")[0].strip("."):
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
    loose = unpinned(command, _packages(command), _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")
