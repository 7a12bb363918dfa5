"""`html`: one self-contained page with the verdict, searchable findings, charts and image layers.

What a reader without scripts needs is in the page as text; the rest is one block of JSON, which the page's own script
displays.
"""

from typing import TextIO

from gate.model import Report
from gate.reports.html.document import write_document


def write(report: Report, stream: TextIO) -> None:
    """Write the page: self-contained, with a Content-Security-Policy that lets only its own script and style run."""
    write_document(report, stream)
