"""The applications that pm2 starts."""

import pytest

from gate.model.container import Runtime
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore, make_elf

PM2 = "usr/local/lib/node_modules/pm2"
TREE = {
    "usr/local/bin/pm2-runtime": f"-> /{PM2}/bin/pm2-runtime",
    f"!{PM2}/bin/pm2-runtime": "#!/usr/bin/env node\nrequire('../lib/binaries/Runtime.js')",
    f"{PM2}/lib/ProcessContainerFork.js": "require('./own')",
    f"{PM2}/lib/own.js": "",
    "!usr/bin/env": make_elf(),
    "!usr/bin/node": make_elf(),
    "!usr/bin/python3": make_elf(),
    "!usr/bin/serve": make_elf(),
    "!bin/sh": make_elf(),
    "app/web.js": "",
    "app/sub/worker.js": "",
    "app/tick.py": "",
}
WEB = "app/web.js"


def run(tree, *words, env=()):
    files = Files(SmallTree({**TREE, **tree}))
    runtime = Runtime(entrypoint=["pm2-runtime", *words], working_dir="/app", env=list(env))
    return explore(starts_of(runtime, files), files)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("process.json", '{"apps": [{"name": "web", "script": "web.js"}]}'),
        ("process.json", '{"apps": {"script": "./web.js"}}'),
        ("one.json", '[{"script": "web.js", "args": ["--port", 1]}]'),
        ("pm2.yaml", "apps:\n  - script: web.js\n    instances: max\n"),
        ("pm2.yml", "apps:\n  script: web.js\n"),
        ("ecosystem.config.js", "module.exports = { apps: [{ name: 'web', script: 'web.js', watch: true }] }"),
        ("ecosystem.config.cjs", "// shop\nmodule.exports = {\n  apps : [{\n    script: `./web.js`,\n  }],\n};\n"),
        ("a.config.js", "const n = 2;\nmodule.exports = {apps: [{script: __dirname + '/web.js', instances: n * 2}]}"),
        ("a.config.js", "module.exports = [{ script: path.join(__dirname, 'web.js'), env: { A: f(1, '}') } }]"),
        ("a.config.mjs", "export default { apps: [{ script: process.env.WEB || 'web.js' }] }"),
    ],
)
def test_settings_of_each_form_lead_to_the_script(name, text):
    explored = run({f"app/{name}": text}, name)
    assert WEB in explored.certain
    assert f"{PM2}/lib/own.js" in explored.certain
    assert not explored.gaps


@pytest.mark.parametrize("name", ["ecosystem.config.js", "pm2.config.cjs", "ecosystem.json"])
def test_without_a_name_the_usual_settings_are_read(name):
    text = (
        'module.exports = {"apps": [{"script": "web.js"}]}' if "config" in name else '{"apps": [{"script": "web.js"}]}'
    )
    assert WEB in run({f"app/{name}": text}, "start").certain


@pytest.mark.parametrize(
    "text",
    [
        "module.exports = { apps: names.map(name => ({ script: name })) }",
        "module.exports = { apps: [...common, { script: 'web.js' }] }",
        "module.exports = { apps: [{ ...common, script: 'web.js' }] }",
        "module.exports = { apps: [{ script: chosen }] }",
        "module.exports = { apps: [{ script: `${base}/web.js` }] }",
        "module.exports = { apps: [{ script: 'web.js', cwd: base }] }",
        "module.exports = { apps: [{ script: 'web.js', interpreter: chosen() }] }",
        "module.exports = make()",
        "module.exports = { apps: [{ script: 'gone.js' }] }",
        "build()",
    ],
)
def test_what_is_no_literal_leaves_everything_unknown(text):
    explored = run({"app/ecosystem.config.js": text}, "ecosystem.config.js")
    assert EVERYTHING in {gap.kind for gap in explored.gaps}


def test_that_there_are_no_settings_is_a_gap():
    assert EVERYTHING in {gap.kind for gap in run({}, "start").gaps}


@pytest.mark.parametrize(
    ("application", "reached"),
    [
        ('"script": "worker.js", "cwd": "/app/sub"', "app/sub/worker.js"),
        ('"script": "worker.js", "cwd": "sub"', "app/sub/worker.js"),
        ('"script": "tick.py"', "usr/bin/python3"),
        ('"script": "web.js", "interpreter": "/usr/bin/python3"', "usr/bin/python3"),
        ('"script": "serve", "args": "dist 80"', "usr/bin/serve"),
        ('"script": "serve dist && true"', "usr/bin/serve"),
        ('"script": "web.js", "node_args": "-r ./sub/worker.js"', "app/sub/worker.js"),
    ],
)
def test_an_application_is_started_as_its_settings_say(application, reached):
    assert reached in run({"app/a.json": f'{{"apps": [{{{application}}}]}}'}, "a.json").certain


def test_variables_of_the_chosen_environment_are_set():
    text = '{"apps": [{"script": "web.js", "env": {"A": "1"}, "env_live": {"NODE_OPTIONS": "-r ./sub/worker.js"}}]}'
    assert "app/sub/worker.js" in run({"app/a.json": text}, "a.json", "--env", "live").certain
    assert "app/sub/worker.js" not in run({"app/a.json": text}, "a.json").certain


def test_applications_that_are_not_chosen_may_run():
    text = '{"apps": [{"name": "web", "script": "web.js"}, {"name": "sub", "script": "sub/worker.js"}]}'
    explored = run({"app/a.json": text}, "a.json", "--only", "web")
    assert WEB in explored.certain
    assert "app/sub/worker.js" in explored.possible


@pytest.mark.parametrize("words", [("web.js", "-i", "2"), ("start", "web.js", "--", "x"), ("-n", "shop", "web.js")])
def test_a_script_may_stand_on_the_command_line(words):
    explored = run({}, *words)
    assert WEB in explored.certain
    assert not explored.gaps


def test_modules_that_were_installed_into_pm2_s_folder_are_started():
    tree = {"p/modules/rotate/package.json": '{"main": "app.js"}', "p/modules/rotate/app.js": ""}
    assert "p/modules/rotate/app.js" in run(tree, "web.js", env=["PM2_HOME=/p"]).certain


def test_settings_whose_commands_are_followed_name_nothing_else():
    text = '{"apps": [{"script": "web.js", "args": "start"}], "note": "serve"}'
    assert "usr/bin/serve" not in run({"app/a.json": text}, "a.json").possible
