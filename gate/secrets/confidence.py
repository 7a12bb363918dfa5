"""How sure a finding is, by its detector and the shape of its value."""

import re

from gate.model import Confidence
from gate.secrets.kinds import KINDS

_PLACEHOLDER = re.compile(
    r"<.*>|\$\{.*\}|\{\{.*\}\}|%\(?\w+\)?s?%?|(.)\1*"
    r"|.*(?:change[-_ ]?(?:me|it|this)|example|placeholder|dummy|xxxx|\*\*\*\*|your[-_ ]|replace[-_ ]?(?:me|this|with)"
    r"|redacted|insert[-_ ]|todo|fixme|not[-_ ]?(?:a[-_ ])?(?:real|secret)).*"
    r"|none|null|nil|true|false|undefined|test|secret|password|passwd|pass|foo|bar|foobar|string|empty|n/a|default",
    re.IGNORECASE | re.DOTALL,
)
"""Whole values that people write where a secret will go."""
_MAX_PLACEHOLDER = 100
"""Characters; what is longer was not typed by hand."""


def is_placeholder(value: str) -> bool:
    """True if a value obviously stands for one that is filled in later: `changeme`, `<token>`, `${TOKEN}`, `xxxx`."""
    text = value.strip()
    return len(text) <= _MAX_PLACEHOLDER and _PLACEHOLDER.fullmatch(text) is not None


def confidence_of(secret_type: str, value: str) -> Confidence:
    """Return how sure it is that `value`, found by the detector of `secret_type`, is a secret."""
    if secret_type in _BY_VALUE and _BY_VALUE[secret_type](value):
        return Confidence.LOW
    return KINDS[secret_type].confidence


def _is_word_like_artifactory(value: str) -> bool:
    """True for the encrypted-password form without a digit: `APACHELICENSE` fits it."""
    return not value.strip(" \t=\"':").startswith("AKC") and not re.search(r"[0-9]", value)


_BY_VALUE = {
    "Secret Keyword": is_placeholder,
    "Basic Auth Credentials": is_placeholder,
    "Artifactory Credentials": _is_word_like_artifactory,
}
