"""What an image's configuration and files should not hold: one small function a rule, in the order of their ids."""

from gate.images.rules.accounts import RULES as _ACCOUNTS
from gate.images.rules.base import Hit, Rule, Subject
from gate.images.rules.capabilities import RULES as _CAPABILITIES
from gate.images.rules.configuration import RULES as _CONFIGURATION
from gate.images.rules.files import RULES as _FILES
from gate.images.rules.history import RULES as _HISTORY
from gate.images.rules.malware import RULES as _MALWARE
from gate.images.rules.releases import RULES as _RELEASES
from gate.images.rules.secret_files import RULES as _SECRET_FILES
from gate.images.rules.secrets import RULES as ON_SECRETS

_ALL = (
    *_CONFIGURATION,
    *ON_SECRETS,
    *_HISTORY,
    *_FILES,
    *_ACCOUNTS,
    *_RELEASES,
    *_SECRET_FILES,
    *_MALWARE,
    *_CAPABILITIES,
)
RULES: tuple[Rule, ...] = tuple(sorted(_ALL, key=lambda rule: rule.description.id))

__all__ = ["ON_SECRETS", "RULES", "Hit", "Rule", "Subject"]
