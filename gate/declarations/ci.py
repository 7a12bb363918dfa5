"""The stage that judges the definitions of pipelines."""

from typing import Annotated

import msgspec

from gate.declarations.declaration import Declaration
from gate.declarations.section import RuleLevel, StageSettings, ThirdPartySettings, about
from gate.model import Tree

EDITED_PIPELINES = "edits_what_judges_it"
"""The fact that names the pipelines which run the gate and are edited by the change that is judged."""

ZIZMOR_FILES = (".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml")
"""Where zizmor's configuration is looked for; the first that is there counts, alone."""


class CiSettings(StageSettings, frozen=True):
    """The ci stage: workflows, pipelines and jobs of CI systems."""

    rules: Annotated[dict[str, RuleLevel], about("Rule and severity: another one than its own, or off.")] = (
        msgspec.field(default_factory=dict)
    )
    no_pragmas: Annotated[bool, about("Comments such as `# gate: ignore[GC201]` silence nothing.")] = False
    zizmor_loosens: Annotated[
        bool | None,
        about("`zizmor.yml` may disable and configure audits; not given: unless a policy stands above."),
    ] = None
    third_parties: ThirdPartySettings = ThirdPartySettings()


CI = Declaration(
    name="ci",
    module="gate.stages.ci",
    accepts=(Tree,),
    settings=CiSettings,
    fixes=True,
    words_rule="GATE-ZIZMOR",
    loosens="zizmor_loosens",
    trust={
        "rules": "levels",
        "zizmor_loosens": "loosens",
        "third_parties.allow": "allow list",
        "third_parties.deny": "more",
    },
)
