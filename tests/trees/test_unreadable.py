"""Folders that may not be read: what is in them is never left out in silence."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_PRIVILEGES = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""As root nothing is unreadable, unless these two capabilities are gone."""
LIST = """
import json, sys
from gate.core.errors import GateError
from gate.trees.working import WorkingTree
try:
    print(json.dumps([entry.path for entry in WorkingTree(sys.argv[1]).walk()]))
except GateError as error:
    print(json.dumps(str(error)))
"""

pytestmark = pytest.mark.skipif(
    bool(WITHOUT_PRIVILEGES) and not shutil.which("setpriv"), reason="setpriv is not installed"
)


def listed(root: Path) -> list[str] | str:
    """Return the paths of a working tree as somebody sees them who may not read everything, or the error."""
    command = [*WITHOUT_PRIVILEGES, sys.executable, "-c", LIST, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    answer: list[str] | str = json.loads(done.stdout)
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "inner.txt").write_text("inner")
    (tmp_path / "open.txt").write_text("open")
    return tmp_path


@pytest.fixture(params=["a plain folder", "not tracked", "tracked"])
def project(request: pytest.FixtureRequest, folder: Path) -> Path:
    if request.param != "a plain folder":
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    if request.param == "tracked":
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    return folder


def close(project: Path, mode: int, request: pytest.FixtureRequest) -> None:
    (project / "closed").chmod(mode)
    request.addfinalizer(lambda: (project / "closed").chmod(0o700))


def test_a_folder_that_may_not_be_listed_is_an_error(project: Path, request: pytest.FixtureRequest) -> None:
    assert listed(project) == ["closed/inner.txt", "open.txt"]
    close(project, 0o000, request)
    words = listed(project)
    assert isinstance(words, str)
    assert "closed" in words
    assert "Permission denied" in words


def test_so_is_one_whose_files_may_be_listed_and_not_looked_at(project: Path, request: pytest.FixtureRequest) -> None:
    close(project, 0o444, request)
    assert listed(project) == "closed/inner.txt: cannot be looked at (Permission denied)"
