"""What runs where, as a listing of a cluster or records of deployments state it."""

import msgspec

from gate.model import Exposed

OF_INDEX = "index:"
"""What stands before the digest of an index of several platforms, where digests of an image are named."""
MAX_WORKLOADS = 500_000
"""Workloads of one source at most."""


class RunningWorkload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image or commit that a workload runs."""

    where: str
    """The workload as its system calls it: `Deployment/shop/web`, `service:web in prod`, `https://shop.example.com`."""
    image: str = ""
    """Name of the image as it is written there."""
    digests: tuple[str, ...] = ()
    """`sha256:…` of the image's manifest, its index or its configuration: systems state one or the other."""
    commits: tuple[str, ...] = ()
    """Commits of a repository that are deployed."""
    since: str = ""
    """RFC 3339 time since which it runs at least; empty if that is not stated."""
    exposed: Exposed = Exposed.UNKNOWN
    ways: tuple[str, ...] = ()
    """How it can be reached from outside, or what keeps it closed."""


class FleetContext(msgspec.Struct, frozen=True, kw_only=True):
    """What one source, such as a cluster, runs."""

    source: str
    """Name that the organisation gives it: `prod-eu`."""
    listed_at: str
    """RFC 3339 time of the listing, in UTC."""
    running: tuple[RunningWorkload, ...]
