"""Plugins: stages, rules, formats and kinds of secrets of other packages, which offer them as entry points.

Only plugins that the settings name are loaded, and the gate installs none: installing a package is the user's decision.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from gate.core.errors import UsageError

STAGES = "gate.stages"
REPORTS = "gate.reports"
DOCKERFILE_RULES = "gate.dockerfile_rules"
IMAGE_RULES = "gate.image_rules"
KINDS = "gate.secret_kinds"  # pragma: allowlist secret
LOCKFILES = "gate.lockfiles"
"""Groups of entry points. Each names a module: of the shape of `gate.stages.base.Stage`, of `gate.reports.Format`, one
with functions that `gate.dockerfile.rule.rule` or `gate.images.rules.base.rule` makes rules, with `TOKENS` as
`gate.secrets.kinds`, or of the shape of `gate.inventory.discovery.Reader`."""


@cache
def find_plugin(group: str, name: str) -> ModuleType | None:
    """Return the module that an installed package offers as entry point `name` of `group`; None if there is none.

    Raises UsageError if several packages offer it, or if it cannot be imported.
    """
    from importlib.metadata import entry_points  # late: it takes as long as a small run, and few runs have plugins

    found = list(dict.fromkeys(entry_points(group=group, name=name)))  # a path listed twice offers each twice
    if not found:
        return None
    if len(found) > 1:
        raise UsageError(f"several packages offer {name}", hint=", ".join(sorted(one.value for one in found)))
    try:
        module = found[0].load()
    except UsageError:
        raise
    except (Exception, SystemExit) as error:
        raise UsageError(f"the plugin {name} cannot be loaded ({type(error).__name__})", hint=found[0].value) from error
    if not isinstance(module, ModuleType):
        raise UsageError(f"the plugin {name} is no module", hint=found[0].value)
    return module


def named_plugin(group: str, name: str, what: str, key: str) -> ModuleType:
    """Return the plugin `name`, a `what`, that the setting `key` names. Raises UsageError if there is none."""
    module = find_plugin(group, name)
    if module is None:
        raise UsageError(f"no installed package offers the {what} {name}", hint=f"`{key}` in the settings names it")
    return module


def code_of(module: ModuleType) -> list[Path]:
    """Return the source files of the package that a plugin belongs to: its results are cached under their digest."""
    spec = find_spec(module.__name__.partition(".")[0])
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        return [Path(module.__file__)] if module.__file__ else []
    return sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
