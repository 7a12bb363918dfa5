"""The kubernetes stage: manifests of workloads, as Kustomize and Helm render them, and Compose files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gate.context import Context
from gate.core.errors import ConfigError, GateError, as_stage_error
from gate.core.path_patterns import is_selected
from gate.declarations.kubernetes import KUBERNETES, NEWEST, KubernetesSettings
from gate.model import DockerHost, Fact, RuleDescription, StageError, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of, set_apart, shortened

if TYPE_CHECKING:
    from gate.kubernetes.docker.host_file import HostFile
    from gate.kubernetes.helm.rendering import RenderedCharts
    from gate.kubernetes.kustomize.rendering import Rendering
    from gate.kubernetes.manifests import Manifest
    from gate.kubernetes.objects import KubernetesObject
    from gate.kubernetes.renderers import RenderedObject
    from gate.rules import Hit, RuleScope, StageRule
    from gate.trees import FileTree

STAGE = KUBERNETES.name
ACCEPTS = KUBERNETES.accepts
_VERSION = re.compile(r"1\.([0-9]{1,3})")
_MOST_NAMES = 100


def rules(settings: Settings) -> Iterable[RuleDescription]:
    """Return the text of every rule of the gate's own, in the order of the ids."""
    from gate.kubernetes.rule import ON_KUBERNETES
    from gate.kubernetes.rules import all_rules

    all_rules()
    return ON_KUBERNETES.descriptions()


def run(target: Tree | DockerHost, context: Context) -> StageResult:
    """Judge every manifest, or a Docker daemon; what cannot be read or asked is an error of the result."""
    if isinstance(target, DockerHost):
        return _run_on_docker_host(target, context)
    return _run_on_tree(target, context)


def _run_on_docker_host(target: DockerHost, context: Context) -> StageResult:
    from gate.kubernetes.docker.asking import state_of
    from gate.kubernetes.docker.live import host_of, version_of
    from gate.rules.reporting import report

    try:
        state = state_of(target.address)
        host = host_of(state, target.name)
        version = version_of(state)
    except GateError as error:
        return result_of(STAGE, target, errors=(as_stage_error(error, target.name),))
    reported = report(_host_hits([host]), target.name, context.settings.of(KUBERNETES).rules, {})
    facts = {"docker": version, "containers": len(host.containers)}
    return result_of(STAGE, target, findings=reported.findings, facts=facts)


def _run_on_tree(target: Tree, context: Context) -> StageResult:
    from gate.kubernetes.paths import named_files
    from gate.trees import open_tree

    section = context.settings.of(KUBERNETES)
    version = _version(section)
    tree = open_tree(target)
    named = named_files(tree)
    if not named:  # as in most repositories, which are spared the imports
        return result_of(STAGE, target, skipped=_reason(()))
    from gate.kubernetes.kustomize.kustomization import is_kustomization
    from gate.kubernetes.kustomize.rendering import rendered

    manifests: list[Manifest] = []
    host_files: list[HostFile] = []
    errors: list[StageError] = []
    excluded: list[str] = []
    kustomizations: list[str] = []
    for path in named:
        if not is_selected(path, section.paths, section.ignore):
            excluded.append(path)
            continue
        try:
            found = _read(tree, path)
            host_file = None if found else _read_host_file(tree, path)
        except GateError as error:
            errors.append(as_stage_error(error, path))
            continue
        manifests += [found] if found else []
        host_files += [host_file] if host_file else []
        kustomizations += [path] if is_kustomization(path) else []
    rendering = rendered(tree, kustomizations, {one.path: one for one in manifests})
    charts = _charts(tree, named, section)
    if not (manifests or host_files or errors or rendering.texts or rendering.errors or charts.texts):
        return result_of(STAGE, target, skipped=_reason(excluded))
    return _result(target, section, version, manifests, host_files, _Rendered(rendering, charts), errors)


class _Rendered(NamedTuple):
    """What Kustomize and Helm make of the files."""

    overlays: "Rendering"
    charts: "RenderedCharts"


def _charts(tree: "FileTree", named: Sequence[str], section: KubernetesSettings) -> "RenderedCharts":
    """Return what charts are rendered to, by our own reading or, where the settings say so, by Helm."""
    from gate.kubernetes.helm.charts import chart_folders
    from gate.kubernetes.helm.rendering import rendered_charts
    from gate.trees.base import file_paths

    folders = chart_folders(_selected(named, section))
    paths = _selected(file_paths(tree), section) if folders else []
    own = rendered_charts(tree, folders, paths, section.version)
    if not (section.helm and folders):
        return own
    from gate.kubernetes.helm.by_helm import rendered_by_helm

    return rendered_by_helm(tree, folders, paths, section.version, own)


def _selected(paths: Iterable[str], section: KubernetesSettings) -> list[str]:
    return [path for path in paths if is_selected(path, section.paths, section.ignore)]


def _version(section: KubernetesSettings) -> tuple[int, int]:
    found = _VERSION.fullmatch(section.version)
    if found is None or int(found[1]) > int(NEWEST.partition(".")[2]):
        hint = f"Write it as in {NEWEST}, the newest whose standards are known"
        raise ConfigError(f"stages.kubernetes.version: {section.version} is no known version of Kubernetes", hint=hint)
    return 1, int(found[1])


def fixed_on_request() -> frozenset[str]:
    """Return the rules whose fixes something may depend on, so that a person has to name them."""
    from gate.kubernetes.rule import ON_KUBERNETES
    from gate.kubernetes.rules import all_rules

    all_rules()
    return ON_KUBERNETES.fixed_on_request()


def manifests_among(tree: "FileTree") -> tuple[str, ...]:
    """Return the files of a tree that are manifests or Compose files by a first look, templates included, sorted."""
    from gate.kubernetes.first_look import may_say_something
    from gate.kubernetes.paths import named_files

    return tuple(path for path in named_files(tree) if may_say_something(_content(tree, path)))


def _content(tree: "FileTree", path: str) -> bytes:
    """Return what a file holds; nothing for one that cannot be read, which a run reports."""
    try:
        return tree.read(path)
    except GateError:
        return b""


def _read(tree: "FileTree", path: str) -> "Manifest | None":
    from gate.kubernetes.manifests import read_manifest

    return read_manifest(tree, path)


def _read_host_file(tree: "FileTree", path: str) -> "HostFile | None":
    from gate.kubernetes.docker.host_files import read_host_file

    return read_host_file(tree, path)


def _reason(excluded: Sequence[str]) -> str:
    if excluded:
        return f"no manifest is left by `paths` and `ignore` in gate.yaml, which exclude {len(excluded)} files"
    return "there is no Kubernetes manifest or Compose file"


def _result(
    target: Tree,
    section: KubernetesSettings,
    version: tuple[int, int],
    manifests: "list[Manifest]",
    host_files: "list[HostFile]",
    made: _Rendered,
    errors: list[StageError],
) -> StageResult:
    from gate.kubernetes.fixes import fitting
    from gate.rules.comments import ignored_rules
    from gate.rules.reporting import report

    files: list[Manifest | HostFile] = [*_alone(manifests, made), *host_files]
    texts = {**made.overlays.texts, **made.charts.texts, **{one.path: one.text for one in files}}
    comments = {} if section.no_pragmas else {path: ignored_rules(text) for path, text in texts.items()}
    objects = list(_objects(manifests, made))
    not_asked: dict[str, list[str]] = {}
    found = (*_hits(objects, section, version, not_asked), *_host_hits(host_files))
    hits = (
        (rule, fitting(hit, texts.get(hit.path or "", "")))
        for rule, hit in found
        if hit.path is None or is_selected(hit.path, section.paths, section.ignore)
    )
    reported = report(hits, target.name, section.rules, comments)
    serious, notes = set_apart([*errors, *(error for one in files for error in one.errors), *made.overlays.errors])
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        errors=serious,
        facts=_facts(files, len(objects), made, section, not_asked, notes),
    )


def _alone(manifests: "Iterable[Manifest]", made: _Rendered) -> "list[Manifest]":
    """Return the manifests that neither an overlay nor a chart uses."""
    used = made.overlays.used | made.charts.used
    return [one for one in manifests if one.path not in used]


def _objects(manifests: "Iterable[Manifest]", made: _Rendered) -> "Iterator[RenderedObject]":
    """Yield the objects as they reach the cluster: those of files alone, and what overlays and charts render."""
    from gate.kubernetes.renderers import RenderedObject, rendered_objects

    for manifest in _alone(manifests, made):
        yield from map(RenderedObject, manifest.objects)
    yield from rendered_objects(made.overlays.overlays)
    yield from (RenderedObject(one, is_of_chart=True) for one in made.charts.objects)


def _hits(
    objects: "Sequence[RenderedObject]",
    section: KubernetesSettings,
    version: tuple[int, int],
    not_asked: dict[str, list[str]],
) -> "Iterator[tuple[StageRule, Hit]]":
    from gate.kubernetes.namespaces import namespaces_of
    from gate.kubernetes.renderers import once, once_for_all_overlays
    from gate.kubernetes.roles import powers_of
    from gate.kubernetes.rule import NAMESPACES, POWERS, SECRET_KEEPING
    from gate.kubernetes.secret_keeping import secret_keeping_of
    from gate.rules import ask

    yield from once_for_all_overlays(_hits_on_objects(objects, section, version, not_asked))
    together = [one.rendered for one in objects]
    subjects: dict[RuleScope[Any], Iterable[Any]] = {
        POWERS: powers_of(together),
        NAMESPACES: namespaces_of(together, version),
        SECRET_KEEPING: (secret_keeping_of(together),),
    }
    for scope, asked in subjects.items():
        on_scope = _rules_on(scope, section)
        yield from once(hit for subject in asked for hit in ask(on_scope, subject))


def _rules_on(scope: "RuleScope[Any]", section: KubernetesSettings) -> "list[StageRule]":
    from gate.kubernetes.rules import rules_for

    return [rule for rule in rules_for(section.pod_security) if rule.looks_at is scope]


def _hits_on_objects(
    objects: "Sequence[RenderedObject]",
    section: KubernetesSettings,
    version: tuple[int, int],
    not_asked: dict[str, list[str]],
) -> "Iterator[tuple[StageRule, Hit, tuple[str, ...]]]":
    """Yield the hits on objects and the pods in them, with the overlays that render them.

    `not_asked` gets, by rule, the objects of charts on which it depends on what is unknown.
    """
    from gate.kubernetes.pods import pods_by_shape, pods_of
    from gate.kubernetes.renderers import certain
    from gate.kubernetes.rule import OBJECTS, PODS, WORKLOADS
    from gate.kubernetes.rules import on_what_is_written
    from gate.kubernetes.workloads import workloads_of
    from gate.rules import ask

    together = [one.rendered for one in objects]
    known = {id(one.rendered.value): one for one in objects}
    subjects: list[tuple[list[StageRule], Iterable[tuple[Any, KubernetesObject]]]] = [
        (_rules_on(OBJECTS, section), zip(together, together, strict=True)),
        (_rules_on(PODS, section), ((pod, one) for one in together for pod in pods_of(one, version))),
        (on_what_is_written(), ((pod, one) for one in together for pod in pods_by_shape(one, version))),
        (
            _rules_on(WORKLOADS, section),
            ((one, one.pod.owner) for one in workloads_of(together, version, section.trusted_registries)),
        ),
    ]
    for on_scope, asked in subjects:
        for subject, owner in asked:
            origin = known[id(owner.value)]
            for rule in on_scope:
                hits, is_sure = certain(ask([rule], subject))
                if not is_sure:
                    not_asked.setdefault(rule.id, []).append(owner.path)
                for _, hit in hits:
                    yield rule, _without_edits(hit) if origin.is_of_chart else hit, owner.overlays


def _without_edits(hit: "Hit") -> "Hit":
    """Return a hit at a line of a template, which no fix of YAML can change."""
    import msgspec

    return msgspec.structs.replace(hit, changes=(), edits=(), span=None)


def _host_hits(host_files: "Iterable[HostFile]") -> "Iterator[tuple[StageRule, Hit]]":
    """Yield the hits on Compose files and what they are started on."""
    from gate.kubernetes.docker.hits import once_a_place
    from gate.kubernetes.rule import DOCKER_CONTAINERS, DOCKER_DAEMONS, HOST_FILES
    from gate.kubernetes.rules import all_rules
    from gate.rules import ask

    on_files = [rule for rule in all_rules() if rule.looks_at is HOST_FILES]
    on_containers = [rule for rule in all_rules() if rule.looks_at is DOCKER_CONTAINERS]
    containers = (one for file in host_files for one in file.containers)
    on_daemons = [rule for rule in all_rules() if rule.looks_at is DOCKER_DAEMONS]
    daemons = (one for file in host_files for one in file.daemons)
    yield from (hit for one in daemons for hit in ask(on_daemons, one))
    yield from (hit for file in host_files for hit in ask(on_files, file))
    yield from once_a_place(hit for one in containers for hit in ask(on_containers, one))


def _facts(
    files: "Sequence[Manifest | HostFile]",
    objects: int,
    made: _Rendered,
    section: KubernetesSettings,
    not_asked: dict[str, list[str]],
    notes: Sequence[str],
) -> dict[str, Fact]:
    from gate.kubernetes.docker.host_file import HostFile

    lists = {
        "templates_not_read": sorted(one.path for one in files if one.is_template),
        "not_read": notes,
        "not_rendered": (*made.overlays.not_read, *made.charts.not_read),
        "unknown_in_charts": made.charts.unknown,
        "rendered_by_helm": made.charts.by_helm,
        "rules_not_asked": [f"{rule}: {', '.join(shortened(paths, 3))}" for rule, paths in sorted(not_asked.items())],
    }
    host_files = sum(isinstance(one, HostFile) for one in files)
    return {
        "files": len(files) - host_files + len(made.overlays.used) + len(made.charts.used),
        "objects": objects,
        "overlays": len(made.overlays.overlays),
        "docker_files": host_files,
        "pod_security": f"{section.pod_security}, Kubernetes {section.version}",
        **{name: shortened(texts, _MOST_NAMES) for name, texts in lists.items() if texts},
    }
