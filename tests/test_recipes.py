"""What CONTRIBUTING.md says is enough: its recipes, followed on a copy of the package."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.images.conftest import Make

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text()
NOT_COPIED = shutil.ignore_patterns("__pycache__", "build")


class Copy:
    """A copy of the package and its tests, in which a recipe is followed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("gate", "tests", "docs", "examples"):
            shutil.copytree(ROOT / name, root / name, ignore=NOT_COPIED)
        for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md"):
            shutil.copy(ROOT / name, root / name)

    def append(self, path: str, text: str) -> None:
        """Write `text` at the end of a file."""
        with (self.root / path).open("a") as file:
            file.write(f"\n\n{text}")

    def insert(self, path: str, row: str) -> None:
        """Write `row` as the first one of the table in a file of tests that begins with `{` at the end of a line."""
        file = self.root / path
        before, brace, after = file.read_text().partition(" = {\n")
        file.write_text(f"{before}{brace}    {row}\n{after}")

    def run(self, *words: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a module of Python's in the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "XDG_CACHE_HOME": str(self.root / "cache")}
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


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("recipes") / "copy")


def recipe(heading: str) -> str:
    """Return a section of the guide."""
    _, _, after = GUIDE.partition(f"## {heading}\n")
    assert after, f"no section {heading}"
    return after.partition("\n## ")[0]


def code_of(section: str) -> str:
    (code,) = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return code


def named(section: str, pattern: str) -> str:
    """Return the one thing between backquotes that matches."""
    prose = re.sub(r"^```.*?^```$", "", section, flags=re.MULTILINE | re.DOTALL)
    (found,) = {name for name in re.findall(r"`([^`]+)`", prose) if re.fullmatch(pattern, name)}
    return found


ROW = re.compile(r"""`(tests/[\w/]+\.py)` such as\s+`(".+?)`""")
"""A file of tests, and a row that the guide adds to the table in it."""
Project = Callable[[Path], tuple[str, ...]]


def dockerfile(folder: Path) -> tuple[str, ...]:
    (folder / "Dockerfile").write_text("FROM debian:13\nUSER nobody\n")
    return ("--stage", "dockerfile")


def image(folder: Path) -> tuple[str, ...]:
    make = Make()
    make.archive(folder / "image.tar", make.oci_files([make.base()], config={"User": "nobody"}))
    return ("--stage", "image", "archive:image.tar")


@pytest.mark.parametrize(
    ("heading", "id", "project"),
    [("Add a Dockerfile rule", "GD999", dockerfile), ("Add an image rule", "GI999", image)],
)
def test_a_rule(heading: str, id: str, project: Project, copy: Copy, tmp_path: Path) -> None:
    section = recipe(heading)
    copy.append(named(section, r"gate/\w+/rules/(?!__init__|base)\w+\.py"), code_of(section))
    for path, row in ROW.findall(section):
        copy.insert(path, row)
    page = copy.run("gate", "rules", "--format", "markdown").stdout
    (copy.root / "docs/reference/rules.md").write_text(page)
    assert f"\n### {id}: " in page
    (tmp_path / "project").mkdir()
    finding = copy.found(tmp_path / "project", *project(tmp_path / "project"))[id]
    assert "nobody" in finding["message"]
    tests = named(section, r"\.venv/bin/pytest .*").split()[1:]
    done = copy.run(
        "pytest", "-q", "-p", "no:cacheprovider", "-k", f"{id} or every_security_rule or page_of_the_rules", *tests
    )
    assert done.returncode == 0, done.stdout
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > 1 + len(ROW.findall(section)), done.stdout
