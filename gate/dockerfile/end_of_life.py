"""Until which day the releases that images are made of get security fixes: a table of facts, by image and release.

As the projects have announced it: debian.org/releases and wiki.debian.org/LTS, ubuntu.com/about/release-cycle (standard
support), alpinelinux.org/releases, devguide.python.org/versions, github.com/nodejs/release, go.dev/doc/devel/release,
php.net/supported-versions, ruby-lang.org/en/downloads/branches, docs.fedoraproject.org, and each other project's page.
A release that is not listed is not judged. Paid extended support does not count.
"""

import re
from collections.abc import Iterator, Mapping

from gate.dockerfile.references import DEFAULT_REGISTRY, ImageReference

AS_OF = "2025-10-01"
"""The table holds what was announced by this day."""

Releases = Mapping[str, str]
"""Release to the last day with fixes, both as text; days compare as text."""

_DEBIAN: Releases = {
    "7": "2018-05-31",
    "8": "2020-06-30",
    "9": "2022-06-30",
    "10": "2024-06-30",
    "11": "2026-08-31",
    "12": "2028-06-30",
}
_UBUNTU: Releases = {
    "12.04": "2017-04-28",
    "14.04": "2019-04-25",
    "16.04": "2021-04-30",
    "18.04": "2023-05-31",
    "20.04": "2025-05-31",
    "22.04": "2027-06-01",
    "22.10": "2023-07-20",
    "23.04": "2024-01-25",
    "23.10": "2024-07-11",
    "24.04": "2029-05-31",
    "24.10": "2025-07-10",
    "25.04": "2026-01-31",
}
_ALPINE: Releases = {
    "3.0": "2016-05-01",
    "3.1": "2016-11-01",
    "3.2": "2017-05-01",
    "3.3": "2017-11-01",
    "3.4": "2018-05-01",
    "3.5": "2018-11-01",
    "3.6": "2019-05-01",
    "3.7": "2019-11-01",
    "3.8": "2020-05-01",
    "3.9": "2020-11-01",
    "3.10": "2021-05-01",
    "3.11": "2021-11-01",
    "3.12": "2022-05-01",
    "3.13": "2022-11-01",
    "3.14": "2023-05-01",
    "3.15": "2023-11-01",
    "3.16": "2024-05-23",
    "3.17": "2024-11-22",
    "3.18": "2025-05-09",
    "3.19": "2025-11-01",
    "3.20": "2026-04-01",
    "3.21": "2026-11-01",
    "3.22": "2027-05-01",
}
_CENTOS: Releases = {
    "5": "2017-03-31",
    "6": "2020-11-30",
    "7": "2024-06-30",
    "8": "2021-12-31",
    "stream8": "2024-05-31",
}
_DOTNET: Releases = {
    "2.1": "2021-08-21",
    "3.1": "2022-12-13",
    "5.0": "2022-05-10",
    "6.0": "2024-11-12",
    "7.0": "2024-05-14",
    "8.0": "2026-11-10",
}
_UBI7: Releases = {"7": "2024-06-30"}

END_OF_LIFE: Mapping[str, Releases] = {
    "almalinux": {"8": "2029-03-01", "9": "2032-05-31"},
    "alpine": _ALPINE,
    "amazonlinux": {"1": "2023-12-31", "2018.03": "2023-12-31", "2": "2026-06-30"},
    "centos": _CENTOS,
    "centos/centos": _CENTOS,
    "debian": _DEBIAN,
    "dotnet/aspnet": _DOTNET,
    "dotnet/core/aspnet": {"2.1": "2021-08-21", "2.2": "2019-12-23", "3.0": "2020-03-03", "3.1": "2022-12-13"},
    "dotnet/core/runtime": {"2.1": "2021-08-21", "2.2": "2019-12-23", "3.0": "2020-03-03", "3.1": "2022-12-13"},
    "dotnet/core/sdk": {"2.1": "2021-08-21", "2.2": "2019-12-23", "3.0": "2020-03-03", "3.1": "2022-12-13"},
    "dotnet/runtime": _DOTNET,
    "dotnet/sdk": _DOTNET,
    "drupal": {"7": "2025-01-05", "8": "2021-11-02", "9": "2023-11-01"},
    "fedora": {
        "33": "2021-11-30",
        "34": "2022-06-07",
        "35": "2022-12-13",
        "36": "2023-05-16",
        "37": "2023-12-05",
        "38": "2024-05-21",
        "39": "2024-11-26",
        "40": "2025-05-13",
    },
    "golang": {
        "1.4": "2016-02-17",
        "1.5": "2016-08-15",
        "1.6": "2017-02-16",
        "1.7": "2017-08-24",
        "1.8": "2018-02-16",
        "1.9": "2018-08-24",
        "1.10": "2019-02-25",
        "1.11": "2019-09-03",
        "1.12": "2020-02-25",
        "1.13": "2020-08-11",
        "1.14": "2021-02-16",
        "1.15": "2021-08-16",
        "1.16": "2022-03-15",
        "1.17": "2022-08-02",
        "1.18": "2023-02-01",
        "1.19": "2023-08-08",
        "1.20": "2024-02-06",
        "1.21": "2024-08-13",
        "1.22": "2025-02-11",
        "1.23": "2025-08-12",
    },
    "mariadb": {
        "10.2": "2022-05-23",
        "10.3": "2023-05-25",
        "10.4": "2024-06-18",
        "10.5": "2025-06-24",
        "10.6": "2026-07-06",
    },
    "mongo": {
        "3.6": "2021-04-30",
        "4.0": "2022-04-30",
        "4.2": "2023-04-30",
        "4.4": "2024-02-29",
        "5.0": "2024-10-31",
        "6.0": "2025-07-31",
    },
    "mysql": {"5.5": "2018-12-31", "5.6": "2021-02-28", "5.7": "2023-10-31", "8.0": "2026-04-30"},
    "node": {
        "0": "2016-12-31",
        "4": "2018-04-30",
        "5": "2016-06-30",
        "6": "2019-04-30",
        "7": "2017-06-30",
        "8": "2019-12-31",
        "9": "2018-06-30",
        "10": "2021-04-30",
        "11": "2019-06-01",
        "12": "2022-04-30",
        "13": "2020-06-01",
        "14": "2023-04-30",
        "15": "2021-06-01",
        "16": "2023-09-11",
        "17": "2022-06-01",
        "18": "2025-04-30",
        "19": "2023-06-01",
        "20": "2026-04-30",
        "21": "2024-06-01",
        "22": "2027-04-30",
        "23": "2025-06-01",
        "24": "2028-04-30",
        "carbon": "2019-12-31",
        "dubnium": "2021-04-30",
        "erbium": "2022-04-30",
        "fermium": "2023-04-30",
        "gallium": "2023-09-11",
        "hydrogen": "2025-04-30",
        "iron": "2026-04-30",
    },
    "opensuse/leap": {"15.3": "2022-12-31", "15.4": "2023-12-07", "15.5": "2024-12-31", "15.6": "2026-04-30"},
    "oraclelinux": {"6": "2021-03-31", "7": "2024-12-31"},
    "php": {
        "5": "2018-12-31",
        "7": "2022-11-28",
        "7.0": "2019-01-10",
        "7.1": "2019-12-01",
        "7.2": "2020-11-30",
        "7.3": "2021-12-06",
        "8.0": "2023-11-26",
        "8.1": "2025-12-31",
        "8.2": "2026-12-31",
        "8.3": "2027-12-31",
        "8.4": "2028-12-31",
    },
    "postgres": {
        "9": "2021-11-11",
        "10": "2022-11-10",
        "11": "2023-11-09",
        "12": "2024-11-21",
        "13": "2025-11-13",
        "14": "2026-11-12",
        "15": "2027-11-11",
        "16": "2028-11-09",
        "17": "2029-11-08",
    },
    "python": {
        "2": "2020-01-01",
        "3.3": "2017-09-29",
        "3.4": "2019-03-18",
        "3.5": "2020-09-30",
        "3.6": "2021-12-23",
        "3.7": "2023-06-27",
        "3.8": "2024-10-07",
        "3.9": "2025-10-31",
        "3.10": "2026-10-31",
        "3.11": "2027-10-31",
        "3.12": "2028-10-31",
        "3.13": "2029-10-31",
    },
    "ruby": {
        "1": "2015-02-23",
        "2": "2023-03-31",
        "2.4": "2020-04-05",
        "2.5": "2021-04-05",
        "2.6": "2022-04-12",
        "3.0": "2024-04-23",
        "3.1": "2025-03-26",
        "3.2": "2026-03-31",
        "3.3": "2027-03-31",
    },
    "tomcat": {"7": "2021-03-31", "8": "2024-03-31"},
    "ubi7": _UBI7,
    "ubi7/ubi": _UBI7,
    "ubi7/ubi-minimal": _UBI7,
    "ubuntu": _UBUNTU,
}
"""Images by repository: official ones of Docker Hub without `library/`, others by their path."""

_SYSTEMS: Mapping[str, tuple[str, str]] = {
    "wheezy": ("debian", "7"),
    "jessie": ("debian", "8"),
    "stretch": ("debian", "9"),
    "buster": ("debian", "10"),
    "bullseye": ("debian", "11"),
    "bookworm": ("debian", "12"),
    "trusty": ("ubuntu", "14.04"),
    "xenial": ("ubuntu", "16.04"),
    "bionic": ("ubuntu", "18.04"),
    "focal": ("ubuntu", "20.04"),
    "jammy": ("ubuntu", "22.04"),
    "noble": ("ubuntu", "24.04"),
}
"""Names of systems' releases, which stand in tags of the image itself and of what is built on it: `python:3-buster`."""
_ALPINE_PART = re.compile(r"alpine(3\.\d{1,2})")
_VERSION = re.compile(r"v?(\d{1,4}(?:\.\d{1,4}){0,3})")
_MAX_TAG = 128
"""Characters of a tag, by the OCI distribution specification."""


def ended_releases(image: ImageReference, today: str) -> Iterator[tuple[str, str]]:
    """Yield each release that the image is made of and that gets no fixes on `today` (YYYY-MM-DD), and its last day."""
    name = _table_name(image)
    if name is None or not image.tag or len(image.tag) > _MAX_TAG:
        return
    for system, release in dict.fromkeys(_releases_in(name, image.tag)):
        last_day = END_OF_LIFE[system].get(release)
        if last_day is not None and last_day < today:
            yield f"{system} {release}", last_day


def _table_name(image: ImageReference) -> str | None:
    """Return the name that the table may have an image under; None for images that only share an official one's name.

    An official image keeps its name in a mirror that keeps `library/`.
    """
    repository = image.repository
    if "library/" in repository:
        return repository.rpartition("library/")[2]
    is_official = image.registry == DEFAULT_REGISTRY and "/" not in repository
    is_listed_elsewhere = repository in END_OF_LIFE and ("/" in repository or repository.startswith("ubi"))
    return repository if is_official or is_listed_elsewhere else None


def _releases_in(name: str, tag: str) -> Iterator[tuple[str, str]]:
    first, *others = tag.lower().split("-")
    releases = END_OF_LIFE.get(name, {})
    version = _VERSION.match(first)
    written = _prefixes(version[1]) if version else (first,)
    listed = next((release for release in written if release in releases), None)
    if listed is not None:
        yield name, listed
    for part in (first, *others):
        if part in _SYSTEMS:
            yield _SYSTEMS[part]
        elif alpine := _ALPINE_PART.fullmatch(part):
            yield "alpine", alpine[1]


def _prefixes(version: str) -> Iterator[str]:
    """Yield `3.8.1`, `3.8` and `3` of `3.8.1`."""
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
