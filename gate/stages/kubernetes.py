"""The kubernetes stage: manifests of workloads, judged by the Pod Security Standards."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gate.context import Context
from gate.core.errors import ConfigError, GateError, as_stage_error
from gate.core.path_patterns import is_selected
from gate.declarations.kubernetes import KUBERNETES, NEWEST, KubernetesSettings
from gate.model import Fact, RuleDescription, StageError, StageResult, Tree
from gate.settings import Settings
from gate.stages.base import result_of

if TYPE_CHECKING:
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
    errors: list[StageError] = []
    excluded: list[str] = []
    for path in sorted(entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE and _may_be(entry.path)):
        if not is_selected(path, section.paths, section.ignore):
            excluded.append(path)
            continue
        try:
            found = _read(tree, path)
        except GateError as error:
            errors.append(as_stage_error(error, path))
            continue
        manifests += [found] if found else []
    if not (manifests or errors):
        return result_of(STAGE, target, skipped=_reason(excluded))
    return _result(target, section, version, manifests, errors)


def _version(section: KubernetesSettings) -> tuple[int, int]:
    found = _VERSION.fullmatch(section.version)
    if found is None or int(found[1]) > int(NEWEST.partition(".")[2]):
        hint = f"Write it as in {NEWEST}, the newest whose standards are known"
        raise ConfigError(f"stages.kubernetes.version: {section.version} is no known version of Kubernetes", hint=hint)
    return 1, int(found[1])


def manifests_among(tree: "FileTree") -> tuple[str, ...]:
    """Return the files of a tree that are manifests by a first look, and templates of them, sorted."""
    from gate.kubernetes.manifests import may_hold_objects
    from gate.trees import EntryKind

    named = sorted(entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE and _may_be(entry.path))
    return tuple(path for path in named if may_hold_objects(_content(tree, path), path))


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


def _reason(excluded: Sequence[str]) -> str:
    if excluded:
        return f"no manifest is left by `paths` and `ignore` in gate.yaml, which exclude {len(excluded)} files"
    return "there is no Kubernetes manifest"


def _result(
    target: Tree,
    section: KubernetesSettings,
    version: tuple[int, int],
    manifests: "list[Manifest]",
    errors: list[StageError],
) -> StageResult:
    from gate.rules.comments import ignored_rules
    from gate.rules.reporting import report

    comments = {} if section.no_pragmas else {one.path: ignored_rules(one.text) for one in manifests}
    reported = report(_hits(manifests, section, version), target.name, section.rules, comments)
    return result_of(
        STAGE,
        target,
        findings=reported.findings,
        silenced=reported.silenced,
        errors=(*errors, *(error for one in manifests for error in one.errors)),
        facts=_facts(manifests, section),
    )


def _hits(
    manifests: "Iterable[Manifest]", section: KubernetesSettings, version: tuple[int, int]
) -> "Iterator[tuple[StageRule, Hit]]":
    from gate.kubernetes.namespaces import namespaces_of
    from gate.kubernetes.pods import pods_of
    from gate.kubernetes.roles import powers_of
    from gate.kubernetes.rule import NAMESPACES, OBJECTS, PODS, POWERS
    from gate.kubernetes.rules import rules_for
    from gate.rules import ask

    rules = rules_for(section.pod_security)
    objects = [one for manifest in manifests for one in manifest.objects]
    subjects = {
        OBJECTS: objects,
        PODS: (pod for one in objects for pod in pods_of(one, version)),
        POWERS: powers_of(objects),
        NAMESPACES: namespaces_of(objects, version),
    }
    for scope, asked in subjects.items():
        on_scope = [rule for rule in rules if rule.looks_at is scope]
        for subject in asked:
            yield from ask(on_scope, subject)


def _facts(manifests: "list[Manifest]", section: KubernetesSettings) -> dict[str, Fact]:
    templates = [one.path for one in manifests if one.is_template]
    shown = templates[:_MOST_NAMES]
    if len(templates) > len(shown):
        shown.append(f"and {len(templates) - len(shown)} more")
    return {
        "files": len(manifests),
        "objects": sum(len(one.objects) for one in manifests),
        "pod_security": f"{section.pod_security}, Kubernetes {section.version}",
        **({"templates_not_read": shown} if shown else {}),
    }
