"""`gate fix` and `gate fix --plan` on packages, with package managers that are scripts of the test.

Goes through `gate/app/fixes/plan.py`, `gate/app/fixes/raises.py`, `gate/cli/fix_notes.py` and `gate/cli/fix_plan.py`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import Tree
from tests.cli.conftest import Gate

pytestmark = pytest.mark.one_python

MakeTree = Callable[[dict[str, str | bytes]], Tree]
STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
SOURCE = (STOREFRONT / "api" / "requirements.txt").read_text()
OFFLINE = ("--advisories", str(STOREFRONT / "advisories"), "--stage", "dependencies")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Return a function that makes a script the only installed package manager."""

    def make(name: str, script: str) -> None:
        place = tmp_path / "bin" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place.parent}:/usr/bin:/bin")

    return make


def requirements(root: str) -> str:
    return Path(root, "requirements.txt").read_text()


def test_pins_are_raised_if_pip_says_that_they_agree(
    gate: Gate, make_tree: MakeTree, installed: Callable[[str, str], None]
) -> None:
    installed("pip", "exit 0")
    root = make_tree({"requirements.txt": SOURCE}).root
    done = gate("fix", "--yes", root, *OFFLINE)
    assert done.returncode == 0, done.stderr
    assert requirements(root) != SOURCE
    assert len(requirements(root).splitlines()) == len(SOURCE.splitlines())
    again = gate("run", root, *OFFLINE, "--report", "json=-")
    left = {one["package"]["name"] for one in json.loads(again.stdout)["findings"] if one["fix"]}
    assert left == {"gunicorn"}, "its next release without the flaw is another major one"
    assert "gunicorn 21.2.0 to 22.0.0" in done.stdout
    assert "may break code that uses 21.2.0" in done.stdout


def test_pins_that_do_not_agree_stay_and_the_reason_is_shown(
    gate: Gate, make_tree: MakeTree, installed: Callable[[str, str], None]
) -> None:
    installed("pip", "echo 'ERROR: Cannot install these versions together' >&2; exit 1")
    root = make_tree({"requirements.txt": SOURCE}).root
    done = gate("fix", "--yes", root, *OFFLINE)
    assert (done.returncode, requirements(root)) == (0, SOURCE)
    assert "Updates that you have to make yourself:" in done.stdout
    assert "not made: pip says: Cannot install these versions together" in done.stdout


def test_offline_nothing_is_resolved_and_all_is_advice(
    gate: Gate, make_tree: MakeTree, installed: Callable[[str, str], None]
) -> None:
    installed("pip", "exit 0")
    root = make_tree({"requirements.txt": SOURCE}).root
    done = gate("fix", "--yes", "--offline", root, *OFFLINE)
    assert requirements(root) == SOURCE
    assert "needs the network, but --offline is set" in done.stdout


def test_a_manifest_that_no_program_resolves_is_edited_only_for_a_named_advisory(
    gate: Gate, make_tree: MakeTree, installed: Callable[[str, str], None]
) -> None:
    installed("npm", "exit 1")
    workflow = "on: push\njobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n"
    root = make_tree(
        {"package.json": '{"dependencies": {"lodash": "4.17.15"}}', ".github/workflows/a.yml": workflow}
    ).root
    done = gate("fix", "--yes", root, *OFFLINE)
    assert Path(root, "package.json").read_text() == '{"dependencies": {"lodash": "4.17.15"}}'
    assert "lodash 4.17.15 to 4.17.21" in done.stdout


def test_the_plan_is_shown_and_nothing_is_written(
    gate: Gate, make_tree: MakeTree, installed: Callable[[str, str], None]
) -> None:
    installed("pip", "exit 0")
    pins = "gunicorn==21.2.0\nJinja2==3.1.2\n"  # each step is tried, which takes a run of the stage
    root = make_tree({"requirements.txt": pins}).root
    done = gate("fix", "--plan", root, *OFFLINE)
    assert done.returncode == 0, done.stderr
    assert requirements(root) == pins
    assert " for " in done.stdout.splitlines()[0]
    plan = json.loads(gate("fix", "--plan", "--json", root, *OFFLINE).stdout)
    assert plan["schema_version"] == "1.0"
    assert plan["cleared"] == sum(len(step["clears"]) for step in plan["steps"]) <= plan["findings"]
    assert [step["is_tried"] for step in plan["steps"]] == [True, True]
    offline = json.loads(gate("fix", "--plan", "--json", "--offline", root, *OFFLINE).stdout)
    assert {step["is_tried"] for step in offline["steps"]} == {False}


def test_json_is_only_for_the_plan(gate: Gate, make_tree: MakeTree) -> None:
    done = gate("fix", "--json", make_tree({"a.txt": ""}).root)
    assert done.returncode == 2
    assert "--plan" in done.stderr
