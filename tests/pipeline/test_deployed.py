"""What findings say of where their target is deployed (`gate/rules/deployed.py`)."""

import pytest

from gate.model import Deployed, Deployment, Exposed, Finding, Input, Location, Severity, StageResult
from gate.pipeline.deployed import with_deployments

RUNS = Deployment(deployed=Deployed.YES, evidence=("prod: web",), exposed=Exposed.YES, exposed_evidence=("Ingress",))
CLOSED = Deployment(deployed=Deployed.YES, evidence=("prod: web",), exposed=Exposed.NO)
UNCLEAR = Deployment(deployed=Deployed.YES, evidence=("prod: web",))


def asked(exposed: Exposed | None, deployment: Deployment) -> Finding:
    finding = Finding(
        stage="image",
        rule="CVE-1",
        severity=Severity.HIGH,
        title="t",
        message="m",
        fingerprint="0" * 32,
        location=Location(target="web"),
        exposed=exposed,
        exposed_evidence=("its files",),
    )
    result = StageResult(stage="image", target="web", findings=(finding,))
    (said,) = with_deployments([result], [Input(target="web", digests={})], lambda _: deployment)
    return said.findings[0]


@pytest.mark.parametrize(
    ("exposed", "deployment", "expected"),
    [
        (Exposed.UNKNOWN, RUNS, Exposed.YES),
        (Exposed.NO, RUNS, Exposed.YES),
        (Exposed.NO, UNCLEAR, Exposed.UNKNOWN),
        (Exposed.YES, CLOSED, Exposed.YES),
        (Exposed.UNKNOWN, CLOSED, Exposed.UNKNOWN),
        (Exposed.NO, Deployment(), Exposed.NO),
        (None, RUNS, None),
    ],
)
def test_what_runs_can_only_add_to_how_exposed_it_is(
    exposed: Exposed | None, deployment: Deployment, expected: Exposed | None
) -> None:
    said = asked(exposed, deployment)
    assert said.exposed is expected
    assert (said.deployed, said.deployed_evidence) == (deployment.deployed, deployment.evidence)
    assert said.exposed_evidence == (("Ingress",) if exposed and deployment is RUNS else said.exposed_evidence)
