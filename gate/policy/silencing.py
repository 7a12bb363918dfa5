"""What silences a finding before a policy sees it, as far as the policy lets it: comments, files of other programs.

`# hadolint ignore=…` and `# pragma: allowlist secret` are comments that accept a finding, so they hold where comments
do. `.hadolint.yaml` and a detect-secrets baseline can switch rules and files off; where the project stands under
somebody else's policy they can't, unless the settings say so.
"""

from collections.abc import Sequence

import msgspec

from gate.core.errors import ConfigError
from gate.policy.fixed import NamedLayer, at
from gate.policy.layers import PolicySource
from gate.settings import Settings
from gate.settings.sources import Layer

_SECRETS = "secrets"
"""The built-in rule for credentials."""


def without_silencing(settings: Settings, above: Sequence[PolicySource], own: PolicySource) -> Settings:
    """Return the settings in which silences that the policies do not let hold are switched off."""
    stages, is_free = settings.stages, not above
    waiving = [source.policy.waivers for source in (*above, own)]
    holds = all(one.comments for one in waiving)
    holds_for_secrets = holds and not any(_SECRETS in one.never for one in waiving)
    dockerfile = msgspec.structs.replace(
        stages.dockerfile,
        no_pragmas=stages.dockerfile.no_pragmas or not holds,
        hadolint_loosens=_given(stages.dockerfile.hadolint_loosens, is_free),
    )
    secrets = msgspec.structs.replace(
        stages.secrets,
        no_pragmas=stages.secrets.no_pragmas or not holds_for_secrets,
        baseline_loosens=_given(stages.secrets.baseline_loosens, is_free),
    )
    stages = msgspec.structs.replace(stages, dockerfile=dockerfile, secrets=secrets)
    return msgspec.structs.replace(settings, stages=stages)


def unheard(settings: Settings, starter: Layer) -> Settings:
    """Return settings by which no file of another program loosens, and no baseline that the starter does not name."""
    stages = settings.stages
    is_named, _ = at(starter, ("stages", "secrets", "baseline"))
    secrets = msgspec.structs.replace(
        stages.secrets,
        no_pragmas=True,
        baseline_loosens=False,
        baseline=stages.secrets.baseline if is_named else "",
    )
    dockerfile = msgspec.structs.replace(stages.dockerfile, no_pragmas=True, hadolint_loosens=False)
    return msgspec.structs.replace(
        settings, stages=msgspec.structs.replace(stages, dockerfile=dockerfile, secrets=secrets)
    )


_LIFTS = (("stages", "dockerfile", "hadolint_loosens"), ("stages", "secrets", "baseline_loosens"))
"""Keys that let files of other programs loosen."""


def check_not_lifted(file: NamedLayer, above: Sequence[PolicySource], fixed: Layer) -> None:
    """Raise ConfigError if a project's file, under a policy that does not say so, lets files loosen."""
    for key in _LIFTS if above else ():
        if at(file.layer, key)[1] is True and at(fixed, key)[1] is not True:
            raise ConfigError(
                f"{'.'.join(key)} is not for a file that a policy stands above",
                path=file.name,
                hint="Leave it out here, or ask the owner of that policy to say it in its `settings`",
            )


def _given(value: bool | None, default: bool) -> bool:
    return default if value is None else value
