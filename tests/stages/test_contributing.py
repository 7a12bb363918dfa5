"""A newcomer's way: the stage of the contributor guide, added to a copy of the gate as the guide says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import COMPILED

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = GUIDE[GUIDE.index("## Add a stage") : GUIDE.index("## House rules")]
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
CONCERNED = ("conflicts", "stages", "declarations", "settings", "trust", "rules", "policy")
"""Words in the names of rows that a new stage concerns."""
NOT_NEEDED = shutil.ignore_patterns(".*", "*.pyc.*", "*.whl", "corpus")
"""Byte code is copied, as it holds for the copy too, but not what another process is about to write."""
STAGE_TEST = '''"""The conflicts stage."""

from collections.abc import Callable

from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.stages import conflicts


def test_a_mark_is_found(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> None:
    result = conflicts.run(make_tree({"a.py": "x = 1\\n<<<<<<< HEAD\\n", "b.py": "x = 1\\n"}), make_context())
    (finding,) = result.findings
    assert (finding.rule, finding.location.path, finding.location.line) == ("GM001", "a.py", 2)
'''


def blocks(language: str) -> list[str]:
    """Return the blocks of the section in this language, without the indent of a list."""
    found = (one for one in BLOCK.findall(SECTION) if one[1] == language)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, _, text in found]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def _allow_rules(page: Path) -> None:
    """Let the stages import `gate/rules`, if they may not yet."""
    (row,) = re.findall(r"^\| `gate/stages/`.*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    if " rules," not in row:
        edit(page, row, row.replace(" trees,", " rules, trees,"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the repository with the stage of the guide."""
    place = tmp_path / "copy"
    shutil.copytree(ROOT, place, ignore=NOT_NEEDED)
    declaration, stage = blocks("python")
    (place / "gate/declarations/conflicts.py").write_text(declaration, encoding="utf-8")
    (place / "gate/stages/conflicts.py").write_text(stage, encoding="utf-8")
    registry = place / "gate/declarations/__init__.py"
    first = "from gate.declarations.declaration import"
    edit(registry, first, f"from gate.declarations.conflicts import CONFLICTS\n{first}")
    edit(registry, "    DOCKERFILE,\n", "    DOCKERFILE,\n    CONFLICTS,\n")
    (rows,) = blocks("markdown")
    first = "| `stages.dockerfile.trusted_registries`"
    for page, row in zip(("reference/settings.md", "explanation/trust.md"), rows.splitlines(), strict=True):
        edit(place / "docs" / page, first, f"{row}\n{first}")
    edit(place / "gate/policy/default.json", '"kubernetes", "ci"', '"kubernetes", "ci", "conflicts"')
    others = '"reference/rules-dockerfile.md"'
    edit(place / "zensical.toml", others, f'"reference/rules-conflicts.md", {others}')
    _allow_rules(place / "docs/architecture.md")
    (place / "tests/stages/test_conflicts.py").write_text(STAGE_TEST, encoding="utf-8")
    return place


def run_in(copy: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(copy), **variables}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, timeout=600
    )


def test_the_stage_of_the_guide_runs_and_its_finding_is_in_the_verdict(
    copy: Path, own_cache: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "a.py").write_text("x = 1\n<<<<<<< HEAD\nx = 2\n")
    (target / "large.py").write_text("x = 1\n" * 100)
    words = ("--stage", "conflicts", "--offline", "--conflicts-max-file-size", "100", "--report", "json=-")
    done = run_in(copy, "-m", "gate", "run", str(target), *words)
    report = json.loads(done.stdout)
    (finding,) = report["findings"]
    assert (finding["rule"], finding["location"]["path"], finding["location"]["line"]) == ("GM001", "a.py", 2)
    assert finding["blocking"]
    (stage,) = report["stages"]
    assert (stage["name"], stage["facts"]) == ("conflicts", {"files": 2})
    assert [error["path"] for error in stage["errors"]] == ["large.py"]
    assert done.returncode == 3, done.stderr


def narrowed(words: list[str]) -> list[str]:
    """Return a command of the guide without the rows of tables that a new stage cannot change: they run elsewhere."""
    told = [words[words.index("-k") + 1]] if "-k" in words else []
    kept = " and ".join(f"({one})" for one in (*told, " or ".join((*CONCERNED, "not ["))))
    return [*(words[: words.index("-k")] if told else words), "-k", kept]


def test_what_the_guide_has_run_is_green(copy: Path, compiled_patterns: Path) -> None:
    (commands,) = blocks("sh")
    for line in commands.splitlines():
        if line == "make docs":
            page = run_in(copy, "-m", "gate", "rules", "--format", "markdown")
            (copy / "docs/reference/rules.md").write_text(page.stdout, encoding="utf-8")
        else:
            words = narrowed(shlex.split(line.removeprefix(".venv/bin/")))
            done = run_in(copy, "-m", *words, "-p", "no:cacheprovider", "-q", **{COMPILED: str(compiled_patterns)})
            assert done.returncode == 0, done.stdout
    if find_spec("ruff"):  # which the newest Python's tests do without
        lint = run_in(copy, "-m", "ruff", "check", "gate/declarations", "gate/stages", "tests/stages")
        assert lint.returncode == 0, lint.stdout
