"""Whether a name in the scripts of an application's manifest counts: only where something may run them.

Goes through `gate/reachability/runtimes/named/mentions.py`, `gate/reachability/runtimes/named/node_manifests.py`.
"""

import json

import pytest

from gate.inventory.installed.inventory import read_installed
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from tests.reachability.runtimes.conftest import SmallTree, make_elf

SCRIPTS = {
    "start": "node run.js",
    "lint": "linter .",
    "test": "tester && npm run lint",
    "prebuild": "linter .",
    "dev": 'npm run "li$REST"',
    "tasks": "for each in $TASKS lint; do npm run $each; done",
}
READER = "module.exports = () => JSON.parse(fs.readFileSync(path.join(process.cwd(), 'package.json')))"
SPAWN = "require('child_process')"


def package(name, source="", **manifest):
    stated = {"name": name, "version": "1.0.0", **manifest}
    return {f"app/node_modules/{name}/package.json": json.dumps(stated), f"app/node_modules/{name}/index.js": source}


NPM = {
    "!usr/bin/env": make_elf(),
    "!bin/sh": make_elf(),
    "usr/bin/npm": "-> /usr/lib/node_modules/npm/bin/npm-cli.js",
    "usr/lib/node_modules/npm/package.json": '{"name": "npm", "version": "10.0.0", "bin": {"npm": "bin/npm-cli.js"}}',
    "!usr/lib/node_modules/npm/bin/npm-cli.js": f"#!/usr/bin/env node\n{SPAWN}; read('package.json').scripts",
}
LINTER = {
    **package("linter", bin={"linter": "index.js"}),
    "app/node_modules/.bin/linter": "-> ../linter/index.js",
    "!app/node_modules/linter/index.js": "#!/usr/bin/env node",
    **package("tester", bin={"tester": "index.js"}),
}


def state_of(name, *trees, own="require('used')", start=("node", "/app/run.js"), scripts=SCRIPTS, **manifest):
    stated = {"name": "shop", "scripts": scripts, "devDependencies": {"linter": "*"}, **manifest}
    tree = {"!usr/bin/node": make_elf(), "app/run.js": own, "app/package.json": json.dumps(stated), **LINTER}
    for each in trees:
        tree |= each
    files = SmallTree(tree)
    packages = read_installed(files).packages
    runtime = Runtime(entrypoint=list(start), working_dir="/app", env=["PATH=/usr/bin:/bin"])
    answer = analyse(files, runtime, packages)
    return {one.name: answer.states[key_of(one)].in_use for one in packages}[name]


def test_a_tool_that_scripts_alone_name_is_not_in_use_where_nothing_runs_them():
    assert state_of("linter", package("used")) is InUse.NO
    assert state_of("linter", package("used"), NPM) is InUse.NO


def test_npm_that_is_asked_for_one_script_runs_no_other():
    assert state_of("linter", package("used"), NPM, start=("npm", "start")) is InUse.NO
    assert state_of("npm", package("used"), NPM, start=("npm", "start")) is InUse.YES
    assert state_of("linter", package("used"), NPM, start=("npm", "run", "lint")) is InUse.YES


@pytest.mark.parametrize("script", ["prestart", "poststart"])
def test_npm_runs_what_stands_before_and_behind_a_script(script):
    scripts = {"start": "node run.js", script: "linter ."}
    assert state_of("linter", package("used"), NPM, start=("npm", "start"), scripts=scripts) is InUse.YES


@pytest.mark.parametrize(
    "own",
    [
        "require(Object.keys(require('./package.json').scripts)[0])",
        "const { scripts } = require('./package'); run(scripts.lint)",
        "run(require('./package.json')[section])",
        "import manifest from './package.json' with { type: 'json' }",
        "fs.readFile(`${root}/package.json`, run)",
        "runAll(join(root, 'package.json')).name",
        "require('child_process').exec('npm run lint')",
        "run('yarn', [tool])",
        "spawn(process.env.npm_execpath, ['run', 'lint'])",
        "exec(process.env.npm_package_scripts_lint)",
        "exec(process.env['npm_package_' + name])",
        "require('npm-run-all')(names)",
        "concurrently(['npm:lint']); require('concurrently')",
    ],
)
def test_code_of_the_application_that_reads_the_manifest_or_starts_a_package_manager_may_run_any_script(own):
    assert state_of("tester", package("used"), own=own) is not InUse.NO


@pytest.mark.parametrize(
    "own",
    [
        "require('./package.json').version",
        "const { version, name: title } = require('./package.json')",
        "import { version } from './package.json'",
        "JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8')).version",
        "module.exports = { packages: 'packages' }",
    ],
)
def test_a_version_that_is_read_runs_nothing(own):
    assert state_of("linter", package("used"), own=own) is InUse.NO


@pytest.mark.parametrize(
    "trees",
    [
        [package("used", f"{READER}; {SPAWN}.exec(read().scripts.lint)")],
        [package("used", "exec(require('read-pkg')().scripts.lint)", dependencies={"read-pkg": "*"})],
        [package("used", "require('run')(require('read-pkg')())", dependencies={"read-pkg": "*", "run": "*"})],
        [package("used", "require(`${process.cwd()}/package`)['scripts']")],
        [package("used", "const { scripts } = require('../../package.json')")],
        [package("used", "exec(`${process.env.npm_execpath} run lint`); child_process")],
        [package("used", "child_process.spawn('yarn', ['run', name])")],
        [package("used", "start(require('names').manager)", dependencies={"names": "*", "run": "*"})],
    ],
)
def test_packages_that_read_manifests_and_handle_scripts_may_run_any(trees):
    read = package("read-pkg", READER)
    run = package("run", "module.exports = ({ scripts }) => spawn(scripts.lint)")
    names = package("names", "exports.manager = 'pnpm'")
    own = "require('used'); require('used/../read-pkg'); require('run'); require('names')"
    assert state_of("linter", read, run, names, *trees, own=own) is InUse.UNKNOWN


@pytest.mark.parametrize("name", ["read-pkg", "run"])
def test_a_package_that_only_reads_or_only_handles_runs_nothing(name):
    source = {"read-pkg": READER, "run": "module.exports = ({ scripts }) => list(scripts)"}[name]
    assert state_of("linter", package(name, source), own=f"import('{name}')") is InUse.NO
    handling = f"import('{name}'); const {'{'} scripts {'}'} = given"
    assert state_of("linter", package(name, source), own=handling) is (
        InUse.UNKNOWN if name == "read-pkg" else InUse.NO
    )


@pytest.mark.parametrize(
    "source",
    [
        "require('../package.json').version",
        "require('./package.json').scripts",  # its own
        "// reads package.json\nthis.scripts.get(name); options.scripts",
        "read(path.join(__dirname, '..', 'used', 'package.json')).scripts",
        "if (url.endsWith('/package.json')) throw 1; options.scripts",
        'x = {1: [f, {"../package.json": 6}]}; module.exports = {"scripts": {"test": "x"}}',
    ],
)
def test_a_package_that_reads_its_own_manifest_or_none_runs_nothing(source):
    assert state_of("linter", package("used", source)) is InUse.NO


@pytest.mark.parametrize(
    "text",
    [
        {"app/settings.json": '{"command": "npm run lint"}'},
        {"app/ci.yaml": "script: yarn test\n"},
        {"app/settings.json": '{"file": "./package.json"}', **package("used", "run(options.scripts)")},
    ],
)
def test_settings_that_name_a_package_manager_or_the_manifest_may_have_scripts_run(text):
    assert state_of("linter", package("used"), text) is not InUse.NO


@pytest.mark.parametrize(
    "start",
    [
        ("npm", "run", "$1"),
        ("npm", "start", "--prefix", "api"),
        ("npm", "-w", "api", "start"),
        ("npx", "linter"),
        ("npx", "-c", "linter ."),
        ("npm", "install"),
        ("node", "--run", "lint"),
        ("sh", "-c", 'npm run "$1"'),
        ("sh", "-c", 'exec npm "$@"', "sh", "run", "lint"),
        ("sh", "-c", "npm run ${TASK:-lint}"),
        ("sh", "-c", "$RUNNER run lint"),
        ("yarn", "lint"),
        ("pnpm", "lint"),
        ("/app/other", "npm run lint"),
        ("npm", "run", "dev"),
        ("npm", "run", "tasks"),
        ("npm", "start", "--workspaces"),
        ("node", "-e", "require('child_process').exec('npm run lint')"),
        ("python3", "-c", "import subprocess; subprocess.run(['npm', 'run', 'lint'])"),
        ("env", "RUN=npm run lint", "/app/other"),
        ("/app/other", "/app/package.json"),
    ],
)
def test_a_package_manager_whose_script_is_another_or_not_known_leaves_tools_open(start):
    others = {
        "!usr/bin/yarn": "#!/usr/bin/env node\n",
        "!usr/bin/pnpm": "#!/usr/bin/env node\n",
        "!usr/bin/npx": "#!/usr/bin/env node\n",
        "!usr/bin/python3": make_elf(),
        "!app/other": make_elf(calls="execv"),
        "app/api/package.json": '{"name": "api", "scripts": {"start": "linter ."}}',
    }
    assert state_of("linter", package("used"), NPM, others, start=start) is not InUse.NO


YARN = {
    "!bin/sh": make_elf(),
    "!usr/bin/env": make_elf(),
    "usr/bin/yarn": "-> /usr/lib/node_modules/yarn/bin/yarn.js",
    "usr/lib/node_modules/yarn/package.json": '{"name": "yarn", "version": "1.22.22", "bin": {"yarn": "bin/yarn.js"}}',
    "!usr/lib/node_modules/yarn/bin/yarn.js": "#!/usr/bin/env node\nrequire('../lib/cli')",
    "usr/lib/node_modules/yarn/lib/cli.js": f"{SPAWN}; x = 'linter'; read('package.json').scripts; require(name)",
}


@pytest.mark.parametrize(
    ("start", "more", "in_use"),
    [
        (("yarn", "start"), {}, InUse.NO),
        (("yarn", "run", "start"), {}, InUse.NO),
        (("yarn", "start"), {"app/.yarnrc": 'registry "x"\n'}, InUse.NO),
        (("yarn", "start"), {"app/.yarnrc": 'yarn-path ".yarn/releases/yarn-3.cjs"\n'}, InUse.UNKNOWN),
        (("yarn", "start"), {"app/.yarnrc.yml": "yarnPath: .yarn/releases/yarn-3.cjs\n"}, InUse.UNKNOWN),
        (
            ("yarn", "start"),
            {"usr/lib/node_modules/yarn/package.json": '{"name": "yarn", "version": "3"}'},
            InUse.UNKNOWN,
        ),
        (("yarn", "start"), {"app/run.js": "require('used'); run('yarn lint')"}, InUse.UNKNOWN),
        (("yarn", "lint"), {}, InUse.YES),
    ],
)
def test_the_first_yarn_runs_the_script_that_it_is_asked_for(start, more, in_use):
    assert state_of("linter", package("used"), YARN, more, start=start) is in_use


def test_variables_and_settings_of_npm_say_which_script_is_run():
    setting = {"app/.npmrc": "fund=false\nworkspace=api\n"}
    assert state_of("linter", package("used"), NPM, start=("npm", "start")) is InUse.NO
    assert state_of("linter", package("used"), NPM, setting, start=("npm", "start")) is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("start", "in_use"),
    [
        ("$npm_execpath run lint", InUse.UNKNOWN),
        ("sh start.sh", InUse.UNKNOWN),
        ("node run.js $npm_package_version", InUse.NO),
    ],
)
def test_a_script_may_start_the_package_manager_by_its_variables(start, in_use):
    scripts = {"start": start, "lint": "linter ."}
    text = {"app/start.sh": '"$npm_execpath" run lint\n'}
    assert state_of("linter", package("used"), NPM, text, start=("npm", "start"), scripts=scripts) is in_use


def test_settings_of_tools_in_the_manifest_count_for_every_source():
    assert state_of("linter", package("used"), eslintConfig={"extends": "linter"}) is InUse.UNKNOWN


def test_a_manifest_that_is_handed_to_a_package_lets_it_load_what_the_manifest_lists():
    used = package("used", "module.exports = ({ dependencies }) => Object.keys(dependencies).map((x) => require(x))")
    assert state_of("linter", used, scripts={}) is InUse.NO
    assert state_of("linter", used, own="require('used')(require('./package.json'))", scripts={}) is InUse.UNKNOWN


def test_tools_that_load_what_a_manifest_lists_may_be_of_several_packages():
    """As load-grunt-tasks asks pkg-up for the manifest, and has Grunt load each that it lists."""
    trees = [
        package("used", "require('tasks')((name) => require(path.resolve('node_modules', name)))"),
        package("tasks", "module.exports = (load) => sections.map((one) => load(require(up())[one]))"),
        package("up", "module.exports = () => find('package.json'); sections = ['devDependencies']"),
    ]
    assert state_of("linter", *trees, own="require('used'); require('tasks')", scripts={}) is InUse.UNKNOWN


def test_only_what_npm_does_by_itself_may_be_run_where_packages_are_installed():
    install = package("used", "require('child_process').execSync(`npm install --no-audit ${name}`)")
    assert state_of("linter", install) is InUse.NO
    assert state_of("linter", install, scripts={"postinstall": "linter ."}) is InUse.UNKNOWN


def test_names_in_texts_of_a_package_count_where_programs_are_started():
    named = {"app/node_modules/used/types.json": '["linter"]'}
    assert state_of("linter", package("used", "require('./types.json')"), named) is InUse.NO
    starts = package("used", "require('child_process').spawn(require('./types.json')[0])")
    assert state_of("linter", starts, named) is InUse.UNKNOWN
