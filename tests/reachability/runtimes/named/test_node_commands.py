"""Sources of a package that only run as commands, or as a script of its installation."""

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
        ({"lib/other.js": COMPUTED}, InUse.UNKNOWN),
        ({"lib/other.js": "require('./project')"}, InUse.UNKNOWN),
        ({"lib/other.js": "require('./projects')"}, InUse.NO),
        ({"index.js": f"{COMPUTED}; readdirSync(__dirname)"}, InUse.UNKNOWN),
        ({"browser/cli.js": "", "browser/start.js": "require('./cli')"}, InUse.NO),
        ({"browser/start.js": "require('./cli')"}, InUse.NO),
        ({"browser/start.js": "require('./cli'); load('cli')"}, InUse.UNKNOWN),
        ({"browser/start.js": "require('../cli')"}, InUse.UNKNOWN),
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
