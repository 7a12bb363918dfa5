"""The dependencies stage on a submodule: its clone's history says which advisories on commits affect it."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.model import StageResult, StageStatus, Tree
from gate.settings import AdvisorySettings
from gate.stages import dependencies
from gate.trees import open_tree
from tests.conftest import GitRepository

Judge = Callable[[str, str], StageResult]


class Library(GitRepository):
    """Three commits: the mistake, something else, the fix."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.mistake, self.between, self.fix = (self.commit({}) for _ in range(3))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


@pytest.fixture
def judge(library: Library, tmp_path: Path, make_context: Callable[..., Any]) -> Judge:
    """Return a function that judges a project with `library` at a commit as the submodule `lib`, in a given state."""
    events = [{"introduced": library.mistake}, {"fixed": library.fix}]
    affected = [{"ranges": [{"type": "GIT", "repo": "https://packages.example/o/library", "events": events}]}]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        document = {"id": "CVE-2026-1", "modified": "2026-01-02T00:00:00Z", "affected": affected}
        archive.writestr("CVE-2026-1.json", json.dumps(document))
    (tmp_path / "bucket/GIT").mkdir(parents=True)
    (tmp_path / "bucket/GIT/all.zip").write_bytes(buffer.getvalue())

    def run(commit: str, state: str) -> StageResult:
        project = GitRepository(tmp_path / "project")
        project.git("remote", "add", "origin", "https://packages.example/o/project.git")
        project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.root), "lib")
        project.git("-C", "lib", "checkout", "-q", commit)
        (project.root / ".gitmodules").write_text('[submodule "lib"]\n\tpath = lib\n\turl = ../library.git\n')
        project.git("add", ".gitmodules", "lib")
        project.git("commit", "-q", "-m", "with lib")
        if state == "shallow":
            (project.root / ".git/modules/lib/shallow").write_text(f"{commit}\n")
        elif state == "absent":
            shutil.rmtree(project.root / "lib")
            (project.root / "lib").mkdir()
        open_tree.cache_clear()
        context = make_context(advisories=AdvisorySettings(source=str(tmp_path / "bucket")))
        return dependencies.run(Tree(root=str(project.root), name="project"), context)

    return run


def test_between_the_mistake_and_the_fix_it_is_affected(judge: Judge, library: Library) -> None:
    result = judge(library.between, "whole")
    assert result.status is StageStatus.OK
    (finding,) = result.findings
    assert (finding.rule, finding.location.path, finding.location.line) == ("CVE-2026-1", ".gitmodules", 1)
    assert finding.package is not None
    assert finding.fix is not None
    assert finding.package.name == "packages.example/o/library"
    assert finding.fix.description == f"Update packages.example/o/library from {library.between} to {library.fix}"


def test_after_the_fix_it_is_not(judge: Judge, library: Library) -> None:
    later = library.commit({})
    result = judge(later, "whole")
    assert (result.status, result.findings) == (StageStatus.OK, ())
    assert [(package.ecosystem, package.version) for package in result.packages] == [("GIT", later)]


@pytest.mark.parametrize("state", ["shallow", "absent"])
def test_without_the_whole_history_nobody_knows_and_that_is_said(judge: Judge, library: Library, state: str) -> None:
    result = judge(library.between, state)
    (finding,) = result.findings
    assert (finding.rule, finding.location.path, finding.location.line) == ("GP004", ".gitmodules", 1)
    assert "CVE-2026-1" in finding.message


def test_without_the_history_the_commit_of_an_event_is_known(judge: Judge, library: Library) -> None:
    assert [finding.rule for finding in judge(library.mistake, "absent").findings] == ["CVE-2026-1"]
