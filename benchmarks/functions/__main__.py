"""Is a function that is called ever said not to be reached? Small applications, traced while they run.

    python -m benchmarks.functions FOLDER [NAME …] [--most N]

Each application is a text of `apps/`, whose first line says what pip installs for it, below FOLDER. It runs under
`sys.setprofile`, and of the functions of packages that it calls N are asked about, chosen evenly; in addition all rows
of the table of vulnerable functions that name an installed package. What was called and is said `no` is printed.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.functions.answers import counts
from gate.advisories.vulnerable_functions import VulnerableFunctions, built_in_functions
from gate.ecosystems import canonical_name
from gate.model import InUse, Tree
from gate.reachability.functions.answer import Program
from gate.reachability.functions.sources import Sources
from gate.trees import EntryKind, open_tree

_APPS = Path(__file__).with_name("apps")
_TRACER = Path(__file__).with_name("tracer.py")
_DISTRIBUTION = re.compile(r"(.+?)-\d[^/-]*\.dist-info")


def main() -> None:
    options = _options()
    names = options.names or sorted(path.stem for path in _APPS.glob("*.txt"))
    print(
        "application | modules | called, asked | yes | unknown | no | vulnerabilities | yes | unknown | no | false no"
    )
    for name in names:
        folder = options.folder.resolve() / name
        _install(name, folder)
        program, sources = _program(name, folder)
        called = _called(folder, sources)
        asked = sorted(called)[:: max(1, len(called) // options.most)]
        states = {symbol: program.reaches([symbol]).state for symbol in asked}
        rows = [row.functions for row in _rows(folder)]
        answers = [program.reaches(functions).state for functions in rows]
        false = [symbol for symbol, state in states.items() if state is InUse.NO]
        false += [
            " ".join(functions)
            for functions, state in zip(rows, answers, strict=True)
            if state is InUse.NO and not called.isdisjoint(functions)
        ]
        figures = (len(sources.loaded), len(asked), *counts(states.values()), len(rows), *counts(answers), len(false))
        print(name, *figures, sep=" | ", flush=True)
        for each in false:
            print(f"    called, and said not to be reached: {each}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--most", type=int, default=150)
    return parser.parse_args()


def _install(name: str, folder: Path) -> None:
    """Write an application, and install what it needs, unless that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (_APPS / f"{name}.txt").read_text()
    (folder / "app.py").write_text(text)
    if not (folder / "site-packages").exists():
        wanted = text.splitlines()[0].removeprefix("# ").split()
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--target", str(folder / "site-packages")]
        subprocess.run([*pip, *wanted], check=True)


def _program(name: str, folder: Path) -> tuple[Program, Sources]:
    tree = open_tree(Tree(name=name, root=str(folder)))
    paths = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
    installed = [path for path in paths if path.startswith("site-packages/")]
    sources = Sources(tree, [path for path in paths if not path.startswith("site-packages/")], installed)
    return Program(sources), sources


def _called(folder: Path, sources: Sources) -> set[str]:
    """Run an application and return the functions of packages that it called, each `module:name`."""
    done = subprocess.run([sys.executable, _TRACER, folder], capture_output=True, text=True, check=True, timeout=120)
    found: set[str] = set()
    for path, name in json.loads(done.stdout.splitlines()[-1]):
        source = sources.parsed(path)
        outer = name.partition(".<locals>")[0]
        if source is not None and outer in source.units:
            found.add(f"{sources.module_name(path)}:{outer}")
    return found


def _rows(folder: Path) -> list[VulnerableFunctions]:
    """Return the rows of the table that name an installed package."""
    found = (_DISTRIBUTION.fullmatch(path.name) for path in (folder / "site-packages").iterdir())
    names = {canonical_name("PyPI", each[1]) for each in found if each}
    return [row for (_, _, package), row in built_in_functions().rows.items() if package in names]


if __name__ == "__main__":
    main()
