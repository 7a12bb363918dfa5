"""A copy of the package and of some of its tests, in which a recipe of CONTRIBUTING.md is followed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_NOT_COPIED = ("*.pyc.*", "build")
"""Byte code is copied, as it holds for the copy too, but not what another process is about to write."""


class PackageCopy:
    """A copy of `gate` and of further files and folders of the repository."""

    def __init__(self, root: Path, further: Iterable[str], *, without: tuple[str, ...] = ()) -> None:
        """Copy to `root`, which is made; files of the names `without` are left out."""
        self.root = root
        for name in ("gate", *further):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(*_NOT_COPIED, *without))
            else:
                shutil.copy(ROOT / name, root / name)

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).write_text(text, encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Write `text` at the end of a file."""
        with (self.root / path).open("a") as file:
            file.write(f"\n\n{text}")

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        self.write(path, text.replace(old, new))

    def insert(self, path: str, row: str) -> None:
        """Write `row` as the first one of the table in a file of tests that begins with `{` at the end of a line."""
        file = self.root / path
        before, brace, after = file.read_text().partition(" = {\n")
        file.write_text(f"{before}{brace}    {row}\n{after}")

    def run(self, *words: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a module of Python's in the copy."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environment |= {"PYTHONPATH": str(self.root), "XDG_CACHE_HOME": str(self.root / "cache")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the copy is compiled once, not by each process
        command = [sys.executable, "-m", *words]
        return subprocess.run(
            command, cwd=folder or self.root, env=environment, capture_output=True, text=True, timeout=300
        )

    def found(self, folder: Path, *words: str) -> dict[str, dict[str, Any]]:
        """Return the findings of a run in `folder` by their rules."""
        done = self.run("gate", "run", "--offline", "--report", "json=-", *words, folder=folder)
        assert done.stdout, done.stderr
        return {finding["rule"]: finding for finding in json.loads(done.stdout)["findings"]}
