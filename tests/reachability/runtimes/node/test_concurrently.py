"""The commands that concurrently and npm-run-all start."""

import pytest

from gate.model.container import Runtime
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore, make_elf

TREE = {
    **{
        f"!app/node_modules/.bin/{name}": "#!/usr/bin/env node\n"
        for name in ("concurrently", "npm-run-all", "run-p", "run-s")
    },
    "!usr/bin/env": make_elf(),
    "!usr/bin/node": make_elf(),
    "!usr/bin/npm": "#!/usr/bin/env node\n",
    "!bin/sh": make_elf(),
    "app/package.json": '{"scripts": {"start:web": "node web.js", "start:work": "node work.js", "x": "node x.js"}}',
    "app/web.js": "",
    "app/work.js": "",
    "app/x.js": "",
}
BOTH = {"web.js", "work.js"}


def run(*words):
    files = Files(SmallTree(TREE))
    runtime = Runtime(
        entrypoint=[f"node_modules/.bin/{words[0]}", *words[1:]], working_dir="/app", env=["PATH=/usr/bin:/bin"]
    )
    return explore(starts_of(runtime, files), files)


@pytest.mark.parametrize(
    ("words", "started"),
    [
        (("concurrently", "-k", "-n", "a,b", "node web.js", "node work.js"), BOTH),
        (("concurrently", "npm:start:*"), BOTH),
        (("concurrently", "npm:start:*(!work)"), {"web.js"}),
        (("concurrently", "--names=a", "npm:x -- --port 1"), {"x.js"}),
        (("concurrently", "cd . && npm run x"), {"x.js"}),
        (("npm-run-all", "--parallel", "start:*"), BOTH),
        (("npm-run-all", "x", "-p", "start:{web,work}"), {*BOTH, "x.js"}),
        (("run-p", "-l", "start:*", "--", "y"), BOTH),
        (("run-s", "x", "start:web"), {"x.js", "web.js"}),
    ],
)
def test_commands_and_scripts_by_a_pattern_are_followed(words, started):
    explored = run(*words)
    assert {name for name in ("web.js", "work.js", "x.js") if f"app/{name}" in explored.certain} == started
    assert not explored.gaps


@pytest.mark.parametrize("words", [("concurrently",), ("concurrently", "npm:none:*"), ("concurrently", "a \0")])
def test_what_the_words_do_not_tell_is_a_gap_for_everything(words):
    assert EVERYTHING in {gap.kind for gap in run(*words).gaps}
