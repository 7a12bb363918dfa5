"""Node.js: which modules a script loads, as files of an image."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.imports.javascript_loads import Load, loads
from gate.reachability.runtimes.node import loading as node
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import explore

START = Because("", "starts")
NODE = {"!usr/bin/node": ""}


def explored(files, *arguments, **parts):
    start = StartedProgram(program="usr/bin/node", arguments=arguments, folder="/app", because=START, **parts)
    return explore([start], files)


def reached(make_files, contents, *arguments, **parts):
    found = explored(make_files(NODE | contents), *arguments, **parts)
    return set(found.certain) - {"usr/bin/node"}


@pytest.mark.parametrize(
    "line",
    [
        "const a = require('a')",
        'var x=1,a=require("a"),b',
        "require(`a`)",
        "import a from 'a'",
        'import"a"',
        "import {b,\n c as d} from 'a';",
        "export * from 'a'",
        "const a = await import('a')",
        "import(/* webpackChunkName: 'x' */ 'a')",
        "const p = require.resolve('a', {paths})",
        "if (false) { module.require('a') }",
        "__toESM(__require('a'))",
        "/[/'\"]/.test(x); require('a')",
        "const broken = ; require('a'",
    ],
)
def test_a_load_with_a_name_reaches_the_package(make_files, line):
    contents = {"app/run.js": line, "app/node_modules/a/index.js": ""}
    assert reached(make_files, contents, "run.js") >= {"app/run.js", "app/node_modules/a/index.js"}


@pytest.mark.parametrize(
    "line",
    [
        "  // require('a')",
        " * @type {import('a').B}",
        "function require(a) {}",
        "b.require('a')",
        "const from = 'a'",
        "require(1)",
        "code = 'require(\\'a\\')'",
        "requires('a')",
        "require('node:a')",
    ],
)
def test_what_loads_nothing_reaches_nothing(make_files, line):
    found = explored(make_files(NODE | {"app/run.js": line, "app/node_modules/a/index.js": ""}), "run.js")
    assert set(found.certain) == {"usr/bin/node", "app/run.js"}
    assert found.gaps == ()


def test_a_module_without_an_ending_is_a_source(make_files):
    contents = {"app/run.js": "require('a/bin/a')", "app/node_modules/a/bin/a": "#!/usr/bin/env node\nrequire('b')"}
    assert "app/node_modules/b/index.js" in reached(
        make_files, contents | {"app/node_modules/b/index.js": ""}, "run.js"
    )


@pytest.mark.parametrize(("made", "written"), [("js", "ts"), ("js", "tsx"), ("mjs", "mts"), ("cjs", "cts")])
def test_a_source_in_typescript_names_what_the_compiler_makes(make_files, made, written):
    contents = {"app/run.js": f"import {{log}} from './log.{made}'", f"app/log.{written}": ""}
    assert f"app/log.{written}" in reached(make_files, contents, "run.js")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("./b", "app/b.js"),
        ("./b.js", "app/b.js"),
        ("./c", "app/c/index.js"),
        ("./d", "app/d/lib/main.js"),
        ("./e.json", "app/e.json"),
        ("..", "index.js"),
        ("a/sub", "app/node_modules/a/sub.js"),
        ("up", "node_modules/up/index.js"),
        ("@s/a/x", "app/node_modules/@s/a/x.js"),
        ("linked", "app/packages/linked/index.js"),
        ("events/", "app/node_modules/events/index.js"),
        ("debian", "usr/share/nodejs/debian.js"),
        ("#inner", "app/src/inner.js"),
        ("own/part", "app/src/part.js"),
    ],
)
def test_a_name_stands_for_a_file(make_files, name, file):
    contents = {
        "app/run.js": f"require('{name}')",
        "app/package.json": '{"name":"own","exports":{"./*":"./src/*.js"},"imports":{"#inner":"./src/inner.js"}}',
        "app/b.js": "",
        "app/c/index.js": "",
        "app/d/package.json": '{"main": "lib/main"}',
        "app/d/lib/main.js": "",
        "app/e.json": "{}",
        "index.js": "",
        "app/node_modules/a/sub.js": "",
        "node_modules/up/index.js": "",
        "app/node_modules/@s/a/x.js": "",
        "app/node_modules/linked": "-> ../packages/linked",
        "app/packages/linked/index.js": "",
        "app/node_modules/events/index.js": "",
        "usr/share/nodejs/debian.js": "",
        "app/src/inner.js": "",
        "app/src/part.js": "",
    }
    assert file in reached(make_files, contents, "run.js")


@pytest.mark.parametrize(
    ("exports", "name", "line", "file"),
    [
        ('"./a.js"', "p", "require", "a.js"),
        ('{"import":"./a.mjs","require":"./a.cjs"}', "p", "require", "a.cjs"),
        ('{"import":"./a.mjs","require":"./a.cjs"}', "p", "import", "a.mjs"),
        ('{".":{"browser":"./x.js","node":{"import":"./a.mjs","default":"./a.cjs"}}}', "p", "require", "a.cjs"),
        ('{".":["./a.js"]}', "p", "require", "a.js"),
        ('{"./f/*":"./lib/*.js"}', "p/f/x", "require", "lib/x.js"),
        ('{"./f/":"./lib/"}', "p/f/x.js", "require", "lib/x.js"),
        ('{"./*":"./no.js","./f/*":"./lib/*.js"}', "p/f/x", "require", "lib/x.js"),
    ],
)
def test_exports_choose_by_condition_and_pattern(make_files, exports, name, line, file):
    root = "app/node_modules/p"
    contents = {f"{root}/{path}": "" for path in ("a.js", "a.cjs", "a.mjs", "x.js", "lib/x.js", "no.js")}
    contents |= {"app/run.mjs": f"{line}('{name}')", f"{root}/package.json": f'{{"exports": {exports}}}'}
    assert reached(make_files, contents, "run.mjs") == {"app/run.mjs", f"{root}/package.json", f"{root}/{file}"}


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("-r", "a", "run.js"), {}),
        (("--import=a", "run.js"), {}),
        (("run.js",), {"environment": (("NODE_OPTIONS", "--require a"),)}),
        (("run.js",), {"environment": (("NODE_OPTIONS", "--import=data:text/javascript,register(%22a%22)"),)}),
        (("-e", "require('a')"), {}),
        (("--enable-source-maps", "--", "load.js"), {}),
        ((".",), {}),
        (("bin/www",), {}),
    ],
)
def test_all_ways_to_start_load_the_package(make_files, arguments, parts):
    contents = {
        "app/run.js": "",
        "app/load.js": "require('a')",
        "app/package.json": '{"main": "load.js"}',
        "app/bin/www": "require('../load')",
        "app/node_modules/a/index.js": "",
    }
    assert "app/node_modules/a/index.js" in reached(make_files, contents, *arguments, **parts)


@pytest.mark.parametrize(
    ("script", "arguments", "text"),
    [
        ("npm-cli.js", ("start",), "node main.js"),
        ("npm-cli.js", ("run", "--silent", "serve"), "vite"),
        ("npm-cli.js", ("--prefix", "/app", "start"), "node main.js"),
        ("yarn.js", ("serve",), "vite"),
        ("pnpm.cjs", ("run", "serve"), "vite"),
    ],
)
def test_package_managers_run_the_script_in_a_shell(make_files, script, arguments, text):
    contents = {
        f"opt/{script}": "",
        "!bin/sh": "",
        "app/package.json": '{"scripts": {"start": "node main.js", "serve": "vite"}}',
    }
    found = reached(make_files, contents, f"/opt/{script}", *arguments)
    assert found >= {"app/package.json", "bin/sh"}
    start = StartedProgram(
        program="usr/bin/node", arguments=(f"/opt/{script}", *arguments), folder="/app", because=START
    )
    steps = [each for each in node.reach(start, make_files(NODE | contents)) if isinstance(each, StartedProgram)]
    assert [step.arguments for step in steps] == [("-c", text)]
    assert (steps[0].variable("PATH") or "").startswith("/app/node_modules/.bin:")


WORKSPACE = {
    "!bin/sh": "",
    "app/package.json": '{"name": "shop", "workspaces": ["apps/*"]}',
    "app/apps/api/package.json": '{"name": "@shop/api", "scripts": {"start": "node api.js"}}',
    "app/apps/web/package.json": '{"name": "@shop/web", "scripts": {"start": "node web.js"}}',
    "app/apps/web/node_modules/x/package.json": '{"name": "x", "scripts": {"start": "node x.js"}}',
    "app/lib/package.json": '{"name": "lib"}',
}
EVERY = [("app/apps/api", "node api.js"), ("app/apps/web", "node web.js")]


@pytest.mark.parametrize(
    ("runner", "arguments", "started"),
    [
        ("pnpm.cjs", "--filter @shop/api start", EVERY[:1]),
        ("pnpm.cjs", "-F api run start", EVERY[:1]),
        ("pnpm.cjs", "--filter ./apps/web start", EVERY[1:]),
        ("pnpm.cjs", "--filter=@shop/* start", EVERY),
        ("pnpm.cjs", "--filter {apps/web} start", EVERY[1:]),
        ("pnpm.cjs", "--filter lib... start", EVERY),
        ("pnpm.cjs", "-r start", EVERY),
        ("pnpm.cjs", "start --filter api", EVERY[:1]),
        ("npm-cli.js", "start --workspace=apps/api", EVERY[:1]),
        ("npm-cli.js", "-w @shop/web run start", EVERY[1:]),
        ("npm-cli.js", "start --workspaces", EVERY),
        ("yarn.js", "workspace @shop/web start", EVERY[1:]),
        ("yarn.js", "workspaces foreach -A run start", EVERY),
    ],
)
def test_a_script_runs_in_the_members_of_a_workspace_that_are_asked_for(make_files, runner, arguments, started):
    files = make_files(NODE | WORKSPACE | {f"opt/{runner}": ""})
    words = (f"/opt/{runner}", *arguments.split())
    start = StartedProgram(program="usr/bin/node", arguments=words, folder="/app", because=START)
    steps = [each for each in node.reach(start, files) if isinstance(each, StartedProgram)]
    assert [(step.folder.strip("/"), step.arguments[-1]) for step in steps] == started


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("serve", "everything"),
        ("\0", "everything"),
        ("run \0", "everything"),
        ("ci", "npm"),
        ("", "npm"),
        ("test", "npm"),
        ("run \0 --workspaces", "everything"),
        ("exec tool --workspaces", "everything"),
    ],
)
def test_a_package_manager_that_runs_what_is_not_known_may_start_anything(make_files, arguments, kind):
    found = explored(make_files(NODE | WORKSPACE | {"opt/npm-cli.js": ""}), "/opt/npm-cli.js", *arguments.split())
    assert {gap.kind for gap in found.gaps} == {kind}


@pytest.mark.parametrize(
    ("arguments", "tested"),
    [
        ("--test", {"shop.test.js", "test/one.js", "lib/test-two.mjs"}),
        ("--test --test-reporter=dot", {"shop.test.js", "test/one.js", "lib/test-two.mjs"}),
        ("--test lib/*.js", {"lib/shop.js"}),
        ("--test test", {"test/one.js"}),
    ],
)
def test_node_runs_the_sources_that_are_called_like_tests(make_files, arguments, tested):
    paths = ("shop.js", "shop.test.js", "test/one.js", "lib/test-two.mjs", "lib/shop.js", "node_modules/x/test/x.js")
    found = explored(make_files(NODE | {f"app/{path}": "" for path in paths}), *arguments.split())
    assert set(found.certain) - {"usr/bin/node"} == {f"app/{path}" for path in tested}
    assert found.gaps == ()


@pytest.mark.parametrize("arguments", ["test --workspaces", "run lint -ws"])
def test_a_script_that_no_member_of_a_workspace_has_starts_nothing(make_files, arguments):
    found = explored(make_files(NODE | WORKSPACE | {"opt/npm-cli.js": ""}), "/opt/npm-cli.js", *arguments.split())
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("script", "arguments", "loaded"),
    [
        ("npm-cli.js", ("start",), {"start.js", "run-script.js"}),
        ("npm-cli.js", ("run", "serve"), {"run-script.js"}),
        ("npx-cli.js", ("tool",), {"exec.js"}),
        ("npm-cli.js", ("ci",), {"ci.js"}),
    ],
)
def test_npm_loads_the_source_of_the_command_that_it_is_asked_for(make_files, script, arguments, loaded):
    names = ("start.js", "run-script.js", "exec.js", "ci.js", "publish.js")
    contents = {
        f"opt/npm/bin/{script}": "require('../lib/cli.js')",
        "opt/npm/lib/cli.js": "const start = require('node:path').resolve(__dirname, 'entry.js')\n"
        "module.exports = (process) => require(start)\n",
        "opt/npm/lib/entry.js": "require(`./commands/${command}.js`)",
        **{f"opt/npm/lib/commands/{name}": "" for name in names},
    }
    found = reached(make_files, contents, f"/opt/npm/bin/{script}", *arguments)
    assert "opt/npm/lib/entry.js" in found
    assert {name for name in names if f"opt/npm/lib/commands/{name}" in found} == loaded


@pytest.mark.parametrize(
    ("runner", "words", "is_run_by_shell"),
    [("npx-cli.js", ["tool"], True), ("npm-cli.js", ["exec", "tool"], True), ("yarn.js", ["exec", "tool"], False)],
)
def test_npm_executes_a_command_by_a_shell(make_files, runner, words, is_run_by_shell):
    """As strace shows of npm 11; `sh` does nothing but start it."""
    contents = {f"opt/{runner}": "", "!bin/sh": "", "!app/node_modules/.bin/tool": "#!/usr/bin/node\n"}
    assert ("bin/sh" in reached(make_files, contents, f"/opt/{runner}", *words)) is is_run_by_shell


def test_npx_runs_the_command_of_a_package(make_files):
    contents = {
        "opt/npx-cli.js": "",
        "app/node_modules/.bin/tool": "-> ../tool/cli.js",
        "!app/node_modules/tool/cli.js": "#!/usr/bin/node\nrequire('./lib')",
        "app/node_modules/tool/lib.js": "",
    }
    assert "app/node_modules/tool/lib.js" in reached(make_files, contents, "/opt/npx-cli.js", "tool")


@pytest.mark.parametrize(
    "line", ["require(name)", "import(url)", "require(cond ? 'a' : 'b')", "require('a' + b)", "require(`${name}`)"]
)
def test_a_name_that_only_a_run_tells_is_a_gap_for_npm(make_files, line):
    (gap,) = explored(make_files(NODE | {"app/run.js": f"\n{line}"}), "run.js").gaps
    assert (gap.kind, gap.path, gap.line) == ("npm", "app/run.js", 2)


@pytest.mark.parametrize("line", ["require('./l/' + name)", "require(`./l/${name}.js`)", "import(`./l/x-${name}`)"])
def test_the_files_of_a_folder_that_a_name_begins_with_may_be_loaded(make_files, line):
    contents = {"app/run.js": line, "app/l/x-a.js": "require('a')", "app/node_modules/a/index.js": ""}
    found = explored(make_files(NODE | contents), "run.js")
    assert set(found.possible) == {"app/l/x-a.js", "app/node_modules/a/index.js"}
    assert found.gaps == ()


@pytest.mark.parametrize(
    "line",
    [
        "require(path.join(__dirname, 'l/x.js'))",
        "require(__dirname + '/l/x')",
        "fork('l/x.js')",
        "new Worker('./l/x.js')",
        "import(path.resolve(import.meta.dirname, 'l/x.js'))",
        "require(path.join(__dirname, 'l', 'x.js'))",
    ],
)
def test_files_beside_the_file_are_reached(make_files, line):
    assert "app/l/x.js" in reached(make_files, {"app/run.js": line, "app/l/x.js": ""}, "run.js")


@pytest.mark.parametrize(
    ("line", "dependencies", "is_reached"),
    [
        ("app.set('view engine', 'pug')", '{"pug": "1"}', True),
        ('pino({transport: {target: "pug"}})', '{"pug": "1"}', True),
        ("app.set('view engine', 'pug')", "{}", False),
        ("app.set('view engine', 'pugs')", '{"pug": "1"}', False),
        ("const settings = {'pug': {}}", '{"pug": "1"}', False),
        ("const engine = is ? 'pug' : 'ejs'", '{"pug": "1"}', True),
    ],
)
def test_a_dependency_that_the_project_names_in_a_string_is_loaded_by_another(
    make_files, line, dependencies, is_reached
):
    contents = {
        "app/run.js": line,
        "app/package.json": f'{{"dependencies": {dependencies}}}',
        "app/node_modules/pug/index.js": "",
    }
    assert ("app/node_modules/pug/index.js" in reached(make_files, contents, "run.js")) is is_reached


@pytest.mark.parametrize(
    ("line", "is_reached"),
    [
        ("import pug from 'pug';", False),
        ("app.set('view engine', 'pug')", True),
    ],
)
def test_what_is_imported_as_an_es_module_is_not_required_too(make_files, line, is_reached):
    exports = '{".": [{"import": "./index.mjs", "require": "./index.cjs"}, "./index.cjs"]}'
    contents = {
        "app/run.mjs": line,
        "app/package.json": '{"dependencies": {"pug": "1"}}',
        "app/node_modules/pug/package.json": f'{{"name": "pug", "exports": {exports}}}',
        "app/node_modules/pug/index.mjs": "",
        "app/node_modules/pug/index.cjs": "",
    }
    assert ("app/node_modules/pug/index.cjs" in reached(make_files, contents, "run.mjs")) is is_reached


def test_compiled_code_is_found_by_its_loader(make_files):
    root = "app/node_modules/native"
    contents = {
        "app/run.js": "require('native')",
        f"{root}/package.json": "{}",
        f"{root}/index.js": "require('bindings')('x')",
        f"{root}/build/Release/x.node": "",
        f"{root}/prebuilds/linux-x64/y.node": "",
    }
    assert reached(make_files, contents, "run.js") >= {
        f"{root}/build/Release/x.node",
        f"{root}/prebuilds/linux-x64/y.node",
    }


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "Node.js is started without a script that is known"),
        (("\0",), "which script Node.js runs is not known"),
        (("gone.js",), "the script gone.js is not in the image"),
    ],
)
def test_a_start_that_is_not_known_is_a_gap(make_files, arguments, reason):
    assert reason in [gap.reason for gap in explored(make_files(NODE), *arguments).gaps]


def test_a_broken_manifest_and_modules_in_a_circle_stop_nothing(make_files):
    contents = {
        "app/run.js": "require('a'); require('./b')",
        "app/b.js": "require('./run')",
        "app/node_modules/a/package.json": "{",
        "app/node_modules/a/index.js": "",
    }
    assert reached(make_files, contents, "run.js") >= {"app/b.js", "app/node_modules/a/index.js"}


def test_the_evidence_names_file_and_line(make_files):
    found = explored(make_files(NODE | {"app/run.js": "\n\nimport './b.js'", "app/b.js": ""}), "run.js")
    assert found.certain["app/b.js"] == Because("app/run.js", "imports", 3)


@given(st.text(alphabet="requireimpotf(){}[]'\"`./\\*$\n ,:;+abc", max_size=300))
def test_any_text_is_read(text):
    assert all(1 <= load.line <= text.count("\n") + 1 for load in loads(text))


@given(st.text(max_size=100), st.sampled_from(["require('a')", "import('a')"]))
def test_a_load_is_found_whatever_stands_on_the_lines_around(text, line):
    number = text.count("\n") + 2
    assert Load("a", "import" if line.startswith("import") else "require", number) in list(
        loads(f"{text}\n{line}\n{text}")
    )


@pytest.mark.parametrize(
    ("code", "manifest", "is_certain"),
    [
        ("require('a')", "{}", True),
        ("function f() {\n  require('a')\n}", "{}", False),
        ("function f() {\n  require('a')\n}", '{"dependencies": {"a": "1"}}', True),
        ("function f() {\n  require('a')\n}", '{"optionalDependencies": {"a": "1"}}', True),
        ("function f() {\n  require('a')\n}", '{"peerDependencies": {"a": "1"}}', True),
        (
            "function f() {\n  require('a')\n}",
            '{"peerDependencies": {"a": "1"}, "peerDependenciesMeta": {"a": {"optional": true}}}',
            False,
        ),
        ("let a;\ntry {\n  a = require('a')\n} catch (e) {}", "{}", True),
    ],
)
def test_what_a_package_loads_in_a_function_is_certain_only_if_it_always_needs_it(
    make_files, code, manifest, is_certain
):
    contents = {
        "app/package.json": "{}",
        "app/run.js": "require('b')",
        "app/node_modules/b/package.json": manifest,
        "app/node_modules/b/index.js": f"\n{code}",
        "app/node_modules/a/index.js": "",
    }
    found = explored(make_files(NODE | contents), "run.js")
    assert "app/node_modules/a/index.js" in (found.certain if is_certain else found.possible)


def test_a_tool_reads_its_configuration_from_the_working_folder(make_files):
    contents = {
        "app/node_modules/tool/bin/cli.js": "",
        "app/tool.config.mjs": "import a from 'a'",
        "app/other.config.mjs": "import b from 'b'",
        "app/node_modules/a/index.js": "",
    }
    found = reached(make_files, contents, "node_modules/tool/bin/cli.js")
    assert found == {"app/node_modules/tool/bin/cli.js", "app/tool.config.mjs", "app/node_modules/a/index.js"}


@pytest.mark.parametrize("option", ["-v", "--version", "--help"])
def test_node_that_only_tells_of_itself_leaves_no_gap(make_files, option):
    assert explored(make_files(NODE), option).gaps == ()


def test_a_worker_whose_file_is_chosen_before_is_one_of_those_named_from_the_folder(make_files):
    contents = {
        "app/run.js": "const file = other || path.join(__dirname, 'lib', 'worker.js'); new Worker(file, {})",
        "app/lib/worker.js": "require('a')",
        "app/node_modules/a/index.js": "",
    }
    assert "app/node_modules/a/index.js" in reached(make_files, contents, "run.js")


@pytest.mark.parametrize(
    ("dependencies", "is_loaded"),
    [
        ('"peerDependencies": {"b": "*"}', True),
        ('"dependencies": {"b": "*"}', True),
        ('"devDependencies": {"b": "*"}', False),
    ],
)
def test_what_a_package_needs_and_names_is_loaded_by_a_require_that_it_makes_itself(
    make_files, dependencies, is_loaded
):
    contents = {
        "app/run.js": "require('a')",
        "app/node_modules/a/package.json": f'{{"name": "a", {dependencies}}}',
        "app/node_modules/a/index.js": "const own = createRequire(import.meta.url); load('b/deep')",
        "app/node_modules/b/deep.js": "",
    }
    assert ("app/node_modules/b/deep.js" in reached(make_files, contents, "run.js")) == is_loaded


ADAPTER = {
    "!usr/bin/node": "",
    "app/package.json": '{"dependencies": {"core": "*", "adapter": "*"}}',
    "app/run.js": "require('core')\n",
    "app/node_modules/core/package.json": '{"name": "core"}',
    "app/node_modules/core/index.js": "function load() {\n  return require('adapter')\n}\n",
    "app/node_modules/adapter/package.json": '{"name": "adapter"}',
    "app/node_modules/adapter/index.js": "",
}


def test_what_a_package_may_load_and_the_application_declares_is_loaded(run):
    assert "app/node_modules/adapter/index.js" in run(ADAPTER, "node run.js").certain
    without = ADAPTER | {"app/package.json": '{"dependencies": {"core": "*"}}'}
    assert "app/node_modules/adapter/index.js" not in run(without, "node run.js").certain


@pytest.mark.parametrize(
    ("code", "is_loaded"),
    [
        ("app.register(autoload, {dir: join(here, 'routes')})", True),
        ("fs.readdirSync('./routes')", True),
        ("new DataSource({entities: [__dirname + '/routes/*.js']})", True),
        ("app.use('routes')", False),
    ],
)
def test_a_folder_of_the_application_that_is_named_for_a_loader_is_loaded(run, code, is_loaded):
    tree = {
        "!usr/bin/node": "",
        "app/run.js": code,
        "app/routes/users/index.js": "require('used')",
        "app/node_modules/used/index.js": "",
    }
    assert ("app/node_modules/used/index.js" in run(tree, "node run.js").certain) == is_loaded


@pytest.mark.parametrize(
    ("code", "is_loaded"),
    [
        ("new (require('bree'))({root: path.join(__dirname, 'jobs'), jobs: [{name: 'report'}]})", True),
        ("new Piscina({filename: load('report'), root: path.resolve(import.meta.dirname, './jobs')})", True),
        ("new (require('bree'))({root: path.join(__dirname, 'jobs'), jobs: [{name: 'mail'}]})", False),
        ("app.use(serve(path.join(__dirname, 'jobs')), 'report')", False),
    ],
)
def test_a_source_that_own_code_names_by_folder_and_stem_to_be_run_is_loaded(run, code, is_loaded):
    tree = {
        "!usr/bin/node": "",
        "app/run.js": code,
        "app/jobs/report.js": "require('used')",
        "app/node_modules/used/index.js": "",
    }
    assert ("app/node_modules/used/index.js" in run(tree, "node run.js").certain) == is_loaded


@pytest.mark.parametrize(
    ("code", "is_loaded"),
    [
        ("compose({plugins: [{plugin: './plugins/store'}]})", True),
        ("new Queue('a', '../app/plugins/store.js')", True),
        ("serve('./plugins')", False),
        ("use('plugins/store')", False),
    ],
)
def test_an_own_source_that_own_code_names_by_its_path_is_loaded(run, code, is_loaded):
    """As Hapi's glue loads the plug-ins of a manifest."""
    tree = {
        "!usr/bin/node": "",
        "app/run.js": f"require('library').{code}",
        "app/plugins/store.js": "require('used')",
        "app/node_modules/used/index.js": "",
    }
    assert ("app/node_modules/used/index.js" in run(tree, "node run.js").certain) == is_loaded


@pytest.mark.parametrize(
    ("listing", "is_loaded"),
    [
        ("fs.readdirSync(__dirname).filter(isSource)", True),
        ("fs.readdirSync(path.join(__dirname, '.')).filter(isSource)", True),
        ("glob.sync(__dirname + '/*.js')", True),
        ("[process.env.PART]", False),
    ],
)
def test_an_own_source_that_lists_its_folder_loads_the_sources_there(run, listing, is_loaded):
    """As the `models/index.js` that Sequelize writes."""
    tree = {
        "!usr/bin/node": "",
        "app/models/index.js": f"{listing}.forEach((file) => require(path.join(__dirname, file)))",
        "app/models/room.js": "require('used')",
        "app/models/room.test.js": "require('tested')",
        "app/models/deep/a.js": "require('deep')",
        **{f"app/node_modules/{name}/index.js": "" for name in ("used", "tested", "deep")},
    }
    found = run(tree, "node models/index.js").certain
    assert ("app/node_modules/used/index.js" in found) == is_loaded
    assert "app/node_modules/tested/index.js" not in found
    assert "app/node_modules/deep/index.js" not in found


@pytest.mark.parametrize(
    "files",
    [
        {"app/dist/run.js": "// node_modules/held/lib/a.js\nvar x = 1;\n"},
        {"app/dist/run.js": 'var r = c({ "node_modules/held/a.js"(e, m) {} });'},
        {"app/dist/run.js": "/*! For license, see ../node_modules/.pnpm/held@1/node_modules/held/a.mjs */"},
        {"app/dist/run.js": "x()", "app/dist/run.js.map": '{"sources": ["webpack:///./node_modules/held/a.js"]}'},
    ],
)
def test_a_bundle_holds_the_packages_whose_paths_the_bundler_left(run, files):
    packages = {f"app/node_modules/{name}/package.json": "{}" for name in ("held", "other")}
    found = run({"!usr/bin/node": "", **packages, **files}, "node dist/run.js")
    assert "app/node_modules/held/package.json" in found.certain
    assert "app/node_modules/other/package.json" not in found.certain


@pytest.mark.parametrize(("path", "has_gap"), [("app/node_modules/a/index.js", False), ("app/run.js", True)])
def test_a_folder_of_a_package_that_was_not_built_is_no_gap(make_files, path, has_gap):
    files = {path: "for (const kind of kinds) require('./build/' + kind + '/bindings')", "app/package.json": "{}"}
    found = explored(make_files(NODE | files), f"/{path}")
    assert [gap.kind for gap in found.gaps] == ["npm"] * has_gap


@pytest.mark.parametrize(
    ("words", "environment", "loaded"),
    [
        ((), {"SERVICEDIR": "services"}, {"a", "b/c"}),
        (("--hot", "services/**/*.service.js"), {}, {"a", "b/c"}),
        (("services/b",), {}, {"b/c"}),
        ((), {"SERVICEDIR": "services", "SERVICES": "b"}, {"b/c"}),
        ((), {}, set()),
    ],
)
def test_moleculers_runner_loads_the_services_of_a_folder(make_files, words, environment, loaded):
    files = {
        "app/node_modules/moleculer/package.json": '{"name": "moleculer"}',
        "app/node_modules/moleculer/bin/moleculer-runner.js": "",
        **{f"app/services/{name}.js": "" for name in ("a.service", "b/c.service", "store")},
    }
    runner = "node_modules/moleculer/bin/moleculer-runner.js"
    found = reached(make_files, files, runner, *words, environment=tuple(environment.items()))
    assert {path for path in found if "/services/" in path} == {f"app/services/{name}.service.js" for name in loaded}


@pytest.mark.parametrize(
    ("code", "word", "is_run"),
    [
        ("program.command('run', 'runs the robot')", "run", True),
        ('program\n  .command("run <file>", "runs the robot")', "run", True),
        ("program.command('run', 'runs the robot')", "other", False),
        ("program.command('run').action(run)", "run", False),
    ],
)
def test_commander_starts_the_program_next_to_a_script_for_a_command(make_files, code, word, is_run):
    script = "app/node_modules/robot/bin/robot.js"
    files = {
        script: code,
        "app/node_modules/robot/bin/robot-run.js": "require('a')",
        "app/node_modules/a/index.js": "",
    }
    found = reached(make_files, files, script.removeprefix("app/"), "--quiet", word, "index.js")
    assert ("app/node_modules/a/index.js" in found) is is_run


@pytest.mark.parametrize(
    ("package", "is_run"), [("fastify-cli", True), ("@react-router/serve", True), ("other", False)]
)
def test_a_server_loads_the_source_that_stands_among_its_words(make_files, package, is_run):
    script = f"app/node_modules/{package}/cli.js"
    files = {
        script: "",
        "app/dist/app.js": "require('a')",
        "app/node_modules/a/index.js": "",
        "app/node_modules/fastify/index.js": "",
        "app/readme.md": "",
    }
    found = reached(make_files, files, script.removeprefix("app/"), "start", "-p", "80", "readme.md", "dist/app.js")
    assert ("app/node_modules/a/index.js" in found) is is_run
    assert "app/readme.md" not in found
    assert ("app/node_modules/fastify/index.js" in found) is (package == "fastify-cli")


@pytest.mark.parametrize(
    ("given", "source"),
    [("index.handler", "index.js"), ("src/orders.api.create", "src/orders.mjs"), ("index.handler", "other.js")],
)
def test_the_runtime_of_a_function_loads_the_source_of_the_handler(make_files, given, source):
    command = "app/node_modules/aws-lambda-ric/bin/index.mjs"
    contents = {command: "", f"app/{source}": "require('jam')", "app/node_modules/jam/index.js": ""}
    is_given = source.partition(".")[0] == given.partition(".")[0]
    assert (
        "app/node_modules/jam/index.js" in reached(make_files, contents, command.removeprefix("app/"), given)
    ) is is_given


@pytest.mark.parametrize(
    ("options", "source"),
    [
        (("--target=hello",), "app/index.js"),
        (("--target=hello",), "app/function.js"),
        (("--source=dist", "--target=hello"), "app/dist/index.js"),
        (("--source", "dist"), "app/dist/function.js"),
    ],
)
def test_the_framework_of_functions_loads_a_folder(make_files, options, source):
    command = "app/node_modules/@google-cloud/functions-framework/build/src/main.js"
    contents = {command: "", source: "require('jam')", "app/node_modules/jam/index.js": ""}
    assert "app/node_modules/jam/index.js" in reached(make_files, contents, command.removeprefix("app/"), *options)


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("const it = require.resolve(`${part}/${inside}`)", True),
        ("const it = require.resolve(part)", True),
        ("const it = require.resolve('other')", False),
        ("const it = resolve(part)", False),
    ],
)
def test_a_package_looks_for_its_program_for_the_platform(make_files, source, is_found):
    """As esbuild does."""
    modules, part = "app/node_modules", "@esbuild/linux-x64"
    contents = {
        "app/run.js": "require('esbuild')",
        f"{modules}/esbuild/package.json": json.dumps({"optionalDependencies": {part: "1"}}),
        f"{modules}/esbuild/index.js": source,
        f"{modules}/{part}/package.json": '{"os": ["linux"], "cpu": ["x64"]}',
        f"!{modules}/{part}/bin/esbuild": b"\x7fELF" + bytes(60),
        f"{modules}/{part}/bin/notes": "text",
    }
    found = reached(make_files, contents, "run.js")
    assert (f"{modules}/{part}/bin/esbuild" in found) is is_found
    assert f"{modules}/{part}/bin/notes" not in found


@pytest.mark.parametrize(
    "load", ["for (const path of paths) require(path)", "require(`@img/sharp-${platform}/sharp.node`)"]
)
def test_the_part_of_a_package_that_is_for_the_platform_is_loaded(make_files, load):
    """sharp puts the name together: `@img/sharp-${platform}`; what is for no platform, or for musl, may be loaded."""
    modules = "app/node_modules"
    optional = '"@img/sharp-linux-x64": "1", "@img/sharp-linuxmusl-x64": "1", "other": "1"'
    part = '{"os": ["linux"], "cpu": ["x64"], "exports": {"./sharp.node": "./lib/s.node"}}'
    contents = {
        "app/run.js": "require('sharp')",
        f"{modules}/sharp/package.json": f'{{"main": "index.js", "optionalDependencies": {{{optional}}}}}',
        f"{modules}/sharp/index.js": load,
        f"{modules}/@img/sharp-linux-x64/package.json": part,
        f"{modules}/@img/sharp-linux-x64/lib/s.node": "",
        f"{modules}/@img/sharp-linuxmusl-x64/package.json": part,
        f"{modules}/@img/sharp-linuxmusl-x64/lib/s.node": "",
        f"{modules}/other/package.json": "{}",
        f"{modules}/other/index.js": "",
    }
    found = {path for path in reached(make_files, contents, "run.js") if "sharp-" in path or "other" in path}
    assert found == {f"{modules}/@img/sharp-linux-x64/package.json", f"{modules}/@img/sharp-linux-x64/lib/s.node"}


@pytest.mark.parametrize("line", ["NODE_OPTIONS=--require a", 'export NODE_OPTIONS="--import=a"  # first\nX=1'])
@pytest.mark.parametrize("option", ["--env-file=.env", "--env-file-if-exists=.env"])
def test_options_in_a_file_of_variables_load_a_package(make_files, line, option):
    contents = {"app/run.js": "", "app/.env": line, "app/node_modules/a/index.js": ""}
    assert "app/node_modules/a/index.js" in reached(make_files, contents, option, "run.js")


@pytest.mark.parametrize(
    ("own", "is_loaded"),
    [
        ("const way = process.argv[2] ?? 'http'; await import(`./ways/${way}.js`)", True),
        ("cli.command('http'); require('./ways/' + name)", True),
        ("await import(`./ways/${process.argv[2]}.js`)", False),
        ("log('http'); require('./other/' + name)", False),
    ],
)
def test_an_own_source_loads_what_it_states_of_a_folder_that_a_name_begins_with(run, own, is_loaded):
    tree = {
        "!usr/bin/node": "",
        "app/run.js": own,
        "app/ways/http.js": "require('used')",
        "app/ways/pipe.js": "require('piped')",
        **{f"app/node_modules/{name}/index.js": "" for name in ("used", "piped")},
    }
    found = run(tree, "node run.js")
    assert ("app/node_modules/used/index.js" in found.certain) == is_loaded
    assert "app/node_modules/piped/index.js" not in found.certain
