"""What an image's configuration and files should not hold: a family of rules a module, listed here and nowhere else."""

from functools import lru_cache

from gate.images.rules.base import ON_IMAGES, Subject
from gate.rules import Hit, StageRule

MODULES = (
    "accounts",
    "capabilities",
    "configuration",
    "files",
    "history",
    "malware",
    "releases",
    "secret_files",
    "secrets",
)

__all__ = ["MODULES", "Hit", "Subject", "all_rules", "is_on_secrets", "rules_with"]


@lru_cache(maxsize=1)
def all_rules() -> tuple[StageRule, ...]:
    """Return every rule of the gate's own in the order of the ids."""
    return ON_IMAGES.own()


@lru_cache
def rules_with(plugins: tuple[str, ...]) -> tuple[StageRule, ...]:
    """Return every rule and those of plugins, in the order of the ids. Raises UsageError as `RuleSet.with_plugins`."""
    return ON_IMAGES.with_plugins(plugins)


def is_on_secrets(rule: StageRule) -> bool:
    """True for a rule that looks for secrets in the configuration, with the detectors."""
    return rule.module == f"{__name__}.secrets"
