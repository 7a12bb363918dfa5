"""The pre-filter's patterns of our own detectors: the tables' patterns themselves, on bytes."""

from gate.secrets.forms.pairs import SIEVE as PAIRS
from gate.secrets.patterns import EVERY_PLUGIN, PATTERNS, SUPERSEDED, Pattern
from gate.secrets.plugins import TOKENS, assignments

OWN_PATTERNS = (
    *(Pattern(token.plugin, token.sieve, token.folds, "" if token.is_in_many else token.files) for token in TOKENS),
    *assignments.SIEVE,
    *PAIRS,
)
_STRUCTURED = tuple(one for one in PATTERNS if one.plugin not in {*SUPERSEDED, EVERY_PLUGIN})
ALL_PATTERNS = _STRUCTURED + OWN_PATTERNS
"""What gate mode looks for. The letters outside ASCII that equal one where case is ignored are compat's alone."""
