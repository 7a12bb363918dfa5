"""Is a function that Go's linker keeps ever said not to be reached? A module with vendored sources, and its program.

    python -m benchmarks.functions.golang FOLDER PROGRAM

FOLDER is the sources of a module (with `vendor`), PROGRAM what `go build` made of them. Each function of the sources is
asked about; what is said `no` and is in the program's table of functions is printed.
"""

import sys
from collections import Counter
from pathlib import Path

from gate.model import InUse, Tree
from gate.reachability.functions.golang.packages import GoFiles, GoModule
from gate.reachability.functions.golang.reached import GoReached
from gate.reachability.runtimes.languages.go import Functions, numbers_of
from gate.trees import EntryKind, open_tree


def main(folder: str, program: str) -> None:
    tree = open_tree(Tree(name="module", root=folder))
    module = GoModule(GoFiles(tree, [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]), "")
    reached = GoReached(module)
    linked = Functions(numbers_of(Path(program).read_bytes(), program) or b"")
    count: Counter[tuple[str, bool]] = Counter()
    false = []
    for key in sorted(reached.known):
        name = ".".join(filter(None, key))
        if not key[2]:
            continue
        state = InUse.NO if reached.way_to(key) is None else InUse.UNKNOWN
        count[state.value, linked.has(name)] += 1
        if state is InUse.NO and linked.has(name):
            false.append(name)
    print(f"{len(module.loaded):,} packages, {len(module.missing):,} without sources")
    for (state, is_linked), number in sorted(count.items()):
        print(f"{state}, {'in' if is_linked else 'not in'} the program: {number:,}")
    for name in false:
        print(f"    in the program, and said not to be reached: {name}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
