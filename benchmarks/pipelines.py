"""What 500 definitions of GitHub's pipelines cost without zizmor: python benchmarks/pipelines.py FOLDER

FOLDER holds repositories, each in a folder of its own. Their definitions are judged repository by repository, in the
order of their names, until there are 500. Each part's processor time is printed, of one run in a fresh process.
"""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gate.ci.github import is_definition, judge
from gate.ci.rules import all_rules
from gate.ci.rules.scripts import JOBS
from gate.ci.third_parties import third_parties
from gate.model import Tree
from gate.rules import ask
from gate.trees import open_tree

MOST = 500
T = TypeVar("T")


def main(folder: Path) -> None:
    gc.set_threshold(100_000, 50, 100)  # as the program does (`gate/__main__.py`)
    shared = [rule for rule in all_rules() if rule.looks_at is JOBS]
    costs = dict.fromkeys(("reading, paths, fixes", "rules on scripts", "third parties"), 0.0)

    def measured(part: str, call: Callable[[], T]) -> T:
        before = time.process_time()
        made = call()
        costs[part] += time.process_time() - before
        return made

    files = size = 0
    for root in sorted(one for one in folder.iterdir() if (one / ".github").is_dir()):
        found = (path.relative_to(root).as_posix() for path in sorted((root / ".github").rglob("*.y*ml")))
        paths = [path for path in found if is_definition(path)][: MOST - files]
        files += len(paths)
        size += sum((root / path).stat().st_size for path in paths)
        tree = open_tree(Tree(root=str(root), name=root.name))
        judged = measured("reading, paths, fixes", lambda: judge(tree, paths, ()))  # noqa: B023  (called at once)
        measured("rules on scripts", lambda: [hit for job in judged.jobs for hit in ask(shared, job)])  # noqa: B023
        measured("third parties", lambda: third_parties([judged]))  # noqa: B023
    print(f"{files} definitions, {size / 1e6:.1f} MB: {sum(costs.values()):.2f} s of processor time")
    for part, took in costs.items():
        print(f"  {part}: {took:.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
