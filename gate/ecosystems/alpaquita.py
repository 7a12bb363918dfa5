"""Alpaquita Linux of BellSoft: a release is its VERSION_ID, or `stream`."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease


def _release(fields: OsRelease) -> str:
    return f"Alpaquita:{fields.get('VERSION_ID') or 'stream'}"


ECOSYSTEM = Ecosystem(
    name="Alpaquita",
    version_order="apk",
    advisory_ids=("BELL-",),
    distribution=DistributionFacts(release=_release),
)
