"""What an unreached npm package may be loaded by, though nothing that is followed loads it.

Goes through `gate/reachability/runtimes/named/mentions.py`, `gate/reachability/runtimes/named/node_strings.py`.
"""

import posixpath

import pytest

from gate.inventory.installed.inventory import read_installed
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from tests.reachability.runtimes.conftest import SmallTree, make_elf

COMPUTED = "require(process.argv[2])"
SEARCHING = "Object.keys(read('package.json').dependencies)"


def package(name, source="", **manifest):
    stated = "".join(f', "{key}": {value}' for key, value in manifest.items())
    return {
        f"app/node_modules/{name}/package.json": f'{{"name": "{name}", "version": "1.0.0"{stated}}}',
        f"app/node_modules/{name}/index.js": source,
    }


def state_of(name, *trees, own="require('used')", start="app/run.js"):
    tree = {"!usr/bin/node": make_elf(), "app/run.js": own, "app/package.json": '{"dependencies": {"idle": "*"}}'}
    for each in trees:
        tree |= each
    files = SmallTree(tree)
    packages = read_installed(files).packages
    answer = analyse(files, Runtime(entrypoint=["node", f"/{start}"]), packages)
    return {one.name: answer.states[key_of(one)] for one in packages}[name]


def test_what_nothing_names_is_not_in_use_though_a_package_loads_what_only_a_run_tells():
    assert state_of("idle", package("used", COMPUTED), package("idle")).in_use is InUse.NO


@pytest.mark.parametrize(
    ("used", "extra"),
    [
        (package("used", COMPUTED, dependencies='{"idle": "*"}'), {}),
        (package("used", COMPUTED, peerDependencies='{"idle": "*"}'), {}),
        (package("used", COMPUTED, optionalDependencies='{"idle": "*"}'), {}),
        (package("used", COMPUTED + "; const name = 'idle'"), {}),
        (package("used", COMPUTED + "; const name = 'idle/deep.js'"), {}),
        (package("used", COMPUTED + "; const prefix = 'id-'"), package("id-le")),
        (package("used", COMPUTED + "; load(`id-${name}`)"), package("id-le")),
        (package("used", COMPUTED + "; name + '-le'"), package("id-le")),
        (package("used", COMPUTED + "; 'busy idle'.split(' ')"), {}),
        (package("used", f"{COMPUTED}; x('./lib/a')") | {"app/node_modules/used/lib/a.js": "require('idle')"}, {}),
        (package("used", COMPUTED, dependencies='{"link": "*"}'), package("link", "require('idle')")),
        (package("used", COMPUTED + "; fs.readdirSync('node_modules')"), {}),
        (package("used", COMPUTED + "; read('package.json').devDependencies"), {}),
        (package("used", COMPUTED + "; read('package.json')[`${kind}Dependencies`]"), {}),
        (package("used", COMPUTED + "; keys(read('package.json')).find((key) => /ependencies$/.test(key))"), {}),
        (package("used", COMPUTED + "; list(root.split('node_modules')[0] + '/node_modules')"), {}),
        (
            package("used", COMPUTED, dependencies='{"link": "*"}'),
            package("link", "require('by-name')(require('./names.json'))", dependencies='{"by-name": "*"}')
            | package("by-name", "module.exports = (names) => names.map((name) => require(name))")
            | {"app/node_modules/link/names.json": '{"a": ["idle"]}'},
        ),
        (package("used"), {"app/settings.yaml": "plugins:\n- idle\n"}),
        (package("used"), {"app/.toolrc": '{"extends": "idle"}'}),
        (package("used"), {"app/unreached.js": "require('idle')"}),
        (
            package("used", "require('./names.json'); " + COMPUTED) | {"app/node_modules/used/names.json": '["idle"]'},
            {},
        ),
    ],
)
def test_what_may_be_loaded_is_unknown(used, extra):
    name = "id-le" if extra and "app/node_modules/id-le/package.json" in extra else "idle"
    state = state_of(name, package("idle"), used, extra)
    assert state.in_use is InUse.UNKNOWN
    assert "so it may be started or loaded" in state.evidence[0]


@pytest.mark.parametrize(
    "code",
    [
        "eval('require')('idle')",
        "const load = require; load('idle')",
        "const load = require.bind(null); load('idle')",
        "require('module')._load('idle')",
        "const load = createRequire(process.cwd()); load('idle')",
        "vm.runInNewContext(text, { require }); 'idle'",
        "optional(require)('idle')",
        "typeof require === 'function' && require; 'idle'",
    ],
)
@pytest.mark.parametrize("manifest", [{}, {"dependencies": '{"idle": "*"}'}])
def test_a_package_that_hands_its_require_on_may_load_what_it_names(code, manifest):
    helper = package("helper", "module.exports = 1")
    assert state_of("idle", package("used", code, **manifest), helper, package("idle")).in_use is not InUse.NO


@pytest.mark.parametrize(
    "code",
    [
        "typeof require === 'undefined'; x = 'idle'",
        "define(function (require, exports) {}); x = 'idle'",
        "define((require) => {}); x = 'idle'",
        "// const load = require;\nx = 'idle'",
        "const require = createRequire(import.meta.url); require('./names.json'); x = 'idle'",
        "client.eval(script); x = 'idle'",
    ],
)
def test_a_package_that_speaks_of_require_loads_nothing_by_that(code):
    assert state_of("idle", package("used", code), package("idle")).in_use is InUse.NO


@pytest.mark.parametrize(
    "code",
    [
        "fs.readdirSync(path.join(__dirname, 'node_modules')).forEach((name) => require(name))",
        "app.use(express.static('node_modules'))",
        "app.register(served, { root: path.join(__dirname, 'node_modules') })",
        "glob.sync('node_modules/*/package.json')",
        "fs.cpSync('./node_modules', target, { recursive: true })",
    ],
)
def test_own_code_that_lists_copies_or_serves_all_modules_may_open_each(code):
    assert state_of("other", package("used"), package("other"), own=code).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    "code",
    [
        "glob.sync('**/*.js', { ignore: ['node_modules'] })",
        "app.use(express.static('public')); const x = 'node_modules'",
    ],
)
def test_own_code_that_leaves_the_modules_out_opens_none(code):
    assert state_of("other", package("used"), package("other"), own=code).in_use is InUse.NO


def test_a_page_has_the_browser_ask_for_files_of_a_module():
    page = {"app/public/index.html": '<script src="/node_modules/other/dist/other.js"></script>'}
    trees = (package("other"), package("idle"), page)
    assert state_of("other", *trees, own="").in_use is InUse.UNKNOWN
    assert state_of("idle", *trees, own="").in_use is InUse.NO


@pytest.mark.parametrize("field", ["bundledDependencies", "bundleDependencies"])
def test_what_a_package_holds_itself_is_declared(field):
    held = {path.replace("app/", "app/node_modules/used/"): text for path, text in package("held").items()}
    state = state_of("held", package("used", COMPUTED, **{field: '["held"]'}), held)
    assert state.in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("tool", "code", "name", "is_possible"),
    [
        ("eslint", "require(`${prefix}-${name}`)", "eslint-config-airbnb", True),
        ("eslint", "require(`${prefix}-${name}`)", "@shop/eslint-plugin", True),
        ("@babel/core", "require(name.replace(/^@babel/, `$1/${kind}-`))", "@babel/preset-env", True),
        ("@babel/core", "require(`babel-${kind}-${name}`)", "babel-plugin-lodash", True),
        ("remark-cli", "require('loader')", "remark-gfm", True),
        ("eslint", "require('./lib')", "eslint-config-airbnb", False),
        ("eslint", "require(`${prefix}-${name}`)", "lint-config", False),
        ("eslint", "require(`${prefix}-${name}`)", "@shop/lint", False),
    ],
)
def test_what_an_application_declares_may_be_a_plug_in_of_a_tool_that_is_called_so(tool, code, name, is_possible):
    own = {"app/package.json": f'{{"dependencies": {{"{name}": "*"}}}}'}
    loader = package("loader", COMPUTED)
    installed = package(tool, code, dependencies='{"loader": "*"}' if "loader" in code else "{}")
    state = state_of(name, installed, loader, package(name), own, own=f"require('{tool}')")
    assert state.in_use is (InUse.UNKNOWN if is_possible else InUse.NO)


@pytest.mark.parametrize(
    ("stated", "code", "is_possible"),
    [
        ({"peerDependencies": '{"tool": "*"}'}, COMPUTED, True),
        ({"dependencies": '{"tool": "*"}'}, COMPUTED, True),
        ({"peerDependencies": '{"tool": "*"}'}, "require('./lib')", False),
        ({"devDependencies": '{"tool": "*"}'}, COMPUTED, False),
        ({"peerDependencies": '{"other": "*"}'}, COMPUTED, False),
    ],
)
def test_what_an_application_declares_may_be_a_plug_in_of_a_tool_that_it_states(stated, code, is_possible):
    """As a plug-in does that has a name of its own: `"peerDependencies": {"tool": "*"}`."""
    own = {"app/package.json": '{"dependencies": {"extra": "*"}}'}
    state = state_of("extra", package("tool", code), package("extra", **stated), own, own="require('tool')")
    assert state.in_use is (InUse.UNKNOWN if is_possible else InUse.NO)


@pytest.mark.parametrize("name", ["idle", "@x/idle"])
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/tool.yml", "plugins: [other, NAME]\n"),
        ("app/tool.yml", "plugins:\n  NAME: true\n"),
        ("app/tool.json", '{"extends": "plugin:NAME/recommended"}'),
        ("app/.toolrc", "plugin=NAME\n"),
        ("app/tool.config.js", "exports.extends = 'plugin:NAME/recommended'\n"),
        ("app/package.json", '{"tool": "other,NAME"}'),
    ],
)
def test_a_name_in_an_own_text_counts_whatever_signs_stand_around_it(name, path, text):
    own = {path: text.replace("NAME", name)}
    assert state_of(name, package("used", COMPUTED), package(name), own).in_use is InUse.UNKNOWN
    commented = {path: text.replace("NAME", "other"), "app/note.sh": f"# uses a,{name}\n"}
    assert state_of(name, package("used", COMPUTED), package(name), commented).in_use is InUse.NO


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("idle",), ()),
        (("--plugins", "other,idle"), ()),
        (("--plugin=idle",), ()),
        ((), ("PLUGINS=other,idle",)),
    ],
)
def test_a_name_in_words_and_variables_counts(words, variables):
    files = SmallTree(
        {"!usr/bin/node": make_elf(), "app/run.js": "require('used')", "app/package.json": "{}"}
        | package("used", COMPUTED)
        | package("idle")
    )
    packages = read_installed(files).packages
    answer = analyse(files, Runtime(entrypoint=["node", "/app/run.js", *words], env=list(variables)), packages)
    assert {one.name: answer.states[key_of(one)].in_use for one in packages}["idle"] is InUse.UNKNOWN


@pytest.mark.parametrize(
    "source",
    [
        "require('./package.json').version; if (hasCyclicDependencies) throw 1",
        "root = __filename.split('node_modules')[0]",
        "if (!path.includes('node_modules')) throw 1",
    ],
)
def test_a_package_that_compares_paths_and_knows_circles_lists_no_packages(source):
    assert state_of("idle", package("used", f"{COMPUTED}; {source}"), package("idle")).in_use is InUse.NO


@pytest.mark.parametrize(
    ("own", "more", "in_use"),
    [
        ("require(path.join(__dirname, file))", {}, InUse.NO),
        ("require(join(__dirname, 'models', file))", {}, InUse.NO),
        ("require(__dirname + '/' + file)", {}, InUse.NO),
        ("import(`${__dirname}/${file}`)", {}, InUse.NO),
        ("require(path.resolve(__dirname, file))", {}, InUse.UNKNOWN),  # the file may be a whole path
        ("require(path.join(root, file))", {}, InUse.UNKNOWN),
        ("require(path.join(__dirname, up, 'node_modules', file))", {}, InUse.UNKNOWN),
        ("require(path.join(__dirname, file))", {"app/names.json": '["../x/idle/index.js"]'}, InUse.UNKNOWN),
        ("require(path.join(__dirname, file))", {"app/other.js": "files = ['node_modules/idle/a.js']"}, InUse.UNKNOWN),
        ("require(path.join(__dirname, file))", {"app/models/a.js": "require('idle')"}, InUse.UNKNOWN),
    ],
)
def test_a_path_below_the_folder_of_a_source_is_of_no_package_that_is_named_nowhere(own, more, in_use):
    tree = {"app/models/one.js": "", **more}
    assert state_of("idle", package("idle"), tree, own=own).in_use is in_use


@pytest.mark.parametrize("source", ["require('../' + name)", "require(path.join(__dirname, '..', name))"])
def test_a_package_may_load_each_that_lies_beside_it(source):
    """The folder above its own is that of all modules, whatever file each begins with."""
    for name in ("idle", "@shop/idle"):
        idle = package(name, main='"start.js"') | {f"app/node_modules/{name}/start.js": ""}
        assert state_of(name, package("used", source), idle).in_use is InUse.UNKNOWN
        assert state_of(name, package("used", source.replace("..", "lib")), idle).in_use is InUse.NO


def test_what_a_package_in_use_declares_as_optional_is_its_part_for_a_platform():
    """As esbuild's programs are, which it finds by a name made of the platform."""
    used = package("used", "spawn(require.resolve(platforms[key]))", optionalDependencies='{"idle": "*"}')
    assert state_of("idle", used, package("idle")).in_use is InUse.UNKNOWN
    assert state_of("idle", used, package("idle"), own="").in_use is InUse.NO


def test_a_load_that_only_a_run_tells_in_the_application_leaves_what_it_declares_unknown():
    own = f"require('used'); {COMPUTED}"
    trees = package("used"), package("idle"), package("other")
    assert state_of("idle", *trees, own=own).in_use is InUse.UNKNOWN
    assert state_of("other", *trees, own=own).in_use is InUse.NO


def test_a_command_of_a_package_that_is_named_may_be_started():
    used = package("used", "const child = require('child_process'); child.spawn('tool')")
    idle = package("idle", bin='{"tool": "index.js"}')
    for link in ("app/node_modules/.bin/tool", "usr/local/bin/tool"):
        linked = {link: "-> /app/node_modules/idle/index.js"}
        assert state_of("idle", used, idle, linked).in_use is InUse.UNKNOWN
    assert state_of("idle", used, idle, {"opt/tool/bin/tool": ""}).in_use is InUse.UNKNOWN
    assert state_of("idle", used, idle).in_use is InUse.NO  # no search for a program finds it


@pytest.mark.parametrize(
    ("path", "more", "in_use"),
    [
        ("etc/prepare.js", {}, InUse.NO),
        ("prepare.js", {}, InUse.NO),
        ("prepare.js", {"index.js": "spawn(path.join(__dirname, name))"}, InUse.UNKNOWN),
        ("etc/prepare.js", {"index.js": "spawn(path.join(root, 'etc', name))"}, InUse.UNKNOWN),
        ("etc/prepare.js", {"index.js": "spawn(`${root}/etc/${name}`)"}, InUse.UNKNOWN),
        ("etc/prepare.js", {"index.js": "readdirSync(path.dirname(__filename))"}, InUse.UNKNOWN),
        ("etc/prepare.js", {"index.js": "readdirSync(folder)"}, InUse.NO),
        ("etc/prepare.js", {"index.js": "require('./etc/other')", "etc/other.js": ""}, InUse.NO),
        ("etc/prepare.js", {"index.js": "require('./etc/other')", "etc/other.js": "x(__filename)"}, InUse.UNKNOWN),
        ("etc/prepare.js", {"../other/index.js": "spawn(resolve('used', 'etc', name))"}, InUse.UNKNOWN),
        ("etc/prepare.js", {"../other/index.js": "spawn(resolve('used') + '/' + folder)"}, InUse.NO),
        (".yarn/plugins/prepare.js", {}, InUse.NO),
        (".yarn/prepare.js", {".yarn/release.js": "readdirSync(__dirname)"}, InUse.NO),
        (".yarn/prepare.js", {"index.js": "spawn(root + '/.yarn/' + name)"}, InUse.UNKNOWN),
        (".yarn/prepare.js", {"index.js": "readdirSync(__dirname)"}, InUse.UNKNOWN),
    ],
)
def test_a_source_that_starts_commands_in_a_folder_that_none_names_is_for_developers(path, more, in_use):
    """As mongodb's `etc/prepare.js`, which builds it with npm."""
    used = package("used") | {f"app/node_modules/used/{path}": "require('child_process').spawn('tool')"}
    used |= package("other")
    used |= {posixpath.normpath(f"app/node_modules/used/{name}"): text for name, text in more.items()}
    idle = package("idle", bin='{"tool": "index.js"}') | {"app/node_modules/.bin/tool": "-> ../idle/index.js"}
    assert state_of("idle", used, idle, own="require('used'); require('other')").in_use is in_use


def test_a_name_stands_for_the_nearest_copy():
    nested = package("used/node_modules/idle")
    nested = {path: text.replace("used/node_modules/", "") if text else text for path, text in nested.items()}
    used = package("used", f"const name = 'idle'; {COMPUTED}")
    assert state_of("idle", nested, used).in_use is InUse.UNKNOWN
    top = package("idle", "require('below')", dependencies='{"below": "*"}')
    assert state_of("below", top, nested, used, package("below")).in_use is InUse.NO
    elsewhere = package("used", "const name = 'idle'; createRequire(process.cwd())(name)" + COMPUTED)
    assert state_of("below", top, nested, elsewhere, package("below")).in_use is InUse.UNKNOWN


def test_a_lock_file_and_declarations_name_nothing():
    extra = {
        "app/package-lock.json": '{"packages": {"idle": {}}}',
        "app/node_modules/used/types.d.ts": "import 'idle'",
    }
    assert state_of("idle", package("used"), package("idle"), extra).in_use is InUse.NO


def test_a_source_of_the_application_that_is_too_large_leaves_the_rest_unknown():
    state = state_of("idle", package("used"), package("idle"), {"app/big.json": " " * (9 << 20)})
    assert state.in_use is InUse.UNKNOWN
    assert "app/big.json" in state.evidence[0]


@pytest.mark.parametrize(
    ("link", "in_use"),
    [
        ("", InUse.NO),
        ("const other = 'other'", InUse.NO),
        ("require('idle')", InUse.UNKNOWN),
        ("require('id' + 'le')", InUse.UNKNOWN),
        ("const load = require; load(name)", InUse.UNKNOWN),
        ("createRequire(place)(name)", InUse.UNKNOWN),
        ("new Worker(file)", InUse.UNKNOWN),
        ("eval(code)", InUse.UNKNOWN),
        ("child_process.spawn(name)", InUse.UNKNOWN),
        ("require('low')(x)", InUse.UNKNOWN),
    ],
)
def test_what_a_package_declares_and_names_nowhere_is_loaded_only_by_a_name_that_is_made(link, in_use):
    used = package("used", f"{COMPUTED}; x = 'link'")
    declaring = package("link", link, dependencies='{"idle": "*", "low": "*"}')
    low = package("low", COMPUTED if "low" in link else "")
    application = {"app/package.json": "{}"}
    assert state_of("idle", used, declaring, low, package("idle"), application).in_use is in_use
    compiled = {"app/node_modules/link/view.vue": "import idle from 'idle'"}
    state = state_of("idle", used, declaring, low, package("idle"), application, compiled)
    assert state.in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("index", "in_use"),
    [
        ("", InUse.NO),
        ("new Worker(file)", InUse.UNKNOWN),
        ("require('low')(file)", InUse.NO),
        ("require('low')(`${root}/lib/worker`)", InUse.UNKNOWN),
    ],
)
def test_a_source_that_nothing_reaches_loads_nothing_if_the_rest_of_its_package_was_followed(index, in_use):
    used = package("used", index, dependencies='{"low": "*"}')
    used |= {"app/node_modules/used/lib/worker.js": "require('idle')"}
    assert state_of("idle", used, package("low", COMPUTED), package("idle")).in_use is in_use


@pytest.mark.parametrize(
    ("more", "in_use"),
    [
        ({}, InUse.NO),
        ({"app/node_modules/tool/index.js": "start('./bin/cli')"}, InUse.UNKNOWN),
        ({"app/node_modules/tool/index.js": "start('./lib/cli')"}, InUse.NO),
        ({"app/node_modules/tool/bin/more.js": "start('./cli')"}, InUse.NO),
        ({"app/node_modules/tool/index.js": "readdirSync(__dirname)"}, InUse.UNKNOWN),
        ({"app/node_modules/used/more.js": "start(find('tool/bin/cli.js'))"}, InUse.UNKNOWN),
        ({"app/node_modules/used/more.js": "read('tool', 'package.json')"}, InUse.UNKNOWN),
        ({"app/node_modules/used/more.js": "x = ['tool', 'cli']"}, InUse.NO),
        ({"app/node_modules/used/more.js": "x = ['tool', 'bin', 'cli']"}, InUse.UNKNOWN),
        ({"app/node_modules/used/more.js": "child_process.spawn('toolkit')"}, InUse.UNKNOWN),
        ({"app/node_modules/used/more.js": "child_process.spawn('other')"}, InUse.NO),
        ({"app/node_modules/used/more.js": "child_process.spawn('npx', ['tool'])"}, InUse.UNKNOWN),
        ({"app/settings.yaml": "run: tool\n"}, InUse.UNKNOWN),
    ],
)
def test_a_command_of_a_package_that_may_be_loaded_counts_if_it_may_be_started(more, in_use):
    """As the command of ejs, which loads jake, and that starts npm; a server has ejs loaded as its view engine."""
    used = package("used", f"{COMPUTED}; x = 'tool'; require('./more')") | {"app/node_modules/used/more.js": ""}
    tool = package("tool", bin='{"toolkit": "./bin/cli.js"}')
    tool |= {"app/node_modules/tool/bin/cli.js": "#!/usr/bin/env node\nrequire('idle')"}
    tool |= {"app/node_modules/.bin/toolkit": "-> ../tool/bin/cli.js"}
    assert state_of("idle", used, tool, package("idle"), more).in_use is in_use


@pytest.mark.parametrize(
    ("text", "in_use"),
    [
        ("use the idle module instead", InUse.NO),
        ("idle is missing", InUse.NO),
        ("idle missing", InUse.UNKNOWN),
        ("busy idle", InUse.UNKNOWN),
        ("run --with idle", InUse.UNKNOWN),
    ],
)
def test_words_of_a_sentence_name_no_module(text, in_use):
    assert state_of("idle", package("used", f"{COMPUTED}; warn('{text}')"), package("idle")).in_use is in_use


def test_a_report_of_what_is_installed_loads_nothing():
    searching = f"{SEARCHING}; paths = require.main.paths; list(join(dir, 'node_modules'))"
    for name, in_use in (("build/cjs/integrations/modules.js", InUse.NO), ("build/cjs/other.js", InUse.UNKNOWN)):
        sentry = package("@sentry/node-core", f"{COMPUTED}; require('./{name}')")
        sentry |= {f"app/node_modules/@sentry/node-core/{name}": searching}
        state = state_of("idle", sentry, package("idle"), own="require('@sentry/node-core')")
        assert state.in_use is in_use


@pytest.mark.parametrize(
    ("said", "in_use"),
    [
        ("'mounting has been renamed, you can run `idle i` in it'", InUse.NO),
        ("'[used] Warning: it is short. Make it with `idle i`.'", InUse.NO),
        ("'Please try `idle i` again when it is gone.'", InUse.NO),
        ('`Cannot use ${name}, which is missing. Please run "idle i ${name}".`', InUse.NO),
        ('`${name} is not there. Please run "idle i ${name}".`', InUse.NO),
        ("\"Cannot find '{0}'. Do you need to install it? Try `idle i --save`.\"", InUse.NO),
        ("`idle has a bug (https://code.example/idle/cli/issues/1).`", InUse.NO),
        ("x('a', `idle`, 'it is')", InUse.UNKNOWN),
        ("x('Cmd `idle`')", InUse.UNKNOWN),
        ("`idle i ${name}`", InUse.UNKNOWN),
        ("`Is ${name} of 'idle i'`", InUse.NO),
        ("load('https:' + '/idle/')", InUse.UNKNOWN),
    ],
)
def test_what_a_sentence_quotes_or_an_address_holds_is_no_name(said, in_use):
    """As the advice of TypeORM, of TypeScript and of what napi-rs makes."""
    assert state_of("idle", package("used", f"{COMPUTED}; warn({said})"), package("idle")).in_use is in_use


@pytest.mark.parametrize(
    ("code", "in_use"),
    [
        ("require('id-' + name)", InUse.UNKNOWN),
        ("require(`id-${name}`)", InUse.UNKNOWN),
        ("let p; p = resolve.sync('id-' + name, { basedir }); require(p)", InUse.UNKNOWN),
        ("require('ie-' + name)", InUse.NO),
        ("let p; p = resolve.sync('ie-' + name, { basedir }); require(p)", InUse.NO),
        ("let p = q; p = require.resolve('ie-' + name); require(p)", InUse.UNKNOWN),
        ("require('ie-' + name); require(name)", InUse.UNKNOWN),
    ],
)
def test_a_made_name_leads_to_packages_that_begin_so(code, in_use):
    """As pug's filters; what the package declares is loaded by a name that is made, if that is not known at all."""
    used = package("used", code, dependencies='{"id-le": "*"}')
    assert state_of("id-le", used, package("id-le")).in_use is in_use


@pytest.mark.parametrize(
    ("code", "in_use"),
    [
        ("", InUse.NO),
        ("x = join(root, '@types', name)", InUse.UNKNOWN),
        ("x = root + '/@types/' + name", InUse.UNKNOWN),
        ("x = 'types'", InUse.NO),
    ],
)
def test_declarations_of_types_count_where_something_looks_for_such(code, in_use):
    used = package("used", f"{COMPUTED}; {code}", dependencies='{"@types/node": "*"}')
    types = {"app/node_modules/@types/node/package.json": '{"name": "@types/node", "version": "1"}'}
    types["app/node_modules/@types/node/index.d.ts"] = ""
    assert state_of("@types/node", used, types).in_use is in_use
    assert state_of("@types/node", used, types | {"app/node_modules/@types/node/a.js": ""}).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("more", "in_use"),
    [
        ({"cli.js": "require('idle')"}, InUse.NO),
        ({}, InUse.UNKNOWN),
        ({"cli.js": "require('idle')", "more.js": SEARCHING}, InUse.NO),
        ({"cli.js": "require('idle')", "index.js": f"{COMPUTED}; {SEARCHING}"}, InUse.UNKNOWN),
        ({"cli.js": "require('idle')", "index.js": f"{COMPUTED}; start('./cli')"}, InUse.UNKNOWN),
    ],
)
def test_what_a_package_loads_by_its_name_is_not_loaded_by_one_that_is_made(more, in_use):
    """As yargs, which TypeORM declares and its command loads."""
    used = package("used", COMPUTED, dependencies='{"idle": "*"}', bin='{"used": "cli.js"}')
    used |= {f"app/node_modules/used/{name}": text for name, text in more.items()}
    assert state_of("idle", used, package("idle")).in_use is in_use


def test_packages_that_declare_each_other_stop_nothing():
    circle = package("a", "require('b')", dependencies='{"b": "*"}')
    circle |= package("b", "require('a')", dependencies='{"a": "*"}')
    assert state_of("b", circle, package("used", f"x = 'a'; {COMPUTED}")).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    "source",
    ["x = 'idle'", "x = 'tool'", "x = 'tool'; y.exec('t')", "// require('idle')", "require('buffer'); require('util')"],
)
def test_where_nothing_loads_or_starts_by_a_name_a_string_is_no_more_than_a_word(source):
    idle = package("idle", bin='{"tool": "index.js"}')
    assert state_of("idle", package("used", source), idle).in_use is InUse.NO


@pytest.mark.parametrize("below", ["middle", "low"])
def test_a_string_may_be_handed_down_to_a_package_that_loads_by_name(below):
    used = package("used", "x = 'idle'; require('middle')(x)", dependencies='{"middle": "*"}')
    middle = package("middle", COMPUTED if below == "middle" else "require('low')", dependencies='{"low": "*"}')
    assert state_of("idle", used, middle, package("low", COMPUTED), package("idle")).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("used", "other"),
    [
        (package("used", f"{SEARCHING}; {COMPUTED}"), {}),
        (package("used", f"{SEARCHING}; require('low')", dependencies='{"low": "*"}'), package("low", COMPUTED)),
        (package("used", COMPUTED, dependencies='{"low": "*"}'), package("low", f"{SEARCHING}; {COMPUTED}")),
    ],
)
@pytest.mark.parametrize("start", ["app/run.js", "app/node_modules/used/index.js"])
def test_what_looks_for_modules_may_find_what_the_application_declares(used, other, start):
    """As Hexo, started by `npx` without code of the application, loads the plug-ins that its manifest lists."""
    assert state_of("idle", used, other, package("idle"), start=start).in_use is InUse.UNKNOWN


@pytest.mark.parametrize("kind", ["", "!"])
@pytest.mark.parametrize("own", ["require('used/bin/used')", "require('used')"])
def test_a_program_of_a_package_is_a_source_though_its_name_has_no_ending(kind, own):
    script = {f"{kind}app/node_modules/used/bin/used": f"#!/usr/bin/env node\n{SEARCHING}; {COMPUTED}"}
    state = state_of("idle", package("used", "start('./bin/used')"), script, package("idle"), own=own)
    assert state.in_use is (InUse.UNKNOWN if kind or own.endswith("bin/used')") else InUse.NO)


def test_a_command_that_is_installed_for_all_may_load_what_the_working_folder_has():
    """As Hexo's does: `require(resolve.sync("hexo", { basedir }))`."""
    folder = "usr/local/lib/node_modules/used"
    used = {f"{folder}/package.json": '{"name": "used", "version": "1.0.0"}'}
    used[f"{folder}/index.js"] = "const found = resolve.sync('middle', { basedir });\nrequire(found)"
    middle = package("middle", f"{SEARCHING}; {COMPUTED}")
    for name in ("middle", "idle"):
        state = state_of(name, used, middle, package("idle"), start=f"{folder}/index.js")
        assert state.in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("const kind = 'shop-plugin'; require(`${kind}-${name}`)", "shop-plugin-x"),
        ("const kind = 'shop-plugin'; require(scope + '/' + kind)", "@acme/shop-plugin"),
        ("read('.').filter((name) => /^shop-plugin-/.test(name)).map((name) => require(name))", "shop-plugin-x"),
    ],
)
def test_a_string_may_say_of_what_kind_a_module_is_without_a_sign_behind_it(source, name):
    assert state_of(name, package("used", source), package(name)).in_use is InUse.UNKNOWN
    assert state_of("shop", package("used", source), package("shop")).in_use is InUse.NO


def test_own_code_may_put_a_name_together_of_all_its_parts():
    used = package("used", "module.exports = (name) => require(name)")
    own = "require('used')(['shop', 'x'].join('-'))"
    assert state_of("shop-x", used, package("shop-x"), own=own).in_use is InUse.UNKNOWN
    assert state_of("shop-y", used, package("shop-y"), own=own).in_use is InUse.NO


@pytest.mark.parametrize(
    "source",
    [
        "module.paths.forEach((each) => fs.readdirSync(each).forEach((name) => require(name)))",
        "require.main.paths.flatMap((each) => fs.readdirSync(each)).forEach((name) => require.main.require(name))",
        "fs.readdirSync(path.join(__dirname, '..')).forEach((name) => require(name))",
        "glob.sync('*/package.json', { cwd }).forEach((file) => require(file))",
        "const found = require('reader').sync(); Object.keys(found.dependencies).forEach((name) => require(name))",
    ],
)
def test_modules_are_looked_for_without_the_name_of_their_folder_or_of_the_manifest(source):
    used = package("used", source, dependencies='{"reader": "*"}')
    reader = package("reader", "exports.sync = () => JSON.parse(fs.readFileSync(find('package.json')))")
    assert state_of("idle", used, reader, package("idle")).in_use is InUse.UNKNOWN


FOR_ALL = "usr/local/lib/node_modules"


def installed_for_all(name, source=""):
    folder = f"{FOR_ALL}/{name}"
    return {f"{folder}/package.json": f'{{"name": "{name}", "version": "1.0.0"}}', f"{folder}/index.js": source}


def state_for_all(source, extra=(), folder="/app"):
    """Return the state of a package that is installed for all next to one that is started there."""
    trees = (installed_for_all("used", source), installed_for_all("@shop/idle"))
    files = SmallTree({"!usr/bin/node": make_elf()} | trees[0] | trees[1] | dict(extra))
    packages = read_installed(files).packages
    start = Runtime(entrypoint=["node", f"/{FOR_ALL}/used/index.js"], working_dir=folder)
    answer = analyse(files, start, packages)
    return {one.name: answer.states[key_of(one)] for one in packages}["@shop/idle"].in_use


@pytest.mark.parametrize("path", ["app/.usedrc.json", "app/.usedrc", "app/deep/used.config.yaml", ".usedrc"])
def test_settings_in_the_working_folder_name_what_is_installed_for_all(path):
    """As commitlint finds `.commitlintrc.json` by a name that cosmiconfig makes."""
    settings = {path: '{"extends": "@shop/idle"}'}
    assert state_for_all(COMPUTED, settings) is InUse.UNKNOWN
    assert state_for_all(COMPUTED, {"srv/.usedrc": '{"extends": "@shop/idle"}'}) is InUse.NO


def test_what_looks_for_modules_and_is_installed_for_all_finds_what_lies_next_to_it():
    """As Prettier 2 loads `prettier-plugin-…` from the folder of modules in which it lies."""
    assert state_for_all(f"fs.readdirSync('node_modules'); {COMPUTED}") is InUse.UNKNOWN
    assert state_for_all(COMPUTED) is InUse.NO


@pytest.mark.parametrize("start", ["app/run.js", "app/node_modules/used/index.js"])
def test_what_looks_for_modules_and_loads_none_by_name_finds_nothing(start):
    assert state_of("idle", package("used", SEARCHING), package("idle"), start=start).in_use is InUse.NO


@pytest.mark.parametrize("path", ["test/a.js", "lib/a.test.js", "benchmarks/a.mjs", "examples/deep/a.js"])
def test_what_a_package_is_developed_with_is_not_loaded(path):
    used = package("used", COMPUTED, devDependencies='{"idle": "*"}')
    used[f"app/node_modules/used/{path}"] = "require('idle')"
    assert state_of("idle", used, package("idle")).in_use is InUse.NO


def test_the_distribution_s_own_programs_name_no_package():
    status = "Package: tool\nStatus: install ok installed\nVersion: 1-1\n\n"
    system = {
        "etc/os-release": 'ID=debian\nVERSION_ID="13"\n',
        "var/lib/dpkg/status": status,
        "var/lib/dpkg/info/tool.list": "/usr/bin/node\n/usr/lib/x.so\n",
        "!usr/bin/node": make_elf(needed=["x.so"]),
        "usr/lib/x.so": make_elf(strings=["idle"]),
    }
    idle = package("idle", bin='{"idle": "index.js"}') | {"app/node_modules/.bin/idle": "-> ../idle/index.js"}
    assert state_of("idle", package("used"), idle, system).in_use is InUse.NO
    own = system | {"var/lib/dpkg/info/tool.list": "/usr/bin/node\n"}
    assert state_of("idle", package("used"), idle, own).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("code", "in_use"),
    [
        ("", InUse.UNKNOWN),
        ("require(`idle-${process.platform}`)", InUse.UNKNOWN),
        ("exports.later = () => require('idle')", InUse.YES),
    ],
)
def test_what_is_declared_as_optional_may_be_found_by_a_name_that_is_made(code, in_use):
    used = package("used", code, optionalDependencies='{"idle": "*"}')
    assert state_of("idle", used, package("idle")).in_use is in_use


def test_what_is_declared_as_optional_and_loaded_by_its_name_counts_where_that_is():
    """As what `@nestjs-modules/mailer` has for one way to write mails, in a source that only this way loads."""
    used = package("used", "", optionalDependencies='{"idle": "*"}')
    used |= {"app/node_modules/used/ways/idle.js": "require('idle')"}
    assert state_of("idle", used, package("idle")).in_use is InUse.NO
    used |= {"app/node_modules/used/index.js": f"{COMPUTED}; load('./ways/' + name)"}
    assert state_of("idle", used, package("idle")).in_use is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("code", "in_use"),
    [
        ("'multipart/form-data'", InUse.NO),
        ("'accept: multipart/form-data;boundary=x'", InUse.NO),
        ("'multipart/form-data/lib'", InUse.UNKNOWN),
        ("'multipart', 'form-data'", InUse.UNKNOWN),
    ],
)
def test_the_type_of_a_form_is_no_name(code, in_use):
    assert state_of("form-data", package("used", f"{COMPUTED}; x = [{code}]"), package("form-data")).in_use is in_use
