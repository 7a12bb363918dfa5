"""Is a method that is called ever said not to be reached? Small Ruby applications, their calls noted by TracePoint.

    python -m benchmarks.functions.ruby FOLDER GEMS [NAME …] [--most N]

Each application is a text of `ruby_apps/`, whose first line names the gems that it needs, folders `NAME-VERSION/lib` of
GEMS (as `gem unpack` makes them; of a Debian package the folder `vendor_ruby` as `lib`). They are put below FOLDER,
where `ruby` runs the application and notes each method of them that is called. N of these are asked about, and N of
those that were not called, chosen evenly; in addition the rows of the table whose methods are there. What was called
and is said `no` is printed.
"""

import argparse
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from benchmarks.functions.answers import chosen, counts
from gate.advisories.vulnerable_functions import built_in_functions
from gate.model import InUse, Package, Tree
from gate.reachability.functions.ruby.files import RubyFiles
from gate.reachability.functions.ruby.search import RubyCode
from gate.reachability.functions.ruby.source import LOADED, parse_ruby
from gate.trees import EntryKind, open_tree

_HERE = Path(__file__).parent
_APPS = _HERE / "ruby_apps"
_TRACER = _HERE / "tracer.rb"
_GEMS = "vendor/bundle/ruby/3.3.0/gems"
Named = dict[str, str]
"""The gem's folder of each method, by its name in symbols."""


def main() -> None:
    options = _options()
    print("application | methods | called, asked | yes | unknown | no | not called, asked | yes | unknown | no"
          " | vulnerabilities | yes | unknown | no | false no")  # fmt: skip
    for name in options.names or sorted(path.stem for path in _APPS.glob("*.txt")):
        folder = options.folder.resolve() / name
        _build(name, folder, options.gems)
        methods, lines = _methods(folder)
        called = {lines[each] for each in _called(folder) if each in lines}
        tree = open_tree(Tree(name=name, root=str(folder)))
        code = RubyCode(RubyFiles(tree, [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]))
        states = _asked(code, methods, called, options.most)
        others = _asked(code, methods, methods.keys() - called, options.most)
        rows = [one.functions for (_, kind, _), one in built_in_functions().rows.items() if kind == "RubyGems"]
        rows = [row for row in rows if row[0].partition(":")[2] in methods]
        answers = [code.answer(_package(methods[row[0].partition(":")[2]]), row).state for row in rows]
        false = [symbol for symbol, state in states.items() if state is InUse.NO]
        for row, state in zip(rows, answers, strict=True):
            if state is InUse.NO and not called.isdisjoint(symbol.partition(":")[2] for symbol in row):
                false.append(" ".join(row))
        figures = (len(methods), len(states), *counts(states.values()), len(others), *counts(others.values()))
        print(name, *figures, len(rows), *counts(answers), len(false), sep=" | ", flush=True)
        for each in false:
            print(f"    called, and said not to be reached: {each}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("gems", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--most", type=int, default=150)
    return parser.parse_args()


def _build(name: str, folder: Path, gems: Path) -> None:
    """Write an application with its gems and its lockfile."""
    text = (_APPS / f"{name}.txt").read_text()
    found = [next(gems.glob(f"{gem}-[0-9]*")) for gem in text.splitlines()[0].removeprefix("# ").split()]
    for gem in found:
        shutil.copytree(gem, folder / _GEMS / gem.name, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    (folder / "app.rb").write_text(text)
    specs = "".join(f"    {one.name.rpartition('-')[0]} ({one.name.rpartition('-')[2]})\n" for one in found)
    (folder / "Gemfile.lock").write_text(f"GEM\n  specs:\n{specs}")


def _called(folder: Path) -> set[tuple[str, int]]:
    """Run an application and return path and line of the methods that were called."""
    done = subprocess.run(
        ["ruby", "-W0", *(f"-I{path}" for path in sorted(folder.glob(f"{_GEMS}/*/lib"))), str(_TRACER), "app.rb"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    noted = [line.rpartition(":") for line in done.stderr.splitlines() if line.startswith(str(folder))]
    return {(path.removeprefix(f"{folder}/"), int(line)) for path, _, line in noted}


def _methods(folder: Path) -> tuple[Named, dict[tuple[str, int], str]]:
    """Return the methods of the gems, and the name of each by path and line."""
    methods: Named = {}
    lines: dict[tuple[str, int], str] = {}
    for path in sorted(folder.glob(f"{_GEMS}/*/lib/**/*.rb")):
        relative = str(path.relative_to(folder))
        for unit in parse_ruby(path.read_bytes()).units:
            if unit.name != LOADED:
                methods[unit.shown] = relative[len(_GEMS) + 1 :].partition("/")[0]
                lines[relative, unit.line] = unit.shown
    return methods, lines


def _asked(code: RubyCode, methods: Named, names: Iterable[str], most: int) -> dict[str, InUse]:
    """Return the answers for some methods, chosen evenly."""
    asked = chosen(names, most)
    return {name: code.answer(_package(methods[name]), [f"gem:{name}"]).state for name in asked}


def _package(folder: str) -> Package:
    name, _, version = folder.rpartition("-")
    return Package(name=name, version=version, ecosystem="RubyGems", purl="", path="Gemfile.lock")


if __name__ == "__main__":
    main()
