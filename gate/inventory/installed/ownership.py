"""Which files a distribution's packages own: their versions are the distribution's, and so are their fixes.

Debian's python3-jinja2 leaves the same metadata as pip does, but Debian mends it without a new upstream version: to
match it with PyPI's advisories as well would report what is mended. Its Debian package is judged instead.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gate.inventory.installed import apk, dpkg, rpm
from gate.trees import Entry, EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

_LISTS = "var/lib/dpkg/info/"
_DISTROLESS = "var/lib/dpkg/status.d"
_ARCHITECTURES = re.compile(r":[a-z0-9-]+$")


NOT_OF_DISTRIBUTIONS = ("app/", "home/", "root/", "srv/", "tmp/", "usr/local/", "usr/src/", "workspace/")
"""What administrators and build files own (Filesystem Hierarchy Standard 3.0; Debian policy, 9.1)."""


class _Claim(msgspec.Struct, frozen=True):
    """A file that a database says is a package's."""

    path: str
    layer: str | None = None
    """The layer that brought the package's list, if its files come with it."""
    sums: str | None = None
    """Path of dpkg's file of sums of the package."""
    is_listed: bool = True
    """False if it is known by the sums alone."""


def owned_files(
    tree: FileTree,
    installed: frozenset[str] | None,
    candidates: frozenset[str],
    programs: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Return those of `candidates` that packages with the names `installed` own (None: packages of any name).

    Of the `programs` among them a sum has to be stated; that it is right is asked elsewhere, of all programs at once.
    Raises as `FileTree.read` does.
    """
    if not candidates:
        return frozenset()
    names = {path.rpartition("/")[2] for path in candidates}
    claims = (claim for claim in _stated(tree, installed) if claim.path.rpartition("/")[2] in names)
    return candidates.intersection(_real(tree, claim, candidates, programs) for claim in claims)


def _real(tree: FileTree, claim: _Claim, candidates: frozenset[str], programs: frozenset[str]) -> str:
    """Return the path without links; nothing if another layer has changed the file, or the claim is not to be believed.

    A list of dpkg can be written by hand: it is believed of files that distributions install, whose sum it states.
    """
    entry = resolve(tree, claim.path)
    if entry is None or (claim.layer is not None and entry.origin != claim.layer):
        return ""
    if entry.path not in candidates or entry.path.startswith(NOT_OF_DISTRIBUTIONS):
        return ""
    if claim.sums is None:
        return entry.path
    sums = dpkg.sums_in(tree, claim.sums)
    stated = sums.get(claim.path.strip("/")) or sums.get(entry.path)
    is_compared_elsewhere = claim.is_listed and entry.path in programs
    is_confirmed = stated is not None and (is_compared_elsewhere or stated == _sum_of(tree, entry))
    return entry.path if is_confirmed else ""


def _sum_of(tree: FileTree, entry: Entry) -> str:
    return hashlib.md5(tree.read(entry.path), usedforsecurity=False).hexdigest()


def _stated(tree: FileTree, installed: frozenset[str] | None) -> Iterator[_Claim]:
    """Yield the files that the databases say are of installed packages, and the layer that brought them.

    dpkg has a list a package, which comes in the layer of its files; the one database of apk and rpm does not tell
    the layer, nor do the sums of distroless images, whose packages' descriptions may be a layer of their own.
    """
    databases = [(module.finder(tree), module.owned_files) for module in (apk, rpm)]
    for entry in tree.walk():
        if entry.kind is not EntryKind.FILE:
            continue
        yield from _listed_by_dpkg(tree, entry, installed)
        for is_database, owned in databases:
            if is_database(entry.path, entry):
                yield from (_Claim(path) for path in _analysed(tree, entry.path, owned))


def _listed_by_dpkg(tree: FileTree, entry: Entry, installed: frozenset[str] | None) -> Iterator[_Claim]:
    folder, _, name = entry.path.rpartition("/")
    if f"{folder}/" == _LISTS and name.endswith(".list"):
        package = name.removesuffix(".list")
        if installed is None or _ARCHITECTURES.sub("", package) in installed:
            sums = f"{folder}/{package}.md5sums"
            yield from (_Claim(path, entry.origin, sums) for path in dpkg.listed_files(tree, entry.path))
    elif folder == _DISTROLESS and name.endswith(".md5sums") and (installed is None or _is_described(tree, entry)):
        yield from (_Claim(path, sums=entry.path, is_listed=False) for path in dpkg.sums_in(tree, entry.path))


def _is_described(tree: FileTree, sums: Entry) -> bool:
    """True if a package's description lies by its sums; some name both files by the package in base64."""
    return tree.look_up(sums.path.removesuffix(".md5sums")) is not None


def _analysed(tree: FileTree, path: str, owned: Callable[[bytes, str], Iterable[str]]) -> list[str]:
    """Return the files that the one database of apk or rpm lists."""

    def tell(content: bytes) -> list[str]:
        return list(owned(content, path))

    return analysed(tree, path, Analysis("files of a database", list[str], tell))
