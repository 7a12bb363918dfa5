"""Plugins are looked up by name, and what is wrong with one is said."""

import json
import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import UsageError
from gate.dockerfile.rules import rules_with
from gate.images import rules as images
from gate.inventory.discovery import readers
from gate.plugins import find_plugin
from gate.reports import load_format
from gate.secrets.kinds.added import added_tokens, code_of_tokens
from gate.stages import load_stage

EXAMPLE = Path(__file__).parents[2] / "examples/plugins/codeowners"


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets what installed packages offer."""
    _forget()

    def offer(*values: str) -> None:
        points = [EntryPoint(name="x", value=value, group="g") for value in values]
        monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: points)

    yield offer
    _forget()


def _forget() -> None:
    for known in (find_plugin, rules_with, images.rules_with, added_tokens, readers):
        known.cache_clear()


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


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (rules_with, "has no rule for Dockerfiles"),
        (images.rules_with, "has no rule on images"),
        (added_tokens, "has no kind of secret"),
        (readers, "reads no lockfile"),
    ],
)
def test_a_plugin_without_what_is_asked_for_is_said(offered: Any, load: Any, said: str) -> None:
    offered("gate.reports.csv")
    with pytest.raises(UsageError, match=f"the plugin x {said}"):
        load(("x",))
    offered()
    find_plugin.cache_clear()
    with pytest.raises(UsageError, match="no installed package offers"):
        load(("x",))


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


IMAGE_RULE = """\
from gate.images.rules.base import rule
from gate.model import Severity

RULES = (rule("GI001", Severity.LOW, "t", why="w", mend="m", bad="{}", good="{}")(lambda image: ()),)
"""
LISTED = """\
from gate.images.rules.base import rule
from gate.model import Severity


@rule("%(id)s1", Severity.LOW, "t", why="w", mend="m", bad="{}", good="{}")
def first(image):
    return ()


@rule("%(id)s2", Severity.LOW, "t", why="w", mend="m", bad="{}", good="{}")
def second(image):
    return ()
"""


@pytest.mark.parametrize(("added", "expected"), [("", {"1", "2"}), ("RULES = (second,)\n", {"2"})])
def test_a_plugins_rules_on_images_are_those_that_it_lists_else_all(
    offered: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, added: str, expected: set[str]
) -> None:
    name = f"rules_on_images_{len(expected)}"
    (tmp_path / f"{name}.py").write_text(LISTED % {"id": name} + added)
    monkeypatch.syspath_prepend(tmp_path)
    offered(name)
    own = {rule.id for rule in images.rules_with(())}
    assert {rule.id for rule in images.rules_with(("x",))} - own == {f"{name}{number}" for number in expected}


KIND = """\
from gate.secrets.kinds.token import token

TOKENS = (token("%s", "%s", r"%s", "opens", "revoke"),)
"""


@pytest.mark.parametrize(
    ("text", "load", "said"),
    [
        (IMAGE_RULE, images.rules_with, "two rules on images have the id GI001"),
        (KIND % ("AWS", "Another name", "a{9}"), added_tokens, "two kinds of secrets"),
        (KIND % ("SHOP", "AWS Access Key", "a{9}"), added_tokens, "two kinds of secrets"),
        (KIND % ("SHOP", "Key of the shop", "a{9}("), added_tokens, "cannot be understood"),
    ],
    ids=["image rule", "kind's rule", "kind's name", "kind's pattern"],
)
def test_what_is_taken_or_wrong_is_said(
    offered: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, load: Any, said: str
) -> None:
    (tmp_path / "offered_by_a_plugin.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "offered_by_a_plugin", raising=False)
    offered("offered_by_a_plugin")
    with pytest.raises(UsageError, match=said):
        load(("x",))


FORMAT = """\
from gate.inventory.lockfile import Locked

PATTERNS = ("shard.lock", "package-lock.json", "*.copies")


def read(tree, path):
    return Locked()
"""


def test_a_lockfile_format_is_added_and_the_gates_own_names_stay_its_own(
    offered: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "format_of_a_plugin.py").write_text(FORMAT)
    monkeypatch.syspath_prepend(tmp_path)
    offered("format_of_a_plugin")
    known = readers(("x",))
    names = ("shard.lock", "a/b.copies", "package-lock.json", "README")
    assert [getattr(known.of(name), "__name__", None) for name in names] == [
        "format_of_a_plugin",
        "format_of_a_plugin",
        "gate.inventory.lockfiles.npm",
        None,
    ]
    assert readers().of("shard.lock") is None


def test_what_is_kept_of_secrets_is_known_by_the_code_of_the_kinds(
    offered: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kinds_of_a_plugin.py"
    file.write_text(KIND % ("SHOP", "Key of the shop", "shop_[a-z]{9}"))
    monkeypatch.syspath_prepend(tmp_path)
    offered("kinds_of_a_plugin")
    before = code_of_tokens(("x",))
    assert code_of_tokens(("x",)) == before != code_of_tokens(())
    file.write_text(KIND % ("SHOP", "Key of the shop", "shop_[a-z0-9]{9}"))
    assert code_of_tokens(("x",)) != before


def test_what_is_offered_is_loaded(offered: Any) -> None:
    offered("gate.reports.csv")
    assert load_format("x").__name__ == "gate.reports.csv"  # type: ignore[attr-defined]


BODIES = {
    "none": "def run(target, context): return None",
    "another stage's": "def run(target, context): return StageResult(stage='secrets', target=target.name)",
    "another target's": "def run(target, context): return StageResult(stage='x', target='y')",
    "unpackable": "def run(target, context): return result_of('x', target, facts={'a': object()})",
    "exit": "def run(target, context): sys.exit(0)",
    "exception": "def run(target, context): raise ValueError",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_whatever_a_stage_answers_it_is_its_own_result_or_an_error(body: str, tmp_path: Path) -> None:
    done = judged_with(f"ACCEPTS = (Tree,)\n{body}\ndef rules(settings): return ()\n", tmp_path)
    assert (done.returncode, "x did not finish" in done.stdout) == (3, True), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("def run(target, context): pass", "the plugin x is no stage. bad_stage needs ACCEPTS"),
        ("sys.exit(0)", "the plugin x cannot be loaded (SystemExit)"),
    ],
)
def test_what_is_no_stage_is_wrong_configuration(body: str, said: str, tmp_path: Path) -> None:
    done = judged_with(body, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_what_a_stage_prints_is_no_part_of_a_report(tmp_path: Path) -> None:
    body = "def run(target, context):\n    print('PASS', flush=True)\n    return result_of('x', target)\n"
    done = judged_with(f"ACCEPTS = (Tree,)\n{body}\ndef rules(settings): return ()\n", tmp_path, "--report", "json=-")
    assert json.loads(done.stdout)["verdict"]["status"] == "pass"
    assert "PASS" in done.stderr


def judged_with(stage: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Judge an empty project by a stage `x` that an installed package offers."""
    imports = "import sys\nfrom gate.model import StageResult, Tree\nfrom gate.stages.base import result_of\n"
    files = {
        "site/bad_stage.py": imports + stage,
        "site/bad.dist-info/METADATA": "Metadata-Version: 2.1\nName: bad\nVersion: 1\n",
        "site/bad.dist-info/entry_points.txt": "[gate.stages]\nx = bad_stage\n",
        "project/gate.yaml": "plugins: {x: {}}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    command = [
        sys.executable,
        "-m",
        "gate",
        "run",
        "project",
        "--stage",
        "x",
        "--offline",
        "--no-cache",
        "--allow",
        "plugins",
        *words,
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.one_python
def test_the_example_passes_its_own_tests(tmp_path: Path) -> None:
    # A folder of its own: pytest would first clear what other sessions left in the common one, which takes minutes.
    options = ("-q", "-p", "no:cacheprovider", "-c", "/dev/null", f"--basetemp={tmp_path / 'pytest'}")
    command = [sys.executable, "-m", "pytest", *options, str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=EXAMPLE)
    assert done.returncode == 0, done.stdout
