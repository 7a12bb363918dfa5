"""A survey of a repository: what the gate can judge in it, and where it is hosted."""

import msgspec

from gate.core.errors import GateError
from gate.declarations.section import StageSettings
from gate.dockerfile.discovery import find_dockerfiles
from gate.git import Repository
from gate.inventory.discovery import find_lockfiles
from gate.model import Tree
from gate.settings.sources import find_file
from gate.trees import open_tree

CODEOWNERS = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub and GitLab look for it; the first that exists counts."""


class RepositoryOverview(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; paths are relative to the root."""

    dockerfiles: tuple[str, ...]
    lockfiles: tuple[str, ...]
    has_compose: bool
    has_settings: bool
    is_repository: bool
    on_github: bool
    on_gitlab: bool
    workflows: dict[str, str]
    """By path, the texts of GitHub workflows."""
    pipeline: str | None
    """Text of `.gitlab-ci.yml`."""
    codeowners_path: str | None = None
    codeowners: str | None = None
    """Text of the CODEOWNERS file that counts."""


def look(root: str) -> RepositoryOverview:
    """Look at the files and remotes of the repository in `root`. Raises GateError for files that cannot be read."""
    tree = open_tree(Tree(root=root, name=root))
    names = [entry.path for entry in tree.walk()]
    remotes = _remotes(root)
    workflows = [name for name in names if name.startswith(".github/workflows/") and name.endswith((".yml", ".yaml"))]
    pipeline = ".gitlab-ci.yml" if ".gitlab-ci.yml" in names else None
    owners = next((place for place in CODEOWNERS if place in names), None)
    found = find_dockerfiles(tree, StageSettings())
    texts = {name: _text(tree.read(name)) for name in (*workflows, *filter(None, (pipeline, owners)))}
    return RepositoryOverview(
        dockerfiles=found.paths,
        lockfiles=find_lockfiles(tree).paths,
        has_compose=any("compose" in name.rpartition("/")[2] for name in found.definitions),
        has_settings=find_file(root) is not None,
        is_repository=remotes is not None,
        on_github="github" in (remotes or "") or any(name.startswith(".github/") for name in names),
        on_gitlab="gitlab" in (remotes or "") or pipeline is not None,
        workflows={name: texts[name] for name in workflows},
        pipeline=texts.get(pipeline or ""),
        codeowners_path=owners,
        codeowners=texts.get(owners or ""),
    )


def _remotes(root: str) -> str | None:
    """Return the addresses of the remotes; None if there is no repository."""
    try:
        repository = Repository.find(root)
        return None if repository is None else "\n".join(url for one in repository.remotes for url in one.urls)
    except GateError:
        return None  # no git: there is no hook to propose either


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
