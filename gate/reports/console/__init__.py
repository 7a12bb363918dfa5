"""The reports of many repositories and images as one static site for the security team.

The first page has the totals, what blocks where, which packages to raise first, secrets and configuration, what expires
soon, and the owners; it links to the HTML report of each subject. Static files need no server that would have to be
secured; the page's script searches, filters and sorts, and everything can be read without it.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date

from gate.reports import html
from gate.reports.console import history
from gate.reports.console.expiries import expiries
from gate.reports.console.history import Day, with_today
from gate.reports.console.owners import OwnersOf, shares
from gate.reports.console.packages import packages_to_raise
from gate.reports.console.rules import open_rules
from gate.reports.console.subjects import BrokenReport, ReportSubject
from gate.reports.console.totals import totals
from gate.reports.static_page import render

MOST_PACKAGES = 200
"""Packages that are listed; the others are counted."""
MOST_RULES = 200
"""Rules that are listed; the others are counted."""


def site(
    subjects: Sequence[ReportSubject],
    unread: Sequence[BrokenReport],
    owners_of: OwnersOf,
    today: date,
    before: Sequence[Day] = (),
) -> Iterator[tuple[str, str]]:
    """Yield the files of the site, paths below its folder and texts; `before` are the days of its history."""
    days = with_today(before, subjects, today)
    yield history.NAME, history.written(days)
    yield "index.html", _index(subjects, unread, owners_of, days)
    for subject in subjects:
        yield page_of(subject), _report(subject)


def page_of(subject: ReportSubject) -> str:
    """Return the path of a subject's page, a hash of its name: stable from build to build, and safe as a file name."""
    digest = hashlib.sha256(subject.name.encode("utf-8", "surrogateescape")).hexdigest()
    return f"reports/{digest[:16]}.html"


def _index(
    subjects: Sequence[ReportSubject], unread: Sequence[BrokenReport], owners_of: OwnersOf, days: Sequence[Day]
) -> str:
    today = days[-1].day
    packages, rules = packages_to_raise(subjects), open_rules(subjects)
    ordered = sorted(subjects, key=ReportSubject.order)
    return render(
        "gate.reports.console",
        "index.html",
        "filters.js",
        today=today,
        totals=totals(subjects),
        trend=history.drawn(days),
        urgent=[one for one in ordered if one.needs_work],
        calm=[one for one in ordered if not one.needs_work],
        count=len(subjects),
        rules=rules[:MOST_RULES],
        more_rules=max(0, len(rules) - MOST_RULES),
        pages={subject.name: page_of(subject) for subject in subjects},
        unread=unread,
        packages=packages[:MOST_PACKAGES],
        more_packages=max(0, len(packages) - MOST_PACKAGES),
        expiries=expiries(subjects, today),
        shares=shares(subjects, owners_of),
    )


def _report(subject: ReportSubject) -> str:
    text = io.StringIO()
    html.write(subject.report, text)
    return text.getvalue()
