"""What silences a finding before a policy sees it, as far as the policy lets it: comments, files of other programs.

`# hadolint ignore=…` and `# pragma: allowlist secret` are comments that accept a finding, so they hold where comments
do. `.hadolint.yaml` and a detect-secrets baseline can switch rules and files off; where the project stands under
another owner's policy they cannot, unless that policy's settings allow it.
"""

from collections.abc import Iterator, Sequence

import msgspec

from gate.core.errors import ConfigError
from gate.declarations import DECLARED
from gate.declarations.section import StageSettings
from gate.policy.fixed import NamedLayer, at
from gate.policy.layers import PolicySource
from gate.settings import Settings
from gate.settings.sources import Layer

_SECRETS = "secrets"
"""The built-in rule for credentials."""
_PRAGMAS = "no_pragmas"
"""Key by which comments silence nothing."""


def without_silencing(settings: Settings, above: Sequence[PolicySource], own: PolicySource) -> Settings:
    """Return the settings in which silences that the policies do not let hold are switched off."""
    waiving = [source.policy.waivers for source in (*above, own)]
    holds = all(one.comments for one in waiving)
    holds_for_secrets = holds and not any(_SECRETS in one.never for one in waiving)
    sections: dict[str, StageSettings] = {}
    for name, stage in DECLARED.items():
        section = settings.of(stage)
        are_heard = holds_for_secrets if stage.finds_secrets else holds
        changes = {} if are_heard else _without_comments(section)
        if stage.loosens:
            changes[stage.loosens] = _given(getattr(section, stage.loosens), default=not above)
        sections[name] = msgspec.structs.replace(section, **changes)
    return settings.with_sections(sections)


def unheard(settings: Settings, starter: Layer) -> Settings:
    """Return settings by which no file of another program loosens, and no baseline that the starter does not name."""
    sections: dict[str, StageSettings] = {}
    for name, stage in DECLARED.items():
        section = settings.of(stage)
        changes = _without_comments(section)
        if stage.loosens:
            changes[stage.loosens] = False
        if stage.known_findings and not at(starter, ("stages", name, stage.known_findings))[0]:
            changes[stage.known_findings] = ""
        sections[name] = msgspec.structs.replace(section, **changes)
    return settings.with_sections(sections)


def _without_comments(section: StageSettings) -> dict[str, bool | str]:
    """Return what makes comments in a target silence nothing, in a section that knows of them."""
    return {_PRAGMAS: True} if hasattr(section, _PRAGMAS) else {}


def check_not_lifted(file: NamedLayer, above: Sequence[PolicySource], fixed: Layer) -> None:
    """Raise ConfigError if a project's file, under a policy that does not say so, lets files loosen."""
    for key in _lifts() if above else ():
        if at(file.layer, key)[1] is True and at(fixed, key)[1] is not True:
            raise ConfigError(
                f"{'.'.join(key)} is not allowed in a file below a policy",
                path=file.name,
                hint="Remove it here, or ask the owner of that policy to say it in its `settings`",
            )


def _lifts() -> Iterator[tuple[str, ...]]:
    """Yield the keys that let files of other programs loosen."""
    yield from (("stages", name, stage.loosens) for name, stage in DECLARED.items() if stage.loosens)


def _given(value: bool | None, default: bool) -> bool:
    return default if value is None else value
