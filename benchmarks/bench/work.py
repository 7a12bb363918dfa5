"""Small pieces of the gate's work, whose instructions `check.py` counts: python benchmarks/bench/work.py

All run in one process, as each process would load Python and the gate again: first a program that begins and ends, then
each piece on the smallest input, which loads what it needs. Whatever is counted is then a fork of that process, whose
number is printed beside the name: of one that does nothing the count is all that came before, and a piece is its work
alone. Input is the same each time. It is a script, as the code that it runs is that of the tree that PYTHONPATH names:
of this one, or of an earlier one.
"""

import io
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the scripts there are of the same tree as this one


def start() -> None:
    """Say that a push has nothing to judge."""
    from gate.__main__ import main

    sys.stdin = io.TextIOWrapper(io.BytesIO())
    sys.argv = ["gate", "hook", "run", "origin", "https://git.example.com/shop.git"]
    if main():
        sys.exit("the hook fails")


def dockerfile(count: int) -> None:
    """Lint Dockerfiles."""
    from dockerfile import TEMPLATE

    from gate.declarations.dockerfile import DockerfileSettings
    from gate.dockerfile.lint import lint

    for number in range(count):
        content = TEMPLATE.format(number=number).encode()
        if not lint(content, "Dockerfile", "shop", DockerfileSettings()).findings:
            sys.exit("nothing was found")


def secrets(count: int) -> None:
    """Look for secrets in modules of 100 lines, each with one; the patterns are compiled by the first run."""
    from repositories import _line

    from gate.secrets import find_secrets

    chance = random.Random(7)
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    cache = Path(os.environ["XDG_CACHE_HOME"])
    for number in range(count):
        lines = [_line(chance) for _ in range(100)]
        lines[50] = f'    password = "{"".join(chance.choices(letters, k=24))}"'
        if not find_secrets("\n".join(lines).encode(), f"src/module_{number}.py", cache):
            sys.exit("nothing was found")


def definitions(count: int) -> None:
    """Judge GitLab pipelines."""
    from definitions import PIPELINE

    from gate.ci import gitlab
    from gate.model import Tree
    from gate.trees import open_tree

    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{number}/.gitlab-ci.yml" for number in range(count)]
        for number, path in enumerate(paths):
            Path(folder, path).parent.mkdir()
            Path(folder, path).write_text(PIPELINE.format(n=number))
        if not gitlab.judge(open_tree(Tree(root=folder, name="shop")), paths, ()).hits:
            sys.exit("nothing was found")


def packages(count: int) -> None:
    """Read an npm lock of so many packages."""
    from lockfiles import npm
    from lockfiles import packages as locked

    from gate.inventory.discovery import read_lockfile
    from gate.model import Tree

    with tempfile.TemporaryDirectory() as folder:
        for name, text in npm(locked(count)).items():
            Path(folder, name).write_text(text)
        if len(read_lockfile("package-lock.json", Tree(root=folder, name="shop")).packages) != count:
            sys.exit("packages are missing")


def reports(count: int) -> None:
    """Write findings in every format."""
    from large_report import large_report

    from gate.reports import FORMATS, write_report

    report = large_report(count)
    with tempfile.NamedTemporaryFile() as file:
        for name in FORMATS:
            write_report(name, report, file.name)


PIECES: dict[str, tuple[Callable[[int], None], int]] = {
    "dockerfile": (dockerfile, 3),
    "secrets": (secrets, 5),
    "definitions": (definitions, 3),
    "packages": (packages, 300),
    "reports": (reports, 30),
}
"""Pieces and how large they are: large enough to be more than what is done once."""


def report(name: str, piece: Callable[[int], None], count: int) -> None:
    """Run a piece in a fork of this process, and print its name and its number. Ends this one if it fails."""
    process = os.fork()
    if not process:
        piece(count)
        os._exit(0)
    if os.waitpid(process, 0)[1]:
        sys.exit(f"{name} fails")
    print(name, process, flush=True)


def nothing(_: int) -> None:
    """Do nothing."""


def main() -> None:
    """Run each piece, and print which process it was."""
    start()
    report("start", nothing, 0)
    for piece, _ in PIECES.values():
        piece(1)
    report("loading", nothing, 0)
    for name, (piece, count) in PIECES.items():
        report(name, piece, count)
    os._exit(0)  # to take all apart that was loaded would be counted too


if __name__ == "__main__":
    main()
