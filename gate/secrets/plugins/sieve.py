"""The pre-filter's patterns of our own detectors: the tables' patterns themselves, on bytes."""

from collections.abc import Iterable

from gate.secrets.forms import SIEVE as FORMS
from gate.secrets.patterns import EVERY_PLUGIN, PATTERNS, SUPERSEDED, Pattern
from gate.secrets.plugins import TOKENS, assignments
from gate.secrets.plugins.token import Token


def patterns_of(tokens: Iterable[Token]) -> tuple[Pattern, ...]:
    """Return the patterns of a table's rows."""
    return tuple(
        Pattern(token.plugin, expression, token.folds, "" if token.is_in_many else token.files)
        for token in tokens
        for expression in token.sieve
    )


OWN_PATTERNS = (*patterns_of(TOKENS), *assignments.SIEVE, *FORMS)
_STRUCTURED = tuple(one for one in PATTERNS if one.plugin not in {*SUPERSEDED, EVERY_PLUGIN})
ALL_PATTERNS = _STRUCTURED + OWN_PATTERNS
"""What gate mode looks for. The letters outside ASCII that equal one where case is ignored are compat's alone."""
