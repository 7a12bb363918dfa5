"""The reports of many repositories and images as one static site for the security team: no server to secure.

The first page says what blocks where, which packages to raise first, what ends soon and who owns what; behind it stands
the HTML report of each subject.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date

from gate.reports.console.expiries import expiries
from gate.reports.console.owners import OwnersOf, shares
from gate.reports.console.packages import packages_to_raise
from gate.reports.console.subjects import BrokenReport, ReportSubject
from gate.reports.static_page import render

MOST_PACKAGES = 200
"""Rows of the list of packages; the others are counted."""


def site(
    subjects: Sequence[ReportSubject], unread: Sequence[BrokenReport], owners_of: OwnersOf, today: date
) -> Iterator[tuple[str, str]]:
    """Yield the files of the site: their path below its folder, and their text."""
    yield "index.html", _index(subjects, unread, owners_of, today)
    for subject in subjects:
        yield page_of(subject), _report(subject)


def page_of(subject: ReportSubject) -> str:
    """Return the path of a subject's page: the same from build to build, whatever the name holds."""
    digest = hashlib.sha256(subject.name.encode("utf-8", "surrogateescape")).hexdigest()
    return f"reports/{digest[:16]}.html"


def _index(subjects: Sequence[ReportSubject], unread: Sequence[BrokenReport], owners_of: OwnersOf, today: date) -> str:
    packages = packages_to_raise(subjects)
    return render(
        "gate.reports.console",
        "index.html",
        today=today,
        subjects=sorted(subjects, key=ReportSubject.order),
        pages={subject.name: page_of(subject) for subject in subjects},
        unread=unread,
        packages=packages[:MOST_PACKAGES],
        more_packages=max(0, len(packages) - MOST_PACKAGES),
        expiries=expiries(subjects, today),
        shares=shares(subjects, owners_of),
    )


def _report(subject: ReportSubject) -> str:
    from gate.reports.html import write

    text = io.StringIO()
    write(subject.report, text)
    return text.getvalue()
