"""PHP packages: `vendor/composer/installed.json`, of Composer 1 (a list) and 2 (an object)."""

from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, decode_json, language_package
from gate.model import Package, Scope
from gate.trees import FileTree


class _Package(msgspec.Struct):
    name: str
    version: str
    license: Any = None


class _Installed(msgspec.Struct, rename="kebab"):
    packages: list[_Package]
    dev_package_names: list[str] = []


def finder(_: FileTree) -> Finder:
    """Return the test for the file, by its path."""
    return lambda path, _: path.endswith("composer/installed.json")


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield every package that Composer installed."""
    is_list = content.lstrip().startswith(b"[")
    installed = (
        _Installed(decode_json(content, path, list[_Package])) if is_list else decode_json(content, path, _Installed)
    )
    development = frozenset(installed.dev_package_names)
    for package in installed.packages:
        name = package.name.lower()
        made = language_package("Packagist", name, package.version, path, _license(package.license))
        is_development = package.name in development
        yield msgspec.structs.replace(made, scope=Scope.DEVELOPMENT) if is_development else made


def _license(said: Any) -> str | None:
    """Return a licence as an expression; several are a choice."""
    stated = said if isinstance(said, list) else [said]
    return " OR ".join(one for one in stated if isinstance(one, str))
