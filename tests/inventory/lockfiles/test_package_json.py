"""package.json without a lockfile: exact versions are judged, ranges are imprecise."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked
from gate.inventory.lockfiles.package_json import pinned, projects_of
from gate.model import Tree
from gate.trees import open_tree

Read = Callable[[dict[str, str | bytes]], Locked]

MANIFEST = """{
  "name": "shop",
  "dependencies": {
    "lodash": "4.17.15",
    "express": "^4.17.0",
    "old": "npm:semver@5.7.1",
    "web": "workspace:*",
    "fork": "github:someone/fork"
  },
  "devDependencies": {"jest": "=29.0.0"},
  "optionalDependencies": {"fsevents": "v2.3.3"},
  "peerDependencies": {"react": "17.0.2", "vue": "^3"}
}"""


def test_exact_versions_and_ranges(locked: Read) -> None:
    found = locked({"package.json": MANIFEST})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("react", "17.0.2", None, "runtime", True),
        ("lodash", "4.17.15", 4, "runtime", True),
        ("semver", "5.7.1", 6, "runtime", True),
        ("fsevents", "2.3.3", 11, "optional", True),
        ("jest", "29.0.0", 10, "development", True),
    ]
    assert found.imprecise == ("package.json:5: express", "package.json:8: fork")


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("1.2.3", "1.2.3"),
        ("= v1.2.3-rc.1+build", "1.2.3-rc.1+build"),
        ("1.2", None),
        ("1.2.x", None),
        ("1.2.3 || 2", None),
        (">=1.2.3", None),
        ("latest", None),
        ("", None),
        ("npm:other@1.0.0", "1.0.0"),
        ("npm:other", None),
        ("catalog:", None),
    ],
)
def test_a_range_that_allows_one_version(said: str, version: str | None) -> None:
    assert pinned("a", said)[1] == version


def test_null_and_an_empty_list_ask_for_nothing(locked: Read) -> None:
    assert locked({"package.json": '{"dependencies": null, "devDependencies": []}'}) == Locked()


@pytest.mark.parametrize("workspaces", ['["apps/*"]', '{"packages": ["./apps/*/", "!apps/old"]}'])
def test_workspaces_are_folders_that_the_patterns_name(
    make_tree: Callable[[dict[str, str]], Tree], workspaces: str
) -> None:
    tree = open_tree(
        make_tree(
            {
                "shop/package.json": f'{{"workspaces": {workspaces}, "dependencies": {{"root": "1"}}}}',
                "shop/apps/web/package.json": '{"dependencies": {"web": "1"}}',
                "shop/apps/web/deep/package.json": '{"dependencies": {"deep": "1"}}',
                "shop/apps/node_modules/package.json": '{"dependencies": {"installed": "1"}}',
                "apps/x/package.json": '{"dependencies": {"elsewhere": "1"}}',
            }
        )
    )
    assert [list(project.dependencies) for project in projects_of(tree, "shop")] == [["root"], ["web"]]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", r"it is not JSON.*\(line 1\)"),
        ('{"dependencies": ["a"]}', "Expected `array` of length 0"),
        ('{"dependencies": {"a": "1", "a": "2"}}', "the key 'a' stands twice"),
        ('{"dependencies": {"\\u001b[31m": "1.0.0"}}', r"the name of a package .* \(line 1\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"package.json": text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 400), noise=st.text(alphabet='{}[]":,\\\n1a', max_size=6))
def test_any_damage_is_read_or_a_clear_error(damaged: Read, cut: int, noise: str) -> None:
    found = damaged({"package.json": MANIFEST[:cut] + noise + MANIFEST[cut:]})
    assert found is None or all(package.direct for package in found.packages)
