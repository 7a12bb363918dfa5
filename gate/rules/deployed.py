"""What a finding says of where its image or commit is deployed, for policies that ask it."""

import msgspec

from gate.model import Deployed, Deployment, Exposed, Finding


def with_deployment(finding: Finding, deployment: Deployment) -> Finding:
    """Return a finding with where its target is deployed; one of an image also with how exposed it is there.

    An image is exposed if one workload that runs it is, or one of its repository's files.
    """
    said = msgspec.structs.replace(finding, deployed=deployment.deployed, deployed_evidence=deployment.evidence)
    if deployment.deployed is not Deployed.YES or finding.exposed in (None, deployment.exposed):
        return said
    if deployment.exposed is Exposed.YES or (finding.exposed is Exposed.NO and deployment.exposed is Exposed.UNKNOWN):
        return msgspec.structs.replace(said, exposed=deployment.exposed, exposed_evidence=deployment.exposed_evidence)
    return said
