"""PyPI: packages of Python."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.ecosystems.ecosystem import Ecosystem, Fetched, PackageUrls, UpdateCommands

_SEPARATORS = re.compile(r"[-_.]+")
_WHEEL = lazy_regex(r"(?P<name>[^-/]+)-(?P<version>[^-/]+)(?:-[0-9][^-/]*)?-[^-/]+-[^-/]+-[^-/]+\.whl")
_SOURCE = lazy_regex(r"(?P<name>[^/]+)-(?P<version>[0-9][^-/]*)\.(?:tar\.gz|tar\.bz2|tar\.xz|zip|tgz)")


def normalised(name: str) -> str:
    """Return a package's name as PEP 503 compares it."""
    return _SEPARATORS.sub("-", name).lower()


def _public(version: str) -> str:
    """Return `2.0.0` for `2.0.0+cu118`: advisories speak of public versions (PEP 440)."""
    return version.partition("+")[0]


def _fetched(path: str) -> Fetched | None:
    """Read the name of a wheel, `name-1.0.0-py3-none-any.whl`, or of a source distribution, `name-1.0.0.tar.gz`."""
    file = path.rpartition("/")[2]
    found = _WHEEL.fullmatch(file) or _SOURCE.fullmatch(file)
    return Fetched(normalised(found["name"]), found["version"]) if found else None


def _is_same_version(one: str, other: str) -> bool:
    from packaging.utils import canonicalize_version

    return one == other or canonicalize_version(one) == canonicalize_version(other)


ECOSYSTEM = Ecosystem(
    name="PyPI",
    version_order="pypi",
    advised_version=_public,
    canonical_name=normalised,
    written_name=normalised,
    has_popular_names=True,
    has_named_functions=True,
    advisory_ids=("PYSEC-",),
    package_urls=PackageUrls(type="pypi", names_namespace=False),
    fetched=_fetched,
    is_same_version=_is_same_version,
    update=UpdateCommands(
        by_file={
            "Pipfile.lock": ("pipenv upgrade {name}=={version}", "pipenv update {name}"),
            "pdm.lock": ("pdm add {name}>={version}", "pdm update {name}"),
            "poetry.lock": ("poetry add {name}>={version}", "poetry update {name}"),
            "uv.lock": ("uv add {name}>={version}", "uv lock --upgrade-package {name}"),
        },
    ),
    language="python",
    has_followed_runtime=True,
    system_modules=r"usr/lib/(?:python3/dist-packages|python\d[\d.]*/(?:site|dist)-packages)/([^/.]+)",
)
