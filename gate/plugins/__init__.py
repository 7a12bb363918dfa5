"""Third-party stages, rules and report formats: entry points of other packages, looked up by a name in the settings.

Nothing is loaded that the settings do not name, and nothing is installed: who installs a package decides what runs.
"""

from functools import cache
from types import ModuleType

from gate.errors import UsageError

STAGES = "gate.stages"
REPORTS = "gate.reports"
DOCKERFILE_RULES = "gate.dockerfile_rules"
"""Groups of entry points. Each names a module: of the shape of `gate.stages.base.Stage`, of `gate.reports.Format`, or
one with functions that `gate.dockerfile.rule.rule` makes rules."""


@cache
def find_plugin(group: str, name: str) -> ModuleType | None:
    """Return the module that an installed package offers under `name`; None if there is none.

    Raises UsageError if several packages offer it, or if it cannot be imported.
    """
    from importlib.metadata import entry_points

    found = list(dict.fromkeys(entry_points(group=group, name=name)))
    if not found:
        return None
    if len(found) > 1:
        raise UsageError(f"several packages offer {name}", hint=", ".join(sorted(one.value for one in found)))
    try:
        module = found[0].load()
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(f"the plugin {name} cannot be loaded ({type(error).__name__})", hint=found[0].value) from error
    if not isinstance(module, ModuleType):
        raise UsageError(f"the plugin {name} is no module", hint=found[0].value)
    return module
