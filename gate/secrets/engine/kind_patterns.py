"""The pre-filter's patterns of our own detectors: the tables' patterns themselves, on bytes."""

from collections.abc import Iterable

from gate.model import Confidence
from gate.secrets.decoders import SIEVE as FORMS
from gate.secrets.decoders.hidden import SIEVE as HIDDEN
from gate.secrets.engine.detect_secrets_adapter import PLUGIN_MODULES
from gate.secrets.engine.prefilter_patterns import EVERY_PLUGIN, PATTERNS, SUPERSEDED, Pattern
from gate.secrets.kinds import TOKENS, assignments
from gate.secrets.kinds.token import Token


def patterns_of(tokens: Iterable[Token]) -> tuple[Pattern, ...]:
    """Return the patterns of a table's rows."""
    return tuple(
        Pattern(token.plugin, expression, token.folds, "" if token.is_in_many else token.files)
        for token in tokens
        for expression in token.sieve
    )


OWN_PATTERNS = (*patterns_of(TOKENS), *assignments.SIEVE, *FORMS, *HIDDEN)
_STRUCTURED = tuple(one for one in PATTERNS if one.plugin not in {*SUPERSEDED, EVERY_PLUGIN})
ALL_PATTERNS = _STRUCTURED + OWN_PATTERNS
"""What gate mode looks for. The letters outside ASCII that equal one where case is ignored are compat's alone."""

_WIDE = Pattern("Wide characters", rb"(?:[A-Za-z0-9_+/=.:-]\x00){20}")
_AT_RANDOM = frozenset(
    ("TelegramBotTokenDetector", "BitcoinWifGateDetector", "Bip32GateDetector", "CryptAccountGateDetector")
)
"""Kinds so close to random letters that looking for them takes as long as for all others together."""
_SURE = frozenset(one.plugin for one in TOKENS if one.confidence is Confidence.HIGH and not one.files)
_BY_NAME = frozenset(
    ("BasicAuthDetector", "CloudantDetector", "IbmCloudIamDetector", "IbmCosHmacDetector", "SoftlayerDetector")
)
_THEIRS = frozenset(one.plugin for one in _STRUCTURED if one.plugin in PLUGIN_MODULES) - _BY_NAME
_IN_BINARIES = (_SURE | _THEIRS) - _AT_RANDOM
BINARY_PATTERNS = (_WIDE, *(one for one in ALL_PATTERNS if one.plugin in _IN_BINARIES and not one.files))
"""What is looked for in files that are no text: formats of their own, and ASCII in UTF-16."""
