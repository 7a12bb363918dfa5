"""The command that cross-env starts, with the variables that it sets."""

import pytest

from gate.model.container import Runtime
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore, make_elf

TREE = {
    "!app/node_modules/.bin/cross-env": "#!/usr/bin/env node\n",
    "!usr/bin/env": make_elf(),
    "!usr/bin/node": make_elf(),
    "!usr/bin/tool": make_elf(),
    "!usr/bin/npm": "#!/usr/bin/env node\n",
    "!bin/sh": make_elf(),
    "app/package.json": '{"scripts": {"start": "cross-env MODE=a node web.js"}}',
    "app/web.js": "",
    "app/before.js": "",
}


def run(*words):
    files = Files(SmallTree(TREE))
    path = "PATH=/app/node_modules/.bin:/usr/bin:/bin"
    return explore(starts_of(Runtime(entrypoint=list(words), working_dir="/app", env=[path]), files), files)


@pytest.mark.parametrize(
    ("words", "started"),
    [
        (("cross-env", "MODE=a", "PORT=1", "node", "web.js"), {"app/web.js"}),
        (("cross-env", "NODE_OPTIONS='-r /app/before.js'", "node", "web.js"), {"app/web.js", "app/before.js"}),
        (("npm", "start"), {"app/web.js"}),
        (("cross-env", "MODE=a"), set()),
        (("cross-env", "MODE=a", "none", "tool"), set()),
    ],
)
def test_the_command_behind_the_variables_is_followed(words, started):
    explored = run(*words)
    assert {path for path in ("app/web.js", "app/before.js", "usr/bin/tool") if path in explored.certain} == started
    assert not explored.gaps


@pytest.mark.parametrize("words", [("cross-env", "A=b", "node", "web\\.js"), ("cross-env", "A=b", "to'ol'")])
def test_a_command_that_it_changes_is_a_gap_for_everything(words):
    assert EVERYTHING in {gap.kind for gap in run(*words).gaps}
