"""What needs variables and settings in a program's own sources."""

import pytest

from gate.reachability.runtimes.python.own_conditions import OwnConditions, read_own_conditions


@pytest.mark.parametrize(
    ("condition", "needs"),
    [
        ("os.environ.get('X')", ("X",)),
        ("os.environ.get('X', '')", ("X",)),
        ("os.environ.get('X', 'a')", None),
        ("os.getenv('X', 'false').lower() == 'true'", ("X",)),
        ("'X' in os.environ", ("X",)),
        ("os.environ.get('X') is not None", ("X",)),
        ("os.environ.get('X', '') is not None", None),
        ("os.environ.get('X') == '1'", ("X",)),
        ("os.environ.get('X') == ''", None),
        ("os.environ.get('X') != '1'", None),
        ("os.environ['X']", ("X",)),
        ("config('X', default=False, cast=bool)", ("X",)),
        ("config('X', default='on', cast=bool)", None),
        ("config('X', cast=bool)", ("X",)),
        ("env('X')", ("X",)),
        ("env('GIVEN')", None),
        ("env.bool('X', default=False)", ("X",)),
        ("env.list('X', default=[])", ("X",)),
        ("bool(os.environ.get('X'))", ("X",)),
        ("(x := os.environ.get('X'))", ("X",)),
        ("os.environ.get('X') and os.environ.get('Y')", ("X", "Y")),
        ("os.environ.get('X') or other()", None),
        ("not os.environ.get('X')", None),
        ("not (os.environ.get('X') is None)", ("X",)),
        ("DEBUG", ("DEBUG",)),
        ("NEVER", ("False",)),
        ("CHANGED", None),
        ("settings.sentry_dsn", (".sentry_dsn",)),
        ("settings().sentry_dsn", (".sentry_dsn",)),
        ("SENTRY", (".SENTRY",)),
        ("LISTED", None),
        ("1 < len(x) < 3", None),
        ("request.get('X')", None),
        ("os.environ.get('lower')", None),
    ],
)
def test_a_condition_needs_a_variable_or_a_name(condition, needs):
    code = f"""from conf import SENTRY
DEBUG = config("DEBUG", default=False)
NEVER = None
CHANGED = False
LISTED = []
env = Env(GIVEN=(str, "a"), X=(str, ""))
def change():
    global CHANGED
    CHANGED = True
if {condition}:
    import slow
"""
    assert read_own_conditions(code).imports == ({11: needs} if needs else {})


@pytest.mark.parametrize(
    ("code", "imports"),
    [
        ("if env('X'):\n    pass\nelse:\n    import a\n", {}),
        ("if not env('X'):\n    pass\nelse:\n    import a\n", {4: ("X",)}),
        ("if env('X'):\n    import a\nelif env('Y'):\n    import b\nelse:\n    import c\n", {2: ("X",), 4: ("Y",)}),
        ("def f():\n    if not env('X'):\n        return\n    import a\n", {4: ("X",)}),
        ("def f():\n    if not env('X'):\n        log()\n    import a\n", {}),
        ("def f():\n    if env('X'):\n        return\n    import a\n", {}),
        (
            "if env('X'):\n    try:\n        import a\n    except ImportError:\n        import b\n",
            {3: ("X",), 5: ("X",)},
        ),
        ("if env('X'):\n    if env('Y'):\n        from a import b\n", {3: ("X", "Y")}),
        ("while env('X'):\n    import a\n", {}),
    ],
)
def test_an_import_needs_what_all_conditions_around_it_and_before_it_need(code, imports):
    assert read_own_conditions(code).imports == imports


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("if env('X'):\n    A = 'a.b'\n", (("X",),)),
        ("if env('X'):\n    A = 'a.b'\nelif env('Y'):\n    A = 'a.b'\n", (("X",), ("Y",))),
        ("if env('X'):\n    A = 'a.b'\nB = ['a.b']\n", None),
        ("A = 'a.b' if env('X') else 'b.c'\n", (("X",),)),
        ("A = 'b.c' if env('X') else 'a.b'\n", None),
        ("A = {'a': 'b.c'}\nif env('X'):\n    A |= {'b': {'c': f(('a.b',), d='a.b')}}\n", (("X",),)),
        ("if env('X'):\n    A = lambda: 'a.b'\n", (("X",),)),
        ("for x in y:\n    if env('X'):\n        A = 'a.b'\n", (("X",),)),
        ("if env('a.b'):\n    pass\n", None),
    ],
)
def test_a_string_needs_something_if_it_does_so_in_each_of_its_places(code, needs):
    assert read_own_conditions(code).strings.get("a.b") == needs


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("if env('X'):\n    sentry.init()\n", (("X",),)),
        ("if settings.dsn:\n    sentry.init(dsn=1)\n", ((".dsn",),)),
        ("if env('X'):\n    sentry.init()\nsentry.init()\n", None),
        ("sentry.init()\n", None),
        ("if env('X'):\n    a.sentry.init()\n", None),
    ],
)
def test_a_library_is_set_up_on_a_condition(code, needs):
    assert read_own_conditions(code).set_up.get("sentry") == needs


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("A = config('X', default=None)\n", (("X",),)),
        ("A: str = config('X', default=None)\n", (("X",),)),
        ("A = config('X', default='a')\n", ((),)),
        ("A = None\n", (("False",),)),
        ("A = None\nA = f()\n", ((), ("False",))),
        ("A = None\nself.A = 1\n", ((), ("False",))),
        ("A = None\ndef f(A):\n    pass\n", ((), ("False",))),
        ("A = B = None\n", ((),)),
        ("class Settings:\n    A: str = ''\n", (("~A",),)),
        ("class S(BaseSettings):\n    A: str | None = Field(None, alias='b')\n", ((),)),
        ("class S(BaseSettings):\n    A: str | None = Field(default=None)\n", (("~A",),)),
        ("class Settings:\n    A: str\n", ((),)),
        ("class Row:\n    A: str = ''\n", ((),)),
    ],
)
def test_a_name_is_true_if_something_is_set(code, needs):
    assert read_own_conditions(code).names.get("A") == needs


@pytest.mark.parametrize(
    ("call", "included", "scanned"),
    [
        ("config.include('a')", {"a"}, ()),
        ("config.include('.a' if env('X') else 'b.c')", {".a", "b.c"}, ()),
        ("self.config.include('a', route_prefix='b')", {"a"}, ()),
        ("request.include('a')", set(), ()),
        ("config.include(routes)", set(), ()),
        ("config.scan()", set(), (("", ()),)),
        ("config.scan('.views')", set(), ((".views", ()),)),
        ("config.scan(package='shop', ignore=['shop.tests', '.old'])", set(), (("shop", ("shop.tests", ".old")),)),
        ("config.scan(ignore='shop.tests')", set(), (("", ("shop.tests",)),)),
    ],
)
def test_pyramid_is_to_include_and_to_scan(call, included, scanned):
    read = read_own_conditions(f"{call}\n")
    assert (read.included, read.scanned) == (frozenset(included), scanned)


@pytest.mark.parametrize(
    ("call", "executed", "perhaps"),
    [
        ("include('base.py', 'parts/*.py')", {"base.py", "parts/*.py"}, set()),
        ("include(optional('local.py'))", {"local.py"}, set()),
        ("include(f'on/{HOST}.py', 'a.py')", {"a.py"}, {"on/*.py"}),
        ("include(name)", set(), set()),
        ("path('', other.include('a.urls'))", set(), set()),
    ],
)
def test_settings_are_split(call, executed, perhaps):
    read = read_own_conditions(f"from split_settings.tools import optional, include\n{call}\n")
    assert (read.executed, read.perhaps_executed) == (frozenset(executed), frozenset(perhaps))


def test_another_include_splits_no_settings():
    assert not read_own_conditions("from django.urls import include\ninclude('a.py')\n").executed


@pytest.mark.parametrize(
    ("code", "called"),
    [
        ("import shop\nshop.serve()\n", {"shop.serve"}),
        ("import shop.parts as s\ns.deep.serve()\n", {"shop.serve"}),
        ("from shop.parts import serve as go\ngo()\n", {"shop.serve"}),
        ("from shop import Part\ndef f():\n    return Part.made(1)\n", {"shop.made"}),
        ("try:\n    import shop\nexcept E:\n    pass\nshop.serve()\n", {"shop.serve"}),
        ("def f():\n    import shop\n    shop.serve()\n", set()),
        ("from .shop import serve\nserve()\n", set()),
        ("import shop\nother.serve()\nshop.serve\n", set()),
        ("import shop\nf()[0].serve()\n", set()),
    ],
)
def test_functions_of_what_is_imported_at_once_are_called(code, called):
    assert read_own_conditions(code).called == frozenset(called)


@pytest.mark.parametrize(
    ("code", "applications"),
    [
        ("INSTALLED_APPS = ['a', 'b.c']\n", {"a", "b.c"}),
        ("INSTALLED_APPS: list[str] = ['a']\n", {"a"}),
        ("DJANGO_APPS = ('a',)\nINSTALLED_APPS = [*DJANGO_APPS, 'b']\n", {"a", "b"}),
        ("class Base:\n    INSTALLED_APPS = ['a']\n    INSTALLED_APPS += ['b']\n", {"a", "b"}),
        ("INSTALLED_APPS.insert(0, 'a')\nINSTALLED_APPS.extend(['b'])\n", {"a", "b"}),
        ("MIDDLEWARE = ['a']\nHAPPS = ['b']\nMIDDLEWARE.append('c')\n", set()),
    ],
)
def test_the_applications_of_django_stand_in_lists(code, applications):
    assert read_own_conditions(code).applications == frozenset(applications)


def test_imports_stand_in_functions_and_names_are_mentioned():
    code = """def plain():
    def inner():
        import a
    import b
@job
def given():
    import c
class A:
    def method(self):
        import d
import module.part as e
found = x.member("task: shop.sent")
"""
    read = read_own_conditions(code)
    assert read.functions == {3: "plain", 4: "plain"}
    assert not read.on_request
    assert {"job", "module", "part", "found", "x", "member", "task", "shop", "sent"} <= read.mentions
    assert not {"plain", "given", "inner", "method"} & read.mentions


@pytest.mark.parametrize("code", ["print 'a'\n", "if (", "\0", "(" * 5_000, ""])
def test_what_cannot_be_parsed_needs_nothing(code):
    assert read_own_conditions(code) == OwnConditions()


def test_a_source_with_odd_strings_warns_of_nothing(recwarn):
    read_own_conditions("a = '\\d'\nif env('X'):\n    import a\n")
    assert not recwarn.list
