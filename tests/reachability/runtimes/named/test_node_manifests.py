"""What a source of JavaScript does with manifests."""

import pytest

from gate.reachability.runtimes.named.node_manifests import handles_scripts, manifest_use, reads_own_manifest

PATH, HOME = "app/node_modules/one/lib/a.js", "app/node_modules/one"


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        (b"require('../package.json')", False),
        (b"require('../../package.json')", True),  # of another module
        (b"require('../../../package')", True),
        (b"require('/app/package.json')", True),
        (b"require('two/package.json'); import 'package'", False),
        (b"fs.readFileSync('../package.json')", True),  # from the working folder
        (b"new URL('../package.json', import.meta.url)", False),
        (b"read(join(__dirname, '..', 'package.json'))", False),
        (b"read(join(__dirname, '..', '..', '..', 'package.json'))", True),
        (b"read(join(dir, 'package.json'))", True),
        (b"require(join(dir, 'package.json')).version", False),
        (b"require(join(dir, 'package.json')).scripts", True),
        (b"readFileSync('package.json').toString()", True),
        (b"require(process.cwd() + '/package')", True),
        (b"require(path.join(root, 'package'))", True),
        (b"require(`@shop/part-${platform}/package`)", False),
        (b"require(`${folder}/package`)", True),
        (b"require(`/app/${name}/package`)", True),
        (b"process.env.npm_package_version", False),
        (b"process.env.npm_package_json", True),
        (b'throw new Error("Add it to your package.json file.")', False),
        (b"0", False),
    ],
)
def test_a_source_reads_another_manifest_by_a_path_that_leads_out_of_its_module_or_is_not_known(source, reads):
    assert manifest_use(source).reads_of_others(PATH, HOME) is reads


@pytest.mark.parametrize(
    ("source", "asks"),
    [
        (b"run('npm run lint')", True),
        (b"spawn('npm', words)", True),
        (b"`npm ${command}`", True),
        (b"'npm -s test'", True),
        (b"'npm install x'", False),
        (b"'the npm module'", False),
        (b"'yarn lint'", True),
        (b"'yarn add lint'", False),
        (b"'pnpm exec lint'", True),
        (b"'/usr/bin/npm run x'", True),
        (b"'@scope/npm run'", True),
    ],
)
def test_a_package_manager_is_asked_for_a_script_but_not_to_install(source, asks):
    assert manifest_use(source).asks_manager is asks


@pytest.mark.parametrize(
    ("source", "handles"),
    [
        (b"manifest.scripts.lint", True),
        (b"manifest['scripts']", True),
        (b"const { scripts } = manifest", True),
        (b"const { name, scripts: { lint } } = manifest", True),
        (b"Object.keys(this.scripts)", True),
        (b"this.scripts = new Map(); this.scripts.get(name); scripts/a", False),
        (b'module.exports = {"name": "x", "scripts": {"test": "x"}}', False),
    ],
)
def test_scripts_are_handled_as_a_value_of_an_object(source, handles):
    assert handles_scripts(source) is handles


def test_an_own_source_reads_the_manifest_but_for_values_that_name_nothing():
    assert reads_own_manifest(b"const all = require('./package.json')")
    assert reads_own_manifest(b"const all = require('./package')")
    assert not reads_own_manifest(b'say("It resolves the package\'s build")')
    assert reads_own_manifest(b"exec(process.env.npm_execpath)")
    assert not reads_own_manifest(b"const { version } = require('./package.json')")
