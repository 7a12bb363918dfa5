"""Every Dockerfile rule: a family a module, listed here and nowhere else."""

from functools import lru_cache
from importlib import import_module

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
    """Return every rule in the order of the ids."""
    for module in MODULES:
        import_module(f"gate.dockerfile.rules.{module}")
    return tuple(REGISTERED[id] for id in sorted(REGISTERED))
