"""What the start of a container reaches of one ecosystem, as far as the search for vulnerable functions needs it."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from gate.model import Image, InUse
from gate.model.container import Runtime
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.sources import SITE_FOLDERS
from gate.reachability.runtimes.states import chain_to
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.graph import EVERYTHING, Because

PYTHON = "PyPI"
NODE = "npm"
JAVA = "Maven"
RUBY = "RubyGems"
RUST = "crates.io"
DOTNET = "NuGet"
SEARCHED_IN_IMAGES = (PYTHON, NODE, JAVA, RUBY, RUST, DOTNET)
"""The ecosystems whose functions are searched in images by what the start reaches."""
CONFIGURATION = "configuration of the image"
"""Name of what the image and its starts state: commands and variables."""
STANDARD_LIBRARY = re.compile(r"(?:^|/)lib(?:64)?/(?:python|pypy)\d(?:\.\d+)?/")
OF_THE_SYSTEM = re.compile(
    r"(?:usr/(?:local/)?(?:share|lib\w*|include|s?bin|games|man)/|lib\w*/|s?bin/"
    r"|var/(?:lib|cache|log|spool)/|proc/|sys/|dev/|boot/|root/\.cache/|etc/(?:[^/]+/)*[^/.]+\Z)"
)
"""Where no application is kept; what the start reaches there counts all the same."""
PACKED_PYTHON = re.compile(r"\.(?:pyz|pex|egg|whl|zip)\Z")
_OF_NODE = re.compile(r"\.(?:[mc]?js|json|[mc]?ts|[jt]sx|node)\Z")
_OF_RUBY = re.compile(r"\.(?:rb|ru|rake|erb|haml|slim|ya?ml)\Z")
_OF_DOTNET = re.compile(r"\.(?:dll|exe|json|config|xml)\Z", re.IGNORECASE)
_OF_JAVA = re.compile(r"\.(?:jar|war|ear|class|jmod|properties|xml|ya?ml)\Z", re.IGNORECASE)


def site_of(path: str) -> str:
    """Return the folder of installed Python packages that a file is in; empty if it is in none."""
    folders = path.split("/")[:-1]
    place = next((number for number, part in enumerate(folders) if part in SITE_FOLDERS), None)
    return "" if place is None else "/".join(folders[: place + 1])


def _concerns_python(path: str) -> bool:
    """False for libraries and data of the system, of which an image has many."""
    if not OF_THE_SYSTEM.match(path):
        return True
    return path.endswith(".py") or _is_program(path) or bool(site_of(path)) or PACKED_PYTHON.search(path) is not None


def _concerns_node(path: str) -> bool:
    return _OF_NODE.search(path) is not None or _is_program(path)


def _concerns_java(path: str) -> bool:
    return _OF_JAVA.search(path) is not None or _is_program(path)


def _concerns_ruby(path: str) -> bool:
    return _OF_RUBY.search(path) is not None or _is_program(path)


def _concerns_dotnet(path: str) -> bool:
    return _OF_DOTNET.search(path) is not None or _is_program(path)


def _is_program(path: str) -> bool:
    """True for a name without an ending, as programs have."""
    return "." not in path.rpartition("/")[2]


_CONCERNS = {
    PYTHON: _concerns_python,
    NODE: _concerns_node,
    JAVA: _concerns_java,
    RUBY: _concerns_ruby,
    RUST: _is_program,
    DOTNET: _concerns_dotnet,
}


class StartReach(msgspec.Struct, frozen=True):
    """What of one ecosystem the start of a container reaches."""

    files: tuple[str, ...] = ()
    """Paths that are read or started, or may be."""
    because: dict[str, Because] = {}
    """Why the application's own sources run, and each file on the way to them."""
    doubt: str = ""
    """Why more may run; empty if the walk was complete."""

    def way_to(self, path: str) -> tuple[str, ...]:
        """Return the steps from the start to a file of the application."""
        return chain_to(path, Explored(self.because, {}, ()))[:-1]

    def from_the_start(self, path: str, answer: ReachAnswer) -> ReachAnswer:
        """Put the way from the start to a file in front of a call in it; unless that certainly runs, it is unknown."""
        if path not in self.because:
            return ReachAnswer(InUse.UNKNOWN, ("it may be called:", *answer.evidence))
        return ReachAnswer(InUse.YES, (*self.way_to(path), *answer.evidence))


class VulnerablePackage(msgspec.Struct, frozen=True):
    """The vulnerable functions of an installed package."""

    path: str
    """File that describes the package, by which its folder is known."""
    symbols: tuple[str, ...]
    ecosystem: str = PYTHON
    name: str = ""
    version: str = ""


def reach_of(explored: Explored, ecosystem: str) -> StartReach:
    """Return what the walk from a container's start reached of an ecosystem, as far as functions need it."""
    concerns = _CONCERNS[ecosystem]
    found = [path for known in (explored.certain, explored.possible) for path in known if concerns(path)]
    because: dict[str, Because] = {}
    for path in explored.certain:
        if concerns(path) and not _is_library(path):
            _add_chain(path, explored, because)
    gap = next((gap for gap in explored.gaps if gap.kind in (EVERYTHING, ecosystem) and gap.within is None), None)
    return StartReach(tuple(found), because, gap.message if gap else "")


def configured(runtime: Runtime, target: Image) -> bytes:
    """Return what the image's configuration and its other starts state, a line each: commands and variables."""
    texts: list[str] = [*(runtime.env or ()), *_lines(runtime.entrypoint), *_lines(runtime.cmd)]
    for start in target.starts:
        texts += [*start.environment, *_lines(start.entrypoint), *_lines(start.command)]
    return "\n".join(texts).encode("utf-8", "replace")


def _lines(words: Sequence[str] | str | None) -> Iterator[str]:
    """Yield a command in one line, so that `-m module` is seen."""
    if words:
        yield words if isinstance(words, str) else " ".join(words)


def _add_chain(path: str, explored: Explored, because: dict[str, Because]) -> None:
    while path not in because and (step := explored.certain.get(path)):
        because[path] = step
        path = step.path


def _is_library(path: str) -> bool:
    return bool(site_of(path)) or "/node_modules/" in f"/{path}" or STANDARD_LIBRARY.search(path) is not None
