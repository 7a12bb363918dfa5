"""Ruby: `require "x"`; `Bundler.require` requires every gem that the Gemfile names."""

import re
from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.language import Import, beginnings, found_by
from gate.trees import FileTree

NAME = "Ruby"
ENDINGS = (".rb", ".rake", ".ru", ".gemspec", "Rakefile")
_REQUIRE = re.compile(r"""^[ \t]*(?:require[ \t(]+["']([\w./-]+)["']|(Bundler\.require)\b)""", re.MULTILINE)


def imports(text: str) -> Iterator[Import]:
    """Yield the features that are required, and `Bundler.require`."""
    return found_by(_REQUIRE, text)


def keys_of(module: str) -> Iterator[str]:
    """Yield a feature and the folders that it is in."""
    return beginnings(module, "/")


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return what a gem's own feature may be called; those of the Gemfile are required by Bundler too."""
    name = package.name
    own = (name, name.replace("-", "/"), name.replace("-", "_"))
    return (*dict.fromkeys(own), "Bundler.require") if package.direct else tuple(dict.fromkeys(own))
