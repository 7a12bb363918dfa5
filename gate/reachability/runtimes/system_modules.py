"""Modules of languages that a distribution's packages bring: programs load them as they do what others installed."""

import re
from collections.abc import Iterable, Iterator

_FOLDERS = {
    "npm": r"usr/(?:share|lib|lib/[^/]+)/nodejs/(?:@[^/]+/)?([^/.]+)",
    "PyPI": r"usr/lib/(?:python3/dist-packages|python\d[\d.]*/(?:site|dist)-packages)/([^/.]+)",
    "Packagist": r"usr/share/php/([^/.]+)",
    "RubyGems": r"usr/(?:share|lib|lib/[^/]+)/(?:ruby/vendor_ruby|rubygems-integration)/([^/.]+)",
    "Maven": r"usr/share/(?:java|maven-repo)/([^/.]+)",
}
_MODULES = {kind: re.compile(pattern) for kind, pattern in _FOLDERS.items()}


def kinds_of_system(paths: Iterable[str]) -> frozenset[str]:
    """Return the ecosystems whose programs find modules among a package's files."""
    paths = list(paths)
    return frozenset(kind for kind, found in _MODULES.items() if any(map(found.match, paths)))


def modules_of_system(paths: Iterable[str]) -> Iterator[str]:
    """Yield the names by which modules among a package's files are loaded in Node.js and Python."""
    for path in paths:
        for kind in ("npm", "PyPI"):
            if found := _MODULES[kind].match(path):
                yield found[1]
