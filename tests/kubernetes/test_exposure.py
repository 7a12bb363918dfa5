"""How far from outside workloads can be reached, by what the files of a repository state."""

from collections.abc import Callable

import pytest

from gate.core.yaml_values import read_values
from gate.kubernetes.docker.compose import read_compose_services
from gate.kubernetes.exposure import runs_of
from gate.kubernetes.manifests import objects_of
from gate.model import Exposed, ImageRun, Tree
from gate.trees import open_tree

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {SPECcontainers: [{name: web, image: 'shop/web:1', ports: [{containerPort: 8080HOST}]}]}
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, type: TYPE}
"""
INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}
"""
POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: RULES}
"""


def deployment(spec: str = "", host: str = "") -> str:
    return DEPLOYMENT.replace("SPEC", spec).replace("HOST", host)


def service(kind: str = "ClusterIP") -> str:
    return SERVICE.replace("TYPE", kind)


def policy(rules: str = "[]") -> str:
    return POLICY.replace("RULES", rules)


def run(text: str) -> ImageRun:
    objects = [one for document in read_values(text, "a.yaml") for one in objects_of(document)]
    return next(iter(runs_of(objects, ())))


def route(kind: str, spec: str) -> str:
    return f"---\napiVersion: example.com/v1\nkind: {kind}\nmetadata: {{name: r, namespace: shop}}\nspec: {spec}\n"


def test_the_chain_from_an_ingress_is_what_a_person_can_check() -> None:
    found = run(deployment() + service() + INGRESS)
    assert (found.image, found.workload, found.place) == ("shop/web:1", "Deployment/shop/web", "a.yaml:7")
    assert found.exposed is Exposed.YES
    assert found.evidence == ("Ingress/shop/shop → Service/shop/web → Deployment/shop/web",)


@pytest.mark.parametrize(
    "text",
    [
        deployment() + service("LoadBalancer"),
        deployment() + service("NodePort"),
        deployment(host=", hostPort: 80"),
        deployment(spec="hostNetwork: true, "),
        deployment() + service() + route("HTTPRoute", "{rules: [{backendRefs: [{name: web, port: 80}]}]}"),
        deployment() + service() + route("TCPRoute", "{rules: [{backendRefs: [{name: web, namespace: shop}]}]}"),
        deployment() + service() + route("IngressRoute", "{routes: [{services: [{name: web}]}]}"),
        deployment() + service() + route("Route", "{to: {kind: Service, name: web}}"),
        deployment() + service() + route("Ingress", "{backend: {serviceName: web}}"),
        deployment()
        + service()
        + route("VirtualService", "{gateways: [g], http: [{route: [{destination: {host: web.shop.svc}}]}]}"),
        deployment() + policy() + service("NodePort"),
    ],
)
def test_every_way_in_counts(text: str) -> None:
    assert run(text).exposed is Exposed.YES


@pytest.mark.parametrize(
    "text",
    [
        deployment(),
        deployment() + service(),
        deployment() + service() + INGRESS.replace("{name: web", "{name: other"),
        deployment() + service().replace("app: web", "app: other") + INGRESS,
        deployment() + service() + INGRESS.replace("namespace: shop", "namespace: else"),
        deployment() + service() + route("VirtualService", "{http: [{route: [{destination: {host: web}}]}]}"),
        deployment() + service("LoadBalancer").replace("shop}", "shop, annotations: {a: internal}}"),
        deployment() + policy("[{}]"),
        deployment() + policy("[{from: [{namespaceSelector: {}}]}]"),
        deployment() + policy() + policy("[{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),
        deployment() + policy().replace("podSelector: {}", "podSelector: {matchLabels: {app: other}}"),
        deployment() + policy().replace("[Ingress]", "[Egress]"),
    ],
)
def test_what_no_file_leads_to_is_unknown(text: str) -> None:
    assert run(text).exposed is Exposed.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        deployment() + policy(),
        deployment() + policy("[{from: [{podSelector: {matchLabels: {app: api}}}]}]"),
        deployment() + service() + policy(),
    ],
)
def test_what_a_network_policy_keeps_closed_is_not_exposed(text: str) -> None:
    found = run(text)
    assert found.exposed is Exposed.NO
    assert found.evidence == ("NetworkPolicy/shop/closed lets nothing in from outside of the namespace",)


def of_compose(services: str, more: str, make_tree: Callable[..., Tree]) -> dict[str, Exposed]:
    tree = make_tree({"compose.yaml": f"services:\n{services}{more}"})
    file = read_compose_services(open_tree(tree), "compose.yaml")
    assert file is not None
    return {one.workload: one.exposed for one in runs_of((), (file,))}


@pytest.mark.parametrize(
    ("services", "more", "expected"),
    [
        ("  a: {image: a, ports: ['80:80']}\n", "", Exposed.YES),
        ("  a: {image: a, ports: ['192.0.2.1:80:80']}\n", "", Exposed.YES),
        ("  a: {image: a, network_mode: host}\n", "", Exposed.YES),
        ("  a: {image: a, labels: ['traefik.http.routers.a.rule=x']}\n", "", Exposed.YES),
        ("  a: {image: a, deploy: {labels: {traefik.http.routers.a.rule: x}}}\n", "", Exposed.YES),
        ("  a: {image: a, environment: {VIRTUAL_HOST: shop.example}}\n", "", Exposed.YES),
        ("  a: {image: a, ports: ['127.0.0.1:80:80']}\n", "", Exposed.NO),
        ("  a: {image: a}\n  b: {image: b}\n", "", Exposed.NO),
        ("  a: {image: a}\n  b: {image: b, ports: ['80:80']}\n", "", Exposed.UNKNOWN),
        ("  a: {image: a}\n  b: {image: cloudflare/cloudflared}\n", "", Exposed.UNKNOWN),
        (
            "  a: {image: a, networks: [back]}\n  b: {image: b, networks: [front], ports: ['80:80']}\n",
            "networks: {back: {}, front: {}}\n",
            Exposed.NO,
        ),
        ("  a: {image: a, networks: [proxy]}\n", "networks: {proxy: {external: true}}\n", Exposed.UNKNOWN),
        ("  a: {image: a}\n", "networks: {default: {external: true}}\n", Exposed.UNKNOWN),
    ],
)
def test_services_of_compose_files(services: str, more: str, expected: Exposed, make_tree: Callable[..., Tree]) -> None:
    assert of_compose(services, more, make_tree)["service/a"] is expected
