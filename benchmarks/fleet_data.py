"""A fleet in real shape, made up: images of repositories, which share base layers, platform layers and dependencies.

Each image has 150 packages: 90 of its base, 15 of the organisation's platform layer, 40 of the application's
dependencies and 5 of the application's own layer. A base has 25 releases, each of which raises 8% of its packages. A
repository keeps its base and changes its lockfile in 8 of 20 builds. Names of dependencies follow Zipf's law, as
downloads of registries do.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

BASES, RELEASES = 40, 25
IN_BASE, IN_PLATFORM, IN_DEPENDENCIES, IN_APPLICATION = 90, 15, 40, 5
BUILDS = 20
PLATFORMS = 300
LIBRARIES = 20_000
VERSIONS = 40
"""Versions of a library that are in use somewhere."""
LOCKFILE_CHANGES = 0.4
MATURITY = 0.08


class Entry(NamedTuple):
    """A package of a layer."""

    ecosystem: str
    name: str
    version: str


class Layer(NamedTuple):
    """A layer with its packages, and what the image uses of them."""

    key: str
    packages: tuple[Entry, ...]
    answers: tuple[str, ...]
    """`yes: …`, `no: …` or `unknown: …` for each package."""


class FleetImage(NamedTuple):
    """One image."""

    number: int
    repository: str
    build: int
    layers: tuple[Layer, ...]


def images(count: int, seed: int = 25) -> Iterator[FleetImage]:
    """Yield `count` images, in the order of their repositories."""
    dice = random.Random(seed)
    bases = [_base(number, dice) for number in range(BASES)]
    platforms = [_platform(number, dice) for number in range(PLATFORMS)]
    weights = [1 / (rank + 8) for rank in range(LIBRARIES)]
    totals, total = [], 0.0
    for weight in weights:
        total += weight
        totals.append(total)
    number = 0
    for repository in range((count + BUILDS - 1) // BUILDS):
        for image in _repository(repository, bases, platforms, totals, dice):
            if number == count:
                return
            yield image._replace(number=number)
            number += 1


def _base(number: int, dice: random.Random) -> list[tuple[Entry, ...]]:
    names = [f"lib{index}" for index in dice.sample(range(1_500), IN_BASE - 4)] + [
        "openssl",
        "glibc",
        "zlib",
        "xz-utils",
    ]
    versions = {name: dice.randint(1, 9) for name in names}
    releases = []
    for _ in range(RELEASES):
        for name in names:
            versions[name] += dice.random() < MATURITY
        ecosystem = f"Debian:{11 + number % 3}"
        releases.append(tuple(Entry(ecosystem, name, f"1.{versions[name]}-{number % 3 + 1}") for name in names))
    return releases


def _platform(number: int, dice: random.Random) -> list[tuple[Entry, ...]]:
    names = [f"tool{index}" for index in dice.sample(range(400), IN_PLATFORM)]
    return [
        tuple(Entry(f"Debian:{11 + number % 3}", name, f"2.{release + dice.randint(0, 1)}-1") for name in names)
        for release in range(5)
    ]


def _repository(
    number: int,
    bases: list[list[tuple[Entry, ...]]],
    platforms: list[list[tuple[Entry, ...]]],
    totals: list[float],
    dice: random.Random,
) -> Iterator[FleetImage]:
    name = f"git.example.com/team{number % 250}/service{number}"
    base, platform = dice.randrange(BASES), dice.randrange(PLATFORMS)
    ecosystem = dice.choice(("npm", "PyPI", "Maven"))
    libraries = list(dict.fromkeys(dice.choices(range(LIBRARIES), cum_weights=totals, k=4 * IN_DEPENDENCIES)))
    libraries = libraries[:IN_DEPENDENCIES]
    versions = {library: dice.randint(0, VERSIONS - 10) for library in libraries}
    used = {f"lib{index}" for index in dice.sample(range(1_500), 400)} | {"glibc", "openssl", "zlib"}
    lockfile = 0
    for build in range(BUILDS):
        release = min(RELEASES - 1, build * RELEASES // BUILDS)
        if build and dice.random() < LOCKFILE_CHANGES:
            lockfile += 1
            for library in dice.sample(libraries, 3):
                versions[library] = min(VERSIONS - 1, versions[library] + 1)
        packages = bases[base][release]
        tools = platforms[platform][build // 4]
        locked = tuple(
            Entry(ecosystem, _library(ecosystem, library), f"{versions[library] // 10}.{versions[library] % 10}.0")
            for library in libraries
        )
        own = tuple(
            Entry(ecosystem, f"{_library(ecosystem, 0)}-own-{number}-{index}", f"1.{build}.0")
            for index in range(IN_APPLICATION)
        )
        start = ("node server.js", "python -m service", "java -jar service.jar")[
            ("npm", "PyPI", "Maven").index(ecosystem)
        ]
        program = start.split()[0]
        yield FleetImage(
            number,
            name,
            build,
            (
                Layer(
                    f"base-{base}-{release}",
                    packages,
                    tuple(
                        f"yes: the container starts {start}; /usr/bin/{program} loads {one.name}.so"
                        if one.name in used
                        else "no: nothing that the container starts loads a file of it"
                        for one in packages
                    ),
                ),
                Layer(
                    f"platform-{platform}-{build // 4}",
                    tools,
                    tuple("no: nothing that the container starts loads a file of it" for _ in tools),
                ),
                Layer(
                    f"dependencies-{number}-{lockfile}",
                    locked,
                    tuple(
                        f"yes: the container starts {start}; src/main imports {one.name}"
                        if index % 5 < 3
                        else "unknown: a file that is reached names it"
                        for index, one in enumerate(locked)
                    ),
                ),
                Layer(f"application-{number}-{build}", own, tuple(f"yes: the container starts {start}" for _ in own)),
            ),
        )


def _library(ecosystem: str, number: int) -> str:
    if ecosystem == "Maven":
        return "org.apache.logging.log4j:log4j-core" if number == 40 else f"org.example.g{number % 97}:a{number}"
    return f"{'js' if ecosystem == 'npm' else 'py'}-library-{number}"
