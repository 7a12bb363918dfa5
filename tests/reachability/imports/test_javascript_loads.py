"""Where a source in JavaScript loads modules: a fast search finds the places that the pattern matches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.imports import javascript_loads

PIECES = (
    *(
        "require",
        "require2",
        "require.resolve",
        "module.",
        "_",
        "$",
        ".",
        "...",
        "function ",
        "new ",
        "new  Worker",
        "Worker",
    ),
    *("fork", "import", "from", "(", " (", "( /* import('x') */ ", "'a'", '"b"', " ", "\n", "x", ")", ";"),
)
CONSTANT = "const entry = require('node:path').resolve(__dirname, 'cli/entry.js')\n"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_places_are_those_that_the_pattern_matches(text):
    found = [(one.start(), one.end()) for one in javascript_loads._places(text)]
    assert found == [(one.start(), one.end()) for one in javascript_loads._PLACE.finditer(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CONSTANT + "module.exports = () => require(entry)", "./cli/entry.js"),
        ("const entry = path.join(__dirname, 'a.js');\nrequire(entry)", "./a.js"),
        ("require(join(__dirname, '..', 'a.js'))", "../a.js"),
        ("require(path.join(path.dirname(fs.realpathSync(__filename)), '../index.js'))", "../index.js"),
        ("const it = path.join(dirname(__filename), 'a.js');\nconst It = require(it)", "./a.js"),
        (CONSTANT + "module.exports = (entry) => require(entry)", ""),
        (CONSTANT.replace("const", "let") + "require(entry)", ""),
        ("require(entry)", ""),
    ],
)
def test_a_constant_path_is_known_if_its_name_stands_for_nothing_else(text, name):
    load = list(javascript_loads.loads(text))[-1]
    assert (load.name, load.is_known) == (name, bool(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("require('mv' + '')", "mv"),
        ('require("mv"+"")', "mv"),
        ("require('u' + 'rl')", "url"),
        ("import('@shop' + '/' + \"part\")", "@shop/part"),
        ("require('./' + 'part')", "./part"),
        ("require('mv' + '' + kind)", ""),
        ("require('mv' + kind)", ""),
    ],
)
def test_a_name_with_nothing_behind_it_is_known(text, name):
    (load,) = javascript_loads.loads(text)
    assert (load.name, load.is_known) == (name, bool(name))


@pytest.mark.parametrize(
    ("text", "is_gap"),
    [
        ("require(path.join(root, 'package.json'))[item]", False),
        ("require(join(this.npmPath, 'package.json')).version", False),
        ("require(path.resolve(root, 'package.json', name))", True),
        ("require(path.join(root, name))", True),
        ("require(path.join(f('a'), 'package.json'))", True),
    ],
)
def test_a_manifest_in_a_folder_that_is_chosen_is_no_module(text, is_gap):
    assert any(not load.is_known for load in javascript_loads.loads(text)) == is_gap


STAND_IN = """var r = (x => x)(function(x) { if (typeof require !== "undefined") return require.apply(this, arguments);
throw Error('Dynamic require of "' + x + '" is not supported') })"""


@pytest.mark.parametrize(
    ("text", "is_handed_on"),
    [
        ('var c="function"==typeof require&&require;if(c)return c(i,!0)', False),
        ('var a=typeof require=="function"&&require;', False),
        ("class Redis { async eval(script, keys) { return this.send(script) } }", False),
        ("if (eval(text)) { go() }", True),
        (STAND_IN, False),
        (STAND_IN + "; const require = createRequire(import.meta.url)", True),
        ("function f() { return require.apply(this, arguments) }", True),
        ("const load = typeof require === 'function' && require;", True),
        ("const load = ready&&require;", True),
    ],
)
def test_what_bundlers_put_in_front_and_a_method_of_that_name_hand_no_require_on(text, is_handed_on):
    assert (javascript_loads.handed_on(text) is not None) is is_handed_on


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "function get(name) { return all[name] = require('./all/' + name) }\nget('one');\nget(\"two\")",
            {"./all/one", "./all/two"},
        ),
        ("const load = (name) => require(name);\nload('one', 1)", {"one"}),
        ("const load = name => { try { return require(name) } catch {} };\nload('one')", {"one"}),
        ("exports.load = function (name, why) { return require(name) };\nother('one')", set()),
        ("function get(kind, name) { return require(name) }\nget('one')", set()),
        ("function get(name) { return require(name) }\nx.get('one'); forget('two'); get(one)", set()),
    ],
)
def test_what_a_source_hands_on_to_its_own_function_is_known(text, names):
    """The name that is made at run time is a gap nevertheless."""
    found = list(javascript_loads.loads(text))
    assert {load.name for load in found if load.is_known} == names
    assert any(not load.is_known for load in found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("module.exports = { ...require('./fs'), ...require('./copy') }", ["./fs", "./copy"]),
        ("/* c8 ignore next */ const fs = require('fs-extra')", ["fs-extra"]),
        ("process.mainModule.require('shop')", ["shop"]),
        ("require?.('shop')", ["shop"]),
        ("loader.require('shop')", []),
        ("// see require('shop')", []),
        ("/* see require('shop') */", []),
        (" * as require('shop') does", []),
    ],
)
def test_a_call_is_seen_wherever_it_stands(text, names):
    assert [load.name for load in javascript_loads.loads(text)] == names
