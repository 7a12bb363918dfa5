"""`cyclonedx-1.7`: the same as `cyclonedx`, for readers of CycloneDX 1.7."""

from typing import TextIO

from gate.model import Report
from gate.reports.cyclonedx import write_version


def write(report: Report, stream: TextIO) -> None:
    """Write the bill of materials. Raises GateError for a report that was read from a file, which holds no packages."""
    write_version(report, stream, "1.7", "cyclonedx-1.7")
