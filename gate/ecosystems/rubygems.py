"""RubyGems: packages of Ruby."""

from gate.core.lazy_regex import lazy_regex
from gate.ecosystems.ecosystem import Ecosystem, Fetched, PackageUrls, UpdateCommands, both

_FILE = lazy_regex(r"(?P<name>[^/]+?)-(?P<version>[0-9][^-/]*)(?:-[^/]+)?\.gem")


def _fetched(path: str) -> Fetched | None:
    """Read `/gems/name-1.0.0.gem`."""
    found = _FILE.fullmatch(path.rpartition("/")[2])
    return Fetched(found["name"], found["version"]) if found else None


ECOSYSTEM = Ecosystem(
    name="RubyGems",
    version_order="rubygems",
    has_popular_names=True,
    has_named_functions=True,
    package_urls=PackageUrls(type="gem"),
    fetched=_fetched,
    update=UpdateCommands(
        by_file={
            "Gemfile.lock": both("bundle update --conservative {name}"),
            "gems.locked": both("bundle update --conservative {name}"),
        },
    ),
    language="ruby",
    has_followed_runtime=True,
    system_modules=r"usr/(?:share|lib|lib/[^/]+)/(?:ruby/vendor_ruby|rubygems-integration)/[^/.]+",
)
