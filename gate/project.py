"""What a command works on: the project's folder, its settings from all sources, its policy."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gate.cache_folder import user_cache_folder
from gate.errors import ConfigError, UsageError, empty
from gate.model import ContainerStart, Image, Target, Tree, Trust, TrustMode
from gate.near_names import nearest
from gate.policy.allowed import check_allowed, check_builds, may_use_cel, with_tools
from gate.policy.assemble import assemble, required_stages
from gate.policy.bounded import Ground, bounded
from gate.policy.conditions import any_of
from gate.policy.decide import Policy
from gate.policy.fixed import NamedLayer, check_no_opt_in, fixed_settings, own_choices
from gate.policy.layers import Source, checked
from gate.policy.silencing import without_silencing
from gate.settings import ImageRef, Settings
from gate.settings_options import from_environment
from gate.settings_sources import Layer, SettingsFile, convert, find_file, overlay, read_file
from gate.stages import STAGES
from gate.trees import FileTree

if TYPE_CHECKING:
    from gate.images.building import Build

_SCHEME = re.compile(r"[a-z]{2,}:")


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project with its settings; relative paths of the settings are relative to `folder`."""

    root: str
    folder: str
    settings: Settings
    policy: Policy
    stated: Settings = Settings()
    """What whoever starts the gate and the organisation say themselves, without the repository's file."""
    trust: Trust = Trust()
    """Whose word counts; `gate.api` adds the trees that targets are compared with."""


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
    """Read the settings of the project in `root`: file, then environment, then flags, under the policies above.

    `config` is another settings file than the project's own; where it is not given, the environment's GATE_CONFIG is.
    `policy` is the address of one more policy above the project's, as is the environment's GATE_POLICY: each of them
    holds. Raises ConfigError, and GateError for a policy that cannot be fetched.
    """
    _check_given(("--config", config), ("--policy", policy))
    _check_cache(user_cache_folder())
    file = _settings_file(root, config)
    if file:
        check_no_opt_in(NamedLayer(file.path, file.layer))
    folder = file.folder if file else root
    name = file.path if file else "settings"
    layers = [
        NamedLayer(name, _anchored(file.layer, folder) if file else {}),
        NamedLayer("environment", from_environment(os.environ)),
        NamedLayer("command line", flags),
    ]
    settings = _joined(layers)
    reading = PolicyReading(settings=settings, now=datetime.now(UTC))
    organisation = _organisation((os.environ.get("GATE_POLICY"), policy), reading)
    stated = _stated(layers if file and _is_named_outside(file, root) else layers[1:], organisation)
    own = Source(Path(name).name, checked(settings.policy, name, may_use_cel=may_use_cel(settings.policy, stated)))
    above = _distinct((*organisation, *_extended(folder, reading, stated)))
    fixed = fixed_settings(above, layers, Settings)
    settings = without_silencing(convert(overlay(_layer_of(layers), fixed), Settings, name), above, own)
    settings = bounded(with_tools(settings, stated), stated, Ground(root=root, folder=folder, name=name))
    _check_chosen(settings)
    check_allowed(settings, stated, name)
    _check_enabled(settings, layers, (*above, own))
    _check_conditions(settings, (*above, own))
    policy_of_all = msgspec.structs.replace(
        assemble(root, own, above, reading.now.date()),
        narrowed_stages=frozenset(_narrowed(settings, fixed)),
        own_choices=tuple(own_choices(layers[:2], fixed)) if above else (),
    )
    trust = Trust(mode=_mode(settings), settings=Path(file.path).name if file else "")
    return Project(root=root, folder=folder, settings=settings, policy=policy_of_all, stated=stated, trust=trust)


def _mode(settings: Settings) -> TrustMode:
    return settings.trust or ("base" if settings.since else "head")


def _check_cache(folder: Path) -> None:
    """Raise ConfigError if the cache comes with a repository, which could forge what earlier runs have found."""
    from gate.authentic import check_key, state_folder
    from gate.git.tracked import is_tracked

    check_key(folder)
    if is_tracked(state_folder()):
        raise ConfigError(
            "the key of the cache is part of the repository, which could forge by it what the cache says",
            path=str(state_folder()),
            hint="Remove it there (git rm -r --cached), or set XDG_STATE_HOME to another folder",
        )
    if is_tracked(folder):
        raise ConfigError(
            "the cache is part of the repository, which could forge what it says",
            path=str(folder),
            hint="Remove it there (git rm -r --cached), or set XDG_CACHE_HOME to another folder",
        )


def _settings_file(root: str, config: str | None = None) -> SettingsFile | None:
    named = config or os.environ.get("GATE_CONFIG")
    return read_file(named) if named else find_file(root)


def own_settings(root: str) -> Settings:
    """Return what the project's file and the environment say, without the policies above it, which may be far away.

    Raises ConfigError.
    """
    file = _settings_file(root)
    layers = [
        NamedLayer(file.path if file else "settings", file.layer if file else {}),
        NamedLayer("environment", from_environment(os.environ)),
    ]
    settings = _joined(layers)
    check_allowed(settings, _stated(layers[1:], ()), layers[0].name)
    return settings


def _layer_of(layers: Sequence[NamedLayer]) -> Layer:
    return reduce(overlay, (one.layer for one in layers), {})


def _joined(layers: Sequence[NamedLayer]) -> Settings:
    for one in layers:
        convert(one.layer, Settings, one.name)
    return convert(_layer_of(layers), Settings, layers[0].name)


class PolicyReading(msgspec.Struct, frozen=True):
    """What decides how the policies above a project's are read."""

    settings: Settings
    now: datetime


def _organisation(policies: Iterable[str | None], reading: PolicyReading) -> tuple[Source, ...]:
    """Return the policies that environment and command line name, and those that they extend, the highest first."""
    here = str(Path.cwd())
    return _distinct(source for policy in policies if policy for source in _read_policies(policy, here, reading))


def _extended(folder: str, reading: PolicyReading, stated: Settings) -> tuple[Source, ...]:
    """Return the policy that the project's settings extend, and those above it, the highest first."""
    address = reading.settings.policy.extends
    if not address:
        return ()
    if address == stated.policy.extends:
        return _read_policies(address, folder, reading)
    return _read_policies(address, folder, reading, is_of_repository=True, may_use_cel="cel" in stated.allow)


def _read_policies(address: str, folder: str, reading: PolicyReading, **whose: bool) -> tuple[Source, ...]:
    from gate.policy.sources import Fetching, read_sources

    cache = user_cache_folder() if reading.settings.cache else None
    fetching = Fetching(
        cache_folder=cache,
        now=reading.now,
        is_offline=reading.settings.offline,
        trusted_hosts=reading.settings.trusted_hosts,
        **whose,
    )
    return read_sources(address, folder, fetching)


def _stated(layers: Sequence[NamedLayer], organisation: Sequence[Source]) -> Settings:
    """Return what these layers, none of them a repository's, and the organisation say."""
    fixed = fixed_settings(organisation, (), Settings)
    return convert(overlay(_layer_of(layers), fixed), Settings, "settings")


def _is_named_outside(file: SettingsFile, root: str) -> bool:
    """True for a settings file that lies neither in the project nor in its repository: no change can bring another."""
    from gate.git import Repository

    if os.path.realpath(Path(file.path).parent) == os.path.realpath(root):
        return False
    repository = Repository.find(root)
    folders = [Path(root), Path(repository.top if repository else root)]
    places = (Path(file.path).absolute(), Path(file.path).resolve())
    return not any(place.is_relative_to(above) for above in (*folders, folders[-1].resolve()) for place in places)


def _distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Leave out a policy that is named twice; of the same name, relative to different folders, each holds."""
    kept: list[Source] = []
    for source in sources:
        if not any((source.name, source.policy) == (one.name, one.policy) for one in kept):
            kept.append(source)
    return tuple(kept)


def _check_enabled(settings: Settings, layers: Sequence[NamedLayer], sources: Sequence[Source]) -> None:
    for policy, stage in required_stages(sources):
        if stage not in STAGES:
            raise ConfigError(f"there is no stage {stage}", path=policy, hint=f"Stages: {', '.join(STAGES)}")
        if not settings.stage(stage).enabled:
            place = next(one.name for one in reversed(layers) if _disables(one.layer, stage))
            raise ConfigError(f"the stage {stage} is not to run, and {policy} requires it", path=place)


def _check_chosen(settings: Settings) -> None:
    """Raise UsageError if `--stage` or `--skip` names neither a stage of the gate nor a plugin of the settings."""
    for name in (*(settings.only_plugins or ()), *settings.skip_plugins):
        if name not in settings.plugins:
            raise UsageError(f"no such stage: {name}", hint=f"Stages: {', '.join((*STAGES, *settings.plugins))}")


def _check_given(*flags: tuple[str, str | None]) -> None:
    """Raise UsageError for a flag without a value: a variable that is not set would take a policy away in silence."""
    for flag, value in flags:
        if value == "":
            raise empty(flag)


def _check_conditions(settings: Settings, sources: Sequence[Source]) -> None:
    """Raise ConfigError for a rule that is mistyped for a stage; other names may be those of plugins elsewhere."""
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
    """Yield the stages that look at a part of the files, as no policy has it."""
    for stage in STAGES:
        section, given = settings.stage(stage), fixed.get("stages", {}).get(stage, {})
        if any(getattr(section, key) and key not in given for key in ("paths", "ignore")):
            yield stage


def _disables(layer: Layer, stage: str) -> bool:
    return layer.get("stages", {}).get(stage, {}).get("enabled") is False


def _anchored(layer: Layer, folder: str) -> Layer:
    """Make the paths of a settings file independent of the current folder; what starts with `word:` is no path."""
    given = layer.get("advisories", {})
    paths = {key: given[key] for key in ("source", "key") if isinstance(given.get(key), str) and given[key]}
    anchored = {key: os.path.join(folder, path) for key, path in paths.items() if not _SCHEME.match(path)}
    layer = overlay(layer, {"advisories": anchored}) if anchored else layer
    for keys in (("vex",), ("observed",), ("yara",), ("signatures", "keys"), ("signatures", "trust_root")):
        layer = _anchored_files(layer, ("stages", "image", *keys), folder)
    return layer


def _anchored_files(layer: Layer, keys: tuple[str, ...], folder: str) -> Layer:
    """Do so for the file, or the list of files, that `keys` lead to."""
    files: Any = layer
    for key in keys:
        files = files.get(key) if isinstance(files, dict) else None
    anchored: Any
    if isinstance(files, list):
        anchored = [os.path.join(folder, path) if isinstance(path, str) else path for path in files]
    elif isinstance(files, str) and files:
        anchored = os.path.join(folder, files)
    else:
        return layer
    for key in reversed(keys):
        anchored = {key: anchored}
    return overlay(layer, anchored)


def targets_of(words: list[str], project: Project) -> list[Target]:
    """Return the targets that the command line names, then the images of the settings. Raises UsageError."""
    named = [target_of(word) for word in words] or [Tree(root=project.root, name=Path(project.root).name)]
    images = [_listed(image, project) for image in project.settings.images]
    own = [image for image in images if msgspec.structs.replace(image, is_of_repository=False) not in named]
    return _with_mentioned(project, list(dict.fromkeys([*named, *own])))


def _listed(image: ImageRef, project: Project) -> Image:
    """Return an image of the settings with the start that they give it."""
    named = _image(image.ref, project.folder)
    start = ContainerStart(place=f"images: {image.ref}", entrypoint=image.entrypoint, command=image.command)
    is_given = image.entrypoint is not None or image.command is not None
    is_own = not any(image.ref == one.ref for one in project.stated.images)
    return msgspec.structs.replace(named, starts=(start,) if is_given else (), is_of_repository=is_own)


def _with_mentioned(project: Project, known: list[Target]) -> list[Target]:
    """Return the known targets, images with the ways in which files start them, and the other images of these files."""
    if not project.settings.images_from:
        return known
    from gate.images.mentions import mentioned_images
    from gate.trees import open_tree

    tree = open_tree(Tree(root=project.root, name=Path(project.root).name))
    images = [target for target in known if isinstance(target, Image)]
    return [
        *(target for target in known if not isinstance(target, Image)),
        *mentioned_images(tree, project.settings.images_from, images),
    ]


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
            raise ConfigError("is built, so it has to be a name in the Docker daemon", path=f"images: {one.ref}")
        build_image(
            _build(one, image.reference, project),
            project.folder,
            project.root,
            timeout_s=project.settings.timeout,
            is_quiet=project.settings.quiet,
        )


def _build(image: ImageRef, name: str, project: Project) -> "Build":
    from gate.images.building import Build
    from gate.images.compose_service import ServiceBuild, build_of

    plain = Build(name=name, context=image.context, dockerfile=image.dockerfile, target=image.target)
    if image.service is None:
        return plain
    if plain != Build(name=name):
        why = "names a service, which says its context, dockerfile and target"
        raise ConfigError(why, path=f"images: {image.ref}", hint="Leave them out")
    return build_of(ServiceBuild(service=image.service, files=image.compose), name, project.folder)


def target_of(word: str) -> Target:
    """Return the folder or image that a word of the command line names. Raises UsageError."""
    if not word:
        raise empty("a target")
    if Path(word).is_dir():
        return Tree(root=str(Path(word).resolve()), name=word)
    from gate.images.reference import ON_DISK

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


def tree_of(bases: Mapping[str, Sequence[Tree]]) -> FileTree | None:
    """Return the first tree that a run compares with; None if it compares with none."""
    from gate.trees import open_tree

    first = next((tree for trees in bases.values() for tree in trees), None)
    return open_tree(first) if first else None


def _base(target: Tree, since: str) -> Tree:
    from gate.git import Repository
    from gate.trees.before import tree_before

    repository = Repository.find(target.root)
    if repository is None:
        raise UsageError("is not in a git repository, so --since has no meaning", path=target.name)
    revision = repository.commit_id(since)
    if revision is None:
        raise UsageError(f"git knows no commit {since}", path=target.name, hint="Is the clone shallow? Fetch it first")
    base = repository.merge_base("HEAD", revision)
    if base is None:
        raise UsageError(f"HEAD and {since} have no commit in common", path=target.name, hint="Fetch more history")
    return tree_before(repository, target.root, target.name, base)
