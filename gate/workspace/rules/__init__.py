"""The rules on workspaces: a family a module, listed here and nowhere else."""

from functools import lru_cache

from gate.rules import StageRule
from gate.workspace.rule import ON_WORKSPACES

MODULES = ("starts", "servers", "addresses", "grants", "texts", "wrappers")


@lru_cache(maxsize=1)
def all_rules() -> tuple[StageRule, ...]:
    """Return every rule of the gate's own in the order of the ids."""
    return ON_WORKSPACES.own()
