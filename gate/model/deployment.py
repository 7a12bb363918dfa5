"""Where an image or commit is deployed."""

import msgspec

from gate.model.finding import Deployed, Exposed


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """Whether and where something is deployed, by listings of what runs that the organisation keeps."""

    deployed: Deployed = Deployed.UNKNOWN
    evidence: tuple[str, ...] = ()
    """Where: `prod: Deployment/shop/web since 2026-11-02, listed on 2026-11-28`."""
    exposed: Exposed = Exposed.UNKNOWN
    exposed_evidence: tuple[str, ...] = ()
    """The ways to it from outside."""
