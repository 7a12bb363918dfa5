"""`vendor/vendor.json` of govendor (its "vendor.json" specification): Go packages that were copied in, with commits.

It names packages, which are folders of a repository; those of one repository have one commit as a rule. A package
whose repository does not follow from its path, such as `gopkg.in/yaml.v2`, is imprecise.
"""

import msgspec

from gate.inventory.commits import Commit, commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json
from gate.trees import FileTree

_HOSTS = ("bitbucket.org", "github.com", "gitlab.com")
"""Hosts whose repositories are the first two parts behind them."""


class _Package(msgspec.Struct, frozen=True, rename="camel"):
    path: str
    revision: str = ""
    """Of the repository that `origin` is in, if there is one: it may itself have been copied from there."""
    origin: str = ""
    version_exact: str = ""
    """The tag of the revision."""


class _Vendored(msgspec.Struct, frozen=True):
    package: list[_Package] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a vendor.json: each repository once, as a commit, and as a module if its version is stated."""
    vendored, text = read_json(tree, path, _Vendored)
    listing = Listing("Go", path)
    seen: set[tuple[str, Commit, str]] = set()
    for package, (_, line) in zip(vendored.package, member_lines(text, "package"), strict=True):
        module = _repository(package.path)
        source = _repository(package.origin or package.path)
        commit = commit_of(source, package.revision) if source else None
        if module is None or commit is None:
            listing.add(package.path or "a package", None, line)
        elif (module, commit, package.version_exact) not in seen:
            seen.add((module, commit, package.version_exact))
            listing.add(module, package.version_exact or None, line, DependencyRole(), commit=commit)
    return listing.locked


def _repository(path: str) -> str | None:
    """Return `host/owner/name` of a package's path; None if it does not tell."""
    parts = path.split("/")
    return "/".join(parts[:3]) if parts[0] in _HOSTS and len(parts) > 2 else None
