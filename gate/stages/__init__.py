"""The stages of the pipeline, in the order in which reports list them."""

from importlib import import_module
from typing import cast

from gate.core.errors import UsageError
from gate.declarations import DECLARED
from gate.model import GATE
from gate.plugins import STAGES as GROUP
from gate.plugins import named_plugin
from gate.stages.base import Stage

STAGES = {name: one.module for name, one in DECLARED.items()}
"""Name of a stage to the module that runs it; a stage of its own is declared in `gate.declarations`."""


def load_stage(name: str) -> Stage:
    """Import a stage by its name, one of `STAGES` or a plugin's. Raises UsageError if there is none."""
    if name in STAGES:
        return cast(Stage, import_module(STAGES[name]))

    module = named_plugin(GROUP, name, "stage", "plugins")
    for needed in ("ACCEPTS", "run", "rules"):
        if not hasattr(module, needed):
            raise UsageError(f"the plugin {name} is no stage", hint=f"{module.__name__} needs {needed}")
    return cast(Stage, module)


def order_of(name: str) -> int:
    """Return the place of a stage in reports: `gate` first; one that the registry does not name after all others."""
    if name == GATE:
        return -1
    return list(STAGES).index(name) if name in STAGES else len(STAGES)
