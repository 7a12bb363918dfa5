"""Small pieces of the gate's work, whose instructions `check.py` counts: python benchmarks/bench/work.py PIECE

Each runs in this process alone, on input that is the same each time. It is a script, as the code that it runs is that
of the tree that PYTHONPATH names: of this one, or of an earlier one.
"""

import io
import os
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
    """Lint 10 Dockerfiles."""
    from dockerfile import TEMPLATE

    from gate.declarations.dockerfile import DockerfileSettings
    from gate.dockerfile.lint import lint

    for number in range(10):
        content = TEMPLATE.format(number=number).encode()
        if not lint(content, "Dockerfile", "shop", DockerfileSettings()).findings:
            sys.exit("nothing was found")


def secrets() -> None:
    """Look for secrets in 20 modules of 100 lines, each with one; the patterns are compiled by the first run."""
    from repositories import _line

    from gate.secrets import find_secrets

    chance = random.Random(7)
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    cache = Path(os.environ["XDG_CACHE_HOME"])
    for number in range(20):
        lines = [_line(chance) for _ in range(100)]
        lines[50] = f'    password = "{"".join(chance.choices(letters, k=24))}"'
        if not find_secrets("\n".join(lines).encode(), f"src/module_{number}.py", cache):
            sys.exit("nothing was found")


def definitions() -> None:
    """Judge 10 GitLab pipelines."""
    from definitions import PIPELINE

    from gate.ci import gitlab
    from gate.model import Tree
    from gate.trees import open_tree

    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{number}/.gitlab-ci.yml" for number in range(10)]
        for number, path in enumerate(paths):
            Path(folder, path).parent.mkdir()
            Path(folder, path).write_text(PIPELINE.format(n=number))
        if not gitlab.judge(open_tree(Tree(root=folder, name="shop")), paths, ()).hits:
            sys.exit("nothing was found")


def packages() -> None:
    """Read an npm lock of 1,000 packages."""
    from lockfiles import npm
    from lockfiles import packages as locked

    from gate.inventory.discovery import read_lockfile
    from gate.model import Tree

    with tempfile.TemporaryDirectory() as folder:
        for name, text in npm(locked(1_000)).items():
            Path(folder, name).write_text(text)
        if len(read_lockfile("package-lock.json", Tree(root=folder, name="shop")).packages) != 1_000:
            sys.exit("packages are missing")


def reports() -> None:
    """Write 100 findings in every format."""
    from large_report import large_report

    from gate.reports import FORMATS, write_report

    report = large_report(100)
    with tempfile.NamedTemporaryFile() as file:
        for name in FORMATS:
            write_report(name, report, file.name)


PIECES = {made.__name__: made for made in (start, dockerfile, secrets, definitions, packages, reports)}

if __name__ == "__main__":
    PIECES[sys.argv[1]]()
