"""The stage that runs other programs, which the setting `tools` names."""

from gate.declarations.declaration import Declaration
from gate.declarations.section import StageSettings
from gate.model import Tree

TOOLS = Declaration(
    name="tools",
    module="gate.stages.tools",
    accepts=(Tree,),
    settings=StageSettings,
    needs=("tools",),
    without="no tool is configured",
    runs_on_request=True,
    permission="tools",
)
