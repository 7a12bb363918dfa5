"""What Python programs import."""

import pytest

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

pytestmark = pytest.mark.every_python

LIB = "usr/lib/python3.13"
SITE = "opt/venv/lib/python3.13/site-packages"
PYTHON = {
    "!usr/bin/python3.13": "",
    "usr/bin/python3": "-> python3.13",
    f"{LIB}/os.py": "",
    f"{LIB}/json/__init__.py": "def load():\n    import decimal\n",
    f"{LIB}/decimal.py": "",
    "opt/venv/bin/python": "-> /usr/bin/python3",
    "opt/venv/pyvenv.cfg": "home = /usr/bin\ninclude-system-site-packages = false\n",
    f"{SITE}/web/__init__.py": "from . import core\ndef later():\n    import extra, needed\n",
    f"{SITE}/web/core.py": "try:\n    import speed\nexcept ImportError:\n    import slow\nX = 'web.parts.one'\n",
    f"{SITE}/web/parts/__init__.py": "",
    f"{SITE}/web/parts/one.py": "",
    f"{SITE}/web-1.dist-info/METADATA": "Name: web\nRequires-Dist: needed\nRequires-Dist: extra; extra == 'x'\n",
    f"{SITE}/web-1.dist-info/RECORD": "web/__init__.py,,\nweb/core.py,,\nweb/parts/__init__.py,,\nweb/parts/one.py,,\n",
    **{
        path: content
        for name in ("extra", "needed", "speed", "slow", "unused")
        for path, content in {
            f"{SITE}/{name}.py": "",
            f"{SITE}/{name}-1.dist-info/METADATA": f"Name: {name}\nVersion: 1\n",
            f"{SITE}/{name}-1.dist-info/RECORD": f"{name}.py,,\n",
        }.items()
    },
    "usr/lib/python3/dist-packages/web.py": "",
}


def modules(found, *folders):
    """The modules below the sites, and in the folders given, by their names."""
    places = (SITE, *folders)
    return {
        path.removeprefix(place + "/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for path in found
        for place in places
        if path.startswith(place + "/") and path.endswith((".py", ".so"))
    }


ARCHIVE = b"PK\3\4" + bytes(30)
WEB = {"web", "web.core", "web.parts", "web.parts.one", "speed"}


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"app/main.py": "import web\n"}, "/opt/venv/bin/python main.py"),
        ({"app/main.py": "import web\n"}, "/opt/venv/bin/python -u -W error main.py"),
        ({"app/main.py": "import web\n"}, "/opt/venv/bin/python -m main"),
        ({}, "/opt/venv/bin/python -c 'import web'"),
        ({}, "/opt/venv/bin/python -m web"),
        ({"!opt/venv/bin/web": "#!/opt/venv/bin/python\nfrom web import main\n"}, "/opt/venv/bin/web"),
        ({"app/main.py": "def main():\n    import web\n"}, "/opt/venv/bin/python main.py"),
        ({"app/run.py": "", "app/shop/wsgi.py": "import web\n"}, "/opt/venv/bin/python run.py shop.wsgi:application"),
        ({"app/run.py": "", "app/tasks.py": "import web\n"}, "/opt/venv/bin/python run.py -A tasks worker"),
    ],
)
def test_a_program_imports(run, files, command):
    found = run({**PYTHON, **files}, command)
    assert modules(found.certain) == WEB
    assert modules(found.possible) - WEB == {"extra", "needed", "slow"}


def test_the_settings_module_is_named_by_a_variable(run):
    tree = {**PYTHON, "app/run.py": "", "app/conf.py": "INSTALLED_APPS = ['unused']\n"}
    found = run(tree, "/opt/venv/bin/python run.py", DJANGO_SETTINGS_MODULE="conf")
    assert "unused" in modules(found.certain)


def test_an_address_names_its_driver(run):
    tree = {**PYTHON, "app/run.py": "", f"{SITE}/psycopg2/__init__.py": ""}
    assert "psycopg2" in modules(run(tree, "/opt/venv/bin/python run.py", URL="postgresql://db/x").certain)


def test_without_its_environment_a_program_sees_the_systems_packages(run):
    found = run({**PYTHON, "app/main.py": "import web\n"}, "/usr/bin/python3 main.py")
    assert "usr/lib/python3/dist-packages/web.py" in found.certain
    assert modules(found.certain) == set()


def test_a_namespace_package_is_joined_over_its_folders(run):
    tree = {**PYTHON, "app/main.py": "import ns.a, ns.b\n", "app/ns/a.py": "", f"{SITE}/ns/b.py": ""}
    assert {"ns.a", "ns.b"} <= modules(run(tree, "/opt/venv/bin/python main.py").certain, "app")


def test_a_pth_file_adds_a_folder(run):
    tree = {**PYTHON, "app/main.py": "import mine\n", f"{SITE}/x.pth": "/srv/code\n# no\n", "srv/code/mine.py": ""}
    found = run(tree, "/opt/venv/bin/python main.py")
    assert {"srv/code/mine.py", f"{SITE}/x.pth"} <= set(found.certain)


MAPPED = "MAPPING = {'mine': '/srv/code/mine'}\nALL = '/usr/lib'\n"
MAPS_MODULE = "F.map_module('mine', '/srv/code/mine/__init__.py')\n"


@pytest.mark.parametrize("finder", [MAPPED, MAPS_MODULE])
def test_a_project_is_used_where_it_is_edited(run, finder):
    installed = {f"{SITE}/x.pth": "import _finder; _finder.install()\n", f"{SITE}/_finder.py": finder}
    project = {"srv/code/mine/__init__.py": "from mine import jobs\n", "srv/code/mine/jobs.py": "import unused\n"}
    found = run({**PYTHON, **installed, **project, "app/main.py": "import mine\n"}, "/opt/venv/bin/python main.py")
    assert {"unused", "_finder"} <= modules(found.certain)
    assert not any(path.startswith("usr/lib/python3/") for path in found.possible)


@pytest.mark.parametrize(
    "text", ["\ufeffimport web", "\fimport web", "import os\rimport web\r", "import os\r\nimport web"]
)
def test_marks_of_editors_hide_no_import(run, text):
    found = run({**PYTHON, "app/main.py": text}, "/opt/venv/bin/python main.py")
    assert "web" in modules(found.certain)


def test_the_standard_library_of_fedora_lies_in_another_folder(run):
    tree = {"!usr/bin/python3.13": "", "usr/lib64/python3.13/os.py": "", "usr/lib64/python3.13/json.py": ""}
    found = run({**tree, "app/main.py": "import json\n"}, "/usr/bin/python3.13 main.py")
    assert "usr/lib64/python3.13/json.py" in found.certain


def test_a_compiled_module_goes_before_source_and_is_followed_as_a_library(run):
    tree = {
        **PYTHON,
        "app/main.py": "import fast\n",
        f"{SITE}/fast.cpython-313-x86_64-linux-gnu.so": "",
        f"{SITE}/fast.py": "",
    }
    found = run(tree, "/opt/venv/bin/python main.py")
    assert f"{SITE}/fast.cpython-313-x86_64-linux-gnu.so" in found.certain
    assert f"{SITE}/fast.py" not in found.certain


@pytest.mark.parametrize(
    "text",
    [
        "from importlib.metadata import entry_points\nentry_points(group='shop.plugins')\n",
        "plugins = pluggy.PluginManager('shop')\nplugins.load_setuptools_entrypoints('shop.plugins')\n",
        "from stevedore import ExtensionManager\nExtensionManager('shop.plugins')\n",
    ],
)
def test_plugins_are_loaded_where_their_group_is_asked_for(run, text):
    tree = {
        **PYTHON,
        "app/main.py": text,
        f"{SITE}/unused-1.dist-info/entry_points.txt": "[shop.plugins]\nx = unused:make\n",
    }
    assert "unused" in modules(run(tree, "/opt/venv/bin/python main.py").certain)


ASKS = "from importlib.metadata import entry_points\n"


@pytest.mark.parametrize(
    ("text", "of", "code", "is_certain"),
    [
        ("for ep in entry_points(group='web.parts'): ep.load()\n", "unused", "", True),
        ("ep = entry_points(group='web.parts', name=name)\n", "unused", "", False),
        ("ep = entry_points(group='web.parts', name=name)\n", "unused", "part = 'fine'\n", True),
        ("ep = entry_points(group='web.parts', name=name)\n", "unused", "web.connect('fine://a')\n", True),
        ("ep = entry_points(group='web.parts', name='fine')\n", "unused", "", True),
        ("ep = entry_points(group='web.parts').select(name=name)\n", "unused", "", False),
        ("for ep in entry_points(group='web.parts'):\n    if ep.name == name: ep.load()\n", "unused", "", False),
        ("ep = pkg_resources.iter_entry_points('web.parts', name)\n", "unused", "", False),
        ("ep = pkg_resources.iter_entry_points('web.parts')\n", "unused", "", True),
        ("ep = stevedore.DriverManager('web.parts', name)\n", "unused", "", False),
        ("for ep in entry_points(group='web.parts'): ep.load()\n", "web", "", False),
        ("for ep in entry_points(group='web.parts'): ep.load()\n", "web", "web.fine.connect()\n", True),
    ],
)
def test_a_plugin_that_is_chosen_by_its_name_is_loaded_where_something_states_that(run, text, of, code, is_certain):
    """What a distribution registers for itself it chooses of, too."""
    tree = {
        f"{SITE}/web/core.py": ASKS + text,
        f"{SITE}/{of}-1.dist-info/entry_points.txt": "[web.parts]\nfine = unused:make\n",
        f"{SITE}/unused.py": "import slow\n",
        "app/main.py": f"import web\n{code}",
    }
    found = run(PYTHON | tree, "/opt/venv/bin/python main.py")
    assert ("slow" in modules(found.certain)) is is_certain
    assert "unused" in modules({**found.certain, **found.possible})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import importlib\nimportlib.import_module(name)\n", 2),
        ("__import__(x)\n", 1),
        ("for m in pkgutil.iter_modules(p):\n  pass\n", 1),
    ],
)
def test_what_only_a_run_would_import_is_a_gap(run, text, line):
    found = run({**PYTHON, "app/main.py": text}, "/opt/venv/bin/python main.py")
    assert [(gap.path, gap.line, gap.within) for gap in found.gaps] == [("app/main.py", line, "app")]


@pytest.mark.parametrize(
    "text", ["import main\n", "def (:\nimport web\n", "print 'x'\nimport web\n", "\0\xff import web"]
)
def test_circles_mistakes_and_old_sources_are_no_trouble(run, text):
    found = run({**PYTHON, "app/main.py": text}, "/opt/venv/bin/python main.py")
    assert "app/main.py" in found.certain


def test_the_evidence_names_the_importing_line(run):
    found = run({**PYTHON, "app/main.py": "\nimport web\n"}, "/opt/venv/bin/python main.py")
    assert found.certain[f"{SITE}/web/__init__.py"] == Because("app/main.py", "imports", 2)


def test_there_may_be_very_many_modules():
    many = {f"app/m{number}.py": f"import m{number + 1}\n" for number in range(3_000)}
    start = StartedProgram(
        program="usr/bin/python3", arguments=("m0.py",), folder="/app", because=Because("", "starts")
    )
    found = explore([start], Files(SmallTree({**PYTHON, **many})))
    assert "app/m2999.py" in found.certain


@pytest.mark.parametrize(
    ("place", "variables", "is_found"),
    [
        ("root/.local", {}, True),
        ("home/shop/.local", {}, True),
        ("home/shop/.local", {"HOME": "/home/shop"}, True),
        ("root/.local", {"HOME": "/home/shop"}, False),
        ("opt/own", {"PYTHONUSERBASE": "/opt/own"}, True),
        ("root/.local", {"PYTHONNOUSERSITE": "1"}, False),
    ],
)
def test_what_pip_installs_for_a_user_is_imported(run, place, variables, is_found):
    site = f"{place}/lib/python3.13/site-packages"
    tree = {f"{site}/mine.py": "", "app/run.py": "import mine\n"}
    assert (f"{site}/mine.py" in run(PYTHON | tree, "python3 run.py", **variables).certain) == is_found


def test_a_virtual_environment_has_none_of_what_pip_installs_for_a_user(run):
    tree = {"root/.local/lib/python3.13/site-packages/mine.py": "", "app/run.py": "import mine\n"}
    assert not any("mine" in path for path in run(PYTHON | tree, "/opt/venv/bin/python run.py").certain)


def test_what_pythonpath_names_is_the_programs_own_code(run):
    """So the applications in its settings are followed."""
    tree = PYTHON | {"src/shop/settings.py": "INSTALLED_APPS = ['web']\n", "src/shop/__init__.py": ""}
    found = run(tree, "/opt/venv/bin/python -m shop.settings", PYTHONPATH="/src")
    assert f"{SITE}/web/core.py" in found.certain


def test_pythonhome_names_the_standard_library(run):
    found = run(
        PYTHON | {"opt/own/lib/python3.13/os.py": ""}, "python3 -c pass", PYTHONHOME="/opt/own", PATH="/usr/bin"
    )
    assert "opt/own/lib/python3.13/os.py" in found.certain
    assert f"{LIB}/os.py" not in found.certain


@pytest.mark.parametrize(("first", "is_certain"), [("missing", True), ("speed", False)])
def test_a_fallback_is_imported_where_the_first_choice_is_not_there(run, first, is_certain):
    code = f"try:\n    import {first}\nexcept ImportError:\n    import slow\n"
    found = run(PYTHON | {"app/run.py": code}, "/opt/venv/bin/python run.py")
    assert (f"{SITE}/slow.py" in found.certain) == is_certain


@pytest.mark.parametrize(
    ("text", "is_certain"),
    [
        ("try:\n    import missing\nexcept ImportError:\n    import json\n    import slow\n", True),
        ("try:\n    import missing\n    import gone\nexcept ImportError:\n    import json, slow\n", True),
        ("try:\n    import speed\nexcept ImportError:\n    import json\n    import slow\n", False),
        ("try:\n    import missing\nexcept ImportError:\n    import speed\n    import slow\n", False),
    ],
)
def test_a_fallback_may_need_the_standard_library_too(run, text, is_certain):
    """As Django's module for PostgreSQL does."""
    found = run(PYTHON | {f"{SITE}/web/core.py": text, "app/main.py": "import web\n"}, "/opt/venv/bin/python main.py")
    assert ("slow" in modules(found.certain)) is is_certain


@pytest.mark.parametrize(
    ("text", "is_certain"),
    [
        ("if sys.version_info >= (3, 13):\n    import slow\n", True),
        ("if sys.version_info >= (3, 14):\n    import slow\n", False),
        ("if sys.version_info < (3, 8):\n    import slow\n", False),
        ("if sys.version_info >= (3, 8):\n    import json\nelse:\n    import slow\n", False),
        ("if sys.version_info >= (3, 14):\n    import json\nelse:\n    import slow\n", True),
        (
            "try:\n    import gone\nexcept E:\n    if sys.version_info < (3, 8):\n        import re\n    import slow\n",
            True,
        ),
        ("if FAST:\n    import speed\nelse:\n    import slow\n", False),
        ("if FAST:\n    import gone\nelse:\n    import slow\n", True),
        ("if FAST:\n    import gone\nelse:\n    import json\n    import slow\n", True),
        ("if FAST:\n    x = 1\nelse:\n    import slow\n", True),
    ],
)
def test_what_a_library_imports_for_another_version_or_as_a_second_choice_may_be_imported(run, text, is_certain):
    found = run(PYTHON | {f"{SITE}/web/core.py": text, "app/main.py": "import web\n"}, "/opt/venv/bin/python main.py")
    slow = f"{SITE}/slow.py"
    assert (slow in found.certain, slow in {**found.certain, **found.possible}) == (is_certain, True)


@pytest.mark.parametrize(
    ("importer", "is_certain"), [("web", False), ("pkg_resources", True), ("setuptools/_vendor/text", True)]
)
def test_what_setuptools_holds_is_imported_by_itself(run, importer, is_certain):
    tree = {
        f"{SITE}/{importer}/__init__.py": "import held\n",
        f"{SITE}/setuptools/_vendor/held/__init__.py": "",
        "app/main.py": f"import {importer.rpartition('/')[2]}\n",
    }
    if "_vendor" in importer:
        tree |= {"app/main.py": "import setuptools\n", f"{SITE}/setuptools/__init__.py": "import text\n"}
    found = run(PYTHON | tree, "/opt/venv/bin/python main.py")
    held = f"{SITE}/setuptools/_vendor/held/__init__.py"
    assert (held in found.certain, held in {**found.certain, **found.possible}) == (is_certain, True)


def test_of_own_code_each_choice_counts(run):
    code = "if FAST:\n    import speed\nelse:\n    import slow\n"
    assert "slow" in modules(run(PYTHON | {"app/main.py": code}, "/opt/venv/bin/python main.py").certain)


def test_a_program_of_many_modules_is_followed_within_bounds(run, monkeypatch):
    """The answer says that not all was followed."""
    monkeypatch.setattr("gate.reachability.runtimes.python.loading._MAX_MODULES", 100)
    many = {f"app/m{number}.py": f"import m{number + 1}, m{number + 2}\n" for number in range(200)}
    found = run(PYTHON | many | {"app/run.py": "import m0\n"}, "/opt/venv/bin/python run.py")
    assert [gap.reason for gap in found.gaps] == ["more than 100 modules"]


@pytest.mark.parametrize(
    ("words", "is_gap"),
    [
        (("web:app", "-w", UNKNOWN), False),
        (("web:app", f"--bind=127.0.0.1:{UNKNOWN}"), False),
        (("web:app", f"/srv/{UNKNOWN}.log"), False),
        ((UNKNOWN,), True),
        ((f"{UNKNOWN}:app",), True),
        (("-A", UNKNOWN), True),
        ((f"--app=shop.{UNKNOWN}",), True),
    ],
)
def test_an_argument_that_may_name_a_module_and_is_not_known_is_a_gap(words, is_gap):
    files = Files(SmallTree({**PYTHON, "app/main.py": ""}))
    start = StartedProgram(
        program="/opt/venv/bin/python", arguments=("main.py", *words), folder="/app", because=Because("", "entrypoint")
    )
    assert bool(explore([start], files).gaps) == is_gap


def test_a_variable_that_names_a_module_and_is_not_known_is_a_gap():
    start = StartedProgram(
        program="/opt/venv/bin/python",
        arguments=("main.py",),
        folder="/app",
        environment=(("DJANGO_SETTINGS_MODULE", UNKNOWN),),
        because=Because("", "entrypoint"),
    )
    (gap,) = explore([start], Files(SmallTree({**PYTHON, "app/main.py": ""}))).gaps
    assert (gap.kind, gap.reason) == ("PyPI", "is given a name that is known only at run time")


def test_a_module_that_a_library_needs_late_is_imported_where_something_asks_for_the_module_that_needs_it(run):
    """What a function imports may never be; what stands at the top of a module that it imports is needed with it."""
    late = {f"{SITE}/web/core.py": "import needed\n", f"{SITE}/web/__init__.py": "def f():\n    from . import core\n"}
    found = run(PYTHON | late | {"app/main.py": "import web\n"}, "/opt/venv/bin/python main.py")
    assert "needed" in modules(found.certain)


def test_what_a_module_of_a_library_imports_where_it_is_started_itself_is_not_imported_for_others(run):
    late = {f"{SITE}/web/core.py": "if __name__ == '__main__':\n    from web.parts import one\n"}
    late[f"{SITE}/web/parts/one.py"] = "import needed\n"
    found = run(PYTHON | late | {"app/main.py": "import web.core\n"}, "/opt/venv/bin/python main.py")
    assert "needed" not in modules(found.certain)
    assert "web.parts.one" in modules(found.possible)


CHOOSES = {
    f"{SITE}/web/core.py": "LOOPS = {'auto': 'web.loops:pick', 'slow': 'web.slowly:Loop'}\n",
    f"{SITE}/web/loops.py": "def pick():\n    try:\n        import speed\n    except ImportError:\n"
    "        import slow\n    else:\n        from web.fast import go\n",
    f"{SITE}/web/fast.py": "import extra\n",
    f"{SITE}/web/slowly.py": "import unused\n",
    f"{SITE}/web-1.dist-info/RECORD": "".join(
        f"web/{name}.py,,\n" for name in ("__init__", "core", "loops", "fast", "slowly")
    ),
}


def test_a_library_that_is_left_to_choose_loads_what_is_there(run):
    found = run(PYTHON | CHOOSES | {"app/main.py": "import web\n"}, "/opt/venv/bin/python main.py")
    assert {"speed", "web.fast", "extra"} <= modules(found.certain)
    assert not {"slow", "unused"} & modules(found.certain)


def test_a_library_that_chooses_and_only_may_be_loaded_chooses_nothing_for_certain(run):
    code = {"app/main.py": "try:\n    import json\nexcept ImportError:\n    import web\n"}
    found = run(PYTHON | CHOOSES | code, "/opt/venv/bin/python main.py")
    assert "speed" not in modules(found.certain)


ENABLES = {
    f"{SITE}/web/__init__.py": "def init():\n    from web import listing\n",
    f"{SITE}/web/listing.py": "_AUTO_ENABLED = [\n    'web.of_speed.Part',\n    'web.of_gone.Part',\n]\n",
    f"{SITE}/web/of_speed.py": "try:\n    import speed\nexcept ImportError:\n    raise Gone\n",
    f"{SITE}/web/of_gone.py": "import gone\n",
}


@pytest.mark.parametrize(
    ("code", "is_set_up"),
    [
        ("import web\nimport web.listing\nweb.init(dsn=None)\n", True),
        ("import web.listing\nfrom web import init\n", True),
        ("import web\nimport web.listing\nother.init()\n", False),
        ("import web\nimport web.listing\n", False),
    ],
)
def test_a_library_that_own_code_sets_up_loads_its_parts_for_what_is_there(run, code, is_set_up):
    """As Sentry's does."""
    found = run(PYTHON | ENABLES | {"app/main.py": code}, "/opt/venv/bin/python main.py")
    assert ("speed" in modules(found.certain)) == is_set_up


@pytest.mark.parametrize(
    ("code", "is_certain"),
    [
        ("frame.to_excel(out, engine='speed')\n", True),
        ('Soup(page, features="speed")\n', True),
        ("frame.to_excel(out, name='speed')\n", False),
        ("other_engine='speed'\n", False),
    ],
)
def test_own_code_asks_a_library_to_work_with_a_module(run, code, is_certain):
    found = run(PYTHON | CHOOSES | {"app/main.py": code}, "/opt/venv/bin/python main.py")
    assert ("speed" in modules(found.certain)) == is_certain


LOGGED = {
    "log.yaml": "formatters:\n  json: {class: unused.Json, format: x}\n",
    "log.yml": "handlers:\n  a:\n    (): unused.make\n",
    "log.json": '{"formatters": {"json": {"()": "unused.Json"}}}',
    "log.ini": "[formatter_json]\nclass=unused.Json\n",
}


@pytest.mark.parametrize("name", LOGGED)
@pytest.mark.parametrize("place", ["app", "etc/shop"])
def test_settings_state_the_classes_of_loggers(run, name, place):
    tree = PYTHON | {"app/main.py": "import web\n", f"{place}/{name}": LOGGED[name]}
    assert "unused" in modules(run(tree, "/opt/venv/bin/python main.py", LOG=f"/{place}/{name}").certain)
    assert "unused" in modules(run(tree, f"/opt/venv/bin/python main.py --log-config=/{place}/{name}").certain)
    if place != "app":
        assert "unused" not in modules(run(tree, "/opt/venv/bin/python main.py").certain)


def test_an_address_in_a_file_of_variables_names_its_driver(run):
    tree = PYTHON | {"app/main.py": "import web\n", "app/.env": "# one\nURL=sqlite+speed:////tmp/one\n"}
    tree[f"{SITE}/web/core.py"] = ""
    assert "speed" in modules(run(tree, "/opt/venv/bin/python main.py").certain)
    tree["app/.env.example"] = tree.pop("app/.env")
    assert "speed" not in modules(run(tree, "/opt/venv/bin/python main.py").certain)


@pytest.mark.parametrize(
    ("code", "is_certain"),
    [
        ("import web\n", False),
        ("import kombu\n", True),
        ("def send():\n    import kombu\nsend()\n", True),
        ("import web\nURL = 'redis://one'\n", False),
        ("URL = 'redis://one'\nimport kombu\n", True),
    ],
)
def test_the_part_of_a_library_for_an_address_is_loaded_if_the_library_is(run, code, is_certain):
    tree = PYTHON | {"app/main.py": code, f"{SITE}/kombu/__init__.py": "", f"{SITE}/kombu/transport/__init__.py": ""}
    tree[f"{SITE}/kombu/transport/redis.py"] = "import needed\n"
    found = run(tree, "/opt/venv/bin/python main.py", **({} if "://" in code else {"URL": "redis://one"}))
    assert ("kombu.transport.redis" in modules(found.certain)) is is_certain
    assert "kombu.transport.redis" in modules(found.certain | found.possible)


@pytest.mark.parametrize(("requires", "is_loaded"), [("Requires-Dist: cffi\n", True), ("", False)])
def test_a_module_that_cffi_compiled_needs_it(run, requires, is_loaded):
    tree = PYTHON | {
        "app/main.py": "import bound._ffi\n",
        f"{SITE}/bound/__init__.py": "",
        f"{SITE}/bound/_ffi.abi3.so": "",
        f"{SITE}/bound-1.dist-info/METADATA": f"Name: bound\n{requires}",
        f"{SITE}/bound-1.dist-info/RECORD": "bound/__init__.py,,\nbound/_ffi.abi3.so,,\n",
        f"{SITE}/_cffi_backend.so": "",
    }
    found = run(tree, "/opt/venv/bin/python main.py")
    assert (f"{SITE}/_cffi_backend.so" in found.certain) is is_loaded


def test_what_a_registered_function_of_the_program_imports_counts_unless_it_is_another_command(run):
    code = """import web
@web.on_start(
  '/'
)
def f():
    import unused
@web.command()
def build():
    import slow
@web.command("look")
def other_name():
    import extra
"""
    found = run(PYTHON | {"app/main.py": code}, "/opt/venv/bin/python main.py --fast build")
    assert {"unused", "slow"} <= modules(found.certain)
    assert "extra" in modules(found.possible) - modules(found.certain)
    found = run(PYTHON | {"app/main.py": code}, "/opt/venv/bin/python main.py look")
    assert "slow" in modules(found.possible) - modules(found.certain)


@pytest.mark.parametrize(
    ("code", "is_certain"),
    [
        ("def f():\n    if x.bucket:\n        import slow\n", False),
        ("def f():\n    import slow\n", False),
        ("def f():\n    import slow\njobs = [f]\n", True),
        ("def f():\n    import slow\nqueue.enqueue('main.f')\n", True),
        ("def f():\n    import slow\ndef g():\n    return self.f\n", True),
        ("def f():\n    import slow\nprint f\n", True),
        ("@job\ndef f():\n    import slow\n", True),
        ("@app.get('/')\ndef f():\n    import slow\n", False),
        ("@app.get('/')\ndef f():\n    import parts\n", True),
        ("@app.get('/')\ndef f():\n    from . import parts\n", True),
        ("@route\n@other\nasync def f():\n    def g():\n        import slow\n", False),
        ("def make():\n    @app.post('/')\n    def f():\n        import slow\nmake()\n", False),
        ("@app.get('/')\ndef f():\n    import slow\nimport slow\n", True),
        ("class A:\n    def f(self):\n        import slow\n", True),
        ("class A:\n    @app.get('/')\n    def f(self):\n        import slow\n", False),
        ("class A:\n    def f(self):\n        import parts\n", True),
        ("class A:\n    def ready(self):\n        import slow\n", True),
        ("class A:\n    def __init__(self):\n        import slow\n", True),
        ("class A:\n    import slow\n", True),
        ("def main():\n    import slow\n", True),
        ("def held():\n    import slow\n", True),
        ("def sent():\n    import slow\nimport parts\n", True),
        ("if x.bucket:\n    import slow\n", True),
        ("def f():\n    if x.bucket:\n        import parts\njobs = [f]\n", False),
        ("def f():\n    import parts\njobs = [f]\n", True),
        ("def f():\n    if x.bucket:\n        import slow\nf()\n", True),
        ("if os.environ.get('BUCKET'):\n    import slow\n", False),
        ("if os.environ.get('HELD'):\n    import slow\n", True),
        ("if os.environ.get('BUCKET'):\n    import parts\n", False),
        ("if os.environ.get('HELD'):\n    import parts\n", True),
        ("if config('BUCKET', default=''):\n    import slow\n", False),
        ("if not env('BUCKET'):\n    import slow\n", True),
        ("from conf import settings\nif settings.sentry_dsn:\n    import slow\n", False),
        ("from conf import settings\nif settings.held:\n    import slow\n", True),
        ("from conf import settings\nif settings.other:\n    import slow\n", True),
        ("from conf import LEVEL\nif LEVEL:\n    import slow\n", True),
        ("X = {}\nif config('BUCKET', default=''):\n    X['a'] = {'BACKEND': 'slow.Storage'}\n", False),
        ("X = {}\nif config('HELD', default=''):\n    X['a'] = {'BACKEND': 'slow.Storage'}\n", True),
        ("X = {}\nif config('BUCKET', default='a'):\n    X['a'] = {'BACKEND': 'slow.Storage'}\n", True),
    ],
)
def test_what_a_function_of_the_program_imports_on_a_condition_may_be_imported(run, code, is_certain):
    """A client for settings that few have, or what only a function needs that nothing mentions."""
    settings = "class Settings(BaseSettings):\n    sentry_dsn: str = ''\n    held: str = ''\n    other: str = 'a'\n"
    own = {"app/main.py": code, "app/parts.py": "import slow\nx = sent\n", "app/.env": "HELD=held\n"}
    own["app/conf.py"] = settings + "settings = Settings()\nLEVEL = config('LEVEL', default=None) or 'warning'\n"
    found = run(PYTHON | own, "/opt/venv/bin/python main.py")
    slow = f"{SITE}/slow.py"
    assert (slow in found.certain, slow in {**found.certain, **found.possible}) == (is_certain, True)


PYRAMID = {
    "app/shop/__init__.py": "",
    "app/shop/models/__init__.py": "import needed\n",
    "app/shop/views/__init__.py": "",
    "app/shop/views/pages.py": "import extra\n",
    "app/shop/old/rows.py": "import slow\n",
}


@pytest.mark.parametrize(
    ("code", "certain"),
    [
        ("config.include('unused')", {"unused"}),
        ("config.include('unused' if os.environ.get('LATE') else 'speed')", {"speed"}),
        ("config.include('.models')", {"needed", "shop.models"}),
        ("config.scan('.views')", {"extra", "shop.views", "shop.views.pages"}),
        ("config.scan(ignore=['shop.old'])", {"needed", "extra"}),
        ("config.scan('shop', ignore=['.old'])", {"needed", "extra"}),
        ("config.scan('web')", {"web", "web.parts.one"}),
        ("config.scan('gone')", set()),
        ("other.include('unused')", set()),
    ],
)
def test_pyramid_includes_modules_and_scans_packages(run, code, certain):
    own = PYRAMID | {"app/shop/__init__.py": f"def main():\n    {code}\n", "app/main.py": "import shop\n"}
    found = run(PYTHON | own, "/opt/venv/bin/python main.py")
    assert certain <= modules(found.certain, "app")
    assert not {"unused", "slow"} - certain & modules(found.certain)


@pytest.mark.parametrize("option", ["-c shop/hooks.py", "--config=python:shop.hooks", "-c file:shop/hooks.py"])
def test_a_server_calls_functions_of_its_settings_by_their_names(run, option):
    own = {"!opt/venv/bin/gunicorn": "#!/opt/venv/bin/python\n", "app/shop/__init__.py": ""}
    own |= {
        "app/shop/hooks.py": "def post_fork(a, b):\n    import slow\n",
        "app/shop/app.py": "def f():\n    import extra\n",
    }
    found = run(PYTHON | own, f"/opt/venv/bin/gunicorn {option} shop.app:a")
    assert "slow" in modules(found.certain)
    assert "extra" not in modules(found.certain)


def test_where_there_are_very_many_own_sources_each_function_counts(run, monkeypatch):
    monkeypatch.setattr("gate.reachability.runtimes.python.loading._MAX_NAMING", 1)
    own = {"app/main.py": "def f():\n    import slow\n", "app/other.py": ""}
    assert "slow" in modules(run(PYTHON | own, "/opt/venv/bin/python main.py").certain)


DJANGO = {
    "app/manage.py": "import shop.settings\n",
    "app/shop/settings.py": "INSTALLED_APPS = ['shop.goods', 'web']\n",
    "app/shop/goods/__init__.py": "",
    "app/shop/goods/models.py": "import needed\n",
    "app/shop/goods/forms.py": "import unused\n",
    "app/shop/goods/templatetags/money.py": "import extra\n",
    f"{SITE}/web/templatetags/__init__.py": "",
    f"{SITE}/web/templatetags/tags.py": "import slow\n",
}


def test_django_loads_parts_of_its_applications_and_the_tags_of_all(run):
    found = run(PYTHON | DJANGO, "/opt/venv/bin/python manage.py")
    assert {"needed", "extra", "slow", "web.parts"} <= modules(found.certain)
    assert "unused" not in modules(found.certain)


def test_of_a_package_in_another_one_that_settings_name_what_a_database_needs_is_loaded(run):
    engine = {f"{SITE}/web/parts/base.py": "import slow\n", "app/shop/settings.py": "ENGINE = 'web.parts'\n"}
    found = run(PYTHON | DJANGO | engine, "/opt/venv/bin/python manage.py")
    assert {"web.parts.base", "slow"} <= modules(found.certain)
    assert "web.parts.one" in modules(found.possible)


@pytest.mark.parametrize(
    ("parts", "certain"),
    [
        ("'base.py'", {"slow"}),
        ("'parts/*.py'", {"extra", "unused"}),
        ("'parts/one.py', optional('gone.py')", {"extra"}),
        ("f'parts/{NAME}.py'", set()),
        ("'../other.py'", {"needed"}),
    ],
)
def test_settings_that_are_split_are_executed(run, parts, certain):
    tree = {
        "app/manage.py": "import shop.settings\n",
        "app/shop/other.py": "import needed\n",
        "app/shop/settings/__init__.py": f"from split_settings.tools import include, optional\ninclude({parts})\n",
        "app/shop/settings/base.py": "import slow\n",
        "app/shop/settings/parts/one.py": "import extra\n",
        "app/shop/settings/parts/two.py": "import unused\n",
    }
    found = run(PYTHON | tree, "/opt/venv/bin/python manage.py")
    assert {"slow", "extra", "unused", "needed"} & modules(found.certain) == certain


@pytest.mark.parametrize(
    ("settings", "certain"),
    [
        ("INSTALLED_APPS = ['web']\n", {"web", "slow"}),
        ("LOCAL_APPS = []\nLOCAL_APPS += ['web']\nINSTALLED_APPS = LOCAL_APPS\n", {"web", "slow"}),
        ("INSTALLED_APPS = []\nINSTALLED_APPS.append('web')\n", {"web", "slow"}),
        ("INSTALLED_APPS = []\nif config('ALL', default=False):\n    INSTALLED_APPS += ['web']\n", set()),
        ("INSTALLED_APPS = ['web.apps.WebConfig']\n", {"web", "web.apps", "slow"}),
        ("INSTALLED_APPS = []\nENGINE = 'web'\n", {"web", "slow", "unused"}),
    ],
)
def test_of_an_installed_application_django_loads_what_it_looks_for_itself(run, settings, certain):
    more = {
        f"{SITE}/web/serializers.py": "import unused\n",
        f"{SITE}/web/apps.py": "",
        "app/shop/settings.py": settings,
    }
    found = run(PYTHON | DJANGO | more, "/opt/venv/bin/python manage.py")
    assert {"web", "web.apps", "slow", "unused"} & modules(found.certain) - {"web.apps"} == certain - {"web.apps"}


def test_a_source_that_lists_no_applications_names_none_of_djangos(run):
    settings = {"app/shop/settings.py": "PLUGINS = ['shop.goods', 'web.parts']\n"}
    found = run(PYTHON | DJANGO | settings, "/opt/venv/bin/python manage.py")
    assert not {"needed", "extra", "slow"} & modules(found.certain)


@pytest.mark.parametrize(
    ("code", "is_certain"),
    [
        ("import web\nweb.connect()\n", True),
        ("from web import connect\ndef f():\n    connect()\n", True),
        ("from web import Part\nPart.connect()\n", True),
        ("import web\n", False),
        ("import web\nother.connect()\n", False),
        ("import web\nweb.other()\n", False),
        ("import web\nweb.tested()\n", False),
        ("def f():\n    import web\n    web.connect()\nf()\n", False),
    ],
)
def test_what_a_function_of_a_library_imports_counts_if_own_code_calls_it(run, code, is_certain):
    late = {
        f"{SITE}/web/__init__.py": "def connect():\n    import slow\ndef tested(x):\n    if x:\n        import slow\n"
    }
    found = run(PYTHON | late | {"app/main.py": code}, "/opt/venv/bin/python main.py")
    assert ("slow" in modules(found.certain)) is is_certain


def test_what_a_function_of_a_library_imports_counts_if_the_module_calls_it_where_it_is_loaded(run):
    late = {f"{SITE}/web/__init__.py": "def f():\n    import unused\ndef g():\n    import slow\nf()\n"}
    found = run(PYTHON | late | {"app/main.py": "import web\n"}, "/opt/venv/bin/python main.py")
    assert "unused" in modules(found.certain)
    assert "slow" not in modules(found.certain)


@pytest.mark.parametrize(
    "command",
    ["fastapi run --port 80 src/shop/main.py", "fastapi dev src/shop/main.py", "streamlit run -x y src/shop/main.py"],
)
def test_a_server_runs_the_file_that_it_is_given_behind_its_options_from_the_folder_of_its_packages(run, command):
    program, _, words = command.partition(" ")
    tree = {
        f"opt/venv/bin/{program}": "#!/opt/venv/bin/python\n",
        "app/src/shop/__init__.py": "",
        "app/src/shop/main.py": "from shop.parts import part\n",
        "app/src/shop/parts.py": "import web\n",
    }
    found = run(PYTHON | tree, f"/opt/venv/bin/python /opt/venv/bin/{program} {words}")
    assert "web" in modules(found.certain)


@pytest.mark.parametrize("name", ['f"shop.{n}"', '"shop.%s" % n', '"shop." + n', '"shop.{}".format(n)'])
def test_of_a_known_package_the_modules_that_are_named_are_imported_and_the_others_may_be(run, name):
    code = f"from importlib import import_module\nfor n in ['one']:\n    import_module({name})\n"
    shop = {"app/shop/__init__.py": "", "app/shop/one.py": "import web\n", "app/shop/two.py": "import unused\n"}
    found = run(PYTHON | shop | {"app/main.py": code}, "/opt/venv/bin/python main.py")
    assert found.gaps == ()
    assert "web" in modules(found.certain)
    assert "unused" in modules(found.possible) - modules(found.certain)


GUNICORN = {
    "!opt/venv/bin/gunicorn": "#!/opt/venv/bin/python\nimport gunicorn\n",
    f"{SITE}/gunicorn/__init__.py": "",
    f"{SITE}/gunicorn/workers/__init__.py": "",
    f"{SITE}/gunicorn/workers/ggevent.py": "import unused\n",
    "app/main.py": "",
}


@pytest.mark.parametrize(
    ("files", "command", "variables"),
    [
        ({"app/gunicorn.conf.py": "worker_class = 'gevent'\n"}, "gunicorn main:app", {}),
        ({"app/gunicorn.conf.py": "worker_class = 'unused.Worker'\n"}, "gunicorn main:app", {}),
        ({"app/conf/g.py": "import unused\n"}, "gunicorn -c conf/g.py main:app", {}),
        ({"app/g.py": "import unused\n"}, "gunicorn --config=python:g main:app", {}),
        ({}, "gunicorn -k gevent main:app", {}),
        ({}, "python -m gunicorn --worker-class=gevent main:app", {}),
        ({}, "gunicorn main:app", {"GUNICORN_CMD_ARGS": "-k gevent"}),
    ],
)
def test_the_settings_and_the_workers_of_a_server_are_loaded(run, files, command, variables):
    found = run(PYTHON | GUNICORN | files, command, PATH="/opt/venv/bin", **variables)
    assert "unused" in modules(found.certain)
    without = run(PYTHON | GUNICORN, "gunicorn main:app", PATH="/opt/venv/bin")
    assert "unused" not in modules(without.certain)


@pytest.mark.parametrize(
    ("wrapper", "options"),
    [
        ("ddtrace-run", "--debug"),
        ("opentelemetry-instrument", "--traces_exporter otlp"),
        ("newrelic-admin", "run-program"),
        ("dotenv", "-f .env run --"),
        ("dotenv", "run"),
        ("poetry", "run"),
        ("coverage", "run --branch"),
    ],
)
def test_a_wrapper_starts_the_command_behind_its_options(run, wrapper, options):
    tree = PYTHON | {f"!opt/venv/bin/{wrapper}": "#!/opt/venv/bin/python\n", "app/main.py": "import web\n"}
    command = f"{wrapper} {options} " + ("main.py" if wrapper == "coverage" else "python main.py")
    assert "web" in modules(run(tree, command, PATH="/opt/venv/bin").certain)


def test_a_tracer_is_loaded_into_the_program_that_it_starts(run):
    tree = PYTHON | {
        "!opt/venv/bin/ddtrace-run": "#!/opt/venv/bin/python\n",
        f"{SITE}/ddtrace/bootstrap/sitecustomize.py": "import unused\n",
        "app/main.py": "",
    }
    assert "unused" in modules(run(tree, "ddtrace-run python main.py", PATH="/opt/venv/bin").certain)


def test_a_wrapper_of_a_program_that_is_not_there_is_a_gap(run):
    tree = PYTHON | {"!opt/venv/bin/ddtrace-run": "#!/opt/venv/bin/python\n"}
    (gap,) = run(tree, "ddtrace-run gone", PATH="/opt/venv/bin").gaps
    assert (gap.kind, gap.reason) == ("everything", "starts a program that is not known")


@pytest.mark.parametrize(
    ("name", "words", "path"),
    [
        ("invoke", "build", "tasks.py"),
        ("inv", "-c jobs build", "jobs.py"),
        ("doit", "", "dodo.py"),
        ("nox", "-f n.py", "n.py"),
        ("pelican", "content", "pelicanconf.py"),
        ("alembic", "upgrade head", "migrations/env.py"),
    ],
)
def test_a_tool_loads_the_sources_that_it_finds_by_convention(run, name, words, path):
    tool = {f"!opt/venv/bin/{name}": f"#!/opt/venv/bin/python\nimport {name}\n", f"{SITE}/{name}.py": ""}
    found = run(PYTHON | tool | {f"app/{path}": "import unused\n"}, f"{name} {words}", PATH="/opt/venv/bin")
    assert "unused" in modules(found.certain)


def test_settings_choose_a_module_of_a_known_package(run):
    code = "import_module(f'shop.{read()}')\n"
    tree = {"app/conf.yaml": "use: [two]\n", "app/shop/one.py": "import web\n", "app/shop/two.py": "import unused\n"}
    found = run(PYTHON | tree | {"app/main.py": code}, "/opt/venv/bin/python main.py")
    assert "unused" in modules(found.certain)
    assert "web" not in modules(found.certain)


def test_flask_takes_its_application_from_a_file_with_variables(run):
    tree = PYTHON | {"!opt/venv/bin/flask": "#!/opt/venv/bin/python\n", "app/shop/__init__.py": "import unused\n"}
    tree["app/.flaskenv"] = "FLASK_DEBUG=0\nFLASK_APP=shop:create_app\n"
    assert "unused" in modules(run(tree, "flask run", PATH="/opt/venv/bin").certain)


def test_what_a_known_server_is_given_is_no_unknown_program(run):
    """Its application is a module that could be started by itself, and python is among what can be started."""
    assert run(PYTHON | GUNICORN, "gunicorn main:app", PATH="/opt/venv/bin").gaps == ()


DEPLOYED = {
    **PYTHON,
    "!opt/venv/bin/pserve": "#!/opt/venv/bin/python\n",
    "app/site.in": "[app:main]\nuse = call:shop.web:main\npyramid.includes =\n    jinja\n    # other\n"
    "[server:main]\nuse = egg:Wait-Ress#main\nport = ${PORT}\n",
    "app/shop/__init__.py": "",
    "app/shop/web.py": "",
    f"{SITE}/jinja.py": "",
    f"{SITE}/waiting.py": "",
    f"{SITE}/wait_ress-1.dist-info/METADATA": "Name: wait-ress\n",
    f"{SITE}/wait_ress-1.dist-info/entry_points.txt": "[paste.server_runner]\na = waiting:go\n[other]\nx = unused:x\n",
}


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("/opt/venv/bin/pserve site.in#main", {}),
        ("/bin/sh -c 'envsubst < site.in > /run/site.ini && exec /opt/venv/bin/pserve /run/site.ini'", {"!bin/sh": ""}),
    ],
)
def test_settings_of_pastedeploy_name_the_application_and_its_server(run, command, more):
    """Also where they are made of a template at the start."""
    found = run(DEPLOYED | more, command)
    assert {"app/shop/web.py", "app/site.in", f"{SITE}/jinja.py", f"{SITE}/waiting.py"} <= found.certain.keys()
    assert "unused" not in modules(found.certain)


@pytest.mark.parametrize(
    "command",
    [
        "python -mweb",
        "python -Bsmweb",
        "python '-cimport web'",
        "python -W error::web.parts.Warning main.py",
        "python -BWerror::web.parts.Warning main.py",
        "python -X presite=web.parts main.py",
    ],
)
def test_options_are_read_with_their_value_behind_them_or_in_the_same_word(run, command):
    found = run({**PYTHON, "app/main.py": ""}, command, PATH="/opt/venv/bin")
    assert "web" in modules(found.certain)


def test_a_server_that_runs_scripts_of_its_folder_is_a_gap(run):
    tree = {**PYTHON, f"{LIB}/http/server.py": "", f"{LIB}/http/__init__.py": ""}
    gaps = run(tree, "python -m http.server --cgi 80", PATH="/opt/venv/bin").gaps
    assert [gap.kind for gap in gaps] == ["everything"]
    assert run(tree, "python -m http.server 80", PATH="/opt/venv/bin").gaps == ()


@pytest.mark.parametrize(
    ("files", "command", "variables"),
    [
        ({"app/a.pyz": ARCHIVE}, "python a.pyz", {}),
        ({"!app/a": b"#!/opt/venv/bin/python\n" + ARCHIVE}, "/app/a", {}),
        ({"app/main.py": "", "app/l.zip": ARCHIVE}, "python main.py", {"PYTHONPATH": "/app/l.zip"}),
        ({"app/main.py": "", f"{SITE}/old.egg": ARCHIVE}, "python main.py", {}),
        ({"app/main.py": "", "usr/lib/python313.zip": ARCHIVE}, "python main.py", {}),
    ],
)
def test_an_archive_from_which_modules_are_imported_is_a_gap(run, files, command, variables):
    gaps = run({**PYTHON, **files}, command, PATH="/opt/venv/bin", **variables).gaps
    assert [(gap.kind, gap.within) for gap in gaps] == [("PyPI", None)]


@pytest.mark.parametrize(
    ("code", "is_gap"),
    [
        ("{n: import_module(n) for _, n, _ in pkgutil.iter_modules() if n.startswith('web_')}", True),
        ("for one in distributions(): import_module(one.name)", True),
        ("for folder in sys.path:\n  for name in os.listdir(folder): __import__(name)", True),
        ("for one in pkgutil.iter_modules(shop.__path__): import_module(one.name)", False),
    ],
)
def test_own_code_that_goes_through_all_that_is_installed_is_a_gap_for_all_of_it(run, code, is_gap):
    gaps = run({**PYTHON, "app/main.py": code}, "python main.py", PATH="/opt/venv/bin").gaps
    assert [gap.within for gap in gaps] == [None if is_gap else "app"]
