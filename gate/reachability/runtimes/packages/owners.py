"""Which files belong to a package: by dpkg's lists, the databases of apk and rpm, Python's RECORD, and folders."""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import GateError
from gate.inventory.installed import apk, dpkg, rpm, rpm_header
from gate.inventory.installed.distribution import Distribution, identify
from gate.inventory.installed.rpm_databases import header_blobs
from gate.inventory.installed.rpm_header import Header
from gate.inventory.lockfiles.dotnet_deps import RUNTIME_PACK
from gate.model import Package
from gate.reachability.assemblies.deps_json import DEPS, Assets, read_deps
from gate.reachability.runtimes.packages.state import Key, key_of
from gate.reachability.runtimes.python.distributions import recorded, top_levels
from gate.reachability.runtimes.strings.dotnet_strings import is_of_dotnet
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_LISTS = "var/lib/dpkg/info"
_ARCHITECTURE = re.compile(r":[a-z0-9-]+$")
_FRAMEWORK = re.compile(r"Microsoft\.(?:NETCore|AspNetCore|WindowsDesktop)\.(?:App|All)(?:\.|$)")
"""Packages that stand for .NET itself."""
_MAX_SIZE = 64 << 20
"""Bytes of a package database at most."""
_FilesByPackage = list[tuple[Package, list[str]]]


class Owned(msgspec.Struct):
    """The files of one package."""

    files: list[str] = []
    """Paths as the package lists them: they may hold links, and some may not exist any more."""
    folder: str | None = None
    """A folder of its own, in which all belongs to it except the folders of other packages."""


def owned_by(packages: tuple[Package, ...], files: Files) -> dict[Key, Owned]:
    """Return the files of every package; a package without a list of files owns the file that describes it.

    Raises GateError for a database that cannot be read.
    """
    owned = {key_of(package): Owned() for package in packages}
    for package, paths in _of_distribution(files, {package.path for package in packages}):
        if key_of(package) in owned:
            owned[key_of(package)].files.extend(path.lstrip("/") for path in paths)
    for package in packages:
        one = owned[key_of(package)]
        if not one.files:
            _add_language_files(package, one, files)
    return owned


def _of_distribution(files: Files, databases: set[str]) -> Iterator[tuple[Package, list[str]]]:
    """Yield each binary package with its files."""
    distribution = identify(files)
    if distribution is None:
        return
    for path in sorted(databases):
        for module, read in ((dpkg, _dpkg), (apk, _apk), (rpm, _rpm)):
            entry = files.find(path)
            if entry is not None and module.finder(files)(path, entry):
                yield from read(path, files, distribution)


def _dpkg(path: str, files: Files, distribution: Distribution) -> Iterator[tuple[Package, list[str]]]:
    lists = {
        _ARCHITECTURE.sub("", name.removesuffix(".list")): f"{_LISTS}/{name}"
        for name in files.names(_LISTS)
        if name.endswith(".list")
    }

    def analyse(content: bytes) -> list[Package]:
        return list(dpkg.read(content, path, distribution))

    analysis = Analysis("packages of dpkg", list[Package], analyse, (repr(distribution),))
    for package in files.analysed(path, analysis, _MAX_SIZE):
        listed = lists.get(package.installed_as or package.name)
        if listed is not None:
            yield package, dpkg.listed_files(files, listed)
        elif files.find(path + ".md5sums"):
            yield package, files.analysed(path + ".md5sums", Analysis("files of dpkg sums", list[str], _summed))


def _summed(content: bytes) -> list[str]:
    lines = content.decode("utf-8", "replace").splitlines()
    return [line.partition("  ")[2] for line in lines]


def _apk(path: str, files: Files, distribution: Distribution) -> _FilesByPackage:
    def analyse(content: bytes) -> _FilesByPackage:
        return [
            (package, list(apk.owned_files(paragraph, path)))
            for paragraph in content.split(b"\n\n")
            for package in apk.read(paragraph, path, distribution)
        ]

    return files.analysed(
        path, Analysis("files by package", _FilesByPackage, analyse, (repr(distribution),)), _MAX_SIZE
    )


def _rpm(path: str, files: Files, distribution: Distribution) -> _FilesByPackage:
    def analyse(content: bytes) -> _FilesByPackage:
        every = (Header(blob, path) for blob in header_blobs(content, path))
        headers = (header for header in every if not _is_key(header))
        packages = rpm.read(content, path, distribution)
        return [(package, list(header.files())) for package, header in zip(packages, headers, strict=True)]

    return files.analysed(path, Analysis("files by package", _FilesByPackage, analyse, (repr(distribution),)))


def _is_key(header: Header) -> bool:
    """True for a public key, which rpm stores among the packages."""
    return header.text(rpm_header.NAME) == "gpg-pubkey"


def _add_language_files(package: Package, owned: Owned, files: Files) -> None:
    folder = posixpath.dirname(package.path)
    if package.ecosystem == "PyPI":
        _add_python(package, owned, files)
    elif package.ecosystem == "npm":
        owned.folder = folder
    elif package.ecosystem == "RubyGems" and "/specifications/" in package.path:
        name = posixpath.basename(package.path).removesuffix(".gemspec")
        owned.folder = f"{package.path.partition('/specifications/')[0]}/gems/{name}"
    elif package.ecosystem == "Packagist":
        owned.folder = f"{posixpath.dirname(folder)}/{package.name}"
    elif package.path.endswith(DEPS):
        owned.files.extend(_of_dotnet(package, files))
    else:
        owned.files.append(package.path)


def _of_dotnet(package: Package, files: Files) -> list[str]:
    """Return the files that a list of .NET states of a package, else of one that it needs.

    There are none if .NET has them itself. The list stands for files that are not where it says, and for .NET.
    """
    if is_of_dotnet(package.path, files) or _FRAMEWORK.match(package.name):
        return [package.path]
    folder = posixpath.dirname(package.path)
    listed: dict[str, list[Assets]] = {}
    for name, _, assets in read_deps(files.read(package.path), package.path).listed():
        listed.setdefault(name.removeprefix(RUNTIME_PACK), []).append(assets)
    waiting, seen = [f"{package.name}/{package.version}"], set[str]()
    while waiting:
        known = waiting.pop()
        seen.add(known)
        paths = [path for assets in listed.get(known, ()) for path in assets.paths(folder)]
        if paths:
            return [path for path in paths if files.find(path) is not None] or [package.path]
        needed = (f"{name}/{version}" for each in listed.get(known, ()) for name, version in each.dependencies.items())
        waiting += [each for each in needed if each not in seen]
    return []


def _add_python(package: Package, owned: Owned, files: Files) -> None:
    """Add what RECORD lists; where there is none, the modules that the metadata names."""
    folder = posixpath.dirname(package.path)
    site = posixpath.dirname(folder) if folder.endswith(("-info", "EGG-INFO")) else folder
    try:
        if files.find(f"{folder}/RECORD"):
            owned.files.extend(posixpath.normpath(f"{site}/{path}") for path in recorded(folder, files))
            return
        names = top_levels(folder, files) or [package.name.replace("-", "_")]
    except GateError:
        names = [package.name.replace("-", "_")]
    for name in names:
        owned.files.extend((f"{site}/{name}.py", f"{site}/{name}/__init__.py"))
