"""The files of a repository or image that a search in Ruby reads: its own, those of installed gems, and Ruby's own."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from gate.core.errors import LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.reachability.functions.bounded_files import BoundedFiles
from gate.trees import FileTree

MAX_RUBY_SOURCE = 8 << 20
"""Bytes of one file."""
MAX_RUBY_BYTES = 256 << 20
"""Bytes of all files that are read."""
SOURCES = (".rb", ".ru", ".rake", ".gemspec", ".thor", ".jbuilder", ".builder", ".rabl")
_NAMED = frozenset(("Rakefile", "Gemfile", "Capfile", "Guardfile", "Thorfile"))
_IN_GEM = re.compile(r"(?P<folder>(?:.*/)?gems/(?P<gem>[A-Za-z][\w.-]*?-\d[^/]*))/(?P<inside>.+)", re.DOTALL)
_NOT_LOADED = re.compile(r"(?:test|tests|spec|specs|features|examples?|samples?|docs?|benchmarks?|rakelib|\.[^/]+)/")
"""Folders of a gem that no program loads."""
_STANDARD = re.compile(
    r"(?:^|/)lib/(?:[\w-]+/)?ruby/(?:vendor_ruby/|site_ruby/)?(?:\d[\d.]*/)?(?P<feature>[^/].*)\.rb\Z"
)
_LOCKED = re.compile(rb"^ {4}([\w.-]+) \(([^)\n-]+)[^)\n]*\)", re.MULTILINE)
_COMPILED = (".so", ".bundle", ".dll")
_DATA = re.compile(
    r"\.(?:png|jpe?g|gif|ico|svg|webp|css|scss|less|map|woff2?|ttf|eot|pdf|gz|zip|mp[34]|csv|sql|md|lock|js|ts|py|go|java|c|h|o|a)\Z",
    re.IGNORECASE,
)
_SHEBANG = re.compile(rb"#![^\n]*\bruby")
_BINARY = b"\0"


class RubyFiles(BoundedFiles):
    """Paths by what they are, and their bytes within bounds."""

    def __init__(
        self,
        tree: FileTree,
        paths: Iterable[str],
        *,
        is_own: Callable[[str], bool] | None = None,
        given: Mapping[str, bytes] | None = None,
    ) -> None:
        """Take the paths of all files; `is_own` is true for those of the application, if that is known otherwise.

        `given` are texts that are in no file, by a name for each. Raises LimitError if too much is read.
        """
        super().__init__(tree, MAX_RUBY_SOURCE, MAX_RUBY_BYTES, given)
        self._is_own = is_own or _ships
        self.own: list[str] = []
        """Sources of the application."""
        self.texts: list[str] = list(self._contents)
        """Its other files, which may name a method: templates, settings, scripts."""
        self.gems: defaultdict[str, list[str]] = defaultdict(list)
        """Sources of each installed gem, by its folder."""
        self.locked: list[str] = []
        """Lockfiles of Bundler."""
        self.standard: dict[str, str] = {}
        """Path of each source of Ruby's own library, by the name by which it is required."""
        self.compiled: list[str] = []
        """Compiled parts of gems."""
        for path in paths:
            self._add(path)

    def folders_of(self, gem: str, version: str) -> list[str]:
        """Return the folders in which a version of a gem is installed, of any platform."""
        name = re.compile(rf"(?:.*/)?{re.escape(gem)}-{re.escape(version)}(?:-[a-z][\w.-]*)?")
        return sorted(folder for folder in self.gems if name.fullmatch(folder))

    def missing_gem(self) -> str:
        """Return a gem that a lockfile lists and whose sources are not here; empty if all of them are."""
        for path in self.locked:
            for name, version in _LOCKED.findall(self.content(path)):
                gem, exact = name.decode("utf-8", "replace"), version.decode("utf-8", "replace")
                if not self.folders_of(gem, exact) and gem not in self._of_ruby():
                    return f"{gem} {exact} ({path} lists it)"
        return ""

    def sources(self) -> Iterable[str]:
        """Yield every source, the application's own first."""
        yield from self.own
        for paths in self.gems.values():
            yield from paths
        yield from self.standard.values()

    def _of_ruby(self) -> frozenset[str]:
        """Return the gems whose sources are in Ruby's own library."""
        return frozenset(feature.replace("/", "-") for feature in self.standard)

    def _add(self, path: str) -> None:
        if found := _IN_GEM.fullmatch(path):
            if not _NOT_LOADED.match(found["inside"]):
                self._add_of_gem(path, found["folder"])
        elif path.endswith(".gemspec") and "/specifications/" in path:
            return  # what RubyGems notes of an installed gem
        elif found := _STANDARD.search(path):
            self.standard[found["feature"]] = path
        elif path.rpartition("/")[2] in ("Gemfile.lock", "gems.locked"):
            self.locked.append(path)
        elif path.endswith(_COMPILED):
            if "/extensions/" in path or "/ruby/" in path:
                self.compiled.append(path)
        elif self._is_own(path) and not _DATA.search(path):
            self._add_own(path)

    def _add_of_gem(self, path: str, folder: str) -> None:
        if path.endswith(_COMPILED):
            self.compiled.append(path)
        elif path.endswith(SOURCES) or self._is_script(path):
            self.gems[folder].append(path)

    def _add_own(self, path: str) -> None:
        if path.endswith(SOURCES) or path.rpartition("/")[2] in _NAMED or self._is_script(path):
            self.own.append(path)
        elif not self.content(path)[:4_096].count(_BINARY):
            self.texts.append(path)

    def _is_script(self, path: str) -> bool:
        with suppress(LimitError):
            return "." not in path.rpartition("/")[2] and _SHEBANG.match(self.content(path)[:200]) is not None
        return False


def _ships(path: str) -> bool:
    return not is_test_path(path) and (path.endswith((".html", ".htm")) or not is_documentation_path(path))
