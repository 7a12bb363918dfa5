"""Whether a rule's condition holds for a finding: one small test for each key; all have to pass."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fnmatch import translate
from functools import lru_cache
from typing import Any

import msgspec

from gate.core.durations import timedelta_of
from gate.core.path_patterns import matches
from gate.model import Deployed, Finding, InUse
from gate.policy.cel import is_true
from gate.settings.policy import Condition, OneOrMore


class DecisionCase(msgspec.Struct, frozen=True, gc=False):
    """A finding to decide on, with what conditions need to know of it."""

    finding: Finding
    is_new: bool
    """False if it was there before the change that is judged."""
    now: datetime

    @property
    def age(self) -> timedelta | None:
        """Time since it was first seen, else since the vulnerability was published; None if unknown."""
        known = self.finding.vulnerability
        moment = self.finding.first_seen or (known.published if known else None)
        return _since(moment, self.now) if moment else None


def _since(moment: str, now: datetime) -> timedelta | None:
    try:
        then = datetime.fromisoformat(moment)
    except ValueError:
        return None  # an advisory's free text; a finding of unknown age gets no grace
    return now - (then if then.tzinfo else then.replace(tzinfo=UTC))


def concerns(condition: Condition, stage: str, is_new: bool) -> bool:
    """True if `condition` can hold for a finding of this stage. Without `new` it is for new findings."""
    return (condition.new is None or condition.new) is is_new and (
        condition.stage is None or stage in any_of(condition.stage)
    )


Test = tuple[Callable[[Any, DecisionCase], bool], Any]
"""The test of one key, and the value that it requires."""


def any_of(wanted: Any) -> tuple[Any, ...]:
    """Return the members of a value that may be given alone or as a list."""
    return wanted if isinstance(wanted, tuple) else (wanted,)


@lru_cache(maxsize=1024)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern), re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def is_named(wanted: OneOrMore | None, names: tuple[str, ...]) -> bool:
    """True if one of `names` matches one of the wanted patterns, whatever its case."""
    return any(_wildcard(pattern).match(name) for pattern in any_of(wanted) for name in names)


@lru_cache(maxsize=1 << 14)
def is_at(wanted: OneOrMore, path: str) -> bool:
    """True if `path` matches one of the wanted path patterns."""
    return matches(path, any_of(wanted))


def names_of(finding: Finding) -> tuple[str, ...]:
    """Return the rule's id and all ids and aliases of the vulnerability."""
    known = finding.vulnerability
    return (finding.rule, known.id, *known.aliases) if known else (finding.rule,)


def objects_of(finding: Finding) -> tuple[str, ...]:
    """Return the object of a cluster that a finding is about, as conditions and waivers name it; nothing if none."""
    return (finding.object,) if finding.object else ()


def _packaged(finding: Finding, field: str, test: Callable[[Any], bool]) -> bool:
    value = getattr(finding.package, field, None)
    return value is not None and test(value)


def _scores(wanted: float, finding: Finding, scale: str) -> bool:
    score = getattr(finding.vulnerability, scale, None)
    return score is not None and score >= wanted


def _is_exploited(finding: Finding) -> bool:
    return finding.vulnerability is not None and finding.vulnerability.known_exploited


def _is_malicious(finding: Finding) -> bool:
    return getattr(finding.vulnerability, "malicious", False) or is_named("MAL-*", names_of(finding))


def _reaches(finding: Finding) -> InUse | None:
    """Return whether a vulnerable function can be reached; None for a finding that is no vulnerability."""
    return (finding.reachable_function or InUse.UNKNOWN) if finding.vulnerability else None


def _is_old(wanted: str, case: DecisionCase) -> bool:
    return case.age is not None and case.age >= timedelta_of(wanted)


_TESTS: dict[str, Callable[[Any, DecisionCase], bool]] = {
    "severity": lambda wanted, case: case.finding.severity >= wanted,
    "confidence": lambda wanted, case: case.finding.confidence >= wanted,
    "worth": lambda wanted, case: case.finding.worth >= wanted,
    "secret": lambda wanted, case: (case.finding.secret is not None) is wanted,
    "malicious": lambda wanted, case: _is_malicious(case.finding) is wanted,
    "vex": lambda wanted, case: (case.finding.vex is not None) is wanted,
    "fixable": lambda wanted, case: case.finding.is_fixable is wanted,
    "known_exploited": lambda wanted, case: _is_exploited(case.finding) is wanted,
    "in_use": lambda wanted, case: case.finding.in_use in any_of(wanted),
    "reachable_function": lambda wanted, case: _reaches(case.finding) in any_of(wanted),
    "exposed": lambda wanted, case: case.finding.exposed in any_of(wanted),
    "deployed": lambda wanted, case: (case.finding.deployed or Deployed.UNKNOWN) in any_of(wanted),
    "cvss": lambda wanted, case: _scores(wanted, case.finding, "cvss"),
    "epss": lambda wanted, case: _scores(wanted, case.finding, "epss"),
    "scope": lambda wanted, case: _packaged(case.finding, "scope", lambda scope: scope in any_of(wanted)),
    "direct": lambda wanted, case: _packaged(case.finding, "direct", lambda direct: direct is wanted),
    "package": lambda wanted, case: _packaged(case.finding, "name", lambda name: is_named(wanted, (name,))),
    "object": lambda wanted, case: is_named(wanted, objects_of(case.finding)),
    "license": lambda wanted, case: _packaged(case.finding, "license", lambda text: is_named(wanted, (text,))),
    "rule": lambda wanted, case: is_named(wanted, names_of(case.finding)),
    "path": lambda wanted, case: is_at(wanted, case.finding.location.path or ""),
    "age": _is_old,
    "cel": lambda wanted, case: is_true(wanted, case.finding, case.age),
}
"""Every key of `Condition` but the two of `concerns`, the cheap ones first; a test checks that none is missing."""


def tests_of(condition: Condition) -> tuple[Test, ...]:
    """Return the tests that a condition consists of apart from `concerns`, the cheap ones first."""
    wanted = ((test, getattr(condition, name)) for name, test in _TESTS.items())
    return tuple((test, value) for test, value in wanted if value is not None)


def passes(tests: tuple[Test, ...], case: DecisionCase) -> bool:
    """True if every test passes."""
    for test, wanted in tests:  # noqa: SIM110  (a generator would cost more than most tests)
        if not test(wanted, case):
            return False
    return True
