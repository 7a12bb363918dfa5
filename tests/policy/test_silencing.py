"""What may silence findings before a policy sees them: less where somebody else's policy stands above."""

from pathlib import Path

import pytest

from gate.app.project import open_project
from gate.core.errors import ConfigError
from gate.settings import Stages


def stages(folder: Path, own: str, above: str | None = None) -> Stages:
    (folder / "gate.yaml").write_text(own)
    if above is not None:
        (folder / "org.yaml").write_text(above)
    return open_project(
        str(folder), flags={}, policy=None if above is None else str(folder / "org.yaml")
    ).settings.stages


def silences(found: Stages) -> tuple[bool | None, bool | None, bool, bool]:
    dockerfile, secrets = found.dockerfile, found.secrets
    return dockerfile.hadolint_loosens, secrets.baseline_loosens, dockerfile.no_pragmas, secrets.no_pragmas


@pytest.mark.parametrize(
    ("own", "above", "wanted"),
    [
        ("", None, (True, True, False, False)),
        ("", "{}", (False, False, False, False)),
        ("", "waivers: {never: [secrets]}", (False, False, False, True)),
        ("", "waivers: {comments: false}", (False, False, True, True)),
        ("policy: {waivers: {comments: false}}", None, (True, True, True, True)),
        ("stages: {dockerfile: {no_pragmas: false}}", "waivers: {comments: false}", (False, False, True, True)),
        ("", "settings: {stages: {dockerfile: {hadolint_loosens: true}}}", (True, False, False, False)),
    ],
)
def test_what_silences(tmp_path: Path, own: str, above: str | None, wanted: tuple[bool, ...]) -> None:
    assert silences(stages(tmp_path, own, above)) == wanted


def test_a_policy_can_forbid_it_for_good(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hadolint_loosens is fixed to false by"):
        stages(
            tmp_path,
            "stages: {dockerfile: {hadolint_loosens: true}}",
            "settings: {stages: {dockerfile: {hadolint_loosens: false}}}",
        )


@pytest.mark.parametrize("key", ["dockerfile: {hadolint_loosens: true}", "secrets: {baseline_loosens: true}"])
def test_a_project_cannot_choose_it_under_a_policy(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match="_loosens is not allowed in a file below a policy"):
        stages(tmp_path, f"stages: {{{key}}}", "{}")
    (tmp_path / "org.yaml").write_text(f"settings: {{stages: {{{key}}}}}")
    assert open_project(str(tmp_path), flags={}, policy=str(tmp_path / "org.yaml")).settings.stages is not None


def test_whoever_starts_the_gate_may_choose_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_DOCKERFILE_HADOLINT_LOOSENS", "true")
    assert silences(stages(tmp_path, "", "{}"))[0] is True
