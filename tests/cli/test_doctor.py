"""gate doctor says what there is, and what is missing."""

import json
from collections.abc import Callable

import pytest

from gate.model import Tree
from gate.pipeline.isolation.sealing import possible
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
