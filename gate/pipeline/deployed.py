"""What findings say of where their image or commit is deployed, for policies that ask it."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from gate.model import Deployed, Deployment, Exposed, Finding, Input, StageResult

DeploymentOf = Callable[[Input], Deployment]
"""Says where what was judged is deployed, by its digests."""


def with_deployments(
    results: Iterable[StageResult], inputs: Sequence[Input], deployment_of: DeploymentOf
) -> list[StageResult]:
    """Return results whose findings say where their target is deployed.

    An image is exposed if one workload that runs it is, or one of its repository's files.
    """
    known = {one.target: deployment_of(one) for one in inputs}
    return [_deployed(result, known.get(result.target, Deployment())) for result in results]


def _deployed(result: StageResult, deployment: Deployment) -> StageResult:
    findings = tuple(deployed_finding(one, deployment) for one in result.findings)
    return msgspec.structs.replace(result, findings=findings) if findings else result


def deployed_finding(finding: Finding, deployment: Deployment) -> Finding:
    """Return a finding with where its target is deployed; one of an image also with how exposed it is there."""
    said = msgspec.structs.replace(finding, deployed=deployment.deployed, deployed_evidence=deployment.evidence)
    if deployment.deployed is not Deployed.YES or finding.exposed in (None, deployment.exposed):
        return said
    if deployment.exposed is Exposed.YES or (finding.exposed is Exposed.NO and deployment.exposed is Exposed.UNKNOWN):
        return msgspec.structs.replace(said, exposed=deployment.exposed, exposed_evidence=deployment.exposed_evidence)
    return said
