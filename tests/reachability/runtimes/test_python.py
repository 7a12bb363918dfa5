"""What Python programs import."""

import pytest

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import UNKNOWN, Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

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


WEB = {"web", "web.core", "web.parts", "web.parts.one", "speed", "needed"}


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"app/main.py": "import web\n"}, "/opt/venv/bin/python main.py"),
        ({"app/main.py": "import web\n"}, "/opt/venv/bin/python -u -W error main.py"),
        ({"app/main.py": "import web\n"}, "/opt/venv/bin/python -m main"),
        ({}, "/opt/venv/bin/python -c 'import web'"),
        ({}, "/opt/venv/bin/python -m web"),
        ({"!opt/venv/bin/web": "#!/opt/venv/bin/python\nfrom web import main\n"}, "/opt/venv/bin/web"),
        ({"app/main.py": "def f():\n    import web\n"}, "/opt/venv/bin/python main.py"),
        ({"app/run.py": "", "app/shop/wsgi.py": "import web\n"}, "/opt/venv/bin/python run.py shop.wsgi:application"),
        ({"app/run.py": "", "app/tasks.py": "import web\n"}, "/opt/venv/bin/python run.py -A tasks worker"),
    ],
)
def test_a_program_imports(run, files, command):
    found = run({**PYTHON, **files}, command)
    assert modules(found.certain) == WEB
    assert modules(found.possible) - WEB == {"extra", "slow"}


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


def test_plugins_are_loaded_where_their_group_is_asked_for(run):
    tree = {
        **PYTHON,
        "app/main.py": "from importlib.metadata import entry_points\nentry_points(group='shop.plugins')\n",
        f"{SITE}/unused-1.dist-info/entry_points.txt": "[shop.plugins]\nx = unused:make\n",
    }
    assert "unused" in modules(run(tree, "/opt/venv/bin/python main.py").certain)


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
    assert [(gap.kind, gap.path, gap.line) for gap in found.gaps] == [("PyPI", "app/main.py", line)]


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


def test_what_pythonpath_names_is_the_programs_own_code(run):
    """So the applications in its settings are followed."""
    tree = PYTHON | {"src/shop/settings.py": "INSTALLED_APPS = ['web']\n", "src/shop/__init__.py": ""}
    found = run(tree, "/opt/venv/bin/python -m shop.settings", PYTHONPATH="/src")
    assert f"{SITE}/web/core.py" in found.certain


@pytest.mark.parametrize(("first", "is_certain"), [("missing", True), ("speed", False)])
def test_a_fallback_is_imported_where_the_first_choice_is_not_there(run, first, is_certain):
    code = f"try:\n    import {first}\nexcept ImportError:\n    import slow\n"
    found = run(PYTHON | {"app/run.py": code}, "/opt/venv/bin/python run.py")
    assert (f"{SITE}/slow.py" in found.certain) == is_certain


def test_a_program_of_many_modules_is_followed_within_bounds(run, monkeypatch):
    """The answer says that not all was followed."""
    monkeypatch.setattr("gate.reachability.runtimes.python._MAX_MODULES", 100)
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
