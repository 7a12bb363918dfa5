"""A lockfile of 5,000 packages from file to findings: the whole process, with warm indexes, then the readers alone.

Usage: python benchmarks/lockfiles.py [RUNS]
"""

import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from measure import compare, print_table

COUNT = 5_000
DIRECT = 60
VULNERABLE = 50
"""Packages that an advisory is about; there are ten times as many advisories."""


class Locked(NamedTuple):
    name: str
    version: str
    needs: list[str]


def packages(count: int = COUNT) -> list[Locked]:
    """Make packages that need up to six of those behind them, as a real tree does."""
    chance = random.Random(5)
    names = [f"@scope-{number % 40}/part-{number}" if number % 4 == 0 else f"part-{number}" for number in range(count)]
    return [
        Locked(
            name,
            f"{number % 9}.{number % 30}.{number % 7}",
            sorted({chance.choice(names[number:]) for _ in range(chance.randrange(7))} - {name}),
        )
        for number, name in enumerate(names)
    ]


def npm(locked: list[Locked]) -> dict[str, str]:
    entries = {
        f"node_modules/{one.name}": {
            "version": one.version,
            "resolved": f"https://packages.example/{one.name}/-/{one.name}-{one.version}.tgz",
            "integrity": "sha512-" + "A" * 86 + "==",
            "license": "MIT",
            "engines": {"node": ">=18"},
            "dependencies": dict.fromkeys(one.needs, "^1.0.0"),
        }
        for one in locked
    }
    root = {"name": "shop", "dependencies": {one.name: "^1.0.0" for one in locked[:DIRECT]}}
    return {"package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {"": root, **entries}}, indent=2)}


def yarn(locked: list[Locked]) -> dict[str, str]:
    blocks = (
        [
            f'"{one.name}@^1.0.0":\n  version "{one.version}"',
            f'  resolved "https://packages.example/{one.name}-{one.version}.tgz#00"\n  integrity sha512-{"A" * 86}==',
            *(["  dependencies:"] if one.needs else []),
            *(f'    "{name}" "^1.0.0"' for name in one.needs),
            "",
        ]
        for one in locked
    )
    manifest = json.dumps({"dependencies": {one.name: "^1.0.0" for one in locked[:DIRECT]}})
    return {
        "yarn.lock": "# yarn lockfile v1\n\n" + "\n".join(row for block in blocks for row in block),
        "package.json": manifest,
    }


def pnpm(locked: list[Locked]) -> dict[str, str]:
    versions = {one.name: one.version for one in locked}
    asked = {one.name: {"specifier": "^1.0.0", "version": one.version} for one in locked[:DIRECT]}
    rows = ["lockfileVersion: '9.0'", "importers:", f"  .: {json.dumps({'dependencies': asked})}", "packages:"]
    for one in locked:
        rows += [f"  '{one.name}@{one.version}':", f"    resolution: {{integrity: sha512-{'A' * 86}==}}"]
    rows.append("snapshots:")
    for one in locked:
        rows += [f"  '{one.name}@{one.version}':" + ("" if one.needs else " {}")]
        rows += ["    dependencies:"] if one.needs else []
        rows += [f"      '{name}': {versions[name]}" for name in one.needs]
    return {"pnpm-lock.yaml": "\n".join(rows) + "\n"}


def advisories(locked: list[Locked]) -> Iterator[dict[str, object]]:
    """Yield advisories in OSV's shape, one in ten on a package of the lockfile."""
    for number in range(VULNERABLE * 10):
        name = locked[number * 9].name if number % 10 == 0 else f"elsewhere-{number}"
        events = [{"introduced": "0"}, {"fixed": "99.0.0"}]
        yield {
            "id": f"GHSA-0000-0000-{number:04}",
            "modified": "2026-01-01T00:00:00Z",
            "summary": "An example",
            "affected": [
                {"package": {"ecosystem": "npm", "name": name}, "ranges": [{"type": "SEMVER", "events": events}]}
            ],
        }


FORMATS: dict[str, Callable[[list[Locked]], dict[str, str]]] = {"npm": npm, "yarn": yarn, "pnpm": pnpm}


def write_projects(folder: Path) -> dict[str, Path]:
    """Write one project a format, and the bucket of advisories beside them."""
    locked = packages()
    (folder / "bucket" / "npm").mkdir(parents=True)
    with zipfile.ZipFile(folder / "bucket" / "npm" / "all.zip", "w", zipfile.ZIP_DEFLATED) as bucket:
        for advisory in advisories(locked):
            bucket.writestr(f"{advisory['id']}.json", json.dumps(advisory))
    for name, make in FORMATS.items():
        (folder / name).mkdir()
        for file, text in make(locked).items():
            (folder / name / file).write_text(text)
    return {name: folder / name for name in FORMATS}


def print_readers_alone(projects: dict[str, Path]) -> None:
    """Print what reading takes without start-up and advisories, in processor seconds."""
    from gate.inventory.discovery import read_lockfile
    from gate.model import Tree

    print("\n| reader | size, KiB | CPU, s (best of 5) |\n| --- | --- | --- |")
    for name, project in projects.items():
        file = max(project.iterdir(), key=lambda path: path.stat().st_size)
        costs = []
        for _ in range(5):
            started = time.process_time()
            found = read_lockfile(file.name, Tree(root=str(project), name=name))
            costs.append(time.process_time() - started)
        assert len(found.packages) == COUNT
        print(f"| {file.name} | {file.stat().st_size >> 10:,} | {min(costs):.3f} |")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        projects = write_projects(folder)
        gate = [sys.executable, "-m", "gate", "run", "--stage", "dependencies", "--offline"]
        gate += ["--advisories", str(folder / "bucket")]
        print_table(compare({name: [*gate, str(path)] for name, path in projects.items()}, folder, runs), peer="npm")
        print_readers_alone(projects)


if __name__ == "__main__":
    main()
