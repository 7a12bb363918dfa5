"""A repository's `.hadolint.yaml`: what it means for the findings, and what is said when it is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.declarations.dockerfile import HADOLINT_FILES, DockerfileSettings
from gate.dockerfile.hadolint import MAX_SIZE, NOT_HONOURED, with_hadolint
from gate.model import Finding, Severity, StageResult, StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import dockerfile
from gate.trees import open_tree

TEXT = "FROM debian\nRUN cd /srv && sudo make\nADD a /a\nENTRYPOINT make\n"
"""DL3004 and DL3020 are errors in hadolint, DL3003, DL3006 and DL3025 warnings."""

Run = Callable[..., StageResult]


@pytest.fixture
def run(
    make_tree: Callable[[dict[str, str | bytes]], Tree], make_context: Callable[..., LocalContext]
) -> Callable[..., StageResult]:
    """Return a function that judges a Dockerfile beside a hadolint file; keywords are settings of gate.yaml."""

    def judge(text: str, hadolint: str | bytes, path: str = ".hadolint.yaml", **parts: object) -> StageResult:
        stage = DockerfileSettings(shellcheck="off", **parts)  # type: ignore[arg-type]
        tree = make_tree({"Dockerfile": text, path: hadolint})
        return dockerfile.run(tree, make_context(stages=Stages(dockerfile=stage)))

    return judge


def severity(result: StageResult, rule: str) -> Severity | None:
    return next((one.severity for one in result.findings if one.rule == rule), None)


def remarks(result: StageResult) -> list[Finding]:
    return [one for one in result.findings if one.rule == NOT_HONOURED.id]


@pytest.mark.parametrize("path", HADOLINT_FILES)
def test_what_is_ignored_is_not_found(run: Run, path: str) -> None:
    result = run(TEXT, "ignored: [DL3003, dl3004]", path)
    assert not {"DL3003", "DL3004"} & {one.rule for one in result.findings}
    assert severity(result, "DL3006")
    assert result.facts["hadolint"] == path


def test_the_first_place_counts_alone(make_tree: Callable[[dict[str, str | bytes]], Tree]) -> None:
    tree = make_tree({HADOLINT_FILES[0]: "ignored: [DL3003]", HADOLINT_FILES[2]: "ignored: [DL3004]"})
    assert with_hadolint(open_tree(tree), DockerfileSettings(), "tree").settings.rules == {"DL3003": "off"}


def test_levels_become_severities(run: Run) -> None:
    result = run(TEXT, "override: {error: [DL3003], warning: [DL3004], info: [DL3006], style: [DL3020]}")
    told = [severity(result, rule) for rule in ("DL3003", "DL3004", "DL3006", "DL3020")]
    assert told == [Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO]


def test_no_rule_of_style_is_high_unless_the_file_asks(run: Run) -> None:
    result = run(TEXT, "ignored: []")
    assert {one.severity for one in result.findings if one.rule.startswith("DL")} <= {Severity.LOW, Severity.INFO}


@pytest.mark.parametrize(
    ("threshold", "low"),
    [("error", {"DL3004", "DL3020"}), ("warning", {"DL3004", "DL3020", "DL3006", "DL3025"}), ("none", None)],
)
def test_what_is_below_the_threshold_is_told_as_info(run: Run, threshold: str, low: set[str] | None) -> None:
    result = run(TEXT, f"failure-threshold: {threshold}")
    plain = run(TEXT, "ignored: []")
    found = {one.rule for one in result.findings if one.severity is Severity.LOW and one.rule.startswith("DL")}
    wanted = {one.rule for one in plain.findings if one.severity is Severity.LOW and one.rule.startswith("DL")}
    assert found == (wanted if low is None else low)
    assert {one.rule for one in result.findings} == {one.rule for one in plain.findings}


def test_a_threshold_leaves_security_rules_as_they_are(run: Run) -> None:
    text = "FROM debian:12\nRUN chmod 777 /srv\n"
    assert severity(run(text, "failure-threshold: error"), "GD003") is Severity.HIGH


def test_a_level_that_is_asked_for_counts_for_the_threshold(run: Run) -> None:
    result = run(TEXT, "{failure-threshold: error, override: {error: [DL3006]}}")
    assert severity(result, "DL3006") is Severity.HIGH


def test_rules_that_hadolint_asks_only_on_request(run: Run) -> None:
    assert severity(run(TEXT, "ignored: []"), "DL3057") is None
    assert severity(run(TEXT, "override: {info: [DL3057]}"), "DL3057") is Severity.LOW


@pytest.mark.parametrize("registries", ["[registry.example.com]", "registry.example.com"])
def test_trusted_registries(run: Run, registries: str) -> None:
    assert severity(run(TEXT, f"trustedRegistries: {registries}"), "DL3026") is Severity.HIGH
    assert severity(run("FROM registry.example.com/a:1\n", f"trustedRegistries: {registries}"), "DL3026") is None


def test_label_schema_and_strict_labels(run: Run) -> None:
    result = run(
        "FROM a:1\nLABEL version=1 other=x\n", "{label-schema: {version: semver, title: text}, strict-labels: true}"
    )
    assert {one.rule for one in result.findings} >= {"DL3049", "DL3050", "DL3056"}


def test_pragmas_can_be_disabled(run: Run) -> None:
    text = "FROM a:1\n# hadolint ignore=DL3004\nRUN sudo make\n"
    assert severity(run(text, "disable-ignore-pragma: false"), "DL3004") is None
    assert severity(run(text, "disable-ignore-pragma: true"), "DL3004") is Severity.LOW


def test_no_fail_is_told_and_changes_nothing(run: Run) -> None:
    result = run(TEXT, "ignored: []\nno-fail: true\n")
    (remark,) = remarks(result)
    assert (remark.location.path, remark.location.line) == (".hadolint.yaml", 2)
    assert "no-fail" in remark.message
    assert severity(result, "DL3004") is Severity.LOW


def test_a_key_that_nobody_knows_is_told(run: Run) -> None:
    result = run(TEXT, "format: tty\nno-color: true\nignore: [DL3004]\n")
    assert [one.location.line for one in remarks(result)] == [3]
    assert severity(result, "DL3004") is Severity.LOW


def test_gate_yaml_is_stronger(run: Run) -> None:
    file = "{ignored: [DL3003, DL3004], trustedRegistries: [a.example], label-schema: {x: semver}}"
    result = run(
        TEXT, file, rules={"DL3003": "critical"}, trusted_registries=("docker.io",), label_schema={"y": "text"}
    )
    assert severity(result, "DL3003") is Severity.CRITICAL
    assert severity(result, "DL3004") is None
    assert severity(result, "DL3026") is None
    assert [one.message for one in result.findings if one.rule == "DL3049"] == ["the label y is missing"]


def test_under_somebody_elses_policy_the_file_raises_levels_and_lowers_none(run: Run) -> None:
    file = """\
ignored: [DL3003, GD003, DL3057]
override: {error: [DL3006, SC2086], style: [GD001], info: [DL1001]}
failure-threshold: error
trustedRegistries: registry.example.com
"""
    text = TEXT + "# hadolint ignore=DL3059\nRUN chmod 777 /srv\n"
    result, plain = (run(text, one, hadolint_loosens=False) for one in (file, "ignored: []"))
    assert severity(result, "DL3006") is Severity.HIGH
    assert severity(result, "DL1001") is Severity.LOW, "a rule that is asked only on request"
    assert severity(result, "DL3026") is Severity.HIGH
    for rule in ("DL3003", "DL3004", "GD003"):
        assert severity(result, rule) is severity(plain, rule) is not None
    told = [(one.location.line, one.message) for one in remarks(result)]
    assert told[0] == (2, "override cannot lower rules here: a policy overrides the project's settings")
    assert [line for line, _ in told] == [2, 3, 1]


def test_what_cannot_be_parsed_is_never_ignored(run: Run) -> None:
    result = run("FROM a:1\nFETCH x\n", "{ignored: [DL1000], override: {style: [DL1000]}}")
    assert severity(result, "DL1000") is Severity.HIGH


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: b: c", "cannot be parsed"),
        ("ignored: DL3003", "ignored"),
        ("ignored: [3]", "ignored"),
        ("[]", "Expected `object`"),
        ("label-schema: {a: colour}", "label-schema: Invalid enum value"),
        ("failure-threshold: high", "failure-threshold"),
        ("no-fail: yes please", "no-fail"),
        (b"\xff\xfe", "not UTF-8"),
        ("#" * (MAX_SIZE + 1), ""),
    ],
)
def test_a_broken_file_is_an_error_and_the_rules_still_run(run: Run, content: str | bytes, words: str) -> None:
    result = run(TEXT, content)
    assert result.status is StageStatus.ERROR
    (error,) = result.errors
    assert (error.path or "").startswith(".hadolint.yaml")
    assert words in str(error)
    assert severity(result, "DL3004") is Severity.LOW


def test_a_link_out_of_the_tree_is_an_error(
    make_tree: Callable[[dict[str, str | bytes]], Tree], tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("ignored: [DL3004]")
    tree = make_tree({"Dockerfile": TEXT})
    (Path(tree.root) / ".hadolint.yaml").symlink_to(outside)
    configured = with_hadolint(open_tree(tree), DockerfileSettings(), "tree")
    assert configured.errors
    assert not configured.settings.rules


def test_an_empty_file_and_empty_keys_say_nothing(run: Run) -> None:
    for content in ("", "ignored:\noverride:\n  error:\n"):
        result = run(TEXT, content)
        assert result.status is StageStatus.OK
        assert severity(result, "DL3004") is Severity.LOW


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["DL3004", "error", "x", "semver"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "a", "1"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_KEYS = ("ignored", "override", "trustedRegistries", "label-schema", "failure-threshold", "no-fail", "other")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=4) | st.text(max_size=40))
def test_any_content_is_settings_or_an_error(content: object) -> None:
    import json

    text = content if isinstance(content, str) else json.dumps(content)
    configured = with_hadolint(_OneFile(text.encode("utf-8", "replace")), DockerfileSettings(), "tree")  # type: ignore[arg-type]
    assert configured.path == HADOLINT_FILES[0]
    assert bool(configured.errors) or set(configured.settings.rules.values()) <= {
        *("off", "info", "low", "medium", "high"),
    }


class _OneFile:
    """A tree whose only file is `.hadolint.yaml`."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def look_up(self, path: str) -> str | None:
        return path if path == HADOLINT_FILES[0] else None

    def read(self, path: str, limit: int) -> bytes:
        return self._content[:limit]


def test_at_a_revision_the_files_of_that_revision_count(
    make_repository: Callable[..., Any], make_context: Callable[..., LocalContext]
) -> None:
    """As in a hook: what is pushed is judged, not what lies in the working tree."""
    repository = make_repository()
    first = repository.commit({"Dockerfile": TEXT, ".hadolint.yaml": "ignored: [DL3004]\noverride: {info: [DL3003]}\n"})
    second = repository.commit({".hadolint.yaml": None})
    context = make_context(stages=Stages(dockerfile=DockerfileSettings(shellcheck="off")))
    at_first, at_second = (
        dockerfile.run(Tree(root=str(repository.root), name="tree", revision=revision), context)
        for revision in (first, second)
    )
    assert [severity(at_first, rule) for rule in ("DL3004", "DL3003")] == [None, Severity.LOW]
    assert at_first.facts["hadolint"] == ".hadolint.yaml"
    assert severity(at_second, "DL3004") is not None
    assert "hadolint" not in at_second.facts
