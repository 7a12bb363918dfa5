"""Whether the licences of packages are among those that a project allows, and none of those that it denies.

A licence is an SPDX expression. Of `A OR B` one alternative has to be acceptable, of `A AND B` both; an exception
(`GPL-2.0-only WITH Classpath-exception-2.0`) is judged with its licence, unless a list names both together.
"""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import msgspec

from gate.model import Finding, Package, Severity
from gate.package_rules.rules import ON_PACKAGES, findings_on, hit_on
from gate.rules import Hit, RuleScope

UNKNOWN = "unknown"
"""Among the denied licences: packages that state no licence, or state it in words that are no SPDX expression."""
_NO_EXPRESSION = (AssertionError, AttributeError, IndexError, RecursionError, TypeError, ValueError)
"""What the parser raises besides its own error for text that is no expression (`()`, `MIT OR (OR`)."""
_MAX_LENGTH = 1000
"""Characters of an expression; a longer one is a licence's text."""


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """Patterns of SPDX identifiers, `*` as wildcard. An empty `allow` allows all that is not denied."""

    allow: Sequence[str] = ()
    deny: Sequence[str] = ()

    def refuse(self, licence: str) -> bool:
        """True if one licence, with its exception if it has one, is not acceptable."""
        base = licence.partition(" WITH ")[0]
        if licence != base and _is_in(licence, self.allow):
            return False
        return _is_in(base, self.deny) or bool(self.allow and not _is_in(base, self.allow))


def _is_in(licence: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(licence.lower(), pattern.lower()) for pattern in patterns)


class LicensedPackage(msgspec.Struct, frozen=True):
    """What the rule is asked of: a package, and the lists of licences."""

    package: Package
    lists: Lists


LICENCES = RuleScope(LicensedPackage)
"""Each name of a package in a file, once."""


@ON_PACKAGES.rule(
    "GP003",
    Severity.MEDIUM,
    "Licence that the project does not allow",
    looks_at=LICENCES,
    why="A licence binds anyone who ships the package; the lists in gate.yaml define which ones are acceptable.",
    mend="Use another package, or ask the owner of the lists to allow the licence.",
    bad="a package under AGPL-3.0-only, with licenses: {deny: ['AGPL-*']}",
    good="a package under MIT OR AGPL-3.0-only",
)
def has_a_licence_that_is_not_allowed(licensed: LicensedPackage) -> Iterator[Hit]:
    package = licensed.package
    if not is_refused(package.license, licensed.lists):
        return
    stated = package.license or "no licence that its file states"
    yield hit_on(
        package,
        f"{package.name} has {stated[:200]}; the lists in gate.yaml (`licenses`) do not allow it.",
        title=f"{package.name} {package.version}: licence is not allowed here",
        mend=f"Use another package than {package.name}, or let the owner of the lists allow its licence",
    )


def unlicensed(packages: Iterable[Package], lists: Lists, *, stage: str, target: str) -> Iterator[Finding]:
    """Return a finding for each package whose licence is not acceptable, one for a name in a file."""
    if not (lists.allow or lists.deny):
        return iter(())
    rules = (has_a_licence_that_is_not_allowed,)
    return findings_on(rules, packages, lambda package: LicensedPackage(package, lists), stage=stage, target=target)


def is_refused(text: str | None, lists: Lists) -> bool:
    """True if there is no way to use what is licensed by `text` under `lists`."""
    expression = _parse(text) if text and len(text) <= _MAX_LENGTH else None
    return UNKNOWN in lists.deny if expression is None else _is_refused(expression, lists)


def _is_refused(expression: Any, lists: Lists) -> bool:
    if isinstance(expression, _licensing().OR):
        return all(_is_refused(part, lists) for part in expression.args)
    if isinstance(expression, _licensing().AND):
        return any(_is_refused(part, lists) for part in expression.args)
    return lists.refuse(expression.render())


@cache
def _parse(text: str) -> Any | None:
    """Parse an expression, in which a slash stands for OR as in old crates; None if it is none."""
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(text.replace("/", " OR "))
        is_expression = parsed is not None and not any(" " in key for key in _licensing().license_keys(parsed))
    except (ExpressionError, *_NO_EXPRESSION):
        return None
    return parsed if is_expression else None


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()
