"""Plugins are looked up by name, and what is wrong with one is said."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from gate.dockerfile.rules import rules_with
from gate.errors import UsageError
from gate.plugins import find_plugin
from gate.reports import load_format
from gate.stages import load_stage

EXAMPLE = Path(__file__).parents[2] / "examples/plugins/codeowners"


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets what installed packages offer."""
    find_plugin.cache_clear()

    def offer(*values: str) -> None:
        points = [EntryPoint(name="x", value=value, group="g") for value in values]
        monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: points)

    yield offer
    find_plugin.cache_clear()


def test_nobody_offers_what_is_not_installed(offered: Any) -> None:
    offered()
    assert find_plugin("g", "x") is None
    with pytest.raises(UsageError, match="no installed package offers the stage x"):
        load_stage("x")
    with pytest.raises(UsageError, match="no report format 'x'"):
        load_format("x")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("json", "csv"), "several packages offer x"),
        (("no_such_module",), r"cannot be loaded \(ModuleNotFoundError\)"),
        (("json:dumps",), "is no module"),
    ],
)
def test_a_plugin_that_is_wrong_is_said(offered: Any, values: tuple[str, ...], said: str) -> None:
    offered(*values)
    with pytest.raises(UsageError, match=said):
        find_plugin("g", "x")


def test_a_plugin_without_rules_is_said(offered: Any) -> None:
    offered("gate.reports.csv")
    with pytest.raises(UsageError, match="the plugin x has no rule for Dockerfiles"):
        rules_with(("x",))


TAKEN = """\
from gate.dockerfile.rule import STAGES, rule
from gate.model import Severity

rule("DL3006", Severity.LOW, "t", looks_at=STAGES, why="w", mend="m", bad="b", good="g")(lambda stage: ())
"""


def test_a_rule_whose_id_is_taken_is_said(offered: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules_with_a_taken_id.py").write_text(TAKEN)
    monkeypatch.syspath_prepend(tmp_path)
    offered("rules_with_a_taken_id")
    with pytest.raises(UsageError, match="two rules for Dockerfiles have the id DL3006") as raised:
        rules_with(("x",))
    assert raised.value.hint == "gate.dockerfile.rules.base_image, rules_with_a_taken_id"


def test_what_is_offered_is_loaded(offered: Any) -> None:
    offered("gate.reports.csv")
    assert load_format("x").__name__ == "gate.reports.csv"  # type: ignore[attr-defined]


def test_the_example_passes_its_own_tests() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=EXAMPLE)
    assert done.returncode == 0, done.stdout
