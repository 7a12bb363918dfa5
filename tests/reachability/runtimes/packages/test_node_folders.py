"""The modules of Node.js that a distribution's packages bring, and by what they may be loaded.

Goes through `gate/reachability/runtimes/named/node_names.py`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Doubt, InUse
from gate.reachability.runtimes.packages.node_folders import holds_modules_alone, is_for_builds, module_folders
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree
from tests.reachability.runtimes.named.test_node_mentions import COMPUTED, package
from tests.reachability.runtimes.named.test_starters import OWNERS, state_of

SHARED = "usr/share/nodejs"
DEB = ("var/lib/dpkg/status", "Debian:13", "node-tidy", "1")


def modules_of(*paths, **extra):
    files = Files(SmallTree(dict.fromkeys(paths, "x") | extra))
    found = module_folders({DEB: Owned(files=list(paths))}, files)
    return {one.path: set(one.names) for one in found}


def test_a_package_of_the_distribution_brings_any_number_of_modules():
    assert modules_of(
        f"{SHARED}/tidy/lib/deep.js",
        f"{SHARED}/tidy/package.json",
        f"{SHARED}/@scope/part/index.js",
        f"{SHARED}/tidy/node_modules/inner/index.js",
        f"{SHARED}/single.js",
        "usr/lib/x86_64-linux-gnu/nodejs/native/a.node",
        "usr/share/doc/node-tidy/copyright",
    ) == {
        f"{SHARED}/tidy": {"tidy"},
        f"{SHARED}/@scope/part": {"@scope/part"},
        f"{SHARED}/tidy/node_modules/inner": {"inner"},
        f"{SHARED}/single.js": {"single"},
        "usr/lib/x86_64-linux-gnu/nodejs/native": {"native"},
    }


@pytest.mark.parametrize(
    ("paths", "alone"),
    [
        ([f"{SHARED}/tidy/index.js", "usr/share/doc/tidy/copyright"], True),
        ([f"{SHARED}/tidy/index.js", "usr/share/javascript/tidy/tidy.js"], False),
        ([f"{SHARED}/tidy/index.js", "usr/share/tidy/words"], False),
        (["usr/share/doc/tidy/copyright"], False),
        ([], False),
    ],
)
def test_what_is_read_otherwise_is_data(paths, alone):
    assert holds_modules_alone(paths, Files(SmallTree(dict.fromkeys(paths, "x")))) is alone


@pytest.mark.parametrize(("paths", "alone"), [([], True), (["etc/order.conf"], False)])
def test_the_root_folder_in_a_list_of_dpkg_is_no_file(paths, alone):
    listed = [".", "usr", "usr/include", "usr/include/order.h", *paths]
    assert is_for_builds(listed, Files(SmallTree({"usr/include/order.h": "", "etc/order.conf": ""}))) is alone


def test_a_link_to_a_module_is_no_data():
    tree = {f"{SHARED}/tidy/tidy.js": "x", "usr/share/javascript/tidy.js": f"-> /{SHARED}/tidy/tidy.js"}
    assert holds_modules_alone(tree, Files(SmallTree(tree)))


def tidy(name="tidy", source="", **manifest):
    """A module of the distribution."""
    stated = "".join(f', "{key}": {value}' for key, value in manifest.items())
    return {
        f"{SHARED}/{name}/package.json": f'{{"name": "{name}"{stated}}}',
        f"{SHARED}/{name}/index.js": source,
    }


def state(*trees, name="node-tidy"):
    """The state of the package that brings the module of that name."""
    paths = [path for tree in trees for path in tree if path.startswith(SHARED)]
    owners = {**OWNERS}
    for path in paths:
        owners.setdefault("node-" + path.removeprefix(SHARED + "/").split("/")[0], []).append(path)
    return state_of(name, *trees, owners=owners)


@pytest.mark.parametrize(
    ("trees", "doubt"),
    [
        ([package("used"), tidy()], None),
        ([package("used", "try { require('tidy') } catch {}"), tidy()], None),
        ([package("used", COMPUTED), tidy()], None),
        ([package("used", COMPUTED, dependencies='{"tidy": "*"}'), tidy()], Doubt.NAMED),
        ([package("used", COMPUTED + "; 'tidy'"), tidy()], Doubt.NAMED),
        ([package("used", "x = 'tidy'"), tidy()], None),
        ([package("used", COMPUTED + "; 'tidy'", devDependencies='{"tidy": "*"}'), tidy()], Doubt.NAMED),
        ([package("used", COMPUTED + "; 'ti-'"), tidy("ti-dy")], Doubt.NAMED),
        ([package("used"), tidy(), {"app/settings.yaml": "uses: tidy\n"}], Doubt.NAMED),
        ([package("used"), tidy(), {"app/run.js": "require('used'); x = ['tidy']; require(x[0])"}], Doubt.NAMED),
        ([package("used"), tidy(), {"app/run.js": "require('used')(process.argv)"}], None),
    ],
)
def test_what_a_name_stands_for(trees, doubt):
    name = "node-ti-dy" if f"{SHARED}/ti-dy/index.js" in trees[1] else "node-tidy"
    found = state(*trees, name=name)
    reached = "try" in trees[0]["app/node_modules/used/index.js"]
    assert found.in_use is (InUse.YES if reached else InUse.UNKNOWN if doubt else InUse.NO)
    assert found.doubt is doubt


def test_declarations_for_a_compiler_are_not_loaded():
    types = {f"{SHARED}/@types/tidy/package.json": '{"name": "@types/tidy"}', f"{SHARED}/@types/tidy/index.d.ts": ""}
    own = {"app/run.js": "require('used'); x = '@types/'; require(x + process.argv[2])"}
    assert state(package("used"), types, own, name="node-@types").in_use is InUse.NO


WAYS = {
    "requires it": lambda name: (f"require('{name}')", {}),
    "imports it in a function": lambda name: (f"exports.f = () => import('{name}')", {}),
    "declares it, and loads what only a run tells": lambda name: (COMPUTED, {"dependencies": f'{{"{name}": "*"}}'}),
    "names the beginning": lambda name: (f"require('{name[:5]}' + process.argv[2])", {}),
    "names the end": lambda name: (f"require(process.argv[2] + '{name[4:]}')", {}),
    "wants it as a peer by name": lambda name: (
        f"const names = {{ a: '{name}' }}; require(names[process.argv[2]])",
        {"peerDependencies": f'{{"{name}": "*"}}'},
    ),
}
"""How a module can really come to load another, by what Node.js does."""


@pytest.mark.one_python
@given(ways=st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=5), own=st.booleans())
def test_what_is_loaded_through_any_chain_of_modules_is_never_said_to_be_unused(ways, own):
    """Each module loads the next one in some way; the application loads the first."""
    names = [f"link-to{number}" for number in range(len(ways) + 1)]
    trees = [package("used")]
    for way, name, following in zip(ways, names, names[1:], strict=False):
        source, manifest = WAYS[way](following)
        trees.append(tidy(name, source, **manifest))
    trees.append(tidy(names[-1]))
    first = f"require('{names[0]}')" if own else f"x = ['{names[0]}']; require(x[0])"
    trees.append({"app/run.js": f"require('used'); {first}"})
    for name in names:
        assert state(*trees, name=f"node-{name}").in_use is not InUse.NO
