"""`html`: one file for people, without network: verdict, findings to search and filter, charts, layers.

What a reader without scripts needs stands in the page as text; the rest is one block of JSON that the page's own
script shows.
"""

from typing import TextIO

from gate.model import Report
from gate.reports.html.document import write_document


def write(report: Report, stream: TextIO) -> None:
    """Write the page: self-contained, with a Content-Security-Policy that lets only its own script and style run."""
    write_document(report, stream)
