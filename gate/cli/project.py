"""What a command works on: the project's folder, its settings from all sources, its policy."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gate.cli.options import from_environment
from gate.errors import UsageError
from gate.model import Image, Target, Tree
from gate.policy.decide import Policy
from gate.policy.layers import checked, layers_of, read_policy
from gate.policy.waivers import read_waivers
from gate.settings import Settings
from gate.settings_sources import Layer, convert, find_file, overlay, read_file


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project with its settings; relative paths of the settings are relative to `folder`."""

    root: str
    folder: str
    settings: Settings
    policy: Policy


def current_root() -> str:
    """Return the root of the repository that the current folder belongs to, or the current folder."""
    from gate.git import Repository

    here = str(Path.cwd())
    repository = Repository.find(here)
    return repository.top if repository else here


def root_of(words: list[str]) -> str:
    """Return the first folder that the command line names, or the root of the current repository."""
    return next((str(Path(word).resolve()) for word in words if Path(word).is_dir()), None) or current_root()


def open_project(root: str, *, flags: Layer, config: str | None = None, policy: str | None = None) -> Project:
    """Read the settings of the project in `root`: file, then environment, then flags. Raises ConfigError."""
    file = read_file(config) if config else find_file(root)
    folder = file.folder if file else root
    layer = _anchored(file.layer, folder) if file else {}
    for source, above in (("environment", from_environment(os.environ)), ("command line", flags)):
        convert(above, Settings, source)
        layer = overlay(layer, above)
    settings = convert(layer, Settings, file.path if file else "settings")
    checked(settings.policy, file.path if file else "settings")
    organisation = read_policy(policy) if policy else None
    return Project(
        root=root,
        folder=folder,
        settings=settings,
        policy=Policy(layers=layers_of(settings.policy, organisation), waivers=read_waivers(root)),
    )


def _anchored(layer: Layer, folder: str) -> Layer:
    """Make the paths of a settings file independent of the current folder."""
    source = layer.get("advisories", {}).get("source")
    if not isinstance(source, str) or "://" in source:
        return layer
    return overlay(layer, {"advisories": {"source": os.path.join(folder, source)}})


def targets_of(words: list[str], project: Project) -> list[Target]:
    """Return the targets that the command line names, then the images of the settings. Raises UsageError."""
    named = [_target(word) for word in words] or [Tree(root=project.root, name=Path(project.root).name)]
    images = [_image(image.ref, project.folder) for image in project.settings.images]
    return list(dict.fromkeys([*named, *images]))


def _target(word: str) -> Target:
    from gate.images.reference import ON_DISK

    if Path(word).is_dir():
        return Tree(root=str(Path(word).resolve()), name=word)
    image = _image(word, str(Path.cwd()))
    if image.source in ON_DISK and not Path(image.reference).exists():
        raise UsageError("there is no such file or folder", path=word)
    return image


def _image(text: str, folder: str) -> Image:
    from gate.images.reference import parse_image

    image = parse_image(text, folder)
    if image is None:
        is_file = Path(folder, text).is_file()
        hint = f"For an image archive write archive:{text}" if is_file else "A target is a folder or an image"
        raise UsageError("is a file, not a folder" if is_file else "no such folder", path=text, hint=hint)
    return image


def bases_of(targets: Sequence[Target], since: str | None) -> dict[str, tuple[Tree]]:
    """Return for each folder the tree of its merge base with `since`. Raises UsageError if there is none."""
    if since is None:
        return {}
    return {target.name: (_base(target, since),) for target in targets if isinstance(target, Tree)}


def _base(target: Tree, since: str) -> Tree:
    from gate.git import Repository

    repository = Repository.find(target.root)
    if repository is None:
        raise UsageError("is not in a git repository, so --since has no meaning", path=target.name)
    revision = repository.commit_id(since)
    if revision is None:
        raise UsageError(f"git knows no commit {since}", path=target.name, hint="Is the clone shallow? Fetch it first")
    base = repository.merge_base("HEAD", revision)
    if base is None:
        raise UsageError(f"HEAD and {since} have no commit in common", path=target.name, hint="Fetch more history")
    return Tree(root=target.root, name=target.name, revision=base)
