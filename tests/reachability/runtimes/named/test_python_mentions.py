"""Which Python distributions are said not to be in use."""

import re
import zlib
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.inventory.installed.inventory import read_installed
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.named.python_mentions import _dotted_in
from gate.reachability.runtimes.packages.state import key_of
from tests.reachability.runtimes.conftest import SmallTree, make_elf
from tests.reachability.runtimes.test_states import deb

LIB = "usr/lib/python3.13"
SITE = "opt/venv/lib/python3.13/site-packages"


def distribution(name, code="", entry_points="", module=None, scripts=()):
    """The files of an installed distribution with one package, and commands that are links to nothing."""
    module = module or name.replace("-", "_")
    folder = f"{SITE}/{name}-1.dist-info"
    record = [f"{module}/__init__.py", *(f"../../../bin/{script}" for script in scripts)]
    return {
        f"{SITE}/{module}/__init__.py": code,
        f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{folder}/RECORD": "".join(f"{path},,\n" for path in record),
        **({f"{folder}/entry_points.txt": entry_points} if entry_points else {}),
        **{f"!opt/venv/bin/{script}": "#!/opt/venv/bin/python\n" for script in scripts},
    }


PYTHON = {
    "!usr/bin/python3.13": "",
    "opt/venv/bin/python": "-> /usr/bin/python3.13",
    "opt/venv/pyvenv.cfg": "home = /usr/bin\n",
    f"{LIB}/os.py": "",
    f"{LIB}/importlib/metadata/__init__.py": "def entry_points(): return [x for d in distributions() for x in d]\n",
}


def states(*parts, code="", command="python main.py"):
    tree = {**PYTHON, "app/main.py": code}
    for part in parts:
        tree |= part
    files = SmallTree(tree)
    packages = read_installed(files).packages
    runtime = Runtime(cmd=command.split(), working_dir="/app", env=["PATH=/opt/venv/bin"])
    answer = analyse(files, runtime, packages)
    return {package.name: answer.states[key_of(package)].in_use for package in packages}


ASKS = "import importlib.metadata\nfor each in importlib.metadata.entry_points(group='shop.parts'): each.load()\n"


def test_what_nothing_names_is_not_in_use_though_plug_ins_are_looked_for():
    plugin = distribution("plugin", entry_points="[shop.parts]\na = plugin\n")
    other = distribution("other", entry_points="[mail.parts]\na = other\n[console_scripts]\nother = other:main\n")
    found = states(plugin, other, distribution("idle"), code=ASKS)
    assert found == {"plugin": InUse.YES, "other": InUse.NO, "idle": InUse.NO}


@pytest.mark.parametrize("path", ["app/shop.robot", "app/shop.yaml", "app/tests/shop.feature"])
def test_a_dotted_name_in_an_own_text_counts_whatever_its_ending_is(path):
    loads = distribution("loads", "import importlib, sys\nimportlib.import_module(sys.argv[1])\n")
    text = {path: "Library    named.keywords.Orders\n"}
    found = states(loads, distribution("named"), distribution("idle"), text, code="import loads\n")
    assert (found["named"], found["idle"]) == (InUse.UNKNOWN, InUse.NO)


ALL = "import importlib.metadata as all, pkgutil\n"
GROUP = "[shop.parts]\na = plugin\n"
CALLS = "\nload('shop', 'parts')\n"


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("all.entry_points(group=f'{NAME}.parts')", GROUP),
        ("NAME = 'shop'\nload = lambda kind: all.entry_points(group=f'{NAME}.{kind}')\nload('parts')", GROUP),
        ("load = lambda *names: all.entry_points(group='.'.join(names))" + CALLS, GROUP),
        ("load = lambda *names: all.entry_points(group='_'.join(names))" + CALLS, "[shop_parts]\na = plugin\n"),
        ("load = lambda a, b: all.entry_points(group='%s.%s' % (a, b))" + CALLS, GROUP),
        ("all.entry_points(group=f'{__package__}.{kind}')", "[library.parts]\na = plugin\n"),
        ("[each for each in all.entry_points() if each.group.startswith('shop')]", GROUP),
        ("[each for each in all.entry_points() if re.match('^shop[.]', each.group)]", GROUP),
    ],
)
def test_a_group_that_a_library_puts_together_may_be_asked_for(code, group):
    plugin, idle = distribution("plugin", entry_points=group), distribution("idle", entry_points="[mail.x]\na = idle\n")
    found = states(distribution("library", ALL + code), plugin, idle, code="import library\n")
    assert (found["plugin"], found["idle"]) == (InUse.UNKNOWN, InUse.NO)


def test_a_group_is_put_together_only_by_what_asks_for_plug_ins():
    plugin = distribution("plugin", entry_points=GROUP)
    found = states(distribution("library", "load = print" + CALLS), plugin, code="import library\n")
    assert found["plugin"] is InUse.NO


TAKEN = """\
import importlib.metadata as all
def load(name):
    return [each.load() for each in all.distribution(name).entry_points]
"""


@pytest.mark.parametrize(
    ("name", "more", "command"),
    [
        ("load('Odd-Name')", {}, "python main.py"),
        ("load('odd_name==1')", {}, "python main.py"),
        ("load(settings.name)", {"app/shop.ini": "use = egg:Odd-Name#main\n"}, "python main.py"),
        ("load(sys.argv[1])", {}, "python main.py Odd-Name"),
        ("(lambda name: load('odd-' + name))('name')", {}, "python main.py"),
    ],
)
@pytest.mark.parametrize("is_own", [True, False])
def test_a_distribution_that_is_taken_by_its_own_name_may_be_loaded(name, more, command, is_own):
    odd = distribution("odd-name", module="shop")
    library = distribution("library", TAKEN + ("" if is_own else name))
    own = TAKEN + name if is_own else "import library\n"
    found = states(odd, library, distribution("idle"), more, code=own, command=command)
    assert (found["odd-name"], found["idle"]) == (InUse.UNKNOWN, InUse.NO)


def test_the_name_of_a_distribution_is_none_of_a_module_where_nothing_takes_any_by_it():
    found = states(distribution("odd-name", module="shop"), code="print('Odd-Name')\n")
    assert found["odd-name"] is InUse.NO


def test_a_name_in_code_that_is_evaluated_counts():
    found = states(distribution("plugin"), distribution("idle"), code="eval('__import__(\"plugin\")')\n")
    assert (found["plugin"], found["idle"]) == (InUse.UNKNOWN, InUse.NO)


@pytest.mark.parametrize(
    "source",
    [
        "pkgutil.iter_modules()",
        "(each for each in pkgutil.iter_modules() if re.match('plug[-_]', each.name))",
        "(each for each in all.distributions() if 'shop' in each.metadata['Keywords'])",
        "(name for each in sys.path for name in os.listdir(each))",
    ],
)
def test_a_library_that_goes_through_all_that_is_installed_may_load_any(source):
    """As plug-ins that have no group of entry points are found ("Creating and discovering plugins")."""
    code = f"{ALL}import importlib\nfor name in {source}: importlib.import_module(name)\n"
    found = states(distribution("library", code), distribution("plugin"), code="import library\n")
    assert found["plugin"] is InUse.UNKNOWN


def test_the_last_distribution_that_is_named_is_searched_for_programs_too():
    system = {
        "etc/os-release": "ID=debian\nVERSION_ID='13'\n",
        "var/lib/dpkg/status": deb("tidy") + deb("idle"),
        "var/lib/dpkg/info/tidy.list": "/usr/bin/tidy\n",
        "var/lib/dpkg/info/idle.list": "/usr/bin/idle\n",
        "!usr/bin/tidy": make_elf(),
        "!usr/bin/idle": make_elf(),
    }
    last = distribution("plugin", "import subprocess\nsubprocess.run(['tidy', '-q'])\n")
    code = f"{ALL}import importlib\nfor name in pkgutil.iter_modules(): importlib.import_module(name)\n"
    found = states(distribution("library", code), last, system, code="import library\n")
    assert (found["tidy"], found["idle"]) == (InUse.UNKNOWN, InUse.NO)


MADE = "def f(name):\n    found = [other.real(each) for each in sys.path]\n"


@pytest.mark.parametrize(
    ("code", "in_use"),
    [
        ("sys.path = [each for each in sys.path if each not in ('', '.')]", InUse.NO),
        ("sys.path[:] = [each for each in sys.path if each]", InUse.NO),
        ("kept = {'path': [each or '/' for each in sys.path]}", InUse.NO),
        (
            f"{MADE}    if a not in found: found.insert(0, a)\n    log('found')\n    sys.path = found\nos.listdir(b)",
            InUse.NO,
        ),
        (f"{MADE}    while a in found:\n        found.remove(a)\n    sys.path = found\n", InUse.NO),
        (f"{MADE}    sys.path = found\n    os.listdir(name)\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    other.list(found)\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    for each in found: other.list(each)\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    return found\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    all = found\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    other.list(found[0])\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    other.list(*found)\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found\n    def g():\n        return map(other.list, found)\n", InUse.UNKNOWN),
        (f"{MADE}    sys.path = found + a\n    other.list(a)\nos.listdir(a)\n", InUse.UNKNOWN),
        ("found = [each for each in sys.path]\nsys.path = found\nos.listdir(a)\n", InUse.UNKNOWN),
        ("def walk():\n    '''walk_packages() lists all modules'''\n", InUse.NO),
        ("# pkgutil.walk_packages()", InUse.NO),
        ("sys.path = [each for each in sys.path if each]\nfor each in sys.path: other.load(each)", InUse.UNKNOWN),
        ("sys.path = [each for each in sys.path]\nfound = [os.listdir(each) for each in sys.path]", InUse.UNKNOWN),
        ("kept = [each for each in sys.path]\nfor each in kept: os.scandir(each)", InUse.UNKNOWN),
        ("kept = [other.listed(each) for each in sys.path]", InUse.UNKNOWN),
        ("kept = [each for folder in map(other.listed, sys.path) for each in sys.path]", InUse.UNKNOWN),
        ("kept = dict((each, 1) for each in sys.path)", InUse.UNKNOWN),
        ("for each in sys.path: other.load(each)", InUse.UNKNOWN),
        ("kept = '''exec'''\npkgutil.walk_packages()", InUse.UNKNOWN),
    ],
)
def test_a_list_of_the_folders_on_the_path_finds_nothing_in_them(code, in_use):
    code = f"import importlib\n{code}\nimportlib.import_module(name)\n"
    found = states(distribution("library", code), distribution("plugin"), code="import library\n")
    assert found["plugin"] is in_use


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("library.load('_'.join(['shop', 'x']))", {}),
        ("library.load('%s_%s' % ('shop', 'x'))", {}),
        ("library.load('shop-x')", {}),
        ("library.load('Shop_X')", {}),
        ("", {"app/shop.yaml": "plugins: [shop-x]\n"}),
    ],
)
def test_own_code_and_settings_name_a_module_by_parts_and_as_its_distribution(code, extra):
    library = distribution("library", "load = lambda name: importlib.import_module(name.replace('-', '_'))")
    found = states(library, distribution("shop-x"), distribution("idle-x"), extra, code=f"import library\n{code}\n")
    assert (found["shop-x"], found["idle-x"]) == (InUse.UNKNOWN, InUse.NO)


def test_what_has_data_in_a_folder_of_a_library_may_be_loaded_by_it():
    """As `etc/jupyter/jupyter_server_config.d/x.json` enables an extension."""
    record = {f"{SITE}/plugin-1.dist-info/RECORD": "plugin/__init__.py,,\n../../../etc/library/a.d/plugin.json,,\n"}
    data = {"opt/venv/etc/library/a.d/plugin.json": "{}"}
    found = states(distribution("library"), distribution("plugin"), record, data, code="import library\n")
    assert found["plugin"] is InUse.UNKNOWN
    assert states(distribution("library"), distribution("plugin"), code="import library\n")["plugin"] is InUse.NO


@pytest.mark.parametrize(
    ("words", "folder", "named"),
    [
        ("tests", "/site", InUse.UNKNOWN),
        ("/site/tests", "/", InUse.UNKNOWN),
        ("--suites=/site/tests", "/", InUse.UNKNOWN),
        ("", "/site/tests", InUse.UNKNOWN),
        ("tests", "/other", InUse.NO),
    ],
)
def test_what_a_tool_finds_in_the_folder_it_works_in_or_is_given_names_distributions(words, folder, named):
    code = "import importlib, sys\ndef main(): importlib.import_module(sys.argv[1])\n"
    tree = PYTHON | distribution("tool", code, scripts=("tool",)) | distribution("named")
    tree |= {
        "!opt/venv/bin/tool": "#!/opt/venv/bin/python\nfrom tool import main\nmain()\n",
        "site/tests/orders.robot": "*** Settings ***\nLibrary    named\n",
    }
    files = SmallTree(tree)
    packages = read_installed(files).packages
    runtime = Runtime(cmd=["tool", *words.split()], working_dir=folder, env=["PATH=/opt/venv/bin"])
    answer = analyse(files, runtime, packages)
    assert {one.name: answer.states[key_of(one)].in_use for one in packages}["named"] is named


HELD = {
    f"{SITE}/outer/_vendor/deep/__init__.py": "",
    f"{SITE}/outer/_vendor/deep-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: deep\nVersion: 1\n",
    f"{SITE}/outer/_vendor/deep-1.dist-info/RECORD": "deep/__init__.py,,\n",
}
RELATIVE = "def f():\n    from ._vendor import deep\n"


@pytest.mark.parametrize(
    ("code", "command", "expected"),
    [
        ("name = 'outer'\n", "python main.py", InUse.UNKNOWN),
        ("", "python main.py outer", InUse.UNKNOWN),
        ("", "python main.py", InUse.NO),
    ],
)
def test_a_distribution_that_another_holds_may_be_loaded_where_the_other_one_may_be(code, command, expected):
    found = states(distribution("outer", RELATIVE), HELD, code=code, command=command)
    assert found == {"outer": expected, "deep": expected}


def test_a_folder_of_commands_beside_the_modules_is_no_module():
    """A copy in another package's `_vendor` has its commands in a folder `bin` of its own."""
    held = distribution("held")
    held[f"{SITE}/held-1.dist-info/RECORD"] += "bin/hold,,\n"
    assert states(held, code="x = 'bin'")["held"] is InUse.NO
    assert states(held, code="x = 'hold'")["held"] is InUse.UNKNOWN


@pytest.mark.parametrize("group", ["'mail.parts'", "f'mail.{kind}'", "'mail.' + kind"])
def test_a_group_of_entry_points_that_a_library_names_may_be_asked_for(group):
    plugin = distribution("other", entry_points="[mail.parts]\na = other\n")
    library = distribution("library", code=f"def f(kind): return load({group})\n")
    assert states(plugin, library, code="import library\n")["other"] is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("library", "in_use"),
    [
        ("# idle\n'''idle'''\nidle = 1\n", InUse.NO),
        ("def f(): import idle\n", InUse.UNKNOWN),
        ("X = 'idle.parts'\n", InUse.UNKNOWN),
        ("X = ['idle-run', '--now']\n", InUse.UNKNOWN),
        ("X = enum(idle=1)\nimport_module(X)\n", InUse.UNKNOWN),
    ],
)
def test_a_distribution_is_not_in_use_if_no_code_in_use_names_it(library, in_use):
    found = states(
        distribution("library", code=library), distribution("idle", scripts=["idle-run"]), code="import library\n"
    )
    assert found["idle"] is in_use


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("app/settings.yaml", "backend: idle.parts.Backend\n"),
        ("app/.env", "BACKEND=idle.parts\n"),
        ("app/gone.py", "import idle\n"),
        ("app/parts/deep.py", "import idle.parts\n"),
    ],
)
def test_what_the_programs_own_files_name_is_not_said_to_be_unused(path, content):
    assert states(distribution("idle"), {path: content})["idle"] is InUse.UNKNOWN


def test_a_module_named_at_run_time_leaves_what_is_named_somewhere_unknown_and_not_the_rest():
    code = "import sys\nfrom importlib import import_module\nNAMES = ['one']\nimport_module(pick(NAMES))\n"
    found = states(distribution("one", code="import two\n"), distribution("two"), distribution("idle"), code=code)
    assert found == {"one": InUse.UNKNOWN, "two": InUse.UNKNOWN, "idle": InUse.NO}


@pytest.mark.parametrize("word", ["idle", "--backend=idle", "idle.parts:Backend"])
def test_a_word_on_the_command_line_may_be_a_module(word):
    assert states(distribution("idle"), command=f"python main.py {word}")["idle"] is not InUse.NO


@pytest.mark.parametrize(("name", "in_use"), [("tzdata", InUse.UNKNOWN), ("six", InUse.NO)])
def test_the_standard_library_names_few_distributions(name, in_use):
    zoneinfo = {f"{LIB}/zoneinfo.py": "PLACE = 'tzdata.zoneinfo'\nX = 'six'\n"}
    assert states(distribution(name), zoneinfo, code="import zoneinfo\n")[name] is in_use


@pytest.mark.parametrize(("code", "in_use"), [("import zoneinfo\n", InUse.UNKNOWN), ("import os\n", InUse.NO)])
def test_zones_are_loaded_by_the_standard_library_for_a_distribution_that_is_only_named(code, in_use):
    parts = (
        distribution("library", "NAMES = ['one']\nload(NAMES)\n"),
        distribution("one", code),
        distribution("tzdata"),
    )
    assert states(*parts, code="import library\n")["tzdata"] is in_use


def test_what_pip_holds_itself_is_not_the_distribution_of_that_name():
    pip = distribution("pip", code="from pip._vendor import idle\nvendored('idle')\nload('keyring')\n")
    found = states(pip, distribution("idle"), distribution("keyring"), code="import pip\n")
    assert (found["idle"], found["keyring"]) == (InUse.NO, InUse.UNKNOWN)


def test_a_module_too_large_to_read_leaves_the_rest_unknown(monkeypatch):
    monkeypatch.setattr("gate.reachability.runtimes.python.read.MAX_SOURCE", 50)
    library = distribution("library") | {f"{SITE}/library/large.py": "#" * 60}
    library[f"{SITE}/library-1.dist-info/RECORD"] += "library/large.py,,\n"
    assert states(library, distribution("idle"), code="import library\n")["idle"] is InUse.UNKNOWN


def test_tests_of_python_itself_name_nothing():
    code = "try:\n    import json\nexcept ImportError:\n    import test.support\n"
    support = {f"{LIB}/test/__init__.py": "", f"{LIB}/test/support/__init__.py": "import setuptools\n"}
    assert states(distribution("setuptools"), support, code=code) == {"setuptools": InUse.NO}
    venv = {f"{LIB}/venv.py": "def make():\n    import setuptools\n"}
    assert states(distribution("setuptools"), venv, code="import venv\n") == {"setuptools": InUse.UNKNOWN}


@given(st.lists(st.sampled_from([b"shop", b"_x9", b"a" * 61, b"b" * 62, b"7", b".", b"-", b"\0"]), max_size=12))
def test_a_dotted_name_of_a_compiled_module_is_found_by_its_dot(parts):
    content = b"".join(parts)
    names = set(re.findall(rb"(?<![\w.-])([A-Za-z_]\w{1,60})(?=\.[A-Za-z_])", content))
    assert set(array("I", _dotted_in(content))) == set(map(zlib.crc32, names))
