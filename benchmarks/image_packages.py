"""Which packages of an image another tool lists and gate does not, and which only gate lists.

    python benchmarks/image_packages.py archive:FILE.tar --syft SYFT.json

`SYFT.json` is what `syft scan docker-archive:FILE.tar -o syft-json` writes. A package file that a package of the
distribution owns is judged as that package, so it is counted and is not missing.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

import msgspec

from gate.images.access import Access
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget, Limits
from gate.images.reference import parse_image
from gate.images.sources import open_image
from gate.inventory.installed.inventory import read_installed
from gate.inventory.records.package_records import Records, read_records
from gate.model import Package


class Place(msgspec.Struct):
    path: str


class Source(msgspec.Struct):
    source: str = ""
    name: str = ""


class Artifact(msgspec.Struct):
    type: str
    name: str
    version: str
    locations: list[Place] = []
    metadata: Source | None = None


class Document(msgspec.Struct):
    artifacts: list[Artifact]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("--syft", type=Path, required=True)
    given = parser.parse_args()
    ours, records = _ours(given.image)
    theirs = msgspec.json.decode(given.syft.read_bytes(), type=Document).artifacts
    known = {name for package in ours for name in _names_of(package)}
    others = [one for one in theirs if not _names(one) & known]
    owned = [one for one in others if any(place.path.lstrip("/") in records for place in one.locations)]
    missing = [one for one in others if one not in owned]
    named = {name for one in theirs for name in _names(one)}
    extra = [package for package in ours if not _names_of(package) & named]
    listed = sum(len(package.binaries) or 1 for package in ours)
    print(f"gate: {listed} listed, {len(ours)} judged, {dict(Counter(package.ecosystem for package in ours))}")
    print(f"syft: {len(theirs)} packages, {dict(Counter(one.type for one in theirs))}")
    print(f"judged as the distribution's package that owns the file: {len(owned)}")
    print(f"missing: {len(missing)}", *(f"  {one.type} {one.name} {one.version}" for one in missing), sep="\n")
    print(f"extra: {len(extra)}", *(f"  {one.ecosystem} {one.name} {one.version}" for one in extra), sep="\n")
    return bool(missing)


def _ours(image: str) -> tuple[tuple[Package, ...], Records]:
    budget = Budget(Limits(size=1 << 40, entries=10_000_000))
    with open_image(parse_image(image, "."), budget, Access(), ImageCache(None)) as opened:
        return read_installed(opened.tree).packages, read_records(opened.tree)


def _names_of(package: Package) -> set[str]:
    return {_name(package.name), *(_name(binary.name) for binary in package.binaries)}


def _names(artifact: Artifact) -> set[str]:
    source = artifact.metadata.source if artifact.metadata and artifact.type == "deb" else ""
    return {_name(name) for name in (artifact.name, source) if name}


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
