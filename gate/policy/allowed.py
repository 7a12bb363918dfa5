"""What a repository's settings may ask for only with the word of whoever starts the gate, or of the organisation.

`stated` are the settings that these two say themselves: what they name needs no further word. That word is the setting
`allow`, which no file of a repository may hold (`gate.policy.fixed`). Nothing that is asked for without it is left out
in silence.
"""

from collections.abc import Iterable, Iterator

import msgspec

from gate.core.errors import ConfigError
from gate.settings import ImageRef, Settings
from gate.settings.policy import PolicySettings


def check_allowed(settings: Settings, stated: Settings, where: str) -> None:
    """Raise ConfigError if the repository's settings, which `where` names, ask for code that nobody allowed.

    What the settings ask for in images is looked at by `check_builds`, once images are built.
    """
    for permission, key in _wanted(settings, stated):
        if permission not in stated.allow:
            raise not_allowed(permission, key, where)


def check_builds(images: Iterable[ImageRef], stated: Settings, where: str) -> None:
    """Raise ConfigError if an image of the repository's settings is to be built, and nobody allowed it."""
    for image in images:
        if image.build and image not in stated.images and "build" not in stated.allow:
            raise not_allowed("build", f"build: true of the image {image.ref}", where)


def may_use_cel(policy: PolicySettings, stated: Settings) -> bool:
    """True if the expressions in CEL of the repository's policy are allowed, or are not the repository's alone."""
    return "cel" in stated.allow or all(rule in stated.policy.rules for rule in policy.rules if rule.when.cel)


def with_tools(settings: Settings, stated: Settings) -> Settings:
    """Return the settings with `allow_tools` as it is meant: said, or not needed as only others name tools."""
    is_allowed = settings.allow_tools or "tools" in stated.allow
    is_needed = any(stated.tools.get(name) != tool for name, tool in settings.tools.items())
    return msgspec.structs.replace(settings, allow_tools=is_allowed or not is_needed)


def _wanted(settings: Settings, stated: Settings) -> Iterator[tuple[str, str]]:
    """Yield what only the repository asks for: the permission that it needs, and the key that asks."""
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
    """Return the error for what a repository's settings ask for at `key` without a word for it."""
    return ConfigError(
        f"{key} is not for a repository to decide alone",
        path=where,
        hint=f"Look at what it asks for, then allow it: --allow {permission} or GATE_ALLOW={permission}",
    )
