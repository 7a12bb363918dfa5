"""Tools of npm: the settings that they find, and the plug-ins that these name."""

import json

import pytest

MODULES = "app/node_modules"
IMAGE = {"!usr/bin/node": "", "!usr/bin/env": ""}


def package(name, source="", **stated):
    return {
        f"{MODULES}/{name}/package.json": json.dumps({"name": name, **stated}),
        f"{MODULES}/{name}/index.js": source,
    }


def tool(name, *plugins, source=""):
    """An application with a tool's command, and plug-ins that it declares for its development."""
    declared = {"devDependencies": dict.fromkeys((name, *plugins), "*")}
    files = {"app/package.json": json.dumps(declared), f"!{MODULES}/{name}/bin.js": f"#!/usr/bin/env node\n{source}"}
    for plugin in plugins:
        files |= package(plugin)
    return IMAGE | package(name) | files


def loaded(run, files, command):
    """The packages that a command in the application's folder loads for certain, without the tool."""
    certain = run(files, command, folder="/app").certain
    names = {path.removeprefix(f"{MODULES}/").removesuffix("/index.js") for path in certain}
    return {name for name in names if f"{MODULES}/{name}/index.js" in certain}


@pytest.mark.parametrize(
    ("name", "plugin", "settings"),
    [
        ("@babel/cli", "@babel/preset-env", {".babelrc": '{"presets": [["@babel/env", {"a": 1}]]}'}),
        ("@babel/cli", "babel-plugin-idle", {"babel.config.json": '{"plugins": ["idle"]}'}),
        ("@babel/cli", "babel-plugin-idle", {".babelrc": '{"plugins": ["idle"] // why\n}'}),
        ("@babel/cli", "babel-plugin-idle", {".babelrc": '{"env": {"production": {"plugins": ["idle"]}}}'}),
        ("eslint", "eslint-config-idle", {".eslintrc.yml": "extends: [idle]\n"}),
        ("eslint", "eslint-plugin-idle", {".eslintrc.yml": 'extends: ["plugin:idle/recommended"]\n'}),
        ("eslint", "@idle/eslint-plugin", {".eslintrc.json": '{"plugins": ["@idle"]}'}),
        ("eslint", "@idle/eslint-plugin-a", {".eslintrc.json": '{"plugins": ["@idle/a"]}'}),
        ("textlint", "textlint-filter-rule-idle", {".textlintrc.json": '{"filters": {"idle": true}}'}),
        ("remark-cli", "remark-lint-idle", {".remarkrc.yml": "plugins:\n  - lint-idle\n"}),
        ("gulp", "gulp-idle", {"gulpfile.js": "tool('gulp-idle')"}),
        ("grunt-cli", "grunt-contrib-idle", {"Gruntfile.js": "grunt.loadNpmTasks('grunt-contrib-idle')"}),
        ("rollup", "@rollup/plugin-idle", {"../etc/a.json": '["idle"]'}),
    ],
)
def test_a_plugin_is_loaded_that_settings_in_the_working_folder_name(run, name, plugin, settings):
    files = tool(name, plugin) | {f"app/{path}".replace("app/../", ""): text for path, text in settings.items()}
    command = f"env NODE_ENV=production node {MODULES.removeprefix('app/')}/{name}/bin.js --config /etc/a.json"
    assert plugin in loaded(run, files, command)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {".otherrc": '{"plugins": ["idle"]}'},
        {".babelrc": '{"plugins": ["other"]}'},
        {".babelrc": '{"plugins": {"idle": false}}'},
        {".babelrc": '{"env": {"test": {"plugins": ["idle"]}}}'},
        {"node_modules/other/.babelrc": '{"plugins": ["idle"]}'},
    ],
)
def test_a_plugin_is_not_loaded_that_no_settings_name(run, settings):
    files = tool("@babel/cli", "babel-plugin-idle") | {f"app/{path}": text for path, text in settings.items()}
    assert "babel-plugin-idle" not in loaded(run, files, "node node_modules/@babel/cli/bin.js src")


def test_a_package_of_another_name_is_a_plugin_if_it_states_the_tool(run):
    """As `cssnano` and `autoprefixer` for PostCSS; a package of the same name as one of a tool's plug-ins is none."""
    files = tool("postcss-cli", "nano", "react") | package("nano", peerDependencies={"postcss": "*"})
    files["app/package.json"] = json.dumps(
        {"devDependencies": {"nano": "*", "react": "*"}, "postcss": {"plugins": {"nano": {}, "react": {}}}}
    )
    assert loaded(run, files, "node node_modules/postcss-cli/bin.js") == {"nano"}


@pytest.mark.parametrize("words", ["--plugin idle", "--plugin=a,idle", "-p 'idle={mangle: true}'"])
def test_a_plugin_is_loaded_that_an_option_names(run, words):
    files = tool("rollup", "@rollup/plugin-idle", "@rollup/plugin-other")
    assert loaded(run, files, f"node node_modules/rollup/bin.js {words}") == {"@rollup/plugin-idle"}


def test_a_command_that_is_installed_for_all_loads_the_tool_of_the_application(run):
    files = tool("shop") | {"!opt/node_modules/shop-cli/bin.js": "", "opt/node_modules/shop-cli/package.json": "{}"}
    assert loaded(run, files, "node /opt/node_modules/shop-cli/bin.js") == {"shop"}


@pytest.mark.parametrize(
    ("source", "is_loaded"),
    [
        ("cosmiconfig('style')", True),
        ('(0, _cosmiconfig.cosmiconfigSync)("style", {})', True),
        ("const name = '.stylerc.json'", True),
        ("const name = '.otherrc.json'", False),
        ("cosmiconfig(name)", False),
    ],
)
def test_a_library_reads_the_settings_of_what_it_stands_for(run, source, is_loaded):
    files = tool("style", "style-config-idle") | package("style", source)
    files |= {"app/run.js": "require('style')", "app/.stylerc.json": '{"extends": "idle"}'}
    assert ("style-config-idle" in loaded(run, files, "node run.js")) == is_loaded


def test_a_framework_loads_the_source_of_settings_that_it_names(run):
    """As AdonisJS does `adonisrc.js`."""
    files = tool("shop") | package("@shop/core", "import(new URL('shoprc.js', root))")
    files |= {"app/run.js": "import '@shop/core'", "app/shoprc.js": "() => import('idle')"} | package("idle")
    assert loaded(run, files, "node run.js") == {"@shop/core", "idle"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const pattern = ['grunt-*', '@*/grunt-*'], scope = ['devDependencies']", {"grunt-a", "@b/grunt-b"}),
        ("const pattern = ['grunt-*']", set()),
        ("const pattern = ['grunt-*'], scope = ['devDependencies'], lazy = true", {"grunt-a"}),
    ],
)
def test_what_the_application_declares_is_loaded_by_a_pattern(run, source, expected):
    files = tool("grunt", "grunt-a", "@b/grunt-b", "other") | package("load", source)
    files |= {"app/Gruntfile.js": "const $ = require('load'); $.a()", f"{MODULES}/grunt-a/tasks/one.js": ""}
    found = loaded(run, files, "node node_modules/grunt/bin.js") - {"load"}
    assert found == expected
    certain = run(files, "node node_modules/grunt/bin.js", folder="/app").certain
    assert (f"{MODULES}/grunt-a/tasks/one.js" in certain) == bool(expected)


def test_an_own_source_names_plugins_in_the_scope_of_their_tool(run):
    """As `@babel/env` in a gulpfile, which hands it on to Babel."""
    files = tool("gulp", "@babel/preset-env", "@babel/preset-react") | {
        "app/run.js": "babel({presets: ['@babel/env']})"
    }
    assert loaded(run, files, "node run.js") == {"@babel/preset-env"}
