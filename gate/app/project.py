"""The project that a command works on: its folder, its settings from all sources, and its policy."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache_folder import user_cache_folder
from gate.core.errors import ConfigError, UsageError, empty
from gate.core.machine_key import check_key, state_folder
from gate.core.suggestions import nearest
from gate.declarations.dockerfile import DOCKERFILE
from gate.git import Repository
from gate.git.tracked import is_tracked
from gate.model import CommitRange, ContainerStart, DockerHost, Image, Target, Tree, Trust, TrustMode
from gate.policy.allowed import check_allowed, check_builds, may_use_cel, with_tools
from gate.policy.assemble import PolicyFiles, assemble, required_stages
from gate.policy.changes import SettingsChange
from gate.policy.comparing import Comparing, compared
from gate.policy.conditions import any_of
from gate.policy.confined import SettingsPlace, bounded, stated_keys
from gate.policy.decide import Policy
from gate.policy.directions import LEVELS
from gate.policy.files import from_base
from gate.policy.fixed import NamedLayer, fixed_settings, own_choices
from gate.policy.layers import PolicySource, checked
from gate.policy.notices import whose
from gate.policy.reading import (
    PolicyReading,
    distinct,
    extended_by,
    joined,
    layer_of,
    organisation_of,
    stated_by,
)
from gate.policy.repository_files import OwnFiles
from gate.policy.settings_versions import SettingsVersion, settings_versions_of
from gate.policy.silencing import check_not_lifted, unheard, without_silencing
from gate.policy.trusted_sources import Comparison, TrustedSources, comparison_with, trusted_sources_of
from gate.settings import ImageRef, Settings
from gate.settings.options import from_environment
from gate.settings.sources import Layer, convert, overlay
from gate.stages import STAGES, load_stage
from gate.trees import FileTree, open_tree
from gate.trees.previous import with_names_of

if TYPE_CHECKING:
    from gate.images.building import ImageBuild

_DOCKER_HOST = "docker-host:"
"""What a target begins with that is a Docker daemon."""
_DOCKER_ADDRESSES = ("unix://", "tcp://", "ssh://", "npipe://")


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project with its settings, whose relative paths are relative to `folder`."""

    root: str
    folder: str
    settings: Settings
    policy: Policy
    stated: Settings = Settings()
    """The settings of the user and the organisation alone, without the repository's file."""
    trust: Trust = Trust()
    """Which files are trusted; `gate.app.api` adds the trees that targets are compared with."""
    top: str = ""
    """The root of the repository."""
    base_commits: tuple[str, ...] = ()
    """In a comparison the trusted commits; what loosens the judgement has to be in all of them."""
    change: SettingsChange | None = None
    """In a comparison how the change alters the settings and policy of its base."""


class StarterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that the user gives, apart from the repository's file."""

    root: str
    starter: tuple[NamedLayer, NamedLayer]
    """Environment and flags."""
    config: str | None
    policies: tuple[str | None, ...]
    now: datetime


def open_project(
    root: str,
    *,
    flags: Layer,
    config: str | None = None,
    policy: str | None = None,
    comparison: Comparison | None = None,
    compares: bool = True,
) -> Project:
    """Read the settings of the project in `root`: file, then environment, then flags, under the policies above.

    `config` is another settings file than the project's own; where it is not given, the environment's GATE_CONFIG is.
    `policy` is the address of one more policy above the project's, as is the environment's GATE_POLICY; both apply.
    `comparison` is given by the hook; other commands take it from `since`, unless they never compare (`compares`).
    In a comparison the repository's files are read from the base, and the change can only tighten them. Raises
    ConfigError, and GateError for a policy that cannot be fetched and a base that is not in git's object store.
    """
    _check_given(("--config", config), ("--policy", policy))
    _check_cache(user_cache_folder())
    opening = StarterSettings(
        root=root,
        starter=(NamedLayer("environment", from_environment(os.environ)), NamedLayer("command line", flags)),
        config=config or os.environ.get("GATE_CONFIG"),
        policies=(os.environ.get("GATE_POLICY"), policy),
        now=datetime.now(UTC),
    )
    said = joined(opening.starter)
    if compares and comparison is None and said.since is not None:
        comparison = _comparison(root, said.since)
    mode = said.trust or ("base" if comparison else "head")
    if mode == "base" and not compares:
        mode = "head"
    project = _opened(opening, trusted_sources_of(root, mode, comparison))
    wanted = project.stated.trust or mode
    if wanted != mode and (wanted != "base" or comparison is not None):  # a policy wants it so
        project = _opened(opening, trusted_sources_of(root, wanted, comparison))
    return _with_notes(project, comparison)


def _comparison(root: str, since: str) -> Comparison:
    repository = Repository.find(root)
    if repository is None:
        raise UsageError("is not in a git repository, so --since cannot be used", path=root)
    return comparison_with(repository, root, since)


def _with_notes(project: Project, comparison: Comparison | None) -> Project:
    """Return the project with a note on whose settings apply, and without `since` if nothing came after it."""
    notes, settings = [whose(project.trust)], project.settings
    if comparison is not None and settings.since is not None:
        if comparison.nothing_came == "after HEAD":
            notes.append(
                f"{settings.since} contains everything in HEAD, so there is nothing to compare and everything is judged"
            )
            settings = msgspec.structs.replace(settings, since=None)
        elif comparison.nothing_came == "since HEAD":
            notes.append(f"{settings.since} is HEAD itself, so only uncommitted changes are compared with it")
    policy = msgspec.structs.replace(project.policy, notes=(*notes, *project.policy.notes))
    return msgspec.structs.replace(project, settings=settings, policy=policy)


def _opened(opening: StarterSettings, trusted: TrustedSources) -> Project:
    """Read the settings and policies; `trusted` says which commits or files they are read from."""
    versions = settings_versions_of(trusted, opening.config)
    name = versions.first.path
    layers = [NamedLayer(name, versions.first.layer), *opening.starter]
    settings = joined(layers)
    reading = PolicyReading(settings=settings, now=opening.now, trusted=trusted)
    organisation = organisation_of(opening.policies, reading)
    stated = stated_by(layers if versions.is_starters else layers[1:], organisation)
    own = PolicySource(
        versions.first.name, checked(settings.policy, name, may_use_cel=may_use_cel(settings.policy, stated))
    )
    extended = extended_by(versions.first.folder, reading, stated)
    sources = PolicyFiles(above=distinct((*organisation, *extended)), project=own)
    chosen = overlay(layers[0].layer, fixed_settings(extended, (), Settings))
    change = None
    if versions.others:
        comparing = Comparing(
            versions=versions, organisation=organisation, reading=reading, stated=stated, is_raised=_is_raised
        )
        chosen, sources, change = compared(comparing, chosen, sources, layers)
        layers[0] = NamedLayer(name, chosen)
    fixed = fixed_settings(organisation if change else sources.above, layers, Settings)
    check_not_lifted(NamedLayer(name, versions.first.layer), sources.above, fixed)
    settings = without_silencing(convert(overlay(layer_of(layers), fixed), Settings, name), sources.above, own)
    if trusted.mode == "machine":
        settings = unheard(settings, layer_of(layers[1:]))
    ground = SettingsPlace(root=opening.root, folder=versions.first.folder, name=name)
    settings = from_base(bounded(with_tools(settings, stated), stated, ground), trusted)
    _check_chosen(settings)
    check_allowed(settings, stated, name)
    _check_enabled(settings, layers, sources.all)
    _check_conditions(settings, sources.all)
    firmly = fixed_settings(organisation, (), Settings) if organisation else fixed
    files = [OwnFiles(place, trusted) for place in trusted.places]
    head_files = change.head.files if change else None
    signed = change.signed if change else ()
    chosen_here = own_choices((NamedLayer(name, chosen), layers[1]), firmly) if sources.above else ()
    policy = msgspec.structs.replace(
        assemble(sources, files, head_files, signed, opening.now.date()),
        narrowed_stages=frozenset(_narrowed(settings, firmly)),
        own_choices=tuple(chosen_here),
    )
    return Project(
        root=opening.root,
        folder=versions.first.folder,
        settings=settings,
        policy=policy,
        stated=stated,
        trust=Trust(
            mode=trusted.mode,
            settings=_name_of(versions.first),
            commit=trusted.first.commit,
            stated=stated_keys(settings, stated),
        ),
        top=trusted.top,
        base_commits=tuple(place.commit for place in trusted.places if place.commit),
        change=change,
    )


def _name_of(version: SettingsVersion) -> str:
    return version.settings.name if version.settings else ""


def _is_raised(rule: str, level: str) -> bool:
    """True if a level is at least a Dockerfile rule's own severity."""
    rules = {one.id: one.severity.value for one in load_stage(DOCKERFILE.name).rules(Settings())}
    return rule in rules and LEVELS.index(level) >= LEVELS.index(rules[rule])


def _check_cache(folder: Path) -> None:
    """Raise ConfigError if the cache or its key is part of a repository, which could forge results of earlier runs."""
    check_key(folder)
    if is_tracked(state_folder()):
        raise ConfigError(
            "the cache's key is part of the repository, which could use it to forge cached answers",
            path=str(state_folder()),
            hint="Remove it there (git rm -r --cached), or set XDG_STATE_HOME to another folder",
        )
    if is_tracked(folder):
        raise ConfigError(
            "the cache is part of the repository, which could forge cached answers",
            path=str(folder),
            hint="Remove it there (git rm -r --cached), or set XDG_CACHE_HOME to another folder",
        )


def own_settings(root: str) -> tuple[Settings, Trust]:
    """Return the settings of the project's file and the environment, and which of them the environment states.

    Policies, which may have to be fetched, are left out. Raises ConfigError.
    """
    said = joined([NamedLayer("environment", from_environment(os.environ))])
    mode: TrustMode = "machine" if said.trust == "machine" else "head"
    version = settings_versions_of(trusted_sources_of(root, mode, None), os.environ.get("GATE_CONFIG")).first
    layers = [NamedLayer(version.path, version.layer), NamedLayer("environment", from_environment(os.environ))]
    settings = joined(layers)
    stated = stated_by(layers[1:], ())
    check_allowed(settings, stated, layers[0].name)
    return settings, Trust(mode=mode, stated=stated_keys(settings, stated))


def _check_enabled(settings: Settings, layers: Sequence[NamedLayer], sources: Sequence[PolicySource]) -> None:
    for source in sources:
        for stage in (*source.policy.required_share, *source.policy.required_targets):
            if stage not in (*STAGES, *settings.plugins):
                raise ConfigError(f"there is no stage {stage}", path=source.name, hint=f"Stages: {', '.join(STAGES)}")
    for policy, stage in required_stages(sources):
        if stage not in STAGES:
            raise ConfigError(f"there is no stage {stage}", path=policy, hint=f"Stages: {', '.join(STAGES)}")
        if not settings.stage(stage).enabled:
            place = next(one.name for one in reversed(layers) if _disables(one.layer, stage))
            raise ConfigError(f"the stage {stage} is switched off, but {policy} requires it", path=place)


def _check_chosen(settings: Settings) -> None:
    """Raise UsageError if `--stage` or `--skip` names neither a stage of the gate nor a plugin of the settings."""
    for name in (*(settings.only_plugins or ()), *settings.skip_plugins):
        if name not in settings.plugins:
            raise UsageError(f"no such stage: {name}", hint=f"Stages: {', '.join((*STAGES, *settings.plugins))}")


def _check_given(*flags: tuple[str, str | None]) -> None:
    """Raise UsageError for a flag with an empty value: an unset variable must not remove a policy silently."""
    for flag, value in flags:
        if value == "":
            raise empty(flag)


def _check_conditions(settings: Settings, sources: Sequence[PolicySource]) -> None:
    """Raise ConfigError for a rule with a mistyped stage; other unknown names may be plugins of other projects."""
    known = (*STAGES, *settings.plugins)
    for source in sources:
        for rule in source.policy.rules:
            for stage in any_of(rule.when.stage or ()):
                near = nearest(stage, known, 0.8)
                if near and stage not in known:
                    raise ConfigError(
                        f"rule {rule.id}: there is no stage {stage}; did you mean {near}?", path=source.name
                    )


def _narrowed(settings: Settings, fixed: Layer) -> Iterator[str]:
    """Yield the stages whose `paths` or `ignore` leave out files, without being set so by a policy."""
    for stage in STAGES:
        section, given = settings.stage(stage), fixed.get("stages", {}).get(stage, {})
        if any(getattr(section, key) and key not in given for key in ("paths", "ignore")):
            yield stage


def _disables(layer: Layer, stage: str) -> bool:
    return layer.get("stages", {}).get(stage, {}).get("enabled") is False


def targets_of(words: list[str], project: Project) -> list[Target]:
    """Return the targets that the command line names, then the images of the settings. Raises UsageError."""
    named = [target_of(word) for word in words] or [Tree(root=project.root, name=Path(project.root).name)]
    images = [_listed(image, project) for image in project.settings.images]
    own = [image for image in images if msgspec.structs.replace(image, is_of_repository=False) not in named]
    return _with_mentioned(project, list(dict.fromkeys([*named, *own])))


def check_no_folder_before(targets: Sequence[Target], project: Project) -> None:
    """Raise UsageError for a name that is no path now, but was one at the base that a run compares with.

    It would be taken for an image in a registry, and the removal of the folder would go unnoticed.
    """
    names = [target.name for target in targets if isinstance(target, Image) and target.source == "named"]
    if not names or project.trust.commit is None:
        return
    here = str(Path.cwd())
    repository = Repository.find(here)
    if repository is None:
        return
    below = {os.path.normpath(os.path.join(repository.path_of(here), name)): name for name in names}
    for path in repository.entries(project.trust.commit, [path for path in below if not path.startswith("..")]):
        raise UsageError(
            "was a folder or file at the base, and would now be taken for an image because it is gone",
            path=below[os.fsdecode(path)],
            hint="Remove the target; for an image of this name write registry:NAME or docker:NAME",
        )


def _listed(image: ImageRef, project: Project) -> Image:
    """Return an image of the settings, with the entrypoint and command that these set."""
    named = _image(image.ref, project.folder)
    start = ContainerStart(place=f"images: {image.ref}", entrypoint=image.entrypoint, command=image.command)
    is_given = image.entrypoint is not None or image.command is not None
    is_own = not any(image.ref == one.ref for one in project.stated.images)
    return msgspec.structs.replace(named, starts=(start,) if is_given else (), is_of_repository=is_own)


def _with_mentioned(project: Project, known: list[Target]) -> list[Target]:
    """Return the targets with the images that files mention, each with how the files start its containers.

    Without `images_from` that is asked only where the repository is judged along with an image.
    """
    images = [target for target in known if isinstance(target, Image)]
    has_folder = any(isinstance(target, Tree) for target in known)
    if not project.settings.images_from and not (images and has_folder):
        return known
    from gate.pipeline.image_runs import images_of_folder

    folder, settings = Tree(root=project.root, name=Path(project.root).name), project.settings
    found = images_of_folder(images, folder, settings, datetime.now(UTC))
    if not settings.images_from:
        run = dict(zip(images, found, strict=True))
        return [run[target] if isinstance(target, Image) else target for target in known]
    return [*(target for target in known if not isinstance(target, Image)), *found]


def build_images(project: Project) -> None:
    """Build the images of the settings that ask for it. Raises ConfigError, and GateError if a build fails."""
    wanted = [image for image in project.settings.images if image.build]
    if not wanted:
        return
    check_builds(wanted, project.stated, project.folder)
    from gate.images.building import build_image

    for one in wanted:
        image = _image(one.ref, project.folder)
        if image.source not in ("docker", "named") or "@" in image.reference:
            raise ConfigError(
                "is built here, so it has to be the name of an image in the Docker daemon", path=f"images: {one.ref}"
            )
        build_image(
            _build(one, image.reference, project),
            project.folder,
            project.root,
            timeout_s=project.settings.timeout,
            is_quiet=project.settings.quiet,
        )


def _build(image: ImageRef, name: str, project: Project) -> "ImageBuild":
    from gate.images.building import ImageBuild
    from gate.images.compose_service import ServiceBuild, build_of

    plain = ImageBuild(name=name, context=image.context, dockerfile=image.dockerfile, target=image.target)
    if image.service is None:
        return plain
    if plain != ImageBuild(name=name):
        why = "names a service, which says its context, dockerfile and target"
        raise ConfigError(why, path=f"images: {image.ref}", hint="Leave them out")
    return build_of(ServiceBuild(service=image.service, files=image.compose), name, project.folder)


def target_of(word: str) -> Target:
    """Return the folder or image that a word of the command line names. Raises UsageError."""
    if not word:
        raise empty("a target")
    if Path(word).is_dir():
        return Tree(root=str(Path(word).resolve()), name=word)
    if word.startswith(_DOCKER_HOST):
        return _docker_host(word)
    from gate.images.reference import ON_DISK

    image = _image(word, str(Path.cwd()))
    if image.source in ON_DISK and not Path(image.reference).exists():
        raise UsageError("there is no such file or folder", path=word)
    return image


def _docker_host(word: str) -> DockerHost:
    address = word.removeprefix(_DOCKER_HOST)
    if address and not address.startswith(_DOCKER_ADDRESSES):
        hint = f"Write {_DOCKER_HOST} for the daemon of DOCKER_HOST, {_DOCKER_HOST}unix:///var/run/docker.sock, "
        raise UsageError(
            "is no address of a Docker daemon",
            path=word,
            hint=f"{hint}{_DOCKER_HOST}tcp://HOST:2376 or ssh://USER@HOST",
        )
    return DockerHost(address=address, name=word)


def _image(text: str, folder: str) -> Image:
    from gate.images.reference import parse_image

    image = parse_image(text, folder)
    if image is None:
        is_file = Path(folder, text).is_file()
        hint = f"For an image archive write archive:{text}" if is_file else "A target is a folder or an image"
        raise UsageError("is a file, not a folder" if is_file else "no such folder", path=text, hint=hint)
    return image


def bases_of(targets: Sequence[Target], since: str | None, project: Project) -> dict[str, tuple[Tree]]:
    """Return for each folder the tree of its merge base with `since`. Raises UsageError if there is none."""
    if since is None:
        return {}
    return {target.name: (_base(target, since, project),) for target in targets if isinstance(target, Tree)}


def tree_of(bases: Mapping[str, Sequence[Tree]], targets: Iterable[Target]) -> FileTree | None:
    """Return the first tree that a run compares with; None if it compares with none."""
    for target in targets:
        trees = bases.get(target.name, ())
        if trees and isinstance(target, Tree | CommitRange):
            return open_tree(with_names_of(trees[0], target))
    return None


def _base(target: Tree, since: str, project: Project) -> Tree:
    repository = Repository.find(target.root)
    if repository is None:
        raise UsageError("is not in a git repository, so --since cannot be used", path=target.name)
    is_known = bool(project.base_commits) and repository.top == project.top
    base = project.base_commits[0] if is_known else comparison_with(repository, target.name, since).bases[0]
    return Tree(root=target.root, name=target.name, revision=base)
