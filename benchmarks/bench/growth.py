"""How costs grow with the input: python -m benchmarks.bench.growth [--folder .bench] [--most] [SERIES …]

Each size is measured once, with nothing kept but the index of advisories. Writes a table and a plot a series into
docs/explanation/performance.md. With --most the largest sizes too (a million files, 4 GB, 100,000 commits), which take
an hour and 20 GB of disk.
"""

import argparse
import io
import json
import math
import os
import random
import shutil
import sys
import tarfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from image import add, make_image
from lockfiles import npm, packages
from repositories import WORDS, make_repository

from benchmarks.bench import inputs, page
from benchmarks.bench.groups import forget
from benchmarks.bench.measured import Command, run_once

MEGABYTE = 1_000_000
VERDICTS = (0, 1)


class Series(NamedTuple):
    """A kind of input in several sizes."""

    unit: str
    sizes: Sequence[int]
    most: Sequence[int]
    make: Callable[[Path, int], None]
    """Makes the input of a size in a folder that is not there yet."""
    words: Sequence[str]
    """What `gate run` is given there."""


def _files(root: Path, count: int) -> None:
    make_repository(root, files=count, commits=0, lines=12)


def _dockerfiles(root: Path, count: int) -> None:
    inputs.write_dockerfiles(root, count)


def _packages(root: Path, count: int) -> None:
    root.mkdir()
    for name, text in npm(packages(count)).items():
        (root / name).write_text(text)


def _commits(root: Path, count: int) -> None:
    make_repository(root, files=400, commits=count, lines=40)


def _image(root: Path, megabytes: int) -> None:
    """A third of it programs (random bytes), the rest text."""
    chance = random.Random(megabytes)
    content = root / "content"
    content.mkdir(parents=True)
    for number in range(megabytes):
        if number % 3:
            words = chance.choices(WORDS, k=MEGABYTE // 8)
            (content / f"part{number}.txt").write_text("\n".join(words)[:MEGABYTE])
        else:
            (content / f"part{number}.bin").write_bytes(chance.randbytes(MEGABYTE))
    make_image(content, root)
    shutil.rmtree(content)
    shutil.rmtree(root / "oci")


def _layers(root: Path, count: int) -> None:
    """Layers of three small files each."""
    root.mkdir()
    layers = []
    for number in range(count):
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w") as layer:
            for name in ("a.txt", "b.py", "c.json"):
                add(layer, f"srv/{number}/{name}", f'{{"number": {number}}}\n'.encode())
        layers.append(made.getvalue())
    digests = [sha256(layer).hexdigest() for layer in layers]
    rootfs = {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs}).encode()
    name = f"{sha256(config).hexdigest()}.json"
    with tarfile.open(root / "docker.tar", "w") as tar:
        for digest, layer in zip(digests, layers, strict=True):
            add(tar, f"{digest}/layer.tar", layer)
        add(tar, name, config)
        rows = [{"Config": name, "RepoTags": ["app:1"], "Layers": [f"{digest}/layer.tar" for digest in digests]}]
        add(tar, "manifest.json", json.dumps(rows).encode())


ON_IMAGE = ("--image", "archive:docker.tar", "--stage", "image")
HISTORY = (".", "--stage", "secrets", "--history")
ALL = {
    "files": Series("files", (100, 1_000, 10_000, 100_000), (1_000_000,), _files, (".",)),
    "dockerfiles": Series("Dockerfiles", (1, 10, 100, 1_000), (), _dockerfiles, (".", "--stage", "dockerfile")),
    "packages": Series("packages", (10, 100, 1_000, 20_000), (), _packages, (".", "--stage", "dependencies")),
    "megabytes": Series("MB of an image", (50, 200, 800), (4_000,), _image, ON_IMAGE),
    "layers": Series("layers of an image", (1, 10, 100, 1_000), (), _layers, ON_IMAGE),
    "commits": Series("commits", (10, 100, 1_000, 10_000), (100_000,), _commits, HISTORY),
}  # fmt: skip


def measure(name: str, series: Series, folder: Path, *, most: bool) -> list[dict[str, float]]:
    """Return what each size takes."""
    advisories = ["--offline", "--advisories", str(inputs.advisories(folder / "inputs"))]
    points = []
    for size in (*series.sizes, *(series.most if most else ())):
        root = folder / "growth" / f"{name}-{size}"
        if not root.exists():
            root.parent.mkdir(exist_ok=True)
            series.make(root, size)
        words = [sys.executable, "-m", "gate", "run", *series.words, *advisories, "--quiet"]
        command = Command(f"{size:,} {series.unit}", words, statuses=VERDICTS)
        if not points:  # makes the index, and what is compiled
            run_once(command, root, folder / "report", with_memory=False)
        forget(folder / "cache")
        wall_s, cpu_s, peak_mib = run_once(command, root, folder / "report", with_memory=True)
        points.append({"size": size, "wall_s": wall_s, "cpu_s": cpu_s, "peak_mib": peak_mib})
        print(f"{command.name:>30}: {wall_s:.2f} s, {cpu_s:.2f} s CPU, {peak_mib:.0f} MiB", flush=True)
    return points


def slope(points: Sequence[dict[str, float]]) -> float:
    """Return the power of the size by which processor time grows, between the last two sizes: 1 is linear."""
    (before, last) = points[-2:]
    return math.log(last["cpu_s"] / before["cpu_s"]) / math.log(last["size"] / before["size"])


def main() -> None:
    """Measure the series that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    parser.add_argument("--most", action="store_true")
    parser.add_argument("series", nargs="*", metavar="SERIES")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = options.folder.resolve()
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    for name in options.series or ALL:
        points = measure(name, ALL[name], folder, most=options.most)
        page.keep_growth(name, {"unit": ALL[name].unit, "points": points, "power": slope(points)})
    page.write()


if __name__ == "__main__":
    main()
