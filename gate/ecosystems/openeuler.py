"""openEuler: a release is its version and service pack (`openEuler:24.03-LTS-SP1`)."""

import re

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease

_VERSION = re.compile(r"([0-9]{2}\.[0-9]{2})(?: \(([A-Z0-9-]+)\))?")


def _release(fields: OsRelease) -> str | None:
    """Return `openEuler:24.03-LTS-SP1` for the version `24.03 (LTS-SP1)`."""
    found = _VERSION.fullmatch(fields.get("VERSION", ""))
    if found is None:
        return None
    return f"openEuler:{found[1]}" + (f"-{found[2]}" if found[2] else "")


ECOSYSTEM = Ecosystem(
    name="openEuler",
    version_order="rpm",
    advisory_ids=("OESA-",),
    distribution=DistributionFacts(release=_release),
)
