"""What an image's configuration should not hold: one small function a rule, listed in the order of their ids."""

from gate.images.rules.base import Hit, Rule, Subject
from gate.images.rules.configuration import RULES as _CONFIGURATION
from gate.images.rules.secrets import RULES as _SECRETS

RULES: tuple[Rule, ...] = tuple(sorted((*_CONFIGURATION, *_SECRETS), key=lambda rule: rule.description.id))

__all__ = ["RULES", "Hit", "Rule", "Subject"]
