"""The kubernetes stage: manifests of workloads, judged by the Pod Security Standards, and Compose files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gate.context import Context
from gate.core.errors import ConfigError, GateError, as_stage_error
from gate.core.path_patterns import is_selected
from gate.declarations.kubernetes import KUBERNETES, NEWEST, KubernetesSettings
from gate.model import Fact, RuleDescription, StageError, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of, shortened

if TYPE_CHECKING:
    from gate.kubernetes.docker.host_file import HostFile
    from gate.kubernetes.manifests import Manifest
    from gate.rules import Hit, StageRule
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


def run(target: Tree, context: Context) -> StageResult:
    """Judge every manifest; one that cannot be read is an error of the result."""
    from gate.trees import EntryKind, open_tree

    section = context.settings.of(KUBERNETES)
    version = _version(section)
    tree = open_tree(target)
    manifests: list[Manifest] = []
    host_files: list[HostFile] = []
    errors: list[StageError] = []
    excluded: list[str] = []
    for path in sorted(entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE and _may_be(entry.path)):
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
    if not (manifests or host_files or errors):
        return result_of(STAGE, target, skipped=_reason(excluded))
    return _result(target, section, version, manifests, host_files, errors)


def _version(section: KubernetesSettings) -> tuple[int, int]:
    found = _VERSION.fullmatch(section.version)
    if found is None or int(found[1]) > int(NEWEST.partition(".")[2]):
        hint = f"Write it as in {NEWEST}, the newest whose standards are known"
        raise ConfigError(f"stages.kubernetes.version: {section.version} is no known version of Kubernetes", hint=hint)
    return 1, int(found[1])


def manifests_among(tree: "FileTree") -> tuple[str, ...]:
    """Return the files of a tree that are manifests or Compose files by a first look, templates included, sorted."""
    from gate.kubernetes.docker.compose import may_be_compose
    from gate.kubernetes.manifests import may_hold_objects
    from gate.trees import EntryKind

    named = sorted(entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE and _may_be(entry.path))

    def is_one(path: str) -> bool:
        content = _content(tree, path)
        return may_hold_objects(content, path) or may_be_compose(content)

    return tuple(path for path in named if is_one(path))


def _content(tree: "FileTree", path: str) -> bytes:
    """Return what a file holds; nothing for one that cannot be read, which a run reports."""
    try:
        return tree.read(path)
    except GateError:
        return b""


def _may_be(path: str) -> bool:
    return path.endswith((".yaml", ".yml", ".json"))


def _read(tree: "FileTree", path: str) -> "Manifest | None":
    from gate.kubernetes.manifests import read_manifest

    return read_manifest(tree, path)


def _read_host_file(tree: "FileTree", path: str) -> "HostFile | None":
    from gate.kubernetes.docker.compose import read_compose_services

    return read_compose_services(tree, path)


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
    errors: list[StageError],
) -> StageResult:
    from gate.rules.comments import ignored_rules
    from gate.rules.reporting import report

    files: list[Manifest | HostFile] = [*manifests, *host_files]
    comments = {} if section.no_pragmas else {one.path: ignored_rules(one.text) for one in files}
    hits = (*_hits(manifests, section, version), *_host_hits(host_files))
    reported = report(hits, target.name, section.rules, comments)
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        errors=(*errors, *(error for one in files for error in one.errors)),
        facts=_facts(manifests, host_files, section),
    )


def _hits(
    manifests: "Iterable[Manifest]", section: KubernetesSettings, version: tuple[int, int]
) -> "Iterator[tuple[StageRule, Hit]]":
    from gate.kubernetes.namespaces import namespaces_of
    from gate.kubernetes.pods import pods_of
    from gate.kubernetes.roles import powers_of
    from gate.kubernetes.rule import NAMESPACES, OBJECTS, PODS, POWERS, WORKLOADS
    from gate.kubernetes.rules import rules_for
    from gate.kubernetes.workloads import workloads_of
    from gate.rules import ask

    rules = rules_for(section.pod_security)
    objects = [one for manifest in manifests for one in manifest.objects]
    subjects = {
        OBJECTS: objects,
        PODS: (pod for one in objects for pod in pods_of(one, version)),
        WORKLOADS: workloads_of(objects, version, section.trusted_registries),
        POWERS: powers_of(objects),
        NAMESPACES: namespaces_of(objects, version),
    }
    for scope, asked in subjects.items():
        on_scope = [rule for rule in rules if rule.looks_at is scope]
        for subject in asked:
            yield from ask(on_scope, subject)


def _host_hits(host_files: "Iterable[HostFile]") -> "Iterator[tuple[StageRule, Hit]]":
    """Yield the hits on Compose files and what they are started on."""
    from gate.kubernetes.docker.hits import once_a_place
    from gate.kubernetes.rule import DOCKER_CONTAINERS, HOST_FILES
    from gate.kubernetes.rules import all_rules
    from gate.rules import ask

    on_files = [rule for rule in all_rules() if rule.looks_at is HOST_FILES]
    on_containers = [rule for rule in all_rules() if rule.looks_at is DOCKER_CONTAINERS]
    containers = (one for file in host_files for one in file.containers)
    yield from (hit for file in host_files for hit in ask(on_files, file))
    yield from once_a_place(hit for one in containers for hit in ask(on_containers, one))


def _facts(manifests: "list[Manifest]", host_files: "list[HostFile]", section: KubernetesSettings) -> dict[str, Fact]:
    files: list[Manifest | HostFile] = [*manifests, *host_files]
    templates = sorted(one.path for one in files if one.is_template)
    shown = shortened(templates, _MOST_NAMES)
    return {
        "files": len(manifests),
        "objects": sum(len(one.objects) for one in manifests),
        "compose_files": len(host_files),
        "pod_security": f"{section.pod_security}, Kubernetes {section.version}",
        **({"templates_not_read": shown} if shown else {}),
    }
