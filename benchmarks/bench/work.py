"""Small pieces of the gate's work, whose instructions `check.py` counts: python benchmarks/bench/work.py PIECE

Each runs in this process alone, on input that is the same each time. It is a script, as the code that it runs is that
of the tree that PYTHONPATH names: of this one, or of an earlier one.
"""

import io
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the scripts there are of the same tree as this one


def start() -> None:
    """Say that a push has nothing to judge."""
    from gate.__main__ import main

    sys.stdin = io.TextIOWrapper(io.BytesIO())
    sys.argv = ["gate", "hook", "run", "origin", "https://git.example.com/shop.git"]
    if main():
        sys.exit("the hook fails")


def dockerfile() -> None:
    """Lint 40 Dockerfiles."""
    from dockerfile import TEMPLATE

    from gate.declarations.dockerfile import DockerfileSettings
    from gate.dockerfile.lint import lint

    for number in range(40):
        content = TEMPLATE.format(number=number).encode()
        if not lint(content, "Dockerfile", "shop", DockerfileSettings()).findings:
            sys.exit("nothing was found")


def secrets() -> None:
    """Look for secrets in 40 modules of 200 lines, each with one."""
    from repositories import _line

    from gate.secrets import find_secrets

    chance = random.Random(7)
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    for number in range(40):
        lines = [_line(chance) for _ in range(200)]
        lines[100] = f'    password = "{"".join(chance.choices(letters, k=24))}"'
        if not find_secrets("\n".join(lines).encode(), f"src/module_{number}.py"):
            sys.exit("nothing was found")


def definitions() -> None:
    """Judge 40 GitLab pipelines."""
    from definitions import PIPELINE

    from gate.ci import gitlab
    from gate.model import Tree
    from gate.trees import open_tree

    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{number}/.gitlab-ci.yml" for number in range(40)]
        for number, path in enumerate(paths):
            Path(folder, path).parent.mkdir()
            Path(folder, path).write_text(PIPELINE.format(n=number))
        if not gitlab.judge(open_tree(Tree(root=folder, name="shop")), paths, ()).hits:
            sys.exit("nothing was found")


def packages() -> None:
    """Read an npm lock of 5,000 packages."""
    from lockfiles import COUNT, npm
    from lockfiles import packages as locked

    from gate.inventory.discovery import read_lockfile
    from gate.model import Tree

    with tempfile.TemporaryDirectory() as folder:
        for name, text in npm(locked()).items():
            Path(folder, name).write_text(text)
        if len(read_lockfile("package-lock.json", Tree(root=folder, name="shop")).packages) != COUNT:
            sys.exit("packages are missing")


def reports() -> None:
    """Write 500 findings in every format."""
    from large_report import large_report

    from gate.reports import FORMATS, write_report

    report = large_report(500)
    with tempfile.NamedTemporaryFile() as file:
        for name in FORMATS:
            write_report(name, report, file.name)


PIECES = {made.__name__: made for made in (start, dockerfile, secrets, definitions, packages, reports)}

if __name__ == "__main__":
    PIECES[sys.argv[1]]()
