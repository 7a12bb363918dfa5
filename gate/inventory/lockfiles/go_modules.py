"""`go.mod` (The Go Modules Reference, "go.mod files"), and Go's standard library by its `toolchain` or `go` line.

Before Go 1.17 a go.mod does not list indirect modules; then `go.sum` lists them, and perhaps more.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from gate.core.text import one_line
from gate.ecosystems.go import STANDARD_LIBRARY
from gate.inventory.lockfile import Locked, LockfilePlace, read_text, read_written, unparsable, unread_note
from gate.model import Package
from gate.trees import FileTree, join, resolve

IS_MANIFEST = True
_DIRECTIVES = frozenset(
    {"module", "go", "toolchain", "require", "replace", "exclude", "retract", "godebug", "tool", "ignore"}
)
_WORD = re.compile(
    r'(?P<comment>//.*)|"(?P<quoted>(?:[^"\\]|\\.)*+)"|`(?P<raw>[^`]*+)`|(?P<bare>=>|[()]|(?:(?!//)[^\s"`()])++)'
)
_GO_VERSION = re.compile(r"(?:go)?(?P<numbers>[0-9]++(?:\.[0-9]++)*+)(?:(?P<kind>rc|beta)(?P<count>[0-9]++))?")
_LANGUAGE_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_WHOLE_VERSION = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+(?:[-+].*)?")
"""Others (`v1.2`, `latest`, a branch) are queries, in whose place the go command writes what it finds."""
_FIRST_WITH_ALL_MODULES = (1, 17)


class _Line(msgspec.Struct, frozen=True):
    number: int
    directive: str
    words: tuple[str, ...]
    comment: str


class _Required(msgspec.Struct, frozen=True):
    name: str
    version: str
    line: int
    is_direct: bool


def read(tree: FileTree, path: str) -> Locked:
    """Read a go.mod. Modules that are replaced are judged as what replaces them; local folders are imprecise."""
    lines = list(_lines(read_written(tree, path), path))
    replaced = dict(_replacements(lines, path))
    excluded = {line.words[:2] for line in lines if line.directive == "exclude"}
    place = LockfilePlace("Go", path)
    is_old = _is_pruned(lines)
    summed = _summed(tree, path, {line.words[0] for line in lines if line.words}) if is_old else None
    packages, imprecise = list(summed or ()), []
    for required in _requirements(lines, path):
        name, version = _effective(required, replaced)
        why = _why_imprecise(version, is_excluded=(required.name, required.version) in excluded)
        if why:
            imprecise.append(f"{path}:{required.line}: {one_line(f'{required.name[:200]} ({why})')}")
        else:
            packages.append(place.package(name, version, required.line, direct=required.is_direct))
    if is_old and summed is None:
        imprecise.append(f"{path}:1: indirect modules, which a go.mod before Go 1.17 does not list")
    own, note = _standard_library(place, lines)
    return Locked(packages=(*packages, *own), imprecise=(*imprecise, *note), unread=_unknown(lines, path))


def _why_imprecise(version: str, *, is_excluded: bool) -> str | None:
    """Return why a requirement has no exact version; None if it has one."""
    if not version:
        return "replaced by a folder"
    if is_excluded:
        return "excluded"
    return None if _WHOLE_VERSION.fullmatch(version) else f"{version[:60]} is no whole version"


def _unknown(lines: list[_Line], path: str) -> tuple[str, ...]:
    """Return a note on each directive that a go.mod has in no version of Go so far."""
    return tuple(
        unread_note(path, "an unknown directive", line.number) for line in lines if line.directive not in _DIRECTIVES
    )


def _lines(text: str, path: str) -> Iterator[_Line]:
    """Yield the directives, those in a block under the block's name."""
    block = ""
    for number, row in enumerate(text.split("\n"), 1):
        words, comment = _split(row)
        if not words:
            continue
        if block:
            if words == [")"]:
                block = ""
            else:
                yield _Line(number, block, tuple(words), comment)
            continue
        if words[1:] == ["("]:
            block = words[0]
        else:
            yield _Line(number, words[0], tuple(words[1:]), comment)
    if block:
        raise unparsable(path, f"the block {block} is not closed")


def _split(row: str) -> tuple[list[str], str]:
    """Return the words of a line and its comment."""
    words: list[str] = []
    for found in _WORD.finditer(row):
        if found["comment"]:
            return words, found["comment"].removeprefix("//").strip()
        words.append(found["quoted"] or found["raw"] or found["bare"] or "")
    return words, ""


def _requirements(lines: list[_Line], path: str) -> Iterator[_Required]:
    for line in lines:
        if line.directive != "require":
            continue
        if len(line.words) != 2:
            raise unparsable(path, "a requirement is a module and a version", line.number)
        is_indirect = line.comment == "indirect" or line.comment.startswith("indirect;")
        yield _Required(line.words[0], line.words[1], line.number, not is_indirect)


def _replacements(lines: list[_Line], path: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield ((module, version or nothing), (module, version or nothing for a folder))."""
    for line in lines:
        if line.directive != "replace":
            continue
        words = line.words
        arrow = words.index("=>") if "=>" in words else 0
        old, new = words[:arrow], words[arrow + 1 :]
        if len(old) not in (1, 2) or len(new) not in (1, 2):
            raise unparsable(path, "a replacement is written as: old [version] => new [version]", line.number)
        yield _name_and_version(old), _name_and_version(new)


def _name_and_version(words: Sequence[str]) -> tuple[str, str]:
    return words[0], words[1] if len(words) == 2 else ""


def _effective(required: _Required, replaced: dict[tuple[str, str], tuple[str, str]]) -> tuple[str, str]:
    """Return module and version after replacement; one for the very version goes before one for all versions."""
    own = (required.name, required.version)
    return replaced.get(own) or replaced.get((required.name, "")) or own


def _standard_library(place: LockfilePlace, lines: list[_Line]) -> tuple[list[Package], list[str]]:
    """Return Go's standard library, or a note that its version is unknown.

    It is that of the toolchain that is asked for, else of the oldest release that `go` allows. `go 1.21` names a
    version of the language, which every release of Go from 1.21 on compiles.
    """
    stated = {line.directive: line for line in lines if line.directive in ("go", "toolchain") and line.words}
    line = stated.get("toolchain") or stated.get("go")
    if line is None or line.words[0] == "default":
        line = stated.get("go")
    if line is None:
        return [], []
    version = semantic_version(line.words[0])
    if version is None:
        raise unparsable(place.path, "not a version of Go", line.number)
    if _LANGUAGE_VERSION.fullmatch(line.words[0]):
        return [], [f"{place.path}:{line.number}: {STANDARD_LIBRARY} ({line.words[0]} names no release of Go)"]
    return [place.package(STANDARD_LIBRARY, version, line.number, direct=True)], []


def semantic_version(go: str) -> str | None:
    """Write a version of Go as advisories do: `go1.21rc2` is 1.21.0-rc.2. None for what is no version."""
    found = _GO_VERSION.match(go)
    if found is None:
        return None
    numbers = found["numbers"].split(".")
    release = ".".join([*numbers, "0", "0"][:3]) if len(numbers) < 3 else found["numbers"]
    return f"{release}-{found['kind']}.{found['count']}" if found["kind"] else release


def _is_pruned(lines: list[_Line]) -> bool:
    """True if the go.mod is too old to list the modules that its modules need."""
    stated = next((line.words[0] for line in lines if line.directive == "go" and line.words), "")
    version = tuple(int(part) for part in re.findall(r"[0-9]{1,9}", stated)[:2])
    return bool(stated) and version < _FIRST_WITH_ALL_MODULES


def _summed(tree: FileTree, path: str, known: set[str]) -> list[Package] | None:
    """Return the modules of the go.sum in the same folder that are not `known`; None if there is no such file.

    Only a module whose content is hashed, not just its go.mod, was used in a build; of several versions, which are
    in ascending order, the last one counts.
    """
    place = join(path.rpartition("/")[0], "go.sum")
    if place is None or resolve(tree, place) is None:
        return None
    found: dict[str, tuple[str, int]] = {}
    for number, row in enumerate(read_text(tree, place).split("\n"), 1):
        words = row.split()
        if words and len(words) != 3:
            raise unparsable(place, "a line is a module, a version and a hash", number)
        if words and words[0] not in known and not words[1].endswith("/go.mod"):
            found[words[0]] = (words[1], number)
    modules = LockfilePlace("Go", place)
    return [modules.package(name, version, line, direct=False) for name, (version, line) in found.items()]
