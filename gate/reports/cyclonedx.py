"""`cyclonedx`: the targets' packages and their vulnerabilities, as CycloneDX 1.6 with VEX."""

from typing import TextIO

from gate.core.json_text import write_json
from gate.model import Report
from gate.reports.inventories import inventories_in
from gate.reports.sbom.components import parts_of
from gate.reports.sbom.cyclonedx import bill_of, serial_number
from gate.reports.vulnerabilities import vulnerabilities


def write(report: Report, stream: TextIO) -> None:
    """Write the bill of materials. Raises GateError for a report that was read from a file, which holds no packages."""
    write_version(report, stream, "1.6", "cyclonedx")


def write_version(report: Report, stream: TextIO, version: str, format: str) -> None:
    """Write the bill of materials in a version of CycloneDX, for the report format `format`."""
    parts = parts_of(inventories_in(report, format))
    bill = bill_of(parts, report.tool, version)
    known = vulnerabilities(report.findings, parts)
    if known:
        bill |= {
            "serialNumber": f"urn:uuid:{serial_number([bill['serialNumber'], known])}",
            "vulnerabilities": known,
        }
    write_json(bill, stream)
