"""`spdx-3`: the targets' packages, as SPDX 3.0.1."""

from typing import TextIO

from gate.core.json_text import write_json
from gate.model import Report
from gate.reports.inventories import inventories_in
from gate.reports.sbom.components import parts_of
from gate.reports.sbom.spdx_3 import bill_of


def write(report: Report, stream: TextIO) -> None:
    """Write the bill of materials. Raises GateError for a report that was read from a file, which holds no packages."""
    write_json(bill_of(parts_of(inventories_in(report, "spdx-3")), report.tool), stream)
