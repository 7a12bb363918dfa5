"""Ruby gems: the `specifications/NAME-VERSION.gemspec` that RubyGems writes for each installed gem.

A gemspec is Ruby, which is never run: RubyGems writes one assignment of plain text a line, and those are read.
"""

import re
from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, language_package, unparsable
from gate.model import Package
from gate.trees import FileTree

_FOLDERS = ("/specifications/", "/specifications/default/")
_FIELD = re.compile(
    r"""^[ \t]*s\.(?P<key>name|version|licenses)[ \t]*=[ \t]*"""
    r"""(?:Gem::Version\.new\()?(?P<value>"[^"\n]*"|'[^'\n]*'|\[[^\]\n]*\])""",
    re.MULTILINE,
)
_TEXT = re.compile(r"""["']([^"'\n]*)["']""")


def finder(_: FileTree) -> Finder:
    """Return the test for the gemspecs of installed gems; those in a gem's own folder are its source code."""
    return lambda path, _: path.endswith(".gemspec") and f"/{path.rpartition('/')[0]}/".endswith(_FOLDERS)


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the gem; its platform is no part of the version."""
    fields: dict[str, list[str]] = {}
    for found in _FIELD.finditer(content.decode("utf-8", "replace")):
        fields.setdefault(found["key"], _TEXT.findall(found["value"]))
    name, version = ("".join(fields.get(key, ())[:1]) for key in ("name", "version"))
    if not name or not version:
        raise unparsable(path, "it does not state name and version as RubyGems writes them")
    yield language_package("RubyGems", name, version, path, " OR ".join(fields.get("licenses", ())))
