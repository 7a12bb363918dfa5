"""From files to the layers of a policy: the built-in rules, the project's, the organisation's."""

from functools import cache
from pathlib import Path

from gate.errors import ConfigError
from gate.policy.rules import PolicySettings, Rule
from gate.settings_sources import convert, read_yaml


@cache
def built_in() -> tuple[Rule, ...]:
    """Return the rules of `gate/policy/default.yaml`."""
    return read_policy(str(Path(__file__).with_name("default.yaml"))).rules


def read_policy(path: str) -> PolicySettings:
    """Read a file that holds a `policy:` section by itself. Raises ConfigError."""
    document, text = read_yaml(path, empty={})
    return checked(convert(document, PolicySettings, path, text), path)


def checked(policy: PolicySettings, path: str) -> PolicySettings:
    """Return `policy` if its rules have ids of their own. Raises ConfigError."""
    seen: set[str] = set()
    for rule in policy.rules:
        if rule.id in seen:
            raise ConfigError(f"two rules have the id {rule.id}", path=path)
        seen.add(rule.id)
    return policy


def layers_of(project: PolicySettings, organisation: PolicySettings | None) -> tuple[tuple[Rule, ...], ...]:
    """Return the layers of a decision.

    The project's rules come before the built-in ones, and one with a built-in rule's id takes its place. The
    organisation's rules are a layer of their own, which the project's can tighten and not loosen.
    """
    own = {rule.id for rule in project.rules}
    local = (*project.rules, *(rule for rule in built_in() if rule.id not in own))
    return (local,) if organisation is None else (organisation.rules, local)
