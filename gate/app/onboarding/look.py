"""A survey of a repository: what the gate can judge in it, and where it is hosted."""

from collections.abc import Iterable

import msgspec

from gate.app.hooks.protected import default_branch
from gate.core.errors import GateError
from gate.declarations.section import StageSettings
from gate.dockerfile.discovery import find_dockerfiles
from gate.git import Repository
from gate.git.locate import head_of
from gate.images.mentions import mentioned_images
from gate.inventory.discovery import find_lockfiles
from gate.model import Tree
from gate.settings.sources import find_file
from gate.stages.ci import definitions_among
from gate.stages.kubernetes import manifests_among
from gate.stages.workspace import files_among
from gate.trees import FileTree, open_tree

CODEOWNERS = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub and GitLab look for it; the first that exists counts."""
SCHEMA = ".gate/gate.schema.json"
"""Where editors find the schema of `gate.yaml`: in the repository, so that it is that of the gate which wrote it."""
FAMILIAR = (
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "requirements.txt",
    "go.mod",
    "Cargo.lock",
    "Gemfile.lock",
    "composer.lock",
    "packages.lock.json",
    "gradle.lockfile",
    "pom.xml",
    "package.json",
    "pyproject.toml",
)
"""Names of lockfiles and manifests that people know, in the order in which a list shows them."""
MAIN, ORIGIN = "main", "origin"
_CUSTOMARY = (MAIN, "master")
_WORKFLOWS = ".github/workflows/"
_ON_BRANCH = b"ref: refs/heads/"
_CHART, _TEMPLATES = "Chart.yaml", "/templates/"
"""What makes a folder a chart of Helm, and where in it the templates of its manifests lie."""


class RepositoryOverview(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; paths are relative to the root."""

    dockerfiles: tuple[str, ...]
    lockfiles: tuple[str, ...]
    pipelines: tuple[str, ...] = ()
    """Definitions of pipelines, of every CI system."""
    manifests: tuple[str, ...] = ()
    """Manifests of Kubernetes; in the place of the templates of a chart its `Chart.yaml`."""
    workspace_files: tuple[str, ...] = ()
    """Files by which something starts on a developer's machine, and texts for agents."""
    compose_images: tuple[str, ...] = ()
    """Names of images that Compose files start and do not build."""
    default_branch: str = MAIN
    has_settings: bool
    has_schema: bool = False
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
    repository = _repository(root)
    remotes = _remotes(repository)
    workflows = [name for name in names if name.startswith(_WORKFLOWS) and name.endswith((".yml", ".yaml"))]
    pipeline = ".gitlab-ci.yml" if ".gitlab-ci.yml" in names else None
    owners = next((place for place in CODEOWNERS if place in names), None)
    found = find_dockerfiles(tree, StageSettings())
    texts = {name: _text(tree.read(name)) for name in (*workflows, *filter(None, (pipeline, owners)))}
    return RepositoryOverview(
        dockerfiles=found.paths,
        lockfiles=tuple(sorted(filter(_lists_packages, find_lockfiles(tree).paths), key=_how_familiar)),
        pipelines=definitions_among(names),
        manifests=tuple(sorted(_with_charts(manifests_among(tree), names))),
        workspace_files=files_among(names),
        compose_images=tuple(_compose_images(tree)),
        default_branch=_default_branch(repository),
        has_settings=find_file(root) is not None,
        has_schema=SCHEMA in names,
        is_repository=remotes is not None,
        on_github="github" in (remotes or "") or any(name.startswith(".github/") for name in names),
        on_gitlab="gitlab" in (remotes or "") or pipeline is not None,
        workflows={name: texts[name] for name in workflows},
        pipeline=texts.get(pipeline or ""),
        codeowners_path=owners,
        codeowners=texts.get(owners or ""),
    )


def _lists_packages(path: str) -> bool:
    """True unless a path is a workflow's, which is read for the actions that it uses."""
    return not path.startswith(_WORKFLOWS)


def _how_familiar(path: str) -> tuple[bool, int, int, str]:
    """Order paths: what people know first, of these those near the root."""
    name = path.rpartition("/")[2]
    rank = FAMILIAR.index(name) if name in FAMILIAR else len(FAMILIAR)
    return (name not in FAMILIAR, path.count("/"), rank, path)


def _with_charts(manifests: Iterable[str], names: Iterable[str]) -> set[str]:
    """Return manifests; of those that are templates of a chart the chart."""
    charts = {name for name in names if name.rpartition("/")[2] == _CHART}
    return {chart if (chart := _chart_of(path)) in charts else path for path in manifests}


def _chart_of(path: str) -> str:
    """Return where the chart of a template would stand; empty for what lies in no folder of templates."""
    folder, found, _ = f"/{path}".rpartition(_TEMPLATES)
    return f"{folder}/{_CHART}".removeprefix("/") if found else ""


def _compose_images(tree: FileTree) -> Iterable[str]:
    try:
        return [image.name for image in mentioned_images(tree, ("compose",)) if image.source != "unknown"]
    except GateError:
        return ()  # the list is only a proposal, and a run reports the error


def _repository(root: str) -> Repository | None:
    try:
        return Repository.find(root)
    except GateError:
        return None  # no git: there is no hook to propose either


def _remotes(repository: Repository | None) -> str | None:
    """Return the addresses of the remotes; None if there is no repository."""
    try:
        return None if repository is None else "\n".join(url for one in repository.remotes for url in one.urls)
    except GateError:
        return None


def _default_branch(repository: Repository | None) -> str:
    """Return the branch that the remote calls its default, else `main`, `master`, or the one that is checked out."""
    if repository is None:
        return MAIN
    return default_branch(repository, ORIGIN) or _customary(repository) or _checked_out(repository) or MAIN


def _customary(repository: Repository) -> str | None:
    places = ("refs/heads/{}", f"refs/remotes/{ORIGIN}/{{}}")
    there = repository.commit_ids([place.format(name) for name in _CUSTOMARY for place in places])
    return next((_CUSTOMARY[index // len(places)] for index, commit in enumerate(there) if commit), None)


def _checked_out(repository: Repository) -> str | None:
    """Return the branch that HEAD names, which need not have a commit yet."""
    head = head_of(repository.place.git_dir) or b""
    return head.removeprefix(_ON_BRANCH).decode("utf-8", "replace").strip() if head.startswith(_ON_BRANCH) else None


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
