"""What CONTRIBUTING.md says is enough: its recipes, followed on a copy of the package."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.images.conftest import Make
from tests.package_copy import PackageCopy

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> PackageCopy:
    further = ("tests", "docs", "examples", "pyproject.toml", "README.md", "CONTRIBUTING.md")
    return PackageCopy(tmp_path_factory.mktemp("recipes") / "copy", further)


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
def test_a_rule(heading: str, id: str, project: Project, copy: PackageCopy, tmp_path: Path) -> None:
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
