"""Installations of Node.js's modules below which nothing runs."""

import pytest

from gate.model import InUse
from tests.reachability.runtimes.named.test_node_mentions import COMPUTED, package, state_of

INSTALLED = "usr/local/lib/node_modules/"


def installed(name, source="", **manifest):
    made = package(name, source, **manifest)
    return {path.replace("app/node_modules/", INSTALLED): text for path, text in made.items()}


NPM = installed("npm", "require('deep')", dependencies='{"deep": "*"}', bin='{"npm": "index.js"}') | installed(
    "npm/node_modules/deep"
)
NPM |= {f"{INSTALLED}npm/node_modules/.bin/inner": "-> ../deep/index.js"}
NPM[f"{INSTALLED}npm/node_modules/deep/package.json"] = '{"name": "deep", "version": "1.0.0", "bin": {"inner": "x.js"}}'
LINKED = {"usr/local/bin/npm": f"-> /{INSTALLED}npm/index.js"}


def deep(source, *more, own="require('used')", tree=NPM):
    return state_of("deep", package("used", f"{COMPUTED}; {source}"), tree, *more, own=own).in_use


@pytest.mark.parametrize(
    "source",
    [
        "x = 'deep'",
        "x = 'npm'",
        "spawn('inner')",
        "createRequire(process.cwd())('deep')",
        "list('node_modules'), 'npm'",
    ],
)
def test_a_name_in_a_package_leads_to_no_installation_below_which_nothing_runs(source):
    assert deep(source) is InUse.NO


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("x = 'npm'; path.join(prefix, 'lib/node_modules')", {}),
        ("x = 'npm'; path.join(process.execPath, '..', '..', 'lib', 'node_modules')", {}),
        ("spawn('npm')", LINKED),
        ("x = 'npm'", {"app/node_modules/npm": f"-> /{INSTALLED}npm"}),
        ("createRequire(x)('deep')", {"opt/node_modules": f"-> /{INSTALLED.strip('/')}"}),
        ("x = 'npm'", {f"{INSTALLED}busy.js": ""}),
    ],
)
def test_what_may_find_an_installation_may_load_what_it_names_there(source, more):
    own = "require('used')" + (f"; require('/{INSTALLED}busy.js')" if f"{INSTALLED}busy.js" in more else "")
    assert deep(source, more, own=own) is InUse.UNKNOWN


def test_the_own_code_may_have_the_path_of_an_installation():
    assert deep("", own="require('used'); x = ['npm']") is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("own", "more", "in_use"),
    [
        ("x = 'deep'", {}, InUse.NO),
        ("x = 'a,deep'", {}, InUse.NO),
        ("x = root + 'lib/node_modules/npm/node_modules/' + 'deep'", {}, InUse.UNKNOWN),
        ("", {"app/settings.yaml": "use: [deep]\n"}, InUse.NO),
        ("", {"app/settings.yaml": "root: /usr/local/lib/node_modules\nuse: [deep]\n"}, InUse.UNKNOWN),
    ],
)
def test_a_name_in_own_code_and_texts_leads_there_only_with_a_path(own, more, in_use):
    """As `p-map`, which an application has itself, and npm has too."""
    assert deep("", more, own=f"require('used'); {own}") is in_use


def test_a_module_of_an_installation_that_may_be_started_finds_what_was_named_before():
    tree = NPM | {f"{INSTALLED}npm/package.json": '{"name": "npm", "version": "1.0.0", "bin": {"npm": "index.js"}}'}
    named = "createRequire(x)('deep'); "
    assert deep(named, LINKED, tree=tree) is InUse.NO
    assert deep(named + "spawn('npm')", LINKED, tree=tree) is InUse.UNKNOWN
