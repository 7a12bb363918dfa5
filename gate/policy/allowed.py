"""What a repository's settings may use only with permission of the starter (flags, environment) or the organisation.

`stated` are the settings of these two: what they name themselves needs no permission. The permission is the setting
`allow`, which no file of a repository may contain (`gate.policy.fixed`). What is not permitted is an error, never
ignored.
"""

from collections.abc import Iterable, Iterator

import msgspec

from gate.core.errors import ConfigError
from gate.settings import ImageRef, Settings
from gate.settings.policy import PolicySettings


def check_allowed(settings: Settings, stated: Settings, where: str) -> None:
    """Raise ConfigError if the repository's settings, which `where` names, use code without permission.

    `check_builds` does the same for images, later, when their list is known.
    """
    for permission, key in _wanted(settings, stated):
        if permission not in stated.allow:
            raise not_allowed(permission, key, where)


def check_builds(images: Iterable[ImageRef], stated: Settings, where: str) -> None:
    """Raise ConfigError if an image of the repository's settings is to be built without permission."""
    for image in images:
        if image.build and image not in stated.images and "build" not in stated.allow:
            raise not_allowed("build", f"build: true of the image {image.ref}", where)


def may_use_cel(policy: PolicySettings, stated: Settings) -> bool:
    """True if the CEL expressions of the repository's policy are permitted, or the stated policy has them too."""
    return "cel" in stated.allow or all(rule in stated.policy.rules for rule in policy.rules if rule.when.cel)


def with_tools(settings: Settings, stated: Settings) -> Settings:
    """Return the settings with `allow_tools` true if it is permitted, or if the repository alone names no tool."""
    is_allowed = settings.allow_tools or "tools" in stated.allow
    is_needed = any(stated.tools.get(name) != tool for name, tool in settings.tools.items())
    return msgspec.structs.replace(settings, allow_tools=is_allowed or not is_needed)


def _wanted(settings: Settings, stated: Settings) -> Iterator[tuple[str, str]]:
    """Yield (permission, settings key) for what only the repository asks for."""
    for name in settings.plugin_stages:
        if name not in stated.plugins:
            yield "plugins", f"plugins.{name}"
    for stage in filter(lambda stage: settings.stage(stage).enabled, settings.stages.__struct_fields__):
        own, others = settings.stage(stage), stated.stage(stage)
        if set(getattr(own, "plugins", ())) - set(getattr(others, "plugins", ())):
            yield "plugins", f"stages.{stage}.plugins"
        if set(getattr(own, "yara", ())) - set(getattr(others, "yara", ())):
            yield "yara", f"stages.{stage}.yara"


def not_allowed(permission: str, key: str, where: str) -> ConfigError:
    """Return the error for what a repository's settings use at `key` without permission."""
    return ConfigError(
        f"a repository cannot decide {key} alone",
        path=where,
        hint=f"Review what it requests, then allow it: --allow {permission} or GATE_ALLOW={permission}",
    )
