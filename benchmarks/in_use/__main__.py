"""How good the answer "in use" is: builds images, runs them under strace, and compares.

    sudo python -m benchmarks.in_use FOLDER [NAME …]

FOLDER keeps the images and recordings (about 1 GB each). Needs root, mmdebstrap, strace and a package index. Prints
for each image and kind of package how many are said to be in use, how many strace saw, precision and recall, those
that are wrong by name, and, worst of all, those that were said not to be in use and are.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.in_use.build import build
from benchmarks.in_use.join import report_join
from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.every import RECIPES
from benchmarks.in_use.trace import opened_in, trace
from gate.images.layers.blob import Layer
from gate.images.layers.merged import LayeredTree
from gate.images.layers.span import Span
from gate.images.limits import Budget, Limits
from gate.inventory.installed.inventory import read_installed
from gate.model import InUse, Package, PackageUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import InUseAnswer, analyse
from gate.reachability.runtimes.packages.owners import Key, key_of, owned_by
from gate.reachability.runtimes.walk.files import Files
from gate.trees import FileTree

_METADATA = re.compile(
    r"\.(?:dist|egg)-info/|/specifications/[^/]+\.gemspec$|node_modules/(?:@[^/]+/)?[^/]+/package\.json$"
)


def main(work: Path, names: Iterable[str]) -> None:
    chosen = [recipe for recipe in RECIPES if recipe.name in names or not names]
    totals: dict[str, list[int]] = {}
    for recipe in chosen:
        evaluate(recipe, work, totals)
    for kind, (said, used, right) in sorted(totals.items()):
        print(f"ALL {kind}: {_numbers(said, used, right)}")


def evaluate(recipe: Recipe, work: Path, totals: dict[str, list[int]]) -> None:
    root = build(recipe, work)
    archive = _archive(root, archived(recipe, work))  # before a run writes into the image
    log = work / f"{recipe.name}.strace"
    if not log.exists():
        trace(recipe, root, log)
    opened = opened_in(log, recipe, root)
    with archive.open("rb") as file:
        tree = LayeredTree([Layer(diff_id="sha256:0", archive=Span.of_file(file, recipe.name))], budget())
        packages = read_installed(tree).packages
        before = time.process_time()
        answer = analyse(tree, runtime_of(recipe), packages)
        took = time.process_time() - before
        print(f"\n{recipe.name}: {archive.stat().st_size >> 20} MB, {took:.2f} s of processor time")
        used = _used(packages, opened, tree)
        _compare(packages, answer, used, totals)
        report_join(tree, runtime_of(recipe), opened, used, answer)


def budget() -> Budget:
    return Budget(Limits(8 << 30, 2_000_000))


def archived(recipe: Recipe, work: Path) -> Path:
    """Return the archive of an image that was built."""
    return work / f"{recipe.name}.tar"


def _archive(root: Path, archive: Path) -> Path:
    if not archive.exists():
        leave_out = ["--exclude=./proc/*", "--exclude=./dev/*", "--exclude=./tmp/*"]
        subprocess.run(["tar", "-C", str(root), *leave_out, "-cf", str(archive), "."], check=True)
    return archive


def runtime_of(recipe: Recipe) -> Runtime:
    return Runtime(
        env=[f"{name}={value}" for name, value in recipe.env.items()],
        entrypoint=list(recipe.entrypoint),
        cmd=list(recipe.cmd),
        working_dir=recipe.folder,
    )


def _used(packages: tuple[Package, ...], opened: frozenset[str], tree: FileTree) -> frozenset[Key]:
    """Return the packages with a file that was opened; a compiled Python module counts as its source.

    To read the metadata of a Python distribution, gem or npm package, as programs do that look for plugins, is not
    to use it.
    """
    files = Files(tree)
    opened = frozenset(path for path in opened if not _METADATA.search(path))
    real = {entry.path for path in map(_source, opened) if (entry := files.find(path))} | opened
    folders = {folder for path in real for folder in _above(path)}
    owned = owned_by(packages, files)
    return frozenset(
        key
        for key, one in owned.items()
        if (one.folder in folders if one.folder else any(_is_among(path, real, files) for path in one.files))
    )


def _is_among(path: str, real: set[str] | frozenset[str], files: Files) -> bool:
    entry = files.find(path)
    return path in real or (entry is not None and entry.path in real)


def _above(path: str) -> list[str]:
    parts = path.split("/")
    for place in range(len(parts) - 1, 0, -1):
        if parts[place - 1] == "node_modules" or (parts[place - 1][:1] == "@" and parts[place - 2] == "node_modules"):
            return ["/".join(parts[: place + 1])]
    return ["/".join(parts[:place]) for place in range(1, len(parts))]


def _source(path: str) -> str:
    if not path.endswith(".pyc"):
        return path
    folder, _, name = path.rpartition("/")
    return f"{folder.removesuffix('/__pycache__')}/{name.partition('.')[0]}.py"


def _compare(
    packages: tuple[Package, ...], answer: InUseAnswer, used: frozenset[Key], totals: dict[str, list[int]]
) -> None:
    kinds: dict[str, dict[Key, PackageUse]] = {}
    for package in packages:
        kind = package.ecosystem.partition(":")[0]
        kinds.setdefault(kind, {})[key_of(package)] = answer.states[key_of(package)]
    for kind, states in sorted(kinds.items()):
        said = {key for key, state in states.items() if state.in_use is InUse.YES}
        real = used & states.keys()
        print(f"  {kind}: {len(states)} packages, {_numbers(len(said), len(real), len(said & real))}")
        for number, count in enumerate((len(said), len(real), len(said & real))):
            totals.setdefault(kind, [0, 0, 0])[number] += count
        counts = {state.value: sum(one.in_use is state for one in states.values()) for state in InUse}
        print(f"    {counts}")
        _name("said in use, not opened", said - real, states)
        _name("opened, not said in use", {key for key in real - said if states[key].in_use is InUse.UNKNOWN}, states)
        _name("OPENED, SAID NOT IN USE", {key for key in real - said if states[key].in_use is InUse.NO}, states)


def _numbers(said: int, used: int, right: int) -> str:
    precision = right / said if said else 1.0
    recall = right / used if used else 1.0
    return f"{said} said, {used} opened, precision {precision:.2f}, recall {recall:.2f}"


def _name(what: str, keys: set[Key], states: dict[Key, PackageUse]) -> None:
    for key in sorted(keys, key=lambda one: one[2]):
        evidence = states[key].evidence
        print(f"    {what}: {key[2]} ({' < '.join(reversed(evidence[-3:]))})")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
