"""Red Hat Enterprise Linux and Red Hat's other products, which OSV names by their CPE."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, UpdateCommands
from gate.ecosystems.os_release import major, named_by_major


def _comparable(release: str) -> str:
    """Return `enterprise_linux:9` for `enterprise_linux:9::baseos`, `9` and `9.3`."""
    product, colon, rest = release.partition(":")
    if not colon:
        return f"enterprise_linux:{major(product)}"
    return f"{product}:{rest.partition(':')[0]}"


ECOSYSTEM = Ecosystem(
    name="Red Hat",
    version_order="rpm",
    advisory_ids=("RHSA-", "RHBA-", "RHEA-"),
    update=UpdateCommands(installed="dnf upgrade {binary}"),
    distribution=DistributionFacts(
        release=named_by_major("Red Hat"), comparable_release=_comparable, names_binaries=True, has_module_streams=True
    ),
)
