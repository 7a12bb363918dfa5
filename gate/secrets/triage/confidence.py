"""How sure a finding of compat mode is: by its kind, and by the shape of its value."""

from gate.model import Confidence
from gate.secrets.kinds.catalogue import kind_of


def confidence_of(secret_type: str, value: str) -> Confidence:
    """Return how sure it is that `value`, found by the detector of `secret_type`, is a secret."""
    kind = kind_of(secret_type)
    if kind.is_doubtful is not None and kind.is_doubtful(value):
        return Confidence.LOW
    return kind.confidence
