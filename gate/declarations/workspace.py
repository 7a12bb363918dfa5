"""The stage that judges what starts on a developer's machine, and what agents read."""

from typing import Annotated

import msgspec

from gate.declarations.declaration import Declaration
from gate.declarations.section import RuleLevel, StageSettings, about
from gate.model import Tree


class WorkspaceSettings(StageSettings, frozen=True):
    """The workspace stage: what clone, open, install, commit, push and build start."""

    rules: Annotated[dict[str, RuleLevel], about("Rule and severity: another one than its own, or off.")] = (
        msgspec.field(default_factory=dict)
    )
    no_pragmas: Annotated[bool, about("Comments such as `# gate: ignore[GW001]` silence nothing.")] = False


WORKSPACE = Declaration(
    name="workspace",
    module="gate.stages.workspace",
    accepts=(Tree,),
    settings=WorkspaceSettings,
    fixes=True,
    trust={"rules": "levels"},
)
