"""What findings of an image say of the workloads that run it, and that a policy can ask for it."""

from collections.abc import Callable

import pytest

from gate.cli.explain_finding import _exposure
from gate.images.exposure import MAX_NAMED, exposure_facts, exposure_of, with_exposure
from gate.images.mentions.workloads import with_runs
from gate.model import Exposed, Finding, Image, ImageRun, Location, Severity, Tree
from gate.policy import conditions
from gate.settings.policy import Condition
from gate.trees import open_tree

IMAGE = Image(source="docker", reference="shop/web:1", name="docker:shop/web:1")
FINDING = Finding(
    stage="image", rule="GI001", severity=Severity.HIGH, title="t", message="m", fingerprint="f" * 32,
    location=Location(target="docker:shop/web:1"),
)  # fmt: skip


def started(workload: str, exposed: Exposed, *evidence: str) -> ImageRun:
    return ImageRun("shop/web:1", workload, f"{workload}.yaml:1", exposed, evidence)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((Exposed.NO, Exposed.YES, Exposed.UNKNOWN), Exposed.YES),
        ((Exposed.NO, Exposed.UNKNOWN), Exposed.UNKNOWN),
        ((Exposed.NO, Exposed.NO), Exposed.NO),
        ((), Exposed.UNKNOWN),
    ],
)
def test_one_exposed_workload_is_enough_and_one_unknown_one_is_no_proof(
    answers: tuple[Exposed, ...], expected: Exposed
) -> None:
    exposed, evidence = exposure_of(started(f"w{number}", one, "way") for number, one in enumerate(answers))
    assert exposed is expected
    assert evidence


def test_a_finding_names_who_runs_the_image_and_the_way_there() -> None:
    runs = (
        started("Deployment/web", Exposed.YES, "Ingress/a → Service/web → Deployment/web"),
        started("CronJob/report", Exposed.UNKNOWN, "no Service leads to it in this repository"),
    )
    image = Image(source="docker", reference="shop/web:1", name="web", runs=runs)
    (finding,) = with_exposure([FINDING], image)
    assert finding.run_by == ("Deployment/web (Deployment/web.yaml:1)", "CronJob/report (CronJob/report.yaml:1)")
    assert finding.exposed is Exposed.YES
    assert finding.exposed_evidence == ("Ingress/a → Service/web → Deployment/web",)
    assert exposure_facts(image) == {"run_by": 2, "exposed": "yes"}
    assert list(_exposure(finding, Exposed.YES))[-2:] == [
        "Exposed: yes",
        "  Ingress/a → Service/web → Deployment/web",
    ]


def test_many_workloads_are_counted() -> None:
    runs = tuple(started(f"Deployment/{number}", Exposed.NO, "closed") for number in range(20))
    (finding,) = with_exposure([FINDING], Image(source="docker", reference="a", name="a", runs=runs))
    assert len(finding.run_by) == MAX_NAMED + 1
    assert finding.run_by[-1] == "and 15 more"


def test_an_image_that_no_file_runs_is_unknown() -> None:
    (finding,) = with_exposure([FINDING], IMAGE)
    assert (finding.exposed, finding.run_by) == (Exposed.UNKNOWN, ())
    assert exposure_facts(IMAGE) == {}


def test_a_policy_asks_for_it() -> None:
    (finding,) = with_exposure([FINDING], IMAGE)
    condition = Condition(exposed=(Exposed.YES, Exposed.UNKNOWN))
    now = None
    for one, holds in ((finding, True), (FINDING, False)):
        case = conditions.DecisionCase(finding=one, is_new=True, now=now)  # type: ignore[arg-type]
        assert conditions.passes(conditions.tests_of(condition), case) is holds


def test_names_are_compared_as_docker_does(make_tree: Callable[..., Tree]) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: NAME}]}\n"
    names = {"one.yaml": "nginx", "two.yaml": "docker.io/library/nginx:latest", "three.yaml": "nginx:1.27"}
    files = {path: pod.replace("NAME", name) for path, name in names.items()}
    tree = open_tree(make_tree({**files, "broken.yaml": "apiVersion: v1\nkind: Pod\n a: [", "b.json": "{"}))
    images = [
        Image(source="registry", reference="index.docker.io/library/nginx", name="r"),
        Image(source="archive", reference="/nginx.tar", name="archive:/nginx.tar"),
    ]
    known, unknown = with_runs(images, tree, "1.37")
    assert [one.place for one in known.runs] == ["one.yaml:4", "two.yaml:4"]
    assert unknown.runs == ()


def test_an_image_that_an_overlay_names_is_run_by_what_the_overlay_renders(make_tree: Callable[..., Tree]) -> None:
    labelled = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: a}}\n"
    pod = f"{labelled}spec: {{containers: [{{name: c, image: shop}}]}}\n"
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: NodePort, selector: {app: a}}\n"
    overlay = "resources: [../base]\nimages: [{name: shop, newName: registry.example/shop, newTag: '2'}]\n"
    files = {
        "base/kustomization.yaml": "resources: [pod.yaml, service.yaml]\n",
        "base/pod.yaml": pod,
        "base/service.yaml": service,
        "prod/kustomization.yaml": overlay,
    }
    image = Image(source="registry", reference="registry.example/shop:2", name="r")
    (known,) = with_runs([image], open_tree(make_tree(files)), "1.37")
    assert [(one.workload, one.exposed) for one in known.runs] == [("Pod/a", Exposed.YES)]


CHART = {
    "shop/Chart.yaml": "name: shop\nversion: 1.0.0\n",
    "shop/values.yaml": "image: registry.example/shop\n",
    "shop/templates/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}-web}\n"
    "spec: {template: {metadata: {labels: {app: LABEL}}, spec: {containers: [{name: c, image: 'NAME'}]}}}\n".replace(
        "NAME", "{{ .Values.image }}:2"
    ),
    "shop/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
    "spec: {selector: {app: LABEL}}\n",
    "shop/templates/ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: in}\n"
    "spec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}\n",
}
CLOSED = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n"
CLOSED += "spec: {podSelector: {matchLabels: {app: LABEL}}, policyTypes: [Ingress]}\n"


@pytest.mark.parametrize(
    ("label", "more", "exposed", "way"),
    [
        ("web", {}, Exposed.YES, "Ingress/in → Service/web → Deployment/shop-web"),
        ("web", {"shop/templates/ingress.yaml": CLOSED}, Exposed.NO, "NetworkPolicy/p"),
        ("{{ randAlpha 3 }}", {"shop/templates/ingress.yaml": CLOSED}, Exposed.UNKNOWN, ""),
    ],
)
def test_an_image_that_a_chart_names_is_run_by_what_the_chart_renders(
    make_tree: Callable[..., Tree], label: str, more: dict[str, str], exposed: Exposed, way: str
) -> None:
    files = {path: text.replace("LABEL", label) for path, text in {**CHART, **more}.items()}
    image = Image(source="registry", reference="registry.example/shop:2", name="r")
    (known,) = with_runs([image], open_tree(make_tree(files)), "1.37")
    assert [(one.workload, one.exposed) for one in known.runs] == [("Deployment/shop-web", exposed)]
    assert way in " ".join(known.runs[0].evidence)
