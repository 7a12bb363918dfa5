"""Sources of a package to which nothing leads, but as commands or as a script of its installation."""

import posixpath

import pytest

from gate.inventory.installed.inventory import read_installed
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from tests.reachability.runtimes.conftest import SmallTree, make_elf

COMPUTED = "require(process.argv[2])"
TOOL = {
    "package.json": '{"name": "tool", "version": "1", "bin": {"tool": "cli.js"}, "dependencies": {"idle": "1"},'
    ' "scripts": {"postinstall": "node install.js"}}',
    "cli.js": "#!/usr/bin/env node\nrequire('./commands/init')",
    "commands/init.js": "require('../lib/project')",
    "lib/project.js": "require('idle')",
    "install.js": "",
    "index.js": COMPUTED,
}


def state(files, own="require('tool')"):
    tool = {posixpath.normpath(f"app/node_modules/tool/{name}"): text for name, text in (TOOL | files).items()}
    tree = {
        "!usr/bin/node": make_elf(),
        "app/run.js": own,
        "app/package.json": "{}",
        "app/node_modules/idle/package.json": '{"name": "idle", "version": "1"}',
        "app/node_modules/idle/index.js": "",
    }
    tree |= tool
    small = SmallTree(tree)
    packages = read_installed(small).packages
    answer = analyse(small, Runtime(entrypoint=["node", "/app/run.js"]), packages)
    return {one.name: answer.states[key_of(one)].in_use for one in packages}["idle"]


@pytest.mark.parametrize(
    ("files", "in_use"),
    [
        ({}, InUse.NO),
        ({"commands/init.js": "require('idle')", "lib/project.js": ""}, InUse.NO),
        ({"index.js": f"{COMPUTED}; load('./commands/init')"}, InUse.UNKNOWN),
        ({"index.js": f"{COMPUTED}; load('./lib/project.js')"}, InUse.UNKNOWN),
        ({"index.js": f"{COMPUTED}; load(join(root, 'lib', name))"}, InUse.UNKNOWN),
        ({"lib/other.js": f"{COMPUTED}; require('./project')"}, InUse.NO),
        ({"lib/other.js": "require('./' + name)", "index.js": f"{COMPUTED}; start('./lib/other')"}, InUse.UNKNOWN),
        ({"lib/other.js": "load(module, name)", "index.js": f"{COMPUTED}; start('./lib/other')"}, InUse.UNKNOWN),
        ({"lib/other.js": "load('./project')", "index.js": f"{COMPUTED}; start('./lib/other')"}, InUse.UNKNOWN),
        ({"lib/other.js": "load('./projects')", "index.js": f"{COMPUTED}; require('./lib/other')"}, InUse.NO),
        ({"index.js": f"{COMPUTED}; new Worker(file)"}, InUse.UNKNOWN),
        ({"index.js": f"{COMPUTED}; require('./a/b')", "a/b.js": "load(__dirname, '..', name)"}, InUse.UNKNOWN),
        ({"index.js": f"{COMPUTED}; require('./a/b')", "a/b.js": "load(__dirname); require('../lib/more')"}, InUse.NO),
        ({"index.js": f"{COMPUTED}; require('./a/b')", "a/b.js": "load(__dirname, name)"}, InUse.NO),
        ({"index.js": f"{COMPUTED}; readdirSync(__dirname)"}, InUse.UNKNOWN),
        ({"browser/cli.js": "", "browser/start.js": "require('./cli')"}, InUse.NO),
        ({"browser/start.js": "require('./cli')"}, InUse.NO),
        ({"browser/start.js": "require('../cli')"}, InUse.NO),
        ({"index.js": f"{COMPUTED}; start('./browser/start')", "browser/start.js": "start('../cli')"}, InUse.UNKNOWN),
        ({"../used/index.js": "load('tool/commands/init')"}, InUse.NO),
    ],
)
def test_what_only_a_command_loads_counts_if_another_source_may_lead_there(files, in_use):
    """As TypeORM's InitCommand, which starts npm, and which nothing but its command line loads."""
    assert state(files) is in_use


@pytest.mark.parametrize(
    ("install", "index", "in_use"),
    [
        ("require('idle')", COMPUTED, InUse.NO),
        ("require('idle')", f"{COMPUTED}; start(root, './install.js')", InUse.UNKNOWN),
        ("require('idle')", f"{COMPUTED}; x = [__dirname, 'install']", InUse.UNKNOWN),
    ],
)
def test_a_script_of_the_installation_runs_if_something_leads_there(install, index, in_use):
    """As ssh2's `install.js`, which starts node-gyp."""
    assert state({"lib/project.js": "", "install.js": install, "index.js": index}) is in_use


@pytest.mark.parametrize(
    ("start", "in_use"), [("child_process.spawn('npm', ['rebuild'])", InUse.UNKNOWN), ("", InUse.NO)]
)
def test_a_script_of_the_installation_runs_where_a_package_manager_may_run(start, in_use):
    npm = {
        "../npm/package.json": '{"name": "npm", "version": "1", "bin": {"npm": "cli.js"}}',
        "../npm/cli.js": "#!/usr/bin/env node\n",
        "../.bin/npm": "-> ../npm/cli.js",
    }
    own = f"require('tool'); {start}"
    assert state({"lib/project.js": "", "install.js": "require('idle')", **npm}, own) is in_use


@pytest.mark.parametrize(
    ("exports", "own", "in_use"),
    [
        ('{".": "./index.js", "./plan": "./lib/project.js"}', "", InUse.NO),
        ('{".": "./index.js", "./plan": {"node": "./lib/project.js"}}', "load('tool/plan')", InUse.UNKNOWN),
        ('{".": "./index.js", "./plan": "./lib/project.js"}', "require('tool/plan')", InUse.YES),
        ('{".": {"browser": "./lib/project.js", "default": "./index.js"}}', "load('tool/plan')", InUse.NO),
        ('{".": "./index.js", "./lib/*": "./lib/*.js"}', "load('tool/lib/project')", InUse.UNKNOWN),
    ],
)
def test_what_a_package_exports_counts_by_the_name_that_it_has_for_others(exports, own, in_use):
    manifest = TOOL["package.json"].replace('"version"', f'"exports": {exports}, "version"')
    assert state({"package.json": manifest}, f"require('tool'); {own}") is in_use


LINK = {"../.bin/tool": "-> ../tool/cli.js"}
OTHER = {"../other/package.json": '{"name": "other", "version": "1"}'}


@pytest.mark.parametrize(
    ("files", "own", "in_use"),
    [
        (LINK | OTHER | {"../other/index.js": "child_process.spawn('tool')"}, "require('other')", InUse.UNKNOWN),
        (LINK | OTHER | {"../other/index.js": "child_process.spawn('tools')"}, "require('other')", InUse.NO),
        (LINK | {"index.js": "child_process.spawn('tool')"}, "", InUse.UNKNOWN),
        (LINK, "child_process.spawn('tool')", InUse.UNKNOWN),
        ({}, "child_process.spawn('npx', ['tool'])", InUse.UNKNOWN),
    ],
)
def test_a_command_of_a_package_that_is_loaded_may_be_started_besides(files, own, in_use):
    assert state(files, f"require('tool'); {own}") is in_use


@pytest.mark.parametrize(
    ("files", "own", "in_use"),
    [
        ({"../../settings.json": '{"load": "tool/commands/init"}'}, COMPUTED, InUse.UNKNOWN),
        ({"../../settings.yaml": "load: tool/commands/init"}, COMPUTED, InUse.UNKNOWN),
        ({"../../settings.yaml": "load: tools/commands/init"}, COMPUTED, InUse.NO),
        ({"../../settings.yaml": "folder: node_modules/tool/commands"}, COMPUTED, InUse.UNKNOWN),
        ({}, "require(process.env.NAME || ['tool', 'commands', 'init'].join('/'))", InUse.UNKNOWN),
        ({}, "load('tool', 'commands')", InUse.UNKNOWN),
        (OTHER | {"../other/index.js": "load('tool', 'commands')"}, "require('other')", InUse.NO),
        (OTHER | {"../other/index.js": f"load('tool', 'commands'); {COMPUTED}"}, "require('other')", InUse.UNKNOWN),
        (OTHER | {"../other/index.js": "load('tool', 'package.json')"}, "require('other')", InUse.UNKNOWN),
        (OTHER | {"../other/index.js": "load('tool'); require('./package.json')"}, "require('other')", InUse.NO),
    ],
)
def test_what_names_a_package_and_a_source_or_its_folder_leads_there(files, own, in_use):
    assert state(files, f"require('tool'); {own}") is in_use


@pytest.mark.parametrize(
    ("main", "in_use"),
    [
        ("require('./lib')", InUse.YES),
        ("start('./lib')", InUse.UNKNOWN),
        ("start('lib/index')", InUse.UNKNOWN),
        ("start('index')", InUse.NO),
        ("", InUse.NO),
    ],
)
def test_a_folder_s_name_leads_to_its_index(main, in_use):
    files = {"package.json": TOOL["package.json"].replace('"version"', '"main": "main.js", "version"')}
    files |= {"commands/init.js": "require('../lib')", "lib/index.js": "require('idle')", "lib/project.js": ""}
    assert state(files | {"main.js": f"{COMPUTED}; {main}"}) is in_use


@pytest.mark.parametrize(
    ("files", "in_use"),
    [
        ({}, InUse.NO),
        ({"index.js": f"{COMPUTED}; list(require('glob'))", "place.js": ""}, InUse.NO),
        ({"index.js": f"{COMPUTED}; glob(require('./place'))", "place.js": "exports = __dirname"}, InUse.UNKNOWN),
        ({"index.js": f"{COMPUTED}; glob(require('./a/place'))", "a/place.js": "exports = __dirname"}, InUse.NO),
        ({"index.js": f"{COMPUTED}; glob(join(root, 'node_modules', name))"}, InUse.UNKNOWN),
        ({"index.js": f"{COMPUTED}; run('./.hidden/' + name)", ".hidden/a.js": "require('idle')"}, InUse.UNKNOWN),
        ({"index.js": COMPUTED, ".hidden/a.js": "require('idle')"}, InUse.NO),
    ],
)
def test_a_listing_leads_to_all_if_a_source_knows_its_place(files, in_use):
    assert state(files) is in_use


@pytest.mark.parametrize(
    ("file", "text", "in_use"),
    [
        ("lib/_typingsInstaller.js", "require('idle')", InUse.NO),
        ("lib/typesMap.json", '{"a": "idle"}', InUse.NO),
        ("lib/fr/diagnosticMessages.generated.json", '{"a": "idle"}', InUse.NO),
        ("lib/more.js", "require('idle')", InUse.UNKNOWN),
    ],
)
def test_the_server_of_typescript_is_no_part_of_its_library(file, text, in_use):
    """Its library has all that leads to any source: names that are made, its own place and the server's name."""
    says = "x = [__filename, 'typingsInstaller', 'tsc', 'typesMap', 'more', 'diagnosticMessages.generated.json']"
    typescript = {
        "package.json": '{"name": "typescript", "version": "5", "main": "lib/typescript", "bin": {"tsc": "bin/tsc"}}',
        "lib/typescript.js": f"{COMPUTED}; require('child_process'); {says}",
        "bin/tsc": "",
        "../.bin/tsc": "-> ../typescript/bin/tsc",
        file: text,
    }
    tree = {f"../typescript/{name}": text for name, text in typescript.items()}
    assert state(tree, f"require('typescript'); {COMPUTED}") is in_use


def test_a_server_of_typescript_that_is_named_counts():
    typescript = {
        "package.json": '{"name": "typescript", "version": "5", "main": "lib/typescript.js"}',
        "lib/typescript.js": "",
        "lib/_typingsInstaller.js": "require('idle')",
    }
    tree = {f"../typescript/{name}": text for name, text in typescript.items()}
    assert state(tree, "require('typescript')") is InUse.NO
    assert state(tree, "require('typescript'); fork('typescript/lib/_typingsInstaller')") is InUse.UNKNOWN
