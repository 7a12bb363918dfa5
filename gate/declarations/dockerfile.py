"""The stage that lints Dockerfiles."""

from typing import Annotated, Literal

import msgspec

from gate.declarations.declaration import Declaration
from gate.declarations.section import Plugins, RuleLevel, StageSettings, about
from gate.model import Tree

LabelFormat = Literal["text", "url", "rfc3339", "semver", "hash", "spdx", "email"]
"""What the value of a label has to be."""
HADOLINT_FILES = (".hadolint.yaml", ".hadolint.yml", ".config/hadolint.yaml", ".config/hadolint.yml")
"""Where hadolint's configuration is looked for; the first that is there counts, alone."""


class DockerfileSettings(StageSettings, frozen=True):
    """The dockerfile stage. What `.hadolint.yaml` says counts where this says nothing."""

    trusted_registries: Annotated[
        tuple[str, ...], about("Registries that base images may come from; none given: any.")
    ] = ()
    rules: Annotated[
        dict[str, RuleLevel], about("Rule and severity: another one than its own, or off; some rules need it.")
    ] = msgspec.field(default_factory=dict)
    label_schema: Annotated[
        dict[str, LabelFormat], about("Labels that every image needs, and the format of their values.")
    ] = msgspec.field(default_factory=dict)
    strict_labels: Annotated[bool, about("Labels that label_schema does not name are findings.")] = False
    shellcheck: Annotated[
        Literal["auto", "on", "off"], about("Ask ShellCheck about the scripts of RUN; auto: if it is installed.")
    ] = "auto"
    plugins: Plugins = ()
    no_pragmas: Annotated[bool, about("Comments such as `# hadolint ignore=DL3008` silence nothing.")] = False
    hadolint_loosens: Annotated[
        bool | None,
        about("`.hadolint.yaml` may switch rules off and lower them; not given: unless a policy stands above."),
    ] = None


DOCKERFILE = Declaration(
    name="dockerfile",
    module="gate.stages.dockerfile",
    accepts=(Tree,),
    settings=DockerfileSettings,
    fixes=True,
    words_rule="GATE-HADOLINT",
    loosens="hadolint_loosens",
    trust={
        "trusted_registries": "allow list",
        "rules": "levels",
        "label_schema": "labels",
        "strict_labels": "on",
        "shellcheck": ("off", "auto", "on"),
        "hadolint_loosens": "loosens",
    },
)
