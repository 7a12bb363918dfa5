"""Which installed packages of npm are for development alone, by the list that npm leaves in `node_modules`.

npm 7 and later writes `.package-lock.json` there, with `"dev": true` for what only `devDependencies` lead to
(npm documentation, "package-lock.json"). Other package managers leave no such list: their packages are for the runtime.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from gate.core.errors import GateError
from gate.inventory.installed.packages import decode_json
from gate.model import Package, Scope
from gate.trees import FileTree

_FOLDER = "node_modules/"
_MANIFEST = "/package.json"
_MAX_LIST = 64 << 20


class _Listed(msgspec.Struct):
    dev: bool = False


class _List(msgspec.Struct):
    packages: dict[str, _Listed] = {}
    """By the path of the package's folder from that of the application."""


def with_scopes(packages: Iterable[Package], tree: FileTree) -> Iterator[Package]:
    """Yield the packages; those of npm that are for development alone have that scope."""
    lists: dict[str, dict[str, _Listed]] = {}
    for package in packages:
        home, folder, _ = package.path.partition(_FOLDER)
        if package.ecosystem != "npm" or not folder:
            yield package
            continue
        if home not in lists:
            lists[home] = _listed_in(home, tree)
        listed = lists[home].get(package.path.removeprefix(home).removesuffix(_MANIFEST))
        is_development = listed is not None and listed.dev
        yield msgspec.structs.replace(package, scope=Scope.DEVELOPMENT) if is_development else package


def _listed_in(home: str, tree: FileTree) -> dict[str, _Listed]:
    """Return what the list says; nothing if there is none that can be read, as it says no more than a scope."""
    path = f"{home}{_FOLDER}.package-lock.json"
    with suppress(GateError):
        if tree.look_up(path) is not None:
            return decode_json(tree.read(path, _MAX_LIST), path, _List).packages
    return {}
