"""The dockerfile stage: what it answers for a tree.

Goes through `gate/dockerfile/variants.py`.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.end_of_life import built_in
from gate.core.end_of_life_age import age_of_table
from gate.core.errors import ConfigError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile import variants
from gate.model import StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Settings, Stages
from gate.stages import dockerfile

MakeTree = Callable[[dict[str, str | bytes]], Tree]
MakeContext = Callable[..., LocalContext]


def test_findings_and_facts(make_tree: MakeTree, make_context: MakeContext) -> None:
    tree = make_tree({"Dockerfile": "FROM debian:latest\nRUN chmod 777 /srv\n", "Dockerfile.md": "# words"})
    context = make_context(stages=Stages(dockerfile=DockerfileSettings(shellcheck="off")))
    result = dockerfile.run(tree, context)
    assert result.status is StageStatus.OK
    assert {("DL3007", 1), ("GD003", 2)} <= {(one.rule, one.location.line) for one in result.findings}
    assert {one.location.path for one in result.findings} == {"Dockerfile"}
    assert result.facts == {
        "files": 1,
        "instructions": 2,
        "end_of_life_dates": age_of_table(built_in().as_of, "built in", context.now.date()),
        "bytes": 38,
        "suppressed": 0,
        "foreign_shells": 0,
        "passed_over": ["Dockerfile.md"],
        "shellcheck": "off",
    }


def test_no_dockerfile_is_skipped_with_a_reason(make_tree: MakeTree, make_context: MakeContext) -> None:
    result = dockerfile.run(make_tree({"README": "x"}), make_context())
    assert (result.status, result.reason) == (StageStatus.SKIPPED, "there is no Dockerfile")


def test_excluding_everything_is_skipped_with_a_reason(make_tree: MakeTree, make_context: MakeContext) -> None:
    context = make_context(stages=Stages(dockerfile=DockerfileSettings(ignore=("**",))))
    result = dockerfile.run(make_tree({"Dockerfile": "x"}), context)
    assert result.status is StageStatus.SKIPPED
    assert "exclude every Dockerfile" in (result.reason or "")


def test_too_large_a_file_is_an_error_and_the_others_are_judged(
    make_tree: MakeTree, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "MAX_SIZE", 100)
    tree = make_tree({"Dockerfile": "FROM a\n" + "#" * 100, "b.Dockerfile": "FROM debian\n"})
    result = dockerfile.run(tree, make_context())
    assert result.status is StageStatus.ERROR
    assert [error.path for error in result.errors] == ["Dockerfile"]
    assert {one.location.path for one in result.findings} == {"b.Dockerfile"}


def test_link_out_of_the_tree_is_an_error(make_tree: MakeTree, make_context: MakeContext, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("FROM debian\n")
    tree = make_tree({"README": "x"})
    (Path(tree.root) / "Dockerfile").symlink_to(tmp_path / "outside")
    result = dockerfile.run(tree, make_context())
    assert (result.status, result.findings) == (StageStatus.ERROR, ())


def test_a_level_of_what_is_no_rule_is_refused(make_tree: MakeTree, make_context: MakeContext) -> None:
    tree = make_tree({"Dockerfile": "FROM scratch\n"})

    def judged(rule: str) -> StageStatus:
        section = DockerfileSettings(rules={rule: "high"})
        return dockerfile.run(tree, make_context(stages=Stages(dockerfile=section))).status

    assert judged("DL3007") is judged("SC2086") is StageStatus.OK
    with pytest.raises(ConfigError, match="there is no rule DL37007"):
        judged("DL37007")


def test_rules_are_described_in_order() -> None:
    ids = [rule.id for rule in dockerfile.rules(Settings())]
    assert ids == sorted(ids)
    assert {"DL1000", "DL3006", "GD002"} <= set(ids)


def test_importing_the_stage_does_not_import_its_engine() -> None:
    code = "import gate.stages.dockerfile, sys; print([name for name in sys.modules if name.startswith('gate.docker')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
