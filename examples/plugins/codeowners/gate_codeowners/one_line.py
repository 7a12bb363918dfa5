"""The report format `one-line`: verdict and number of findings, for a chat message."""

from typing import TextIO

from gate.model import Report
from gate.reports.wording import verdict_sentence
from gate.text import counted, one_line


def write(report: Report, stream: TextIO) -> None:
    """Write one line."""
    stream.write(f"{one_line(verdict_sentence(report))} ({counted(len(report.findings), 'finding')})\n")
