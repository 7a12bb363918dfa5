"""What the sections of `gate.yaml` share."""

from typing import Annotated, Literal

import msgspec


def about(text: str) -> msgspec.Meta:
    """Return the description of a setting: it is in the JSON Schema and is the help text of its flag."""
    return msgspec.Meta(description=text)


Plugins = Annotated[
    tuple[str, ...], about("Installed packages whose rules, kinds of secrets or lockfile formats count as well.")
]


RuleLevel = Literal["off", "info", "low", "medium", "high", "critical"]
"""What a rule's findings count as; `off`: the rule is not asked."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of `gate.yaml`; a key that it does not have is an error."""


class StageSettings(Section, frozen=True):
    """Settings that every stage has."""

    enabled: bool = True
    paths: Annotated[tuple[str, ...], about("Look only at files that match one of these patterns.")] = ()
    ignore: Annotated[tuple[str, ...], about("Never look at files that match one of these patterns.")] = ()


class LicenseSettings(Section, frozen=True):
    """Licences by SPDX identifier, `*` as wildcard. Without lists no licence is looked at."""

    allow: Annotated[tuple[str, ...], about("Licences that packages may have; all others are findings.")] = ()
    deny: Annotated[
        tuple[str, ...], about("Licences that are findings; `unknown` stands for packages that state none.")
    ] = ()


class ThirdPartySettings(Section, frozen=True):
    """Third parties of pipelines by name or owner, `*` as wildcard. Without lists none is a finding."""

    allow: Annotated[tuple[str, ...], about("Third parties that pipelines may have; all others are findings.")] = ()
    deny: Annotated[tuple[str, ...], about("Third parties that are findings.")] = ()
