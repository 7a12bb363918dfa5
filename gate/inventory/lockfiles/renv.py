"""`renv.lock` (renv documentation, "Lockfiles"): the R packages of a project."""

from typing import Any

import msgspec

from gate.inventory.commits import Commit, commit_of
from gate.inventory.entries import LockEntry, locked, merged
from gate.inventory.json_lines import object_lines
from gate.inventory.lockfile import Locked, LockfilePlace, read_json
from gate.trees import FileTree

_ECOSYSTEMS = {"Repository": "CRAN", "CRAN": "CRAN", "Bioconductor": "Bioconductor"}
"""Source of a package to its ecosystem; packages from elsewhere are no release that advisories speak of."""
_HOSTS = {"api.github.com": "github.com", "api.bitbucket.org/2.0": "bitbucket.org"}


class _Package(msgspec.Struct, frozen=True, rename="pascal"):
    package: str
    version: str
    source: str = "Repository"
    license: str | None = None
    remote_host: str = ""
    remote_username: str = ""
    remote_repo: str = ""
    remote_url: str = ""
    remote_sha: str | None = None

    @property
    def commit(self) -> Commit | None:
        """What it is built from, if that comes from a repository."""
        host = _HOSTS.get(self.remote_host, self.remote_host)
        return commit_of(self.remote_url or f"{host}/{self.remote_username}/{self.remote_repo}", self.remote_sha)


class _Lock(msgspec.Struct, frozen=True, rename="pascal"):
    packages: dict[str, _Package]
    r: dict[str, Any] | None = None


def read(tree: FileTree, path: str) -> Locked:
    """Read a lockfile of renv. It does not say what is direct."""
    lock, text = read_json(tree, path, _Lock)
    lines = dict(object_lines(text, frozenset({"Packages"})))
    return merged(
        _read_package(path, package, lines.get(key), _ECOSYSTEMS.get(package.source))
        for key, package in lock.packages.items()
    )


def _read_package(path: str, package: _Package, line: int | None, ecosystem: str | None) -> Locked:
    version = package.version if ecosystem else None
    commit = None if ecosystem else package.commit
    entry = LockEntry(name=package.package, version=version, line=line, license=package.license, commit=commit)
    return locked(LockfilePlace(ecosystem or "CRAN", path), [entry])
