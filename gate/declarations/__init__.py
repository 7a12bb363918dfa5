"""Every stage declares itself here, in a file of its own that imports no engine: name, targets, settings, abilities."""

from gate.declarations.ci import CI
from gate.declarations.declaration import Declaration
from gate.declarations.dependencies import DEPENDENCIES
from gate.declarations.dockerfile import DOCKERFILE
from gate.declarations.image import IMAGE
from gate.declarations.kubernetes import KUBERNETES
from gate.declarations.secrets import SECRETS
from gate.declarations.section import StageSettings
from gate.declarations.tools import TOOLS
from gate.declarations.workspace import WORKSPACE

_IN_ORDER: tuple[Declaration[StageSettings], ...] = (
    DOCKERFILE,
    SECRETS,
    DEPENDENCIES,
    IMAGE,
    KUBERNETES,
    CI,
    WORKSPACE,
    TOOLS,
)
"""In the order in which reports list them."""
DECLARED = {one.name: one for one in _IN_ORDER}
"""The gate's own stages by name."""


def declared(name: str) -> Declaration[StageSettings]:
    """Return what a stage declares; for one of a plugin, a declaration of nothing."""
    return DECLARED.get(name) or Declaration(name=name, module="", accepts=(), settings=StageSettings)
