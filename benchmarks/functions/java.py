"""Is a method that is called ever said not to be reached? Small Java applications, their methods noted by the machine.

    python -m benchmarks.functions.java FOLDER JARS [NAME …] [--most N] [--sources]

Each application is a text of `java_apps/`, whose first line names the archives that it needs, of those in JARS (as
Debian's packages put them into /usr/share/java). It is compiled and run below FOLDER with a JDK 9 to 20, which notes
each method that is called (`LogTouchedMethods`). With `--sources` the question is that of a repository: of the source
`App.java` with the archives, without its classes. Of those in the archives N are asked about, chosen evenly, and N of
those that were not called; in addition the rows of the table of vulnerable functions whose classes are there. What was
called and is said `no` is printed.
"""

import argparse
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.functions.answers import chosen, counts
from gate.advisories.vulnerable_functions import built_in_functions
from gate.model import InUse, Package, Tree
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.java.archives import JavaArchives
from gate.reachability.functions.java.class_file import parse_class
from gate.reachability.functions.java.repository import JavaRepository
from gate.reachability.functions.java.search import JavaProgram
from gate.trees import EntryKind, open_tree

_APPS = Path(__file__).with_name("java_apps")
_NOTES = ("-XX:+UnlockDiagnosticVMOptions", "-XX:+LogTouchedMethods", "-XX:+PrintTouchedMethodsAtExit")
_NOTED = re.compile(r"^([\w$/]+)\.([\w$<>]+):\(", re.MULTILINE)


def main() -> None:
    options = _options()
    print("application | classes | called, asked | yes | unknown | no | not called, asked | yes | unknown | no"
          " | vulnerabilities | yes | unknown | no | false no")  # fmt: skip
    for name in options.names or sorted(path.stem for path in _APPS.glob("*.txt")):
        folder = options.folder.resolve() / name
        _build(name, folder, options.jars)
        tree = open_tree(Tree(name=name, root=str(folder)))
        paths = [
            entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE and not entry.path.endswith(".java")
        ]
        archives = JavaArchives(tree, paths)
        program = _FromSources(folder, archives) if options.sources else JavaProgram(archives)
        declared = _declared(archives)
        called = _called(folder) & declared
        states = _asked(program, called, options.most)
        others = _asked(program, declared - called, options.most)
        classes = {name.replace(b"/", b".").decode() for name in archives.classes}
        rows = [row.functions for key, row in built_in_functions().rows.items() if key[1] == "Maven"]
        rows = [row for row in rows if any(symbol.partition(":")[0] in classes for symbol in row)]
        answers = [program.reaches(row).state for row in rows]
        false = [symbol for symbol, state in states.items() if state is InUse.NO]
        false += [
            " ".join(row) for row, state in zip(rows, answers, strict=True) if state is InUse.NO and called & {*row}
        ]
        figures = (len(classes), len(states), *counts(states.values()), len(others), *counts(others.values()))
        print(name, *figures, len(rows), *counts(answers), len(false), sep=" | ", flush=True)
        for each in false:
            print(f"    called, and said not to be reached: {each}")


class _FromSources:
    """An application without its classes, as a repository has it."""

    def __init__(self, folder: Path, archives: JavaArchives) -> None:
        tree = open_tree(Tree(name=folder.name, root=str(folder)))
        paths = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
        self._repository = JavaRepository(tree, [path for path in paths if not path.endswith(".class")])
        self._archives = archives

    def reaches(self, symbols: Sequence[str]) -> ReachAnswer:
        """Return the answer for methods of one archive."""
        place = self._archives.classes[symbols[0].partition(":")[0].replace(".", "/").encode()][0]
        artifact, _, version = Path(place.archive).stem.rpartition("-")
        package = Package(name=f"shop:{artifact}", version=version, ecosystem="Maven", purl="", path=place.archive)
        return self._repository.answer(package, symbols)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("jars", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--sources", action="store_true")
    return parser.parse_args()


def _build(name: str, folder: Path, jars: Path) -> None:
    """Write an application, copy the archives that it needs, and compile it."""
    (folder / "lib").mkdir(parents=True, exist_ok=True)
    (folder / "classes").mkdir(exist_ok=True)
    text = (_APPS / f"{name}.txt").read_text()
    (folder / "App.java").write_text(text)
    for jar in text.splitlines()[0].removeprefix("// ").split():
        file = (jars / f"{jar}.jar").resolve()
        shutil.copy(file, folder / "lib" / (file.name if re.search(r"-\d", file.name) else f"{jar}-1.jar"))
    subprocess.run(["javac", "-nowarn", "-cp", "lib/*", "-d", "classes", "App.java"], cwd=folder, check=True)


def _called(folder: Path) -> set[str]:
    """Run an application and return the methods that were called, each `package.Class:method`."""
    command = ["java", *_NOTES, "-cp", "classes:lib/*", "shop.App"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=300)
    return {f"{found[1].replace('/', '.')}:{found[2]}" for found in _NOTED.finditer(done.stdout)}


def _declared(archives: JavaArchives) -> set[str]:
    """Return the methods of the classes in archives."""
    found: set[str] = set()
    for _, place in archives.places():
        if place.archive:
            known = parse_class(archives.content(place), str(place))
            name = known.name.replace(b"/", b".").decode()
            found.update(f"{name}:{method.decode()}" for method in known.methods)
    return found


def _asked(program: JavaProgram | _FromSources, methods: set[str], most: int) -> dict[str, InUse]:
    """Return the answers for some of `methods`, chosen evenly."""
    return {one: program.reaches([one]).state for one in chosen(methods, most)}


if __name__ == "__main__":
    main()
