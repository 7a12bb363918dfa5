"""Tekton: Pipelines, Tasks, runs and triggers, in folders and files that are called so, or after what they hold.

Sources: the API of Tekton Pipelines (v1, v1beta1) and Triggers, and the annotations of Pipelines as Code. What a
resolver fetches (git, hub, bundles) is named, never fetched.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from gate.ci.definitions import MAX_SIZE, first_line, judged, read_definitions
from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.references import image_of, image_party, is_commit
from gate.ci.rules.tekton import TEKTON
from gate.ci.steps import TektonResource
from gate.ci.tekton_events import texts_of_events
from gate.core.errors import GateError
from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_vendored_path
from gate.core.values import Value
from gate.trees import FileTree

_API = ("tekton.dev/", "triggers.tekton.dev/")
_API_LINE = re.compile(rb"(?m)^apiVersion:\s*[\"']?(?:triggers\.)?tekton\.dev/")
_STEPS = ("steps", "sidecars")
_AS_CODE = "pipelinesascode.tekton.dev/task"


_NAMED = "tekton"
_KIND = r"pipeline|task|step-?action|event-?listener|trigger(?:-?(?:binding|template))?"
_KINDS = lazy_regex(rf"(?i)(?:^|[/_.-])(?:{_KIND})(?:-?run)?s?[/_.-]")
"""Words of paths that may hold resources of Tekton, as their content says."""


def is_definition(path: str) -> bool:
    """True for YAML with Tekton in its path; with the name of a kind of its resources, the content decides."""
    is_named = path.endswith((".yml", ".yaml")) and (_NAMED in path.lower() or _KINDS.search(path) is not None)
    return is_named and not is_vendored_path(path)


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the resources and ask the rules; resources of other APIs are left out, and so are their templates."""
    reading = read_definitions(tree, [path for path in paths if _NAMED in path.lower() or _holds_resource(tree, path)])
    resources = [one for one in reading.documents if one.text("apiVersion").startswith(_API)]
    texts = texts_of_events(resources)
    pipelines = (_pipeline(one, texts) for one in resources)
    return judged(reading, pipelines, TEKTON, len({one.path for one in resources}))


def _holds_resource(tree: FileTree, path: str) -> bool:
    """True for a file with an API of Tekton's; one that is too large, or cannot be read, is of another program."""
    try:
        return _API_LINE.search(tree.read(path, MAX_SIZE)) is not None
    except GateError:
        return False


def _pipeline(root: Value, texts: Mapping[int, Mapping[str, str]]) -> TektonResource:
    parties = (*_images(root), *_resolved(root), *_annotated(root))
    fetched = [party for party in parties if party.kind == "include"]
    return TektonResource(
        root=root,
        tasks=tuple((value, texts[id(value)]) for value in root.walk() if id(value) in texts),
        scripts=tuple(_scripts(root)),
        parties=parties,
        not_resolved=tuple(f"{one.path}:{one.line}: {one.name}" for one in fetched),
    )


def steps(root: Value) -> Iterator[Value]:
    """Yield the steps and sidecars of a resource, wherever its spec holds them."""
    for value in root.walk():
        for key in _STEPS:
            listed = value.get(key)
            yield from listed.elements() if listed else ()
    if root.text("kind") == "StepAction" and root.get("spec") is not None:
        yield root.get("spec") or root


def _scripts(root: Value) -> Iterator[JobScript]:
    name = root.text("metadata", "name") or root.text("metadata", "generateName") or root.text("kind")
    for step in steps(root):
        script = step.get("script")
        if script is not None and script.text():
            yield JobScript(name=name, script=script.text(), path=script.path, line=first_line(script))
        for key in ("command", "args"):
            listed = step.get(key)
            shell = [one for one in (listed.elements() if listed else ()) if "\n" in one.text() or " " in one.text()]
            for one in shell:
                yield JobScript(name=name, script=one.text(), path=one.path, line=first_line(one))


def _images(root: Value) -> Iterator[PipelineParty]:
    for step in steps(root):
        image = step.get("image")
        receives = ("code", "secrets") if _has_secrets(step) else ("code",)
        party = image_party(image, receives) if image is not None else None
        if party:
            yield party


def _has_secrets(step: Value) -> bool:
    return any(one.get("secretKeyRef") is not None or one.get("secretRef") is not None for one in step.walk())


def _resolved(root: Value) -> Iterator[PipelineParty]:
    """Yield the tasks and pipelines that a resolver fetches, and those in bundles."""
    for value in root.walk():
        reference = value.get("taskRef") or value.get("pipelineRef") or value.get("ref")
        if reference is None or not isinstance(reference.data, dict):
            continue
        listed = reference.get("params") or reference.get("resource")
        params = {one.text("name"): one.text("value") for one in (listed.elements() if listed else ())}
        bundle = reference.text("bundle") or params.get("bundle", "")
        found = _bundle(reference, bundle) if bundle else _fetched(reference, params)
        if found is not None:
            yield found


def _bundle(reference: Value, bundle: str) -> PipelineParty:
    image = image_of(bundle)
    return _include(reference, image.name, image.reference, image.is_pinned, image.owner)


def _fetched(reference: Value, params: Mapping[str, str]) -> PipelineParty | None:
    resolver = reference.text("resolver")
    if resolver == "git":
        name = params.get("url") or f"{params.get('org', '')}/{params.get('repo', '')}"
        revision = params.get("revision", "")
        return _include(reference, name, revision, is_commit(revision), name.rstrip("/").rpartition("/")[0])
    if resolver == "http":
        return _include(reference, params.get("url", ""), "", False, params.get("url", "").partition("://")[2])
    if resolver == "hub":
        name = f"{params.get('kind', 'task')}/{params.get('name', '')}"
        return _include(reference, f"hub:{name}", params.get("version", ""), False, params.get("catalog", "tekton"))
    return None


def _include(place: Value, name: str, reference: str, is_pinned: bool, owner: str) -> PipelineParty:
    return PipelineParty(
        kind="include",
        name=name,
        reference=reference,
        is_pinned=is_pinned,
        receives=("code",),
        owner=owner,
        path=place.path,
        line=place.line,
    )


def _annotated(root: Value) -> Iterator[PipelineParty]:
    """Yield what the annotations of Pipelines as Code fetch: names of the hub, and addresses."""
    annotations = root.get("metadata", "annotations")
    for key, value in annotations.items() if annotations else ():
        if key.startswith(_AS_CODE):
            for name in value.text().strip("[]").split(","):
                bare, _, version = name.strip().strip("\"'").partition(":")
                if "://" in name:
                    bare, version = name.strip().strip("\"'"), _revision(name)
                if bare and not bare.startswith((".", "/")) and (":" in name or "/" not in bare):
                    yield _include(value, bare, version, is_commit(version), "tekton")


def _revision(address: str) -> str:
    """Return the part of an address that is a commit, a tag or a branch, where it is one of a known form."""
    parts = address.split("/")
    places = [number for number, part in enumerate(parts) if part in ("raw", "blob")]
    if "raw.githubusercontent.com" in parts and len(parts) > 5:
        return parts[5]
    return parts[places[0] + 1] if places and places[0] + 1 < len(parts) else ""
