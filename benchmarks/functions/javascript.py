"""Is an export that is taken of a package ever said not to be? Small applications in Node, traced while they run.

    python -m benchmarks.functions.javascript FOLDER [NAME …] [--most N]

Each application is a text of `node_apps/`, whose first line says what npm installs for it, below FOLDER. It runs under
`tracer.cjs`, which hands out packages behind a proxy: it sees each name that code outside of a package looks up in it,
and that a package is called itself. N of these are asked about, chosen evenly, and N of the exports that were not
taken; in addition the rows of the table of vulnerable functions that name an installed package. What was taken and is
said `no` is printed.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.functions.answers import chosen, counts
from gate.advisories.vulnerable_functions import built_in_functions
from gate.model import InUse, Package, Tree
from gate.reachability.functions.javascript import search
from gate.reachability.functions.javascript.files import NodeFiles
from gate.trees import EntryKind, open_tree

_APPS = Path(__file__).with_name("node_apps")
_TRACER = Path(__file__).with_name("tracer.cjs")
_Export = tuple[str, str, str]
"""Folder of a package, its name, name of what it exports."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--most", type=int, default=150)
    options = parser.parse_args()
    search.MAX_PARSED = 1 << 30  # far more is asked here than in one run
    print("application | packages | taken, asked | yes | unknown | no | not taken, asked | yes | unknown | no"
          " | vulnerabilities | yes | unknown | no | false no")  # fmt: skip
    for name in options.names or sorted(path.stem for path in _APPS.glob("*.txt")):
        folder = options.folder.resolve() / name
        _install(name, folder)
        code, files = _code(name, folder)
        taken, offered = _traced(folder)
        states = _asked(code, files, taken, options.most)
        others = _asked(code, files, offered - taken, options.most)
        rows = list(_rows(files))
        answers = [code.answer(_package(files, place), symbols).state for place, symbols in rows]
        false = [f"{one[0]} {one[2]}" for one, state in states.items() if state is InUse.NO]
        false += _false_rows(rows, answers, taken)
        figures = (len({one[0] for one in taken}), len(states), *counts(states.values()), len(others))
        print(name, *figures, *counts(others.values()), len(rows), *counts(answers), len(false), sep=" | ", flush=True)
        for each in false:
            print(f"    taken, and said not to be: {each}")


def _install(name: str, folder: Path) -> None:
    """Write an application, and install what it needs, unless that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (_APPS / f"{name}.txt").read_text()
    (folder / "app.js").write_text(text)
    if not (folder / "node_modules").exists():
        wanted = text.splitlines()[0].removeprefix("// ").split()
        (folder / "package.json").write_text('{"name": "shop", "version": "1.0.0"}')
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--legacy-peer-deps"]
        subprocess.run(["npm", "install", *quiet, *wanted], cwd=folder, check=True)


def _code(name: str, folder: Path) -> tuple[search.NodeCode, NodeFiles]:
    tree = open_tree(Tree(name=name, root=str(folder)))
    files = NodeFiles(tree, [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE])
    return search.NodeCode(files), files


def _traced(folder: Path) -> tuple[set[_Export], set[_Export]]:
    """Run an application; return what was taken of packages, elements of lists left out, and what they offer."""
    with tempfile.NamedTemporaryFile(suffix=".json") as written:
        subprocess.run(["node", _TRACER, folder, written.name], capture_output=True, check=True, timeout=120)
        stated = json.loads(Path(written.name).read_text())
    taken, offered = (set(map(tuple, stated[key])) for key in ("taken", "offered"))
    return {one for one in taken if not one[2].isdigit()}, offered


def _asked(code: search.NodeCode, files: NodeFiles, exports: set[_Export], most: int) -> dict[_Export, InUse]:
    """Return the answers for some of `exports`, chosen evenly."""
    asked = chosen(exports, most)
    return {one: code.answer(_package(files, one[0]), [f"{one[1]}:{one[2]}"]).state for one in asked}


def _package(files: NodeFiles, folder: str) -> Package:
    stated = files.manifests[folder]
    return Package(name=stated.name, version=stated.version, ecosystem="npm", purl="", path="package-lock.json")


def _rows(files: NodeFiles) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the folder and functions of the rows that name an installed package."""
    rows = [(package, row.functions) for (_, kind, package), row in built_in_functions().rows.items() if kind == "npm"]
    for folder, stated in files.manifests.items():
        yield from ((folder, symbols) for package, symbols in rows if package == stated.name)


def _false_rows(rows: list[tuple[str, tuple[str, ...]]], answers: list[InUse], taken: set[_Export]) -> Iterator[str]:
    for (folder, symbols), state in zip(rows, answers, strict=True):
        named = {name for place, _, name in taken if place == folder}
        wanted = {symbol.partition(":")[2] for symbol in symbols}
        if state is InUse.NO and (named & wanted or ("" in wanted and named)):
            yield f"{folder} {' '.join(symbols)}"


if __name__ == "__main__":
    main()
