"""What the overlays of a repository render, as `kubectl kustomize` does.

Facts: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/. What lies outside of the tree is never
fetched: it is listed, and patches for it are left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import msgspec

from gate.core.errors import ConfigError, GateError, LimitError, as_stage_error
from gate.core.source_text import text_of
from gate.core.values import Value
from gate.core.yaml_values import read_values
from gate.kubernetes.kustomize import generators, json_patch, transformers
from gate.kubernetes.kustomize.kustomization import (
    Kustomization,
    is_kustomization,
    is_remote,
    local_path,
    read_kustomization,
)
from gate.kubernetes.kustomize.replacements import replaced
from gate.kubernetes.kustomize.resources import KustomizeResource, of_identity, resource_of, selector_of
from gate.kubernetes.kustomize.strategic_merge import merged
from gate.kubernetes.manifests import Manifest, read_manifest
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.value_edits import scalar_at, with_data
from gate.model import StageError
from gate.trees import FileTree

MAX_RESOURCES = 50_000
"""Objects that all kustomizations of a tree render at most."""
_IDENTITY = ("apiVersion", "kind")
_NAMED = ("name", "namespace")
_SELECTOR = frozenset({"selector", "template"})
_TEMPLATE = frozenset({"template"})


class Overlay(msgspec.Struct, frozen=True):
    """What a kustomization renders that no other one builds upon."""

    path: str
    objects: tuple[KubernetesObject, ...]


class Rendering(msgspec.Struct, frozen=True):
    """What the kustomizations of a tree render."""

    overlays: tuple[Overlay, ...] = ()
    used: frozenset[str] = frozenset()
    """Files that are resources or patches of them."""
    texts: Mapping[str, str] = {}
    """By path, the kustomizations and patches that were read."""
    errors: tuple[StageError, ...] = ()
    not_read: tuple[str, ...] = ()
    """What they name and is not here, and what of them is not applied."""


def rendered(tree: FileTree, paths: Iterable[str], manifests: Mapping[str, Manifest]) -> Rendering:
    """Return what the kustomizations at `paths` render; `manifests` are the files that were read already."""
    renderer = _Renderer(tree, manifests)
    known = [path for path in sorted(paths) if renderer.kustomization(path) is not None]
    built_upon = {base for path in known for base in renderer.bases(path)}
    roots = [path for path in known if path not in built_upon and not renderer.is_component(path)]
    overlays = [renderer.overlay(path) for path in roots]
    # What only a circle leads to has no root; the first of it is rendered, which says so.
    rest = [path for path in known if not renderer.was_rendered(path) and not renderer.is_component(path)]
    overlays += [renderer.overlay(path) for path in rest[:1]]
    return renderer.result(overlays)


class _Renderer:
    """Renders each kustomization once, and collects what was read and what was not."""

    def __init__(self, tree: FileTree, manifests: Mapping[str, Manifest]) -> None:
        self._tree = tree
        self._manifests = dict[str, Manifest | None](manifests)
        self._kustomizations: dict[str, Kustomization | None] = {}
        self._done: dict[str, list[KustomizeResource]] = {}
        self._open: list[str] = []
        self._partial: set[str] = set()
        self._used: set[str] = set()
        self._texts: dict[str, str] = {}
        self._errors: dict[StageError, None] = {}
        self._not_read: dict[str, None] = {}
        self._count = 0

    def kustomization(self, path: str) -> Kustomization | None:
        """Return what a file says; None, with an error, if it cannot be read."""
        if path not in self._kustomizations:
            self._kustomizations[path] = None
            try:
                found = read_kustomization(self._tree, path)
            except GateError as error:
                self._say(error, path)
                return None
            self._kustomizations[path] = found
            if found is not None:
                self._texts[path] = found.text
        return self._kustomizations[path]

    def is_component(self, path: str) -> bool:
        found = self.kustomization(path)
        return found is not None and found.is_component

    def was_rendered(self, path: str) -> bool:
        return path in self._done

    def bases(self, path: str) -> Iterator[str]:
        """Yield the kustomizations that one builds upon."""
        found = self.kustomization(path)
        named = [*found.resources(), *found.named("components")] if found else []
        for one in named:
            try:
                base = local_path(self._tree, found.folder if found else "", one)
            except GateError:
                continue
            if is_kustomization(base) and base != path:
                yield base

    def overlay(self, path: str) -> Overlay:
        """Render a kustomization that stands alone."""
        return Overlay(path, tuple(one.rendered() for one in self._resources(path)))

    def result(self, overlays: Iterable[Overlay]) -> Rendering:
        """Return the overlays with all that was collected."""
        return Rendering(
            tuple(overlays), frozenset(self._used), self._texts, tuple(self._errors), tuple(sorted(self._not_read))
        )

    def _say(self, error: GateError, path: str) -> None:
        self._errors[as_stage_error(error, path)] = None
        self._partial.update(self._open)

    def _leave_out(self, path: str, what: str) -> None:
        self._not_read[f"{path}: {what}"] = None
        self._partial.update(self._open)

    def _resources(self, path: str) -> list[KustomizeResource]:
        """Return what a kustomization renders. Raises ConfigError for a circle."""
        if path in self._open:
            circle = " → ".join([*self._open[self._open.index(path) :], path])
            raise ConfigError(f"kustomizations build upon each other in a circle: {circle}", path=path)
        if path not in self._done:
            self._done[path] = []
            self._open.append(path)
            found = self.kustomization(path)
            self._done[path] = self._built(found, []) if found else []
            self._open.pop()
        if path in self._partial:
            self._partial.update(self._open)
        return self._done[path]

    def _built(self, one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
        """Return `resources` with those of a kustomization, all changed as it says."""
        for named in one.resources():
            resources = self._with_named(one, named, resources)
        for named in one.named("components"):
            resources = self._with_component(one, named, resources)
        for key in one.not_applied():
            self._leave_out(one.path, f"{key} is not applied")
        resources = self._with_generated(one, resources)
        for change in (
            self._patched_by_files,
            self._patched,
            _placed,
            _labelled,
            self._patched_by_pointers,
            self._finished,
        ):
            try:
                resources = change(one, resources)
            except GateError as error:
                self._say(error, one.path)
        return [resource.settled() for resource in resources]

    def _with_named(
        self, one: Kustomization, named: Value, resources: list[KustomizeResource]
    ) -> list[KustomizeResource]:
        """Add what a path in `resources` means."""
        if is_remote(self._tree, one.folder, named):
            self._leave_out(f"{one.path}:{named.line}", f"{named.text()} is remote")
            return resources
        try:
            path = local_path(self._tree, one.folder, named)
            found = self._resources(path) if is_kustomization(path) else self._of_file(path)
            return self._joined(resources, found, named)
        except GateError as error:
            self._say(error, one.path)
            return resources

    def _of_file(self, path: str) -> list[KustomizeResource]:
        self._used.add(path)
        if path not in self._manifests:
            self._manifests[path] = read_manifest(self._tree, path)
        manifest = self._manifests[path]
        if manifest is None:
            return []
        if manifest.is_template:
            self._leave_out(path, "is a template")
        if manifest.is_template or manifest.errors:
            self._partial.update(self._open)
        self._texts[path] = manifest.text
        return [resource_of(found) for found in manifest.objects]

    def _joined(
        self, resources: list[KustomizeResource], further: list[KustomizeResource], named: Value
    ) -> list[KustomizeResource]:
        """Add resources to others. Raises ConfigError for two of one name, as Kustomize does, and LimitError."""
        known = {(one.group, one.kind, *one.name) for one in resources}
        for one in further:
            if one.name[1] and (one.group, one.kind, *one.name) in known:
                what = "/".join(filter(None, (one.kind, *one.name)))
                hint = "Kustomize refuses it; remove one of the two"
                raise ConfigError(f"{named.text()} brings {what} again", path=f"{named.path}:{named.line}", hint=hint)
        self._count += len(further)
        if self._count > MAX_RESOURCES:
            raise LimitError(f"kustomizations render more than {MAX_RESOURCES:,} objects", path=named.path)
        return [*resources, *further]

    def _with_component(
        self, one: Kustomization, named: Value, resources: list[KustomizeResource]
    ) -> list[KustomizeResource]:
        if is_remote(self._tree, one.folder, named):
            self._leave_out(f"{one.path}:{named.line}", f"{named.text()} is remote")
            return resources
        try:
            path = local_path(self._tree, one.folder, named)
            component = self.kustomization(path) if is_kustomization(path) else None
            if component is None or path in self._open:
                raise ConfigError(f"{named.text()} is no component", path=f"{named.path}:{named.line}")
            self._open.append(path)
            try:
                return self._built(component, resources)
            finally:
                self._open.pop()
        except GateError as error:
            self._say(error, one.path)
            return resources

    def _with_generated(self, one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
        for key, (kind, field) in generators.GENERATORS.items():
            for entry in one.entries(key):
                for named in generators.files_of(entry):
                    self._look_for(one, named)
                made = generators.generated(entry, kind, field, partial(self._variables, one))
                resources = generators.joined(resources, made, entry.text("behavior"), field)
        return resources

    def _look_for(self, one: Kustomization, named: Value) -> None:
        """Say of a file that a generator reads whether it is in the repository; secrets often are not."""
        try:
            local_path(self._tree, one.folder, named)
        except GateError:
            self._not_read[f"{named.path}:{named.line}: {named.text()} is not in the repository"] = None

    def _variables(self, one: Kustomization, named: str) -> list[Value]:
        """Return the lines of a file of variables; none if it is not in the repository."""
        try:
            path = local_path(self._tree, one.folder, scalar_at(one.value, named))
            text = text_of(self._tree.read(path), path)
        except GateError:
            return []
        return [
            Value(line.strip(), path, number)
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.lstrip().startswith("#")
        ]

    def _documents(self, one: Kustomization, path: Value | None, inline: Value | None) -> list[Value]:
        """Return the documents of a patch. Raises GateError."""
        if inline is not None:
            return one.inline(inline)
        if path is None or is_remote(self._tree, one.folder, path):
            if path is not None:
                self._leave_out(f"{path.path}:{path.line}", f"{path.text()} is remote")
            return []
        found = local_path(self._tree, one.folder, path)
        self._used.add(found)
        text = text_of(self._tree.read(found), found)
        self._texts[found] = text
        return read_values(text, found, is_yaml_1_1=True)

    def _patched_by_files(self, one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
        for entry in one.entries("patchesStrategicMerge"):
            is_inline = "\n" in entry.text() or isinstance(entry.data, dict)
            for document in self._documents(one, *((None, entry) if is_inline else (entry, None))):
                resources = self._with_patch(one, resources, document, None)
        return resources

    def _patched(self, one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
        return self._patched_by(one, resources, "patches")

    def _patched_by_pointers(self, one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
        return self._patched_by(one, resources, "patchesJson6902")

    def _patched_by(self, one: Kustomization, resources: list[KustomizeResource], key: str) -> list[KustomizeResource]:
        for entry in one.entries(key):
            for document in self._documents(one, entry.get("path"), entry.get("patch")):
                resources = self._with_patch(one, resources, document, entry.get("target"))
        return resources

    def _finished(self, one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
        """Change images, and copy values from one resource into others."""
        for image in one.entries("images"):
            resources = transformers.with_image(resources, image)
        for entry in one.entries("replacements"):
            path = entry.get("path")
            documents = self._documents(one, path, None) if path is not None else [entry]
            for document in documents:
                for replacement in document.elements():
                    resources = replaced(resources, replacement)
        return resources

    def _with_patch(
        self, one: Kustomization, resources: list[KustomizeResource], patch: Value, target: Value | None
    ) -> list[KustomizeResource]:
        """Apply a patch to what it is for. Raises ConfigError if that is nothing, where all is known."""
        if target is not None:
            selector = selector_of(target)
            selected = [resource for resource in resources if selector.selects(resource)]
        else:
            selected = of_identity(patch, resources)
        if not selected and target is None and one.path not in self._partial:
            what = f"{patch.text('kind')}/{patch.text('metadata', 'name')}"
            raise ConfigError(f"the patch is for {what}, which is no resource", path=f"{patch.path}:{patch.line}")
        if isinstance(patch.data, list) or patch.get("op") is not None:
            changes = {id(old): old.with_value(json_patch.patched(old.value, patch)) for old in selected}
            return [changes.get(id(old), old) for old in resources]
        chosen = {id(old) for old in selected}
        made = [_merged(old, patch) if id(old) in chosen else old for old in resources]
        return [new for new in made if new is not None]


def _merged(resource: KustomizeResource, patch: Value) -> KustomizeResource | None:
    """Return a resource after a strategic merge patch, which changes neither kind nor name; None if it is deleted."""
    metadata = patch.get("metadata")
    body = {key: value for key, value in patch.items() if key not in _IDENTITY}
    if metadata is not None:
        body["metadata"] = with_data(metadata, {key: one for key, one in metadata.items() if key not in _NAMED})
    new = merged(resource.value, with_data(patch, body))
    return None if new is None else resource.with_value(new)


def _placed(one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
    namespace = one.value.get("namespace")
    if namespace is not None and namespace.text():
        resources = transformers.with_namespace(resources, namespace)
    prefix, suffix = one.value.text("namePrefix"), one.value.text("nameSuffix")
    return transformers.with_affixes(resources, prefix, suffix) if prefix or suffix else resources


def _labelled(one: Kustomization, resources: list[KustomizeResource]) -> list[KustomizeResource]:
    common = one.value.get("commonLabels")
    if common is not None:
        resources = transformers.with_labels(resources, dict(common.items()), _SELECTOR)
    for entry in one.entries("labels"):
        pairs = entry.get("pairs")
        purposes = _TEMPLATE if entry.text("includeTemplates") == "true" else frozenset[str]()
        if entry.text("includeSelectors") == "true":
            purposes = _SELECTOR
        resources = transformers.with_labels(resources, dict(pairs.items()) if pairs else {}, purposes)
    annotations = one.value.get("commonAnnotations")
    return transformers.with_annotations(resources, dict(annotations.items())) if annotations else resources
