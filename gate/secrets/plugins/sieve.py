"""The pre-filter's patterns of our own detectors: the tables' patterns themselves, on bytes."""

from gate.secrets.patterns import PATTERNS, Pattern
from gate.secrets.plugins import TOKENS

OWN_PATTERNS = tuple(Pattern(token.plugin, token.sieve, token.folds) for token in TOKENS)
ALL_PATTERNS = PATTERNS + OWN_PATTERNS
"""What gate mode looks for: compat's patterns first, under the same numbers."""
