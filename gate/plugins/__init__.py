"""Third-party stages, rules, formats and kinds of secrets: entry points of other packages, named by the settings.

Nothing is loaded that the settings do not name, and nothing is installed: who installs a package decides what runs.
"""

from functools import cache
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
with functions that `gate.dockerfile.rule.rule` makes rules, with `RULES` as `gate.images.rules`, with `TOKENS` as
`gate.secrets.kinds`, or of the shape of `gate.inventory.discovery.Reader`."""


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
    except (Exception, SystemExit) as error:
        raise UsageError(f"the plugin {name} cannot be loaded ({type(error).__name__})", hint=found[0].value) from error
    if not isinstance(module, ModuleType):
        raise UsageError(f"the plugin {name} is no module", hint=found[0].value)
    return module


def named_plugin(group: str, name: str, what: str, key: str) -> ModuleType:
    """Return the module that is offered under `name`, which the settings say under `key`. Raises UsageError."""
    module = find_plugin(group, name)
    if module is None:
        raise UsageError(f"no installed package offers the {what} {name}", hint=f"`{key}` in the settings names it")
    return module


def code_of(module: ModuleType) -> list[Path]:
    """Return the files of the package that a plugin's module belongs to: what it does may change when they do."""
    from importlib.util import find_spec

    spec = find_spec(module.__name__.partition(".")[0])
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        return [Path(module.__file__)] if module.__file__ else []
    return sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
