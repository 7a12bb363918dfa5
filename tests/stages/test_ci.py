"""The ci stage as a whole."""

from collections.abc import Callable

import pytest

from gate.model import StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.stages import ci

PIPED = "job:\n  script:\n    - echo a\n    - curl -s https://tools.example/i | bash\n"


def test_a_downloaded_script_is_found_on_its_line(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = ci.run(make_tree({".gitlab-ci.yml": PIPED}), make_context())
    (finding,) = [one for one in result.findings if one.rule == "GC001"]
    assert (finding.location.path, finding.location.line) == (".gitlab-ci.yml", 4)
    assert result.facts["systems"] == ["gitlab"]


def test_a_comment_silences_and_is_kept(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    text = PIPED.replace("    - curl", "    # gate: ignore[GC001] our own server\n    - curl")
    result = ci.run(make_tree({".gitlab-ci.yml": text}), make_context())
    assert "GC001" not in {one.rule for one in result.findings}
    assert [(one.rule, one.comment) for one in result.silenced] == [("GC001", "# gate: ignore[GC001] our own server")]


def test_what_cannot_be_read_is_an_error_that_names_it(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = ci.run(make_tree({".gitlab-ci.yml": "job: [\n"}), make_context())
    (error,) = result.errors
    assert "cannot be parsed" in error.title
    assert (error.path or "").startswith(".gitlab-ci.yml")


@pytest.mark.parametrize("files", [{"a.py": "x = 1\n"}, {"docs/gitlab-ci.md": "job:\n"}])
def test_a_tree_without_pipelines_is_skipped(
    files: dict[str, str], make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = ci.run(make_tree(files), make_context())
    assert result.status is StageStatus.SKIPPED
