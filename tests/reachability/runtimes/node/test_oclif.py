"""oclif: commands and hooks that a manifest lists."""

import json

import pytest


@pytest.fixture
def own(run):
    return lambda *given: own_sources(run, *given)


def own_sources(run, words, oclif, *sources):
    tree = {
        "!usr/bin/node": "",
        "app/bin/run.js": "require('@oclif/core').execute()",
        "app/package.json": json.dumps({"name": "shop", "oclif": oclif}),
        "app/oclif.manifest.json": "{}",
        **{f"app/dist/{one}": "" for one in sources},
    }
    found = run(tree, f"node /app/bin/run.js {words}").certain
    return {path.removeprefix("app/dist/") for path in found if path.startswith("app/dist/")}


COMMANDS = ("commands/report/daily.js", "commands/report/index.js", "commands/login.js", "commands/daily/index.mjs")


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("report:daily --day 1", "commands/report/daily.js"),
        ("report daily", "commands/report/daily.js"),
        ("report", "commands/report/index.js"),
        ("login me", "commands/login.js"),
        ("daily", "commands/daily/index.mjs"),
    ],
)
def test_the_command_that_the_words_name_runs(own, words, source):
    for commands in ("./dist/commands", {"strategy": "pattern", "target": "./dist/commands"}):
        assert own(words, {"commands": commands}, *COMMANDS) == {source}


def test_a_program_of_one_command_runs_it(own):
    oclif = {"commands": {"strategy": "single", "target": "./dist/index.js"}}
    assert own("a.txt", oclif, "index.js") == {"index.js"}


def test_hooks_of_every_run_are_called(own):
    hooks = {"init": "./dist/hooks/init", "prerun": ["./dist/hooks/a", "./dist/hooks/b"], "update": "./dist/hooks/u"}
    sources = [f"hooks/{name}.js" for name in ("init", "a", "b", "u")]
    assert own("", {"hooks": hooks}, *sources) == {"hooks/init.js", "hooks/a.js", "hooks/b.js"}


@pytest.mark.parametrize("oclif", [None, "x", {"commands": 3}, {"hooks": ["x"]}, {"commands": {}}])
def test_what_a_manifest_may_hold_as_well(own, oclif):
    assert own("login", oclif, *COMMANDS) == set()


def test_without_a_list_all_commands_and_plug_ins_are_loaded(run):
    oclif = {"commands": "./dist/commands", "plugins": ["@oclif/plugin-help", "absent"]}
    tree = {
        "!usr/bin/node": "",
        "app/bin/run.js": "require('@oclif/core').execute()",
        "app/package.json": json.dumps({"name": "shop", "oclif": oclif}),
        "app/node_modules/@oclif/plugin-help/package.json": "{}",
        **{f"app/dist/{one}": "" for one in COMMANDS},
    }
    found = run(tree, "node /app/bin/run.js login").certain
    assert {f"app/dist/{one}" for one in COMMANDS} < found.keys()
    assert "app/node_modules/@oclif/plugin-help/package.json" in found
