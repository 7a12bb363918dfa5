"""The commands that accept what blocks: one, or a few, for a group of findings."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping

from gate.core.text import one_line
from gate.model import SHORT_DIGITS, Finding
from gate.reports.groups import Group

_TERMS = "--owner WHO --reason WHY --until YYYY-MM-DD"
_LITERAL = re.compile(r"(?!-)[\w@./:+~-]+", re.ASCII)
"""A name or path that is read as nothing else by a shell, an option parser or a waiver's pattern."""
_MOST = 3
"""Commands for a group; if it needs more, the form of one stands there."""


def short(finding: Finding) -> str:
    """Return the first digits of a fingerprint, by which reports for people name a finding."""
    return finding.fingerprint[:SHORT_DIGITS]


class WaiverCommands:
    """Names the waivers of a report's findings."""

    def __init__(self, findings: Iterable[Finding] = (), unwaivable: Mapping[str, str] | None = None) -> None:
        """Take all findings of the report, and by fingerprint why no waiver can accept some of them."""
        self._unwaivable = unwaivable or {}
        self._of_package = Counter(one.package.name.lower() for one in findings if one.package is not None)

    def refusal(self, group: Group) -> str:
        """Return why no waiver can accept the findings of a group; empty if one can."""
        return next(filter(None, (one_line(self._unwaivable.get(one.fingerprint, "")) for one in group.findings)), "")

    def commands(self, group: Group) -> list[str]:
        """Return the commands that accept all findings of a group."""
        named = self._for_package(group) if group.is_package else _for_rule(group)
        return [f"gate waive {one} {_TERMS}" for one in named]

    def _for_package(self, group: Group) -> list[str]:
        """Return what names all vulnerabilities of a package, in all of the lockfiles that have it."""
        package = group.first.package
        is_one = len({one.fingerprint for one in group.findings}) == 1
        if is_one or package is None or not _LITERAL.fullmatch(package.name):
            return _one_by_one(group)
        rules = list(dict.fromkeys(one.rule for one in group.findings))
        if len(rules) <= _MOST:
            return [f"--package {package.name} --rule {shlex.quote(rule)}" for rule in rules]
        number = self._of_package[package.name.lower()]
        return [f"--package {package.name} --rule '*'" + (f" --matches {number}" if number else "")]


def _for_rule(group: Group) -> list[str]:
    """Return what names the places of a rule: by fingerprint if it is one of a file, else by rule and file."""
    by_path: dict[str, dict[str, Finding]] = {}
    for one in group.findings:
        by_path.setdefault(one.location.path or "", {})[one.fingerprint] = one
    if len(by_path) > _MOST or not all(map(_LITERAL.fullmatch, by_path)):
        return _one_by_one(group)
    rule = shlex.quote(group.first.rule)
    return [
        short(next(iter(found.values()))) if len(found) == 1 else f"--rule {rule} --path {path}"
        for path, found in by_path.items()
    ]


def _one_by_one(group: Group) -> list[str]:
    marks = list(dict.fromkeys(map(short, group.findings)))
    return marks if len(marks) <= _MOST else ["FINGERPRINT"]
