"""What an image's configuration and files should not hold: one small function a rule, in the order of their ids."""

from functools import lru_cache

from gate.core.errors import UsageError
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

__all__ = ["ON_SECRETS", "RULES", "Hit", "Rule", "Subject", "rules_with"]


@lru_cache
def rules_with(plugins: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return every rule and those of plugins, in the order of the ids.

    Raises UsageError for a plugin that is not installed, cannot be imported, or has no rule or one whose id is taken.
    """
    rules = {rule.description.id: rule for rule in RULES}
    for name in dict.fromkeys(plugins):
        for rule in _of_plugin(name):
            if rules.setdefault(rule.description.id, rule) is not rule:
                raise UsageError(f"two rules on images have the id {rule.description.id}", hint=f"the plugin {name}")
    return tuple(rules[id] for id in sorted(rules))


def _of_plugin(name: str) -> tuple[Rule, ...]:
    from gate.plugins import IMAGE_RULES, named_plugin

    module = named_plugin(IMAGE_RULES, name, "rules", "stages.image.plugins")
    rules = tuple(getattr(module, "RULES", ()))
    if not rules or not all(isinstance(rule, Rule) for rule in rules):
        raise UsageError(f"the plugin {name} has no rule on images", hint=module.__name__)
    return rules
