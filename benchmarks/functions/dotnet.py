"""Is a method that is called ever said not to be reached? Small .NET applications, their methods noted by Mono.

    python -m benchmarks.functions.dotnet FOLDER LIBRARIES [LIBRARIES …] [--names NAME …] [--most N] [--sources]

Each application is a text of `dotnet_apps/` in C#, whose first line names the assemblies that it needs, of those in the
folders LIBRARIES (as Debian's packages of Mono and an SDK of .NET have them). It is compiled by `mcs` and run below
FOLDER by `mono --trace`, which notes each method that is called. With `--sources` the question is that of a repository:
of the source with the assemblies of packages, without its own. Of the called methods N are asked about, chosen evenly,
and N of those that were not called; in addition the rows of the table of vulnerable functions whose types are there.
What was called and is said `no` is printed.
"""

import argparse
import json
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.functions.answers import chosen, counts
from gate.advisories.vulnerable_functions import built_in_functions
from gate.model import InUse, Package, Tree
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.dotnet.assemblies import Assemblies
from gate.reachability.functions.dotnet.repository import DotnetRepository
from gate.reachability.functions.dotnet.search import DotnetProgram
from gate.trees import EntryKind, FileTree, open_tree

_APPS = Path(__file__).with_name("dotnet_apps")
_REFERENCES = (
    "-r:System.Core.dll",
    "-r:System.Xml.dll",
    "-r:System.Runtime.Serialization.dll",
    "-r:System.Xml.Linq.dll",
    "-r:netstandard.dll",
)
_ENTERED = re.compile(r"ENTER:\S* (?!\(wrapper)(\S[^\n(]*?):(\S+?) \(", re.MULTILINE)
_ARGUMENTS = re.compile(r"<[^<>]*>")


def main() -> None:
    options = _options()
    print("application | types | s | called, asked | yes | unknown | no | not called, asked | yes | unknown | no"
          " | vulnerabilities | yes | unknown | no | false no")  # fmt: skip
    for name in options.names or sorted(path.stem for path in _APPS.glob("*.txt")):
        folder = options.folder.resolve() / name
        libraries = _build(name, folder, options.libraries)
        tree = open_tree(Tree(name=name, root=str(folder)))
        paths = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
        before = time.process_time()
        assemblies = Assemblies(tree, [path for path in paths if not path.endswith((".cs", ".trace"))])
        program = _FromSources(tree, paths, assemblies) if options.sources else DotnetProgram(assemblies)
        program.reaches([f"{next(iter(assemblies.types))}:None"])
        seconds = time.process_time() - before
        declared = {
            f"{known.name}:{method.name}"
            for assembly in assemblies.libraries
            for known in assembly.types.values()
            for method in known.methods
            if method.address
        }
        called = _called(folder, libraries) & declared
        states = _asked(program, called, options.most)
        others = _asked(program, declared - called, options.most)
        rows = [row.functions for key, row in built_in_functions().rows.items() if key[1] == "NuGet"]
        rows = [row for row in rows if any(symbol.partition(":")[0] in assemblies.types for symbol in row)]
        answers = [program.reaches(row).state for row in rows]
        false = [symbol for symbol, state in states.items() if state is InUse.NO]
        false += [
            " ".join(row) for row, state in zip(rows, answers, strict=True) if state is InUse.NO and called & {*row}
        ]
        figures = (f"{seconds:.1f}", len(states), *counts(states.values()), len(others), *counts(others.values()))
        print(name, len(assemblies.types), *figures, len(rows), *counts(answers), len(false), sep=" | ", flush=True)
        for each in false:
            print(f"    called, and said not to be reached: {each}")


class _FromSources:
    """An application without its own assembly, as a repository has it."""

    def __init__(self, tree: FileTree, paths: list[str], assemblies: Assemblies) -> None:
        self._repository = DotnetRepository(tree, [path for path in paths if not path.endswith((".exe", ".trace"))])
        self._assemblies = assemblies

    def reaches(self, symbols: Sequence[str]) -> ReachAnswer:
        """Return the answer for methods of one package."""
        name = self._assemblies.types[symbols[0].partition(":")[0]][0][0].name
        package = Package(name=name, version="1.0.0", ecosystem="NuGet", purl="", path="app.deps.json")
        return self._repository.answer(package, symbols)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("libraries", type=Path, nargs="+")
    parser.add_argument("--names", nargs="*")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--sources", action="store_true")
    return parser.parse_args()


def _build(name: str, folder: Path, libraries: list[Path]) -> list[str]:
    """Write an application, copy the assemblies that it needs, compile it and say what packages brought."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (_APPS / f"{name}.txt").read_text()
    (folder / "app.cs").write_text(text)
    needed = text.splitlines()[0].removeprefix("// ").split()
    for each in needed:
        found = next(path for path in libraries if (path / f"{each}.dll").exists())
        shutil.copy((found / f"{each}.dll").resolve(), folder / f"{each}.dll")
    options = [*(f"-r:{each}.dll" for each in needed), *(f"-lib:{path.resolve()}/Facades" for path in libraries)]
    subprocess.run(["mcs", "-nowarn:618", "-out:app.exe", *options, *_REFERENCES, "app.cs"], cwd=folder, check=True)
    brought = {f"{each}/1.0.0": {"runtime": {f"lib/{each}.dll": {}}} for each in needed}
    kinds = {each: {"type": "package"} for each in brought}
    (folder / "app.deps.json").write_text(json.dumps({"targets": {"net": brought}, "libraries": kinds}))
    return needed


def _called(folder: Path, libraries: list[str]) -> set[str]:
    """Run an application and return the methods of libraries that were called, each `Namespace.Type:method`."""
    notes = folder / "app.trace"
    with notes.open("w") as output:
        command = ["mono", "-O=-aot,-inline", f"--trace={','.join(libraries)}", "app.exe"]
        subprocess.run(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=True, timeout=300)
    found = _ENTERED.finditer(notes.read_text(errors="replace"))
    return {f"{_plain(each[1]).replace('/', '+')}:{_plain(each[2])}" for each in found}


def _plain(name: str) -> str:
    """Return a name without the arguments of generic types."""
    while (shorter := _ARGUMENTS.sub("", name)) != name and not name.startswith("<"):
        name = shorter
    return name


def _asked(program: DotnetProgram | _FromSources, methods: set[str], most: int) -> dict[str, InUse]:
    """Return the answers for some of `methods`, chosen evenly."""
    return {one: program.reaches([one]).state for one in chosen(methods, most)}


if __name__ == "__main__":
    main()
