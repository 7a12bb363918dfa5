"""Every Dockerfile rule: a family a module, listed here and nowhere else."""

from functools import lru_cache
from importlib import import_module

from gate.core.errors import UsageError
from gate.dockerfile.rule import REGISTERED, Rule

MODULES = (
    "accounts",
    "base_image",
    "base_image_age",
    "context",
    "copies",
    "downloaded_programs",
    "downloads",
    "files",
    "labels",
    "layers",
    "metadata",
    "network",
    "package_sources",
    "packages_apk",
    "packages_apt",
    "packages_gem",
    "packages_go",
    "packages_node",
    "packages_pip",
    "packages_rpm",
    "packages_zypper",
    "permissions",
    "pragmas",
    "secrets",
    "shell",
    "stages",
    "steps",
    "undefined",
    "unparsable",
    "user",
    "variables",
    "verification",
    "written_secrets",
)


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the gate's own in the order of the ids."""
    for module in MODULES:
        import_module(f"gate.dockerfile.rules.{module}")
    return _of_module(__name__)


@lru_cache
def rules_with(plugins: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return every rule and those of plugins, in the order of the ids.

    Raises UsageError for a plugin that is not installed, cannot be imported, or has no rule or one whose id is taken.
    """
    own = all_rules()
    added = (rule for name in dict.fromkeys(plugins) for rule in _of_plugin(name))
    return tuple(sorted((*own, *added), key=lambda rule: rule.id))


def _of_plugin(name: str) -> tuple[Rule, ...]:
    from gate.plugins import DOCKERFILE_RULES, named_plugin

    module = named_plugin(DOCKERFILE_RULES, name, "rules", "stages.dockerfile.plugins")
    rules = _of_module(module.__name__)
    if not rules:
        raise UsageError(f"the plugin {name} has no rule for Dockerfiles", hint=module.__name__)
    return rules


def _of_module(name: str) -> tuple[Rule, ...]:
    """Return the rules that stand in a module, or below it, in the order of the ids."""
    return tuple(REGISTERED[id] for id in sorted(REGISTERED) if f"{REGISTERED[id].module}.".startswith(f"{name}."))
