"""Every Dockerfile rule: a family a module, listed here and nowhere else."""

from functools import lru_cache

from gate.dockerfile.rule import ON_DOCKERFILES
from gate.rules import StageRule

MODULES = (
    "accounts",
    "base_image",
    "base_image_age",
    "checks",
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
    "packages_index",
    "packages_node",
    "packages_pacman",
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
def all_rules() -> tuple[StageRule, ...]:
    """Return every rule of the gate's own in the order of the ids."""
    return ON_DOCKERFILES.own()


def fixed_on_request() -> frozenset[str]:
    """Return the ids of the rules whose fixes something may depend on, those of imported plugins included."""
    all_rules()
    return ON_DOCKERFILES.fixed_on_request()


@lru_cache
def rules_with(plugins: tuple[str, ...]) -> tuple[StageRule, ...]:
    """Return every rule and those of plugins, in the order of the ids. Raises UsageError as `RuleSet.with_plugins`."""
    return ON_DOCKERFILES.with_plugins(plugins)
