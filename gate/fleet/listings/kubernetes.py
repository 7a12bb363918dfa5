"""Pods of a cluster with the Services, Ingresses and routes that lead to them: `kubectl get … -A -o json`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.text import counted
from gate.core.values import value_of
from gate.fleet.listings.document import ListedDocument, ListedWorkloads, digests_in, earliest, time_of
from gate.fleet.listings.pods import ListedPod, ObjectMetadata, OwnerReference
from gate.fleet.running import RunningWorkload
from gate.kubernetes.exposure import ROUTES, PodRoutes
from gate.kubernetes.objects import KubernetesObject, PodTemplate
from gate.model import Exposed

_LEADING = frozenset({"Service", "NetworkPolicy", *ROUTES})
_HASH = "pod-template-hash"


class _Leading(msgspec.Struct, frozen=True):
    metadata: ObjectMetadata
    spec: dict[str, Any] = {}


def is_of(data: Mapping[str, Any]) -> bool:
    """True for an object of a cluster that is no Application of Argo CD."""
    return "kind" in data and "apiVersion" in data and not str(data["apiVersion"]).startswith("argoproj.io/")


def read(documents: Sequence[ListedDocument]) -> ListedWorkloads:
    """Return the images that pods run, each once for a workload."""
    kinds = Counter(str(one.data["kind"]) for one in documents)
    routes = PodRoutes([_leading(one) for one in documents if one.data["kind"] in _LEADING])
    exposures: dict[tuple[object, ...], tuple[Exposed, tuple[str, ...]]] = {}
    found: dict[tuple[str, str, tuple[str, ...]], list[RunningWorkload]] = {}
    for document in documents:
        if document.data["kind"] == "Pod":
            for one in _running(document, routes, exposures):
                found.setdefault((one.where, one.image, one.digests), []).append(one)
    return ListedWorkloads(tuple(map(_joined, found.values())), tuple(_notes(kinds)))


def _running(
    document: ListedDocument, routes: PodRoutes, exposures: dict[tuple[object, ...], tuple[Exposed, tuple[str, ...]]]
) -> Iterator[RunningWorkload]:
    """Yield the images of the containers of a pod, unless it has ended."""
    pod = document.part(ListedPod, "a pod")
    if pod.has_ended:
        return
    owner = _workload(document.path, pod.metadata)
    labels = pod.metadata.labels or {}
    key = (owner.id, frozenset(labels.items()))
    if key not in exposures:
        exposures[key] = routes.exposed(_template(document.path, owner, pod))
    exposed, ways = exposures[key]
    for image, pulled in pod.images():
        yield RunningWorkload(
            where=owner.id,
            image=image.partition("@")[0],
            digests=digests_in(pulled, image),
            since=time_of(pod.status.start_time),
            exposed=exposed,
            ways=() if exposed is Exposed.UNKNOWN else ways,
        )


def _joined(members: Sequence[RunningWorkload]) -> RunningWorkload:
    """Return a workload of its pods: since the oldest, and exposed if one of them is."""
    worst = next((one for one in members if one.exposed is Exposed.YES), None)
    worst = worst or next((one for one in members if one.exposed is Exposed.UNKNOWN), members[0])
    return msgspec.structs.replace(worst, since=earliest(one.since for one in members))


def _workload(path: str, metadata: ObjectMetadata) -> KubernetesObject:
    """Return what made a pod, a Deployment in the place of its ReplicaSet; without an owner, the pod itself."""
    owner = (metadata.owner_references or (OwnerReference("Pod", metadata.name),))[0]
    kind, name = owner.kind, owner.name
    ending = f"-{(metadata.labels or {}).get(_HASH, '')}"
    if kind == "ReplicaSet" and len(ending) > 1 and name.endswith(ending):
        kind, name = "Deployment", name.removesuffix(ending)
    return KubernetesObject(kind, "", name, metadata.namespace, value_of({}, path))


def _template(path: str, owner: KubernetesObject, pod: ListedPod) -> PodTemplate:
    spec = msgspec.to_builtins(msgspec.structs.replace(pod.spec, init_containers=None, ephemeral_containers=None))
    metadata = {"labels": pod.metadata.labels or {}}
    return PodTemplate(owner, value_of(spec, path), "spec", value_of(metadata, path))


def _leading(document: ListedDocument) -> KubernetesObject:
    kind, (group, slash, _) = str(document.data["kind"]), str(document.data["apiVersion"]).partition("/")
    one = document.part(_Leading, f"an object of kind {kind[:40]}")
    annotations = {"annotations": one.metadata.annotations or {}}
    value = value_of({"metadata": annotations, "spec": one.spec}, document.path)
    return KubernetesObject(kind, group if slash else "", one.metadata.name, one.metadata.namespace, value)


def _notes(kinds: Mapping[str, int]) -> Iterator[str]:
    yield f"Kubernetes: {counted(kinds.get('Pod', 0), 'pod')}, {_number(kinds, ('Service',))} Services"
    if not kinds.get("Pod"):
        yield "no pods are listed, so nothing is known to run: kubectl get pods,services,ingresses -A -o json"
    if not _number(kinds, ROUTES):
        yield "no Ingresses or routes are listed, so what they expose is unknown"


def _number(kinds: Mapping[str, int], wanted: Iterable[str]) -> int:
    return sum(kinds.get(kind, 0) for kind in wanted)
