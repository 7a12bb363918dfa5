"""The subjects of the console: each is a report in a folder, of a repository, an image, or several together."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gate.core.errors import GateError, LimitError
from gate.model import Finding, Report, Severity, Status, VerdictStatus, Worth
from gate.reports.reading import read_report
from gate.reports.wording import verdict_sentence

MOST_REPORTS = 5_000
_WORST_FIRST = (VerdictStatus.FAIL, VerdictStatus.INCOMPLETE, VerdictStatus.PASS)
_SET_ASIDE = (Status.WAIVED, Status.IGNORED)


class ReportSubject(msgspec.Struct, frozen=True):
    """A subject and its report."""

    name: str
    """Path of the report below the folder, without its ending."""
    report: Report

    @property
    def open(self) -> list[Finding]:
        """The findings that are neither waived nor ignored."""
        return [one for one in self.report.findings if one.status not in _SET_ASIDE]

    @property
    def blocking(self) -> int:
        return sum(one.blocking for one in self.report.findings)

    @property
    def needs_work(self) -> bool:
        """True unless it passes and nothing blocks."""
        return bool(self.blocking) or self.report.verdict.status is not VerdictStatus.PASS

    @property
    def worth(self) -> Worth | None:
        """The highest worth of what blocks; None if nothing does."""
        found = [one.worth for one in self.report.findings if one.blocking]
        return max(found, key=lambda worth: worth.rank) if found else None

    @property
    def counts(self) -> Counter[str]:
        """Open findings by severity."""
        return Counter(one.severity.value for one in self.open)

    @property
    def sentence(self) -> str:
        return verdict_sentence(self.report).partition(": ")[2]

    def order(self) -> tuple[int, int, int, str]:
        """Return the sort key for the subject with the most urgent findings first."""
        worst = sum(one.severity is Severity.CRITICAL for one in self.open)
        return (_WORST_FIRST.index(self.report.verdict.status), -self.blocking, -worst, self.name)


class BrokenReport(msgspec.Struct, frozen=True):
    """A file that cannot be read as a report."""

    name: str
    why: str


def read_folder(folder: str) -> tuple[list[ReportSubject], list[BrokenReport]]:
    """Read every `*.json` below `folder`, sorted by name; links are not followed. Raises GateError."""
    subjects, unread = [], []
    for path in _reports(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            subjects.append(ReportSubject(name, read_report(str(path))))
        except GateError as error:
            unread.append(BrokenReport(name, error.message))
    return subjects, unread


def _reports(folder: str) -> list[Path]:
    if not os.path.isdir(folder):
        raise GateError("is no folder of reports", path=folder)
    found = sorted(_walked(folder))
    if len(found) > MOST_REPORTS:
        raise LimitError(f"has more than {MOST_REPORTS:,} reports", path=folder)
    return found


def _walked(folder: str) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise GateError(f"cannot be read ({error.strerror})", path=str(error.filename)) from error

    for where, _, names in os.walk(folder, onerror=refuse):
        yield from (
            Path(where, name) for name in names if name.endswith(".json") and not Path(where, name).is_symlink()
        )
