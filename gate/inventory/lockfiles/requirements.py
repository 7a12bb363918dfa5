"""pip's requirements files (pip documentation, "Requirements File Format"), with the files that they include.

Only `==` and `===` without a wildcard name a version. A file that is included by `-c` gives its pins too: that is
where the versions of indirect packages usually stand.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from gate.core.text import one_line, without_credentials
from gate.ecosystems import COMMITS
from gate.ecosystems.ecosystem import Fetched
from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_in
from gate.inventory.fetched_address import fetched_from, is_same
from gate.inventory.graph import paths_of
from gate.inventory.lockfile import (
    Include,
    Locked,
    LockfilePlace,
    UnparsableError,
    read_text,
    refused,
    unparsable,
    unread_note,
)
from gate.model import Package, Scope
from gate.trees import FileTree, join, resolve

IS_MANIFEST = True
MAX_INCLUDES = 20
"""Files that include one another in a chain."""
_NO_REQUIREMENT = "not a requirement as pip reads it"
MAX_REQUIREMENT = 2000
"""Characters of one requirement, hashes and options not counted."""

_DEVELOPMENT = frozenset(
    {
        "ci",
        "dev",
        "develop",
        "development",
        "doc",
        "docs",
        "lint",
        "linting",
        "qa",
        "test",
        "testing",
        "tests",
        "typing",
    }
)
_INCLUDE = re.compile(r"(?:-r|--requirement|-c|--constraint)[\s=]*+(?P<file>.*)")
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]")
_OPTIONS = re.compile(r"\s--?[a-z]")
_COMMENT = re.compile(r"(?:^|\s)#(?P<text>.*)")
_VIA = re.compile(r"^\s*+via\b", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*+")
_VIA_A_FILE = re.compile(r"(?:^|\s)-[rc] |\((?:pyproject\.toml|setup\.py|setup\.cfg)\)")


class RequirementLine(msgspec.Struct, kw_only=True):
    """A requirement or option, continuation lines joined, and the comments in and after it."""

    number: int
    text: str = ""
    comments: list[str] = []

    @property
    def direct(self) -> bool:
        """False if pip-compile or uv noted that other packages alone want it."""
        notes = "\n".join(self.comments)
        return not _VIA.search(notes) or bool(_VIA_A_FILE.search(notes))

    @property
    def needed_by(self) -> Iterator[str]:
        """The packages that pip-compile or uv noted to want it."""
        notes = "\n".join(self.comments)
        via = _VIA.search(notes)
        names = re.split(r"[,\n]", notes[via.end() :]) if via else []
        yield from (normalised(name.strip()) for name in names if _NAME.fullmatch(name.strip()))


class _Reading:
    """The state of reading one file with what it includes."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self.seen: set[tuple[str, bool]] = set()
        self.packages: list[Package] = []
        self.needs: dict[str, list[str]] = {}
        """Who needs whom, as notes say it."""
        self.loose: list[tuple[str, str]] = []
        """(normalised name or nothing, how to say it) of requirements without a version."""
        self.includes: list[Include] = []
        self.unread: dict[str, list[tuple[int, str]]] = {}
        """Path to (line, why) of what pip would refuse."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a requirements file and all that it includes."""
    reading = _Reading(tree)
    _read_file(reading, path, is_constraint=False, depth=0)
    pinned = {package.name for package in reading.packages}
    ways = paths_of((package.name for package in reading.packages if package.direct), reading.needs)
    return Locked(
        packages=tuple(
            package if package.direct else msgspec.structs.replace(package, via=ways.get(package.name, ()))
            for package in reading.packages
        ),
        imprecise=tuple(words for name, words in reading.loose if name not in pinned),
        includes=tuple(reading.includes),
        unread=tuple(_unread_notes(reading.unread)),
    )


def _unread_notes(unread: Mapping[str, list[tuple[int, str]]]) -> Iterator[str]:
    """Yield one note a file: in prose one line after another is no requirement."""
    for path, lines in unread.items():
        (line, why), *others = lines
        yield unread_note(path, f"{why} (and {len(others):,} more lines)" if others else why, line)


def _read_file(reading: _Reading, path: str, *, is_constraint: bool, depth: int) -> None:
    if (path, is_constraint) in reading.seen:
        return
    reading.seen.add((path, is_constraint))
    if depth > MAX_INCLUDES:
        raise refused(path, f"more than {MAX_INCLUDES} files include one another in a chain")
    for line in logical_lines(read_text(reading.tree, path)):
        include = _INCLUDE.fullmatch(line.text)
        if include:
            constrains = is_constraint or line.text.startswith(("-c", "--c"))
            included = include["file"].strip().strip("\"'")
            _include(reading, path, line, included, is_constraint=constrains, depth=depth)
        elif _EDITABLE.match(line.text):
            _note_commit(reading, path, line)
            reading.loose.append(("", f"{path}:{line.number}: an editable install"))
        elif not line.text.startswith("-"):
            _read_requirement(reading, path, line, is_constraint)


def _include(
    reading: _Reading, path: str, line: RequirementLine, file: str, *, is_constraint: bool, depth: int
) -> None:
    if "://" in file:
        reading.loose.append(("", f"{path}:{line.number}: a requirements file from the network"))
        reading.includes.append(Include(path, line.number, without_credentials(file)))
        return
    if not file:
        reading.unread.setdefault(path, []).append((line.number, "an include that names no file"))
        return
    included = join(path.rpartition("/")[0], file)
    if not included or file.startswith("/"):
        raise refused(path, "it includes a file outside of the repository", line.number)
    if resolve(reading.tree, included) is None:
        reading.unread.setdefault(path, []).append(
            (line.number, f"it includes {one_line(included[:200])}, which is not there")
        )
        return
    _read_file(reading, included, is_constraint=is_constraint, depth=depth + 1)


def _read_requirement(reading: _Reading, path: str, line: RequirementLine, is_constraint: bool) -> None:
    text = _OPTIONS.split(line.text, maxsplit=1)[0].strip()
    _note_commit(reading, path, line)
    fetched = fetched_from("PyPI", _address_in(text))
    if _is_file_or_address(text):
        if fetched is None:
            reading.loose.append(("", f"{path}:{line.number}: a file or address"))
        else:
            _add_fetched(reading, path, line, fetched, None)
        return
    try:
        name, version = name_and_pin(text, path, line.number)
    except UnparsableError:
        reading.unread.setdefault(path, []).append((line.number, _NO_REQUIREMENT))
        return
    if fetched is not None:
        _add_fetched(reading, path, line, fetched, name)
        return
    if version is None:
        if not is_constraint:
            reading.loose.append((name, f"{path}:{line.number}: {name}"))
        return
    direct = line.direct and not is_constraint
    for above in line.needed_by:
        reading.needs.setdefault(above, []).append(name)
    reading.packages.append(
        LockfilePlace("PyPI", path).package(name, version, line.number, scope=_scope_of(path), direct=direct)
    )


def _address_in(text: str) -> str:
    """Return the address or file that a requirement is fetched from (`name @ address`); empty if it names none."""
    said = text.partition(";")[0].strip()
    name, at, address = said.partition("@")
    if at and "/" not in name:
        return address.strip()
    return said if _is_file_or_address(text) else ""


def _add_fetched(reading: _Reading, path: str, line: RequirementLine, fetched: Fetched, name: str | None) -> None:
    """Add what a requirement's address fetches; `name` is what the requirement calls it, if it does."""
    is_other = name is not None and not is_same("PyPI", fetched, name, None)
    reading.packages.append(
        LockfilePlace("PyPI", path).package(
            fetched.name,
            fetched.version,
            line.number,
            scope=_scope_of(path),
            direct=line.direct,
            stated_as=name if is_other else None,
        )
    )


def _note_commit(reading: _Reading, path: str, line: RequirementLine) -> None:
    """Add the repository that a requirement comes from, if it pins a commit."""
    said = next((word for word in line.text.split() if word.startswith("git+")), "")
    commit = commit_in(said)
    if commit is not None:
        place = LockfilePlace(COMMITS, path)
        reading.packages.append(
            place.package(commit.repository, commit.id, line.number, scope=_scope_of(path), direct=line.direct)
        )


def name_and_pin(text: str, path: str, line: int | None) -> tuple[str, str | None]:
    """Return the normalised name of a requirement (PEP 508) and the version that it pins, if it pins one.

    Raises UnreadableError for what is no requirement.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    if len(text) > MAX_REQUIREMENT:
        raise refused(path, f"a requirement has more than {MAX_REQUIREMENT:,} characters", line)
    try:
        requirement = Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        raise unparsable(path, _NO_REQUIREMENT, line) from error
    return normalised(requirement.name), pinned_version([str(specifier) for specifier in requirement.specifier])


def _is_file_or_address(text: str) -> bool:
    said = text.partition(";")[0].strip()
    if "${" in said or said.startswith((".", "/", "file:")):
        return True
    return "@" not in said.partition("://")[0] and ("/" in said or said.endswith((".whl", ".tar.gz", ".zip")))


def pinned_version(specifiers: list[str]) -> str | None:
    """Return the version that one of the specifiers pins, or None."""
    for specifier in specifiers:
        if specifier.startswith("==") and not specifier.endswith(".*"):
            return specifier.lstrip("=").strip()
    return None


def _scope_of(path: str) -> Scope:
    words = re.split(r"[^a-z]+", path.rpartition("/")[2].lower())
    return Scope.RUNTIME if _DEVELOPMENT.isdisjoint(words) else Scope.DEVELOPMENT


def logical_lines(text: str) -> Iterator[RequirementLine]:
    """Yield the lines that say something, as pip joins and strips them; numbers count line feeds, as editors do."""
    line: RequirementLine | None = None
    for number, joined in _joined_lines(text):
        comment = _COMMENT.search(joined)
        said = (joined[: comment.start()] if comment else joined).strip()
        if said:
            if line is not None:
                yield line
            line = RequirementLine(number=number, text=said)
        if comment and line is not None:
            line.comments.append(comment["text"])
    if line is not None:
        yield line


def _joined_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of the first line, text) with continuation lines joined; a comment ends a continuation."""
    first = 0
    parts: list[str] = []
    for number, piece in _physical_lines(text):
        is_comment = piece.lstrip().startswith("#")
        first = first if parts else number
        parts.append(f" {piece}" if is_comment else piece.removesuffix("\\"))
        if is_comment or not piece.endswith("\\"):
            yield first, "".join(parts)
            parts = []
    if parts:
        yield first, "".join(parts)


def _physical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, text). pip also ends a line at a form feed and its like, where editors do not."""
    for number, row in enumerate(text.split("\n"), 1):
        for piece in row.splitlines() or [""]:
            yield number, piece
