"""Pods of a cluster with the Services, Ingresses and routes that lead to them: `kubectl get … -A -o json`.

A pod states the digest that its node pulled (`status.containerStatuses[].imageID`, Kubernetes API v1): that of the
manifest or of the index of several platforms, by the runtime.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.text import counted
from gate.core.values import value_of
from gate.fleet.listings.document import ListedDocument, ListedWorkloads, digests_in, earliest, time_of
from gate.fleet.running import RunningWorkload
from gate.kubernetes.exposure import ROUTES, PodRoutes
from gate.kubernetes.objects import KubernetesObject, PodTemplate
from gate.model import Exposed

_ENDED = ("Succeeded", "Failed")
_LEADING = frozenset({"Service", "NetworkPolicy", *ROUTES})
_HASH = "pod-template-hash"


class _Owner(msgspec.Struct, frozen=True):
    kind: str
    name: str


class _Metadata(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    namespace: str = ""
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: tuple[_Owner, ...] | None = None


class _PodContainer(msgspec.Struct, frozen=True):
    name: str
    image: str = ""
    ports: list[dict[str, Any]] | None = None


class _PodSpec(msgspec.Struct, frozen=True, rename="camel"):
    containers: tuple[_PodContainer, ...] = ()
    init_containers: tuple[_PodContainer, ...] | None = None
    host_network: bool = False


class _ContainerStatus(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    image_id: str = msgspec.field(name="imageID", default="")


class _PodStatus(msgspec.Struct, frozen=True, rename="camel"):
    phase: str = ""
    start_time: str | None = None
    container_statuses: tuple[_ContainerStatus, ...] | None = None
    init_container_statuses: tuple[_ContainerStatus, ...] | None = None


class _Pod(msgspec.Struct, frozen=True):
    metadata: _Metadata
    spec: _PodSpec
    status: _PodStatus = _PodStatus()


class _Leading(msgspec.Struct, frozen=True):
    metadata: _Metadata
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
    pod = document.part(_Pod, "a pod")
    if pod.status.phase in _ENDED:
        return
    owner = _workload(document.path, pod.metadata)
    labels = pod.metadata.labels or {}
    key = (owner.id, frozenset(labels.items()))
    if key not in exposures:
        exposures[key] = routes.exposed(_template(document.path, owner, pod))
    exposed, ways = exposures[key]
    statuses = (*(pod.status.container_statuses or ()), *(pod.status.init_container_statuses or ()))
    pulled = {one.name: one.image_id for one in statuses}
    for container in (*pod.spec.containers, *(pod.spec.init_containers or ())):
        yield RunningWorkload(
            where=owner.id,
            image=container.image.partition("@")[0],
            digests=digests_in(pulled.get(container.name, ""), container.image),
            since=time_of(pod.status.start_time),
            exposed=exposed,
            ways=() if exposed is Exposed.UNKNOWN else ways,
        )


def _joined(members: Sequence[RunningWorkload]) -> RunningWorkload:
    """Return a workload of its pods: since the oldest, and exposed if one of them is."""
    worst = next((one for one in members if one.exposed is Exposed.YES), None)
    worst = worst or next((one for one in members if one.exposed is Exposed.UNKNOWN), members[0])
    return msgspec.structs.replace(worst, since=earliest(one.since for one in members))


def _workload(path: str, metadata: _Metadata) -> KubernetesObject:
    """Return what made a pod, a Deployment in the place of its ReplicaSet; without an owner, the pod itself."""
    owner = (metadata.owner_references or (_Owner("Pod", metadata.name),))[0]
    kind, name = owner.kind, owner.name
    ending = f"-{(metadata.labels or {}).get(_HASH, '')}"
    if kind == "ReplicaSet" and len(ending) > 1 and name.endswith(ending):
        kind, name = "Deployment", name.removesuffix(ending)
    return KubernetesObject(kind, "", name, metadata.namespace, value_of({}, path))


def _template(path: str, owner: KubernetesObject, pod: _Pod) -> PodTemplate:
    spec = msgspec.to_builtins(msgspec.structs.replace(pod.spec, init_containers=None))
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
