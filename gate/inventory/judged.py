"""How many of the packages that a tree declares have a version, and the commands that would give the others one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.core.path_patterns import matches
from gate.ecosystems import COMMITS, find
from gate.inventory.libraries import belongs_to_library
from gate.inventory.lockfiles.build_programs import PROGRAM
from gate.inventory.reading import Reading
from gate.model import Judged, Package

_MOVING = frozenset({COMMITS, "GitHub Actions"})
"""Ecosystems whose references have no version as a rule; they are looked up as commits, or imprecise."""
_NAMED = 3
"""Places that a sentence names."""
_SBOM = "write a bill of materials in its folder: mvn -DoutputDirectory=. org.cyclonedx:cyclonedx-maven-plugin:makeBom"
_GRADLE = "gradle dependencies --write-locks, with dependencyLocking in the build"
_COMMANDS: Mapping[str, str] = {
    "*.cabal": "cabal freeze",
    "*.csproj": "dotnet restore --use-lock-file",
    "*.fsproj": "dotnet restore --use-lock-file",
    "*.gemspec": "bundle lock",
    "*.opam": "opam lock .",
    "*.pom": _SBOM,
    "*.vbproj": "dotnet restore --use-lock-file",
    "Cargo.toml": "cargo generate-lockfile",
    "DESCRIPTION": "Rscript -e 'renv::snapshot()'",
    "Directory.*": "dotnet restore --use-lock-file",
    "Gemfile": "bundle lock",
    "Package.swift": "swift package resolve",
    "Pipfile": "pipenv lock",
    "Podfile": "pod install",
    "Project.toml": "julia --project -e 'import Pkg; Pkg.resolve()'",
    "build.gradle": _GRADLE,
    "build.gradle.kts": _GRADLE,
    "build.sbt": "sbt dependencyLockWrite",
    "composer.json": "composer update --no-install",
    "conanfile.py": "conan lock create .",
    "conanfile.txt": "conan lock create .",
    "environment.yaml": "conda-lock",
    "environment.yml": "conda-lock",
    "gems.rb": "bundle lock",
    "gleam.toml": "gleam deps download",
    "go.mod": "go mod tidy",
    "libs.versions.toml": _GRADLE,
    "mix.exs": "mix deps.get",
    "package.json": "npm install --package-lock-only",
    "pom.xml": _SBOM,
    "pubspec.yaml": "dart pub get",
    "pyproject.toml": "uv lock",
    "rebar.config": "rebar3 lock",
    "requirements*.txt": "uv pip compile",
    "setup.cfg": "uv lock",
    "setup.py": "uv lock",
    "stack.yaml": "stack build --dry-run",
}
"""Name of a manifest to what its tool, or one of its field, writes the versions with."""


class _Missing(msgspec.Struct, frozen=True):
    """A package without a version: what would give it one, and who chooses that."""

    path: str
    command: str
    is_of_library: bool


def judged_of(reading: Reading, notes: Iterable[str] = (), libraries: Mapping[str, bool] | None = None) -> Judged:
    """Count what was read. A package of several files counts once, and so does one that states no version in several.

    What no command can make precise, such as a reference that moves by intent, is not counted. `libraries` are the
    folders that `published_folders` returns; a package that an application requires as well is not a library's.
    """
    listed = {(one.ecosystem, one.name, one.version) for one in reading.packages if _is_judged(one)}
    named: dict[str, set[str]] = {}
    for package in reading.packages:
        named.setdefault(package.name.lower(), set()).add(package.path.rpartition("/")[0])
    missing: dict[tuple[str, str], _Missing] = {}
    for path, name in _imprecise(reading.imprecise):
        command = _command(path)
        if command is not None and not _is_stated_above(path, named.get(name.lower(), ())):
            key = (command, path if name == PROGRAM else name)
            if key not in missing or missing[key].is_of_library:
                missing[key] = _Missing(path, command, belongs_to_library(path, libraries or {}))
    commands = Counter(one.command for one in missing.values())
    of_libraries = {key: one for key, one in missing.items() if one.is_of_library}
    ranges = [one for (_, name), one in of_libraries.items() if name != one.path]  # programs are said by themselves
    return Judged(
        packages=len(listed),
        declared=len(listed) + len(missing),
        of_libraries=len(of_libraries),
        commands=tuple(command for command, _ in commands.most_common()),
        notes=(*_programs(reading), *_ranges(ranges), *_unread(reading), *notes),
    )


def _is_judged(package: Package) -> bool:
    known = find(package.ecosystem)
    if known is None or package.ecosystem in _MOVING:
        return False
    return known.has_advisories or (known.judged_as is not None and known.judged_as(package.name) is not None)


def _imprecise(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of notes `path:line: name`."""
    for note in notes:
        place, _, name = note.partition(": ")
        yield place.rpartition(":")[0], name


def _command(path: str) -> str | None:
    name = path.rpartition("/")[2]
    return next((command for pattern, command in _COMMANDS.items() if matches(name, (pattern,))), None)


def _is_stated_above(path: str, folders: Iterable[str]) -> bool:
    """True if one of `folders`, in which a package has a version, is that of the manifest `path` or above it."""
    return any(path.startswith(f"{folder}/" if folder else "") for folder in folders)


def _programs(reading: Reading) -> Iterator[str]:
    paths = [path for path, name in _imprecise(reading.imprecise) if name == PROGRAM]
    if paths:
        yield f"the packages in {_some(paths)}, because build files are programs, which the gate never runs"


def _ranges(missing: Sequence[_Missing]) -> Iterator[str]:
    if missing:
        paths = list(dict.fromkeys(one.path for one in missing))
        commands = list(dict.fromkeys(one.command for one in missing))
        yield (
            f"{len(missing):,} packages that {_some(paths)} require by range, as a library does: those who install it "
            f"choose the versions (run before it, to judge those that you test with: {'; '.join(commands[:_NAMED])})"
        )


def _unread(reading: Reading) -> Iterator[str]:
    places = [note.partition(": ")[0] for note in reading.unread]
    if places:
        yield f"what is no manifest by its text, as a template: {_some(places)}"


def _some(places: Sequence[str]) -> str:
    """Name the first few of many."""
    more = f" and {len(places) - _NAMED:,} more" if len(places) > _NAMED else ""
    return f"{', '.join(places[:_NAMED])}{more}"
