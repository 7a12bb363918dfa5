"""gate doctor says what there is, and what is missing."""

import json
import py_compile
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.cli import main
from gate.cli.doctor import _byte_code
from gate.model import Tree
from gate.pipeline.isolation.sealing import possible
from tests.advisory_mirror import advisory, publish
from tests.cli.conftest import Gate

MakeTree = Callable[..., Tree]


def lines_of(gate: Gate, root: str, *options: str) -> dict[tuple[str, str], dict[str, object]]:
    told = json.loads(gate("doctor", "--format", "json", cwd=root).stdout)
    return {(line["about"], line["name"]): line for line in told}


def test_it_says_what_is_there_in_words(gate: Gate, make_tree: MakeTree) -> None:
    done = gate("doctor", cwd=make_tree({}).root)
    assert done.returncode == 0
    assert "isolated\n" in done.stdout
    assert "  ok  git: " in done.stdout


def test_it_says_where_each_worker_has_to_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("x = 2\n")
    monkeypatch.setattr("sys.pycache_prefix", None)
    py_compile.compile(str(tmp_path / "a.py"))
    assert "1 modules have none" in _byte_code(tmp_path).text
    py_compile.compile(str(tmp_path / "b.py"))
    assert _byte_code(tmp_path).is_well
    monkeypatch.setattr("sys.pycache_prefix", "/elsewhere")
    assert "PYTHONPYCACHEPREFIX" in _byte_code(tmp_path).text


def test_it_says_which_stages_would_run_and_why_not(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"gate.yaml": "stages: {secrets: {enabled: false}}\n"}).root
    lines = lines_of(gate, root)
    assert lines["stages", "dockerfile"]["is_well"] is True
    assert lines["stages", "secrets"]["text"] == "switched off by the settings"
    assert lines["stages", "tools"]["text"] == "no tool is configured"


@pytest.mark.skipif(not possible().is_whole, reason="this system cannot isolate")
def test_it_says_what_workers_are_kept_from(gate: Gate, make_tree: MakeTree) -> None:
    lines = lines_of(gate, make_tree({}).root)
    assert all(lines["isolated", name]["is_well"] for name in ("network", "files", "programs"))


def test_settings_that_are_wrong_are_its_end(gate: Gate, make_tree: MakeTree) -> None:
    assert gate("doctor", cwd=make_tree({"gate.yaml": "isolation: perhaps\n"}).root).returncode == 2


def test_it_says_what_there_is_of_the_project(gate: Gate, make_tree: MakeTree) -> None:
    pipeline = "include: [{project: security/security-gate, file: gate.gitlab-ci.yml}]\n"
    root = make_tree({"gate.yaml": "policy: {rules: []}\n", ".gitlab-ci.yml": pipeline, "go.mod": "module a\n"}).root
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    Path(root, ".github/workflows").mkdir(parents=True)
    Path(root, ".github/workflows/ci.yml").write_text("# aggregates coverage, mitigates nothing\n")
    before = lines_of(gate, root)
    assert before["project", "hook"]["text"] == "pushes are not judged: gate hook install"
    gate("hook", "install", cwd=root)
    lines = lines_of(gate, root)
    assert (lines["project", "hook"]["is_well"], lines["project", "ci"]["is_well"]) == (True, True)
    assert str(lines["project", "settings"]["text"]).endswith("gate.yaml")
    assert lines["project", "policy"]["text"] == "the built-in policy"
    assert "called in .gitlab-ci.yml" in str(lines["project", "ci"]["text"])


def test_it_says_which_stages_would_find_nothing(gate: Gate, make_tree: MakeTree) -> None:
    lines = lines_of(gate, make_tree({"Dockerfile": "FROM scratch\n"}).root)
    assert lines["stages", "dockerfile"]["text"] == ""
    assert lines["stages", "dependencies"]["text"] == "would be skipped: there is no lockfile or manifest here"
    assert (
        lines["stages", "kubernetes"]["text"]
        == "would be skipped: there is no Kubernetes manifest or Compose file here"
    )
    assert str(lines["stages", "workspace"]["text"]).startswith("would be skipped: there is no file that starts")
    assert "--image" in str(lines["stages", "image"]["text"])


def test_it_says_nothing_of_stages_that_would_find_something(gate: Gate, make_tree: MakeTree) -> None:
    """A template is not read, and the stage runs and says so."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.name }}}\n"
    root = make_tree({"charts/a/templates/pod.yaml": pod, "charts/a/Chart.yaml": "name: a\n", ".envrc": ""}).root
    lines = lines_of(gate, root)
    for name in ("kubernetes", "workspace"):
        assert (lines["stages", name]["is_well"], lines["stages", name]["text"]) == (True, "")


def test_it_ends_with_3_where_a_run_would_be_incomplete(gate: Gate, make_tree: MakeTree) -> None:
    """Without a network and advisories that is so for a project with packages alone."""
    without = make_tree({"gate.yaml": "offline: true\n"}).root
    assert gate("doctor", cwd=without).returncode == 0
    root = make_tree({"go.mod": "module a\n\nrequire a.example/b v1.0.0\n"}).root
    done = gate("doctor", cwd=root)
    assert done.returncode == 3
    assert "nothing is on this machine yet (gate db update)" in done.stdout


@pytest.mark.parametrize(("files", "is_listed"), [(6, True), (7, False)])
def test_of_many_files_of_advisories_the_oldest_is_named(
    own_cache: Path, gate: Gate, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, files: int, is_listed: bool
) -> None:
    ecosystems = ("npm", "PyPI", "Go", "Maven", "NuGet", "Hex", "Pub")[:files]
    mirror = own_cache.parent / "mirror"
    publish(mirror, *(advisory(f"X-{name}", name, "a") for name in ecosystems))
    monkeypatch.setenv("GATE_ADVISORIES", str(mirror))
    assert main(["db", "update", *(word for name in ecosystems for word in ("--ecosystem", name))]) == 0
    text = str(lines_of(gate, make_tree({}).root)["kept", "advisories"]["text"])
    assert len(re.findall(r"hours old\b", text)) == (files if is_listed else 1), text
    assert (f"{files} files, the oldest: " in text) is not is_listed
