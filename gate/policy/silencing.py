"""What silences a finding before a policy sees it, as far as the policy lets it: comments, files of other programs.

`# hadolint ignore=…` and `# pragma: allowlist secret` are comments that accept a finding, so they hold where comments
do. `.hadolint.yaml` and a detect-secrets baseline can switch rules and files off; where the project stands under
somebody else's policy they can't, unless the settings say so.
"""

from collections.abc import Sequence

import msgspec

from gate.policy.layers import Source
from gate.settings import Settings

_SECRETS = "secrets"
"""The built-in rule for credentials."""


def without_silencing(settings: Settings, above: Sequence[Source], own: Source) -> Settings:
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


def _given(value: bool | None, default: bool) -> bool:
    return default if value is None else value
