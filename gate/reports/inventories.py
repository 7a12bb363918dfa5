"""The inventories of a report, for formats that are bills of materials."""

import msgspec

from gate.core.errors import GateError
from gate.model import Inventory, Report


def inventories_in(report: Report, format: str) -> tuple[Inventory, ...]:
    """Return the inventories. Raises GateError if the report has none, so that no bill is empty by mistake."""
    if isinstance(report.inventories, msgspec.UnsetType):
        raise GateError(
            f"a JSON report holds no packages, so {format} cannot be made of it",
            hint=f"Use `gate run --report {format}=FILE` or `gate sbom`",
        )
    return report.inventories
