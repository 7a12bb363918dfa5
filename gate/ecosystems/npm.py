"""npm: packages of JavaScript and TypeScript."""

from gate.core.lazy_regex import lazy_regex
from gate.ecosystems.ecosystem import Ecosystem, Fetched, PackageUrls, UpdateCommands

_SEMANTIC = r"(?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?)"
_TARBALL = lazy_regex(
    rf"(?:.*?/)?(?P<name>(?:@[^/@]+/)?(?P<bare>[^/@]+))/(?:-|download)/(?:@[^/@]+/)?(?P<file>[^/]+?)-{_SEMANTIC}\.tgz"
)
_GITHUB_PACKAGE = lazy_regex(r".*/download/(?P<name>@[^/@]+/[^/@]+)/(?P<version>[^/]+)/[0-9a-f]+")


def _fetched(path: str) -> Fetched | None:
    """Read `/@scope/name/-/name-1.0.0.tgz` of a registry, or `/download/@scope/name/1.0.0/ID` of GitHub Packages.

    A file that bears another name than its folder is what the file is called.
    """
    if found := _TARBALL.fullmatch(path):
        is_named_alike = found["file"].lower() == found["bare"].lower()
        return Fetched(found["name"] if is_named_alike else found["file"], found["version"])
    if found := _GITHUB_PACKAGE.fullmatch(path):
        return Fetched(found["name"], found["version"])
    return None


ECOSYSTEM = Ecosystem(
    name="npm",
    version_order="semver",
    has_popular_names=True,
    has_named_functions=True,
    advisory_ids=("GHSA-",),
    package_urls=PackageUrls(type="npm"),
    fetched=_fetched,
    update=UpdateCommands(
        by_file={
            "bun.lock": ("bun add {name}@{version}", "bun update {name}"),
            "deno.lock": ("deno add npm:{name}@{version}", "deno outdated --update --latest"),
            "npm-shrinkwrap.json": ("npm install {name}@{version}", "npm update {name}"),
            "package-lock.json": ("npm install {name}@{version}", "npm update {name}"),
            "pnpm-lock.yaml": ("pnpm add {name}@{version}", "pnpm update {name} --depth Infinity"),
            "yarn.lock": ("yarn add {name}@{version}", "yarn up --recursive {name}"),
        },
    ),
    language="javascript",
    has_followed_runtime=True,
    system_modules=r"usr/(?:share|lib|lib/[^/]+)/nodejs/(?:@[^/]+/)?[^/.]+",
)
