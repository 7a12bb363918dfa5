"""Alpine Linux: a release is a branch (`Alpine:v3.19`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease, UpdateCommands
from gate.ecosystems.os_release import version_number


def _release(fields: OsRelease) -> str | None:
    version = version_number(fields)
    return "Alpine:v" + ".".join(version.split(".")[:2]) if version else None


ECOSYSTEM = Ecosystem(
    name="Alpine",
    version_order="apk",
    advisory_ids=("ALPINE-CVE-",),
    update=UpdateCommands(installed="apk upgrade {binary}"),
    distribution=DistributionFacts(release=_release),
)
