"""Whether a rule's condition holds for a finding: one small test for each key, all joined by "and"."""

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache
from typing import Any

from gate.model import Finding
from gate.patterns import matches
from gate.policy.rules import Condition


def holds(condition: Condition, finding: Finding) -> bool:
    """True if everything that `condition` asks for is so for `finding`."""
    return all(test(wanted, finding) for test, wanted in _tests_of(condition))


@lru_cache(maxsize=1024)
def _tests_of(condition: Condition) -> tuple[tuple[Callable[[Any, Finding], bool], Any], ...]:
    wanted = ((test, getattr(condition, name)) for name, test in _TESTS.items())
    return tuple((test, value) for test, value in wanted if value is not None)


def _any_of(wanted: Any) -> tuple[Any, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


@lru_cache(maxsize=1024)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern), re.IGNORECASE)


def _named(wanted: Any, names: tuple[str, ...]) -> bool:
    return any(_wildcard(pattern).match(name) for pattern in _any_of(wanted) for name in names)


def _names_of(finding: Finding) -> tuple[str, ...]:
    known = finding.vulnerability
    return (finding.rule, known.id, *known.aliases) if known else (finding.rule,)


def _scores(wanted: float, finding: Finding, scale: str) -> bool:
    score = getattr(finding.vulnerability, scale, None)
    return score is not None and score >= wanted


_TESTS: dict[str, Callable[[Any, Finding], bool]] = {
    "stage": lambda wanted, finding: finding.stage in _any_of(wanted),
    "rule": lambda wanted, finding: _named(wanted, _names_of(finding)),
    "path": lambda wanted, finding: matches(finding.location.path or "", _any_of(wanted)),
    "package": lambda wanted, finding: finding.package is not None and _named(wanted, (finding.package.name,)),
    "severity": lambda wanted, finding: finding.severity >= wanted,
    "confidence": lambda wanted, finding: finding.confidence >= wanted,
    "scope": lambda wanted, finding: finding.package is not None and finding.package.scope in _any_of(wanted),
    "fixable": lambda wanted, finding: finding.is_fixable is wanted,
    "known_exploited": lambda wanted, finding: (
        (finding.vulnerability is not None and finding.vulnerability.known_exploited) is wanted
    ),
    "secret": lambda wanted, finding: (finding.secret is not None) is wanted,
    "cvss": lambda wanted, finding: _scores(wanted, finding, "cvss"),
    "epss": lambda wanted, finding: _scores(wanted, finding, "epss"),
    "in_use": lambda wanted, finding: finding.in_use in _any_of(wanted),
}
"""Every key of `Condition`; a test checks that none is missing."""
