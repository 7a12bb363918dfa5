"""Findings of a run say where their target is deployed."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from gate.model import Deployment, Input, StageResult

DeploymentOf = Callable[[Input], Deployment]
"""Says where what was judged is deployed, by its digests."""


def with_deployments(
    results: Iterable[StageResult], inputs: Sequence[Input], deployment_of: DeploymentOf
) -> list[StageResult]:
    """Return results whose findings say where their target is deployed."""
    known = {one.target: deployment_of(one) for one in inputs}
    return [_deployed(result, known.get(result.target, Deployment())) for result in results]


def _deployed(result: StageResult, deployment: Deployment) -> StageResult:
    from gate.rules.deployed import with_deployment  # late: a run without a store has no use for it

    findings = tuple(with_deployment(one, deployment) for one in result.findings)
    return msgspec.structs.replace(result, findings=findings) if findings else result
