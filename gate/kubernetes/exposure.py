"""How far from outside a workload can be reached: from an Ingress or a port of the node down to the pod.

What leads to a workload can stand in another repository. So `no` is said only where a file itself keeps the outside
out: a network policy that lets in nothing, or only pods of the same namespace, and a Compose file that opens no port.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gate.core.values import Value
from gate.core.word_lists import word_lists
from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.objects import KubernetesObject, PodTemplate
from gate.kubernetes.pods import pods_of
from gate.kubernetes.unknown import UnknownValue, looks
from gate.model import Exposed, ImageRun

_WORDS = word_lists(__file__)
ROUTES = frozenset(_WORDS["routes"])
"""Kinds of objects that pass requests from outside to Services."""
_TUNNELS = frozenset(_WORDS["tunnels"])
_OPEN_TYPES = ("LoadBalancer", "NodePort")
_INTERNAL = "internal"
_ARROW = " → "
_LABELS_OF_PROXIES = ("traefik.http.routers.", "traefik.tcp.routers.", "caddy")
_VARIABLES_OF_PROXIES = ("VIRTUAL_HOST", "LETSENCRYPT_HOST")


def runs_of(objects: Sequence[KubernetesObject], host_files: Iterable[HostFile]) -> Iterator[ImageRun]:
    """Yield each container that files run, with its image and how exposed the workload is."""
    routes = PodRoutes(objects)
    for one in objects:
        for pod in pods_of(one, (1, 0)):
            exposed, evidence = _surely(routes, pod)
            for container in pod.containers():
                image = container.value.get("image")
                if image is not None and image.text() and not isinstance(image, UnknownValue):
                    yield ImageRun(image.text(), one.id, _place(image), exposed, evidence)
    for file in host_files:
        for service in file.containers:
            image = service.value.get("image")
            if service.image and image is not None:
                exposed, evidence = _of_service(service, file)
                yield ImageRun(service.image, service.id, _place(image), exposed, evidence)


def _surely(routes: "PodRoutes", pod: PodTemplate) -> tuple[Exposed, tuple[str, ...]]:
    """Return how exposed a pod is; that it is not exposed does not follow from what a chart leaves unknown."""
    before = looks()
    exposed, evidence = routes.exposed(pod)
    if exposed is Exposed.NO and looks() != before:
        return Exposed.UNKNOWN, ("what selects it is known only when its chart is installed",)
    return exposed, evidence


def _place(value: Value) -> str:
    return f"{value.path}:{value.line}"


class PodRoutes:
    """The objects of a repository, or of a cluster, that lead to pods."""

    def __init__(self, objects: Sequence[KubernetesObject]) -> None:
        self._services = _by_namespace(one for one in objects if one.kind == "Service" and not one.group)
        self._policies = _by_namespace(one for one in objects if one.kind == "NetworkPolicy")
        self._routes: defaultdict[str, list[tuple[KubernetesObject, str]]] = defaultdict(list)
        for one in objects:
            if one.kind in ROUTES and one.group and not _is_of_the_mesh(one):
                for name, namespace in dict.fromkeys(_led_to(one)):
                    self._routes[name].append((one, namespace))

    def exposed(self, pod: PodTemplate) -> tuple[Exposed, tuple[str, ...]]:
        """Return how exposed a pod is, and what it is known by."""
        ways = [*_by_the_node(pod), *self._by_services(pod)]
        if ways:
            return Exposed.YES, tuple(dict.fromkeys(ways))
        policies = [one for one in _near(self._policies, pod.owner) if _is_for(one, pod)]
        if policies and all(map(_is_closed, policies)):
            return Exposed.NO, (f"{policies[0].id} lets nothing in from outside of the namespace",)
        inner = [one.id for one in _near(self._services, pod.owner) if _selects(one, pod)]
        named = f"only {', '.join(inner)} leads to it" if inner else "no Service leads to it"
        return Exposed.UNKNOWN, (f"{named} in this repository",)

    def _by_services(self, pod: PodTemplate) -> Iterator[str]:
        for service in _near(self._services, pod.owner):
            if not _selects(service, pod):
                continue
            ways = dict.fromkeys(
                route.id
                for route, namespace in self._routes[service.name]
                if not (namespace and service.namespace) or namespace == service.namespace
            )
            kind = service.value.text("spec", "type")
            if kind in _OPEN_TYPES and not _is_internal(service):
                yield _ARROW.join((f"{kind} {service.id}", pod.owner.id))
            yield from (_ARROW.join((way, service.id, pod.owner.id)) for way in ways)


def _by_namespace(objects: Iterable[KubernetesObject]) -> dict[str, list[KubernetesObject]]:
    grouped: defaultdict[str, list[KubernetesObject]] = defaultdict(list)
    for one in objects:
        grouped[one.namespace].append(one)
    return dict(grouped)


def _near(grouped: Mapping[str, list[KubernetesObject]], one: KubernetesObject) -> Iterator[KubernetesObject]:
    """Yield those that are, or may be, in the object's namespace: one that names none gets that of the command."""
    names = ("", one.namespace) if one.namespace else tuple(grouped)
    for name in names:
        yield from grouped.get(name, ())


def _by_the_node(pod: PodTemplate) -> Iterator[str]:
    for container in pod.containers():
        ports = container.value.get("ports")
        for port in ports.elements() if ports else ():
            host = port.text("hostPort")
            if host not in ("", "0"):
                yield f"hostPort {host}{_ARROW}{pod.owner.id}"
            elif pod.spec.text("hostNetwork") == "true" and port.text("containerPort"):
                yield f"port {port.text('containerPort')} of the node (hostNetwork){_ARROW}{pod.owner.id}"
    if pod.owner.kind == "Service" and pod.owner.group == "serving.knative.dev":
        labels = pod.owner.value.get("metadata", "labels")
        if labels is None or labels.text("networking.knative.dev/visibility") != "cluster-local":
            yield f"the gateway of Knative{_ARROW}{pod.owner.id}"


def _labels(pod: PodTemplate) -> dict[str, str]:
    found = pod.metadata.get("labels") if pod.metadata else None
    return {key: value.text() for key, value in found.items()} if found else {}


def _selects(service: KubernetesObject, pod: PodTemplate) -> bool:
    selector = service.value.get("spec", "selector")
    wanted = {key: value.text() for key, value in selector.items()} if selector else {}
    return bool(wanted) and wanted.items() <= _labels(pod).items()


def _is_internal(service: KubernetesObject) -> bool:
    annotations = service.value.get("metadata", "annotations")
    return annotations is not None and any(
        _INTERNAL in key or _INTERNAL in value.text().lower() for key, value in annotations.items()
    )


def _is_of_the_mesh(route: KubernetesObject) -> bool:
    """True for a VirtualService that no gateway uses: it is for requests between pods."""
    return route.kind == "VirtualService" and not set(route.value.texts("spec", "gateways")) - {"mesh"}


def _led_to(route: KubernetesObject) -> Iterator[tuple[str, str]]:
    """Yield name and namespace of the Services that a route names anywhere as what it passes requests to."""
    spec = route.value.get("spec")
    for value in spec.walk() if spec is not None else ():
        for name, namespace in _named(value):
            host, _, rest = name.partition(".")
            if host:
                yield host, namespace or rest.partition(".")[0] or route.namespace


def _named(value: Value) -> Iterator[tuple[str, str]]:
    """Yield name and namespace of the Services that one mapping of a route names."""
    if not isinstance(value.data, dict):
        return
    yield value.text("service", "name"), ""  # Ingress, networking.k8s.io/v1
    yield value.text("serviceName"), ""  # Ingress, before
    yield value.text("destination", "host"), ""  # VirtualService
    for key in ("backendRefs", "services"):  # HTTPRoute and the like; IngressRoute, HTTPProxy
        listed = value.get(key)
        for one in listed.elements() if listed else ():
            yield one.text("name"), one.text("namespace")
    if value.text("to", "kind") == "Service":  # Route of OpenShift
        yield value.text("to", "name"), ""


def _is_for(policy: KubernetesObject, pod: PodTemplate) -> bool:
    """True if a network policy is about what enters the pod."""
    spec = policy.value.get("spec")
    types = spec.texts("policyTypes") if spec else []
    if spec is None or (types and "Ingress" not in types):
        return False
    labels = spec.get("podSelector", "matchLabels")
    wanted = {key: value.text() for key, value in labels.items()} if labels else {}
    return wanted.items() <= _labels(pod).items()


def _is_closed(policy: KubernetesObject) -> bool:
    """True if a network policy lets in nothing, or only pods of the same namespace, to pods that it names surely."""
    spec = policy.value.get("spec")
    if spec is None or spec.get("podSelector", "matchExpressions") is not None:
        return False
    rules = spec.get("ingress")
    return all(map(_is_from_the_namespace, rules.elements() if rules else ()))


def _is_from_the_namespace(rule: Value) -> bool:
    peers = rule.get("from")
    listed = list(peers.elements()) if peers else []
    return bool(listed) and all(map(_is_of_the_namespace, listed))


def _is_of_the_namespace(peer: Value) -> bool:
    return peer.get("podSelector") is not None and peer.get("namespaceSelector") is None and peer.get("ipBlock") is None


def _of_service(service: DockerContainer, file: HostFile) -> tuple[Exposed, tuple[str, ...]]:
    """Return how exposed a service of a Compose file is, and what it is known by."""
    ways = list(ways_to(service))
    if ways:
        return Exposed.YES, tuple(f"{way}{_ARROW}{service.id}" for way in ways)
    if not service.is_whole:
        return Exposed.UNKNOWN, ("another file completes the service",)
    networks = _networks(service)
    if networks & service.outside_networks:
        return Exposed.UNKNOWN, ("it shares a network with containers of other files",)
    others = (one for one in file.containers if one.name != service.name and _networks(one) & networks)
    other = next((one for one in others if one.program in _TUNNELS or any(ways_to(one))), None)
    if other is not None:
        return Exposed.UNKNOWN, (f"no port of its own is open; {other.id}, which can reach it, is exposed",)
    return Exposed.NO, ("neither it nor a service that can reach it publishes a port beyond the host itself",)


def _networks(service: DockerContainer) -> frozenset[str]:
    return frozenset(_names(service, "networks")) or frozenset({"default"})


def ways_to(service: DockerContainer) -> Iterator[str]:
    """Yield the ways from outside of the host to a service of its own."""
    for port in service.ports():
        if port.is_open or not port.address.startswith(("127.", "[::1]", "::1", "localhost")):
            yield f"port {port.host or port.container} of the host"
    if service.stated("network_mode") == "host":
        yield "the host's network"
    if any(label.startswith(_LABELS_OF_PROXIES) for label in _names(service, "labels")):
        yield "a proxy that reads its labels"
    if any(name in _VARIABLES_OF_PROXIES for name in _names(service, "environment")):
        yield "a proxy that reads its environment"


def _names(service: DockerContainer, key: str) -> Iterator[str]:
    """Yield the names of a mapping, or of a list of `NAME=value`."""
    for found in filter(None, (service.value.get(key), service.value.get("deploy", key))):
        if isinstance(found.data, dict):
            yield from found.data
        else:
            yield from (one.text().partition("=")[0] for one in found.elements())
