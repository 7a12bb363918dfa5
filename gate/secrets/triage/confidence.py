"""How sure a finding is, by its detector and the shape of its value."""

import re

from gate.model import Confidence
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.triage.placeholders import is_placeholder


def confidence_of(secret_type: str, value: str) -> Confidence:
    """Return how sure it is that `value`, found by the detector of `secret_type`, is a secret."""
    if secret_type in _BY_VALUE and _BY_VALUE[secret_type](value):
        return Confidence.LOW
    return kind_of(secret_type).confidence


def _is_word_like_artifactory(value: str) -> bool:
    """True for the encrypted-password form without a digit: `APACHELICENSE` fits it."""
    return not value.strip(" \t=\"':").startswith("AKC") and not re.search(r"[0-9]", value)


_BY_VALUE = {
    "Secret Keyword": is_placeholder,
    "Basic Auth Credentials": is_placeholder,
    "Artifactory Credentials": _is_word_like_artifactory,
}
