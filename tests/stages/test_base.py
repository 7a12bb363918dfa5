"""What cannot be read where no finding on configuration stops a change is a note; all else is an error."""

from collections.abc import Callable
from types import ModuleType

import pytest

from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.rules.worth import where_no_finding_stops
from gate.stages import ci, dockerfile, kubernetes, workspace

COMPOSE = "services:\n  web: image: shop\n"
MANIFEST = "apiVersion: v1\nkind: Pod\nmetadata: {name: a\n"


@pytest.mark.parametrize(
    ("stage", "name", "text"),
    [
        (dockerfile, "compose.yaml", COMPOSE),
        (dockerfile, "docker-bake.hcl", "}"),
        (kubernetes, "compose.yaml", COMPOSE),
        (kubernetes, "pod.yaml", MANIFEST),
        (ci, "action.yml", "runs: [\n"),
        (ci, ".tekton/pipeline.yaml", "a: b: c"),
        (workspace, ".vscode/tasks.json", "{"),
    ],
)
def test_a_broken_file_counts_where_it_ships(
    make_tree: Callable[..., Tree],
    make_context: Callable[..., LocalContext],
    stage: ModuleType,
    name: str,
    text: str,
) -> None:
    shipped = ("", "deploy/", "templates/")
    others = ("internal/testdata/", "tests/", "examples/", "docs/", "integration tests/a/")
    result = stage.run(make_tree({folder + name: text for folder in (*shipped, *others)}), make_context())
    assert {(error.path or "").partition(":")[0] for error in result.errors} == {folder + name for folder in shipped}
    assert all(folder + name in str(result.facts) for folder in others)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("test.yml", False),
        ("deploy/compose.test.yml", False),
        (".circleci/test/config.yml", False),
        (".github/actions/test/action.yml", False),
        ("latest/pod.yaml", False),
        ("e2e/pod.yaml", True),
        ("vendor/other/pod.yaml", True),
        ("_archived/pod.yaml", True),
    ],
)
def test_the_folders_decide_and_not_what_ci_starts(path: str, says: bool) -> None:
    assert bool(where_no_finding_stops(path)) == says
