"""The command that nodemon starts."""

import pytest

from gate.model.container import Runtime
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore, make_elf

NODEMON = "app/node_modules/nodemon/bin/nodemon.js"
TREE = {
    "app/node_modules/.bin/nodemon": "-> ../nodemon/bin/nodemon.js",
    f"!{NODEMON}": "#!/usr/bin/env node\n",
    "!usr/bin/env": make_elf(),
    "!usr/bin/node": make_elf(),
    "!usr/bin/python3": make_elf(),
    "!bin/sh": make_elf(),
    "!app/node_modules/.bin/ts-node": "#!/usr/bin/env node\n",
    "app/web.js": "require('./own')",
    "app/own.js": "",
    "app/web.ts": "import './own'",
    "app/tick.py": "",
}


def run(tree, *words):
    files = Files(SmallTree({**TREE, **tree}))
    runtime = Runtime(entrypoint=["node_modules/.bin/nodemon", *words], working_dir="/app")
    return explore(starts_of(runtime, files), files)


@pytest.mark.parametrize(
    ("words", "tree"),
    [
        (("web.js", "--port", "1"), {}),
        (("--watch", "src", "web.js"), {}),
        (("--", "web.js"), {}),
        (("-x", "node web.js"), {}),
        (("--exec=node web.js", "-e", "ts"), {}),
        ((), {"app/nodemon.json": '{"watch": ["src"], "exec": "node ./web.js"}'}),
        (("--config", "dev.json"), {"app/dev.json": '{"script": "web.js"}'}),
        ((), {"app/package.json": '{"nodemonConfig": {"exec": "node web.js"}}'}),
        ((), {"app/package.json": '{"main": "web.js"}'}),
        ((), {"app/package.json": '{"scripts": {"start": "node web.js"}}'}),
        ((), {"root/nodemon.json": '{"script": "web.js"}'}),
        (("web.ts",), {}),
        ((), {"app/nodemon.json": '{"exec": "ts-node ./web.ts"}'}),
    ],
)
def test_the_command_is_found_where_nodemon_looks(words, tree):
    explored = run(tree, *words)
    assert "app/own.js" in explored.certain
    assert not explored.gaps


def test_a_script_of_another_language_is_run_by_its_interpreter():
    assert "app/tick.py" in run({"app/nodemon.json": '{"execMap": {"py": "python3"}}'}, "tick.py").certain


@pytest.mark.parametrize("tree", [{}, {"app/nodemon.json": '{"exec": ["web.js"]}'}, {"app/nodemon.json": "{"}])
def test_a_command_that_is_not_told_is_a_gap_for_everything(tree):
    assert EVERYTHING in {gap.kind for gap in run(tree).gaps}
