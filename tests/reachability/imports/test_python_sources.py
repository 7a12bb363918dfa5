"""Imports and names in Python sources."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.imports.python_sources import (
    ImportedName,
    VersionNeeded,
    read_source,
    without_documentation,
)


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("import a\n", [ImportedName("a", None, 1, False)]),
        ("import a.b as c, d\n", [ImportedName("a.b", None, 1, False), ImportedName("d", None, 1, False)]),
        (
            "from a import (\n  b,  # why\n  c as d,\n)\n",
            [ImportedName("a", "b", 1, False), ImportedName("a", "c", 1, False)],
        ),
        (
            "\nfrom . import a\nfrom ..b import c\n",
            [ImportedName(".", "a", 2, False), ImportedName("..b", "c", 3, False)],
        ),
        ("from a import b, \\\n  c\n", [ImportedName("a", "b", 1, False), ImportedName("a", "c", 1, False)]),
        ("from a import *\n", [ImportedName("a", "*", 1, False)]),
        (
            "try:\n  import a\nexcept ImportError:\n  import b\n",
            [ImportedName("a", None, 2, False), ImportedName("b", None, 4, False, True)],
        ),
        ("def f():\n  if x:\n    import a\n", [ImportedName("a", None, 3, True, is_conditional=True)]),
        ("def f():\n  if x: 1\n  else:\n    import a\n", [ImportedName("a", None, 4, True, is_conditional=True)]),
        ("if x:\n  def f():\n    import a\n", [ImportedName("a", None, 3, True)]),
        ("if x:\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("def f():\n  with x:\n    import a\n", [ImportedName("a", None, 3, True)]),
        ("def f():\n  if x: return\n  import a\n", [ImportedName("a", None, 3, True, is_conditional=True)]),
        ("def f():\n  if x:\n    raise E\n\n  import a\n", [ImportedName("a", None, 5, True, is_conditional=True)]),
        ("def f():\n  if x:\n    go()\n  import a\n", [ImportedName("a", None, 4, True)]),
        ("def g():\n  if x: return\ndef f():\n  import a\n", [ImportedName("a", None, 4, True)]),
        ("if os.environ.get('X'):\n  import a\n", [ImportedName("a", None, 2, False, variable="X")]),
        ('if getenv("X", "") and y:\n  import a\n', [ImportedName("a", None, 2, False, variable="X")]),
        ("if 'X' in os.environ:\n  import a\n", [ImportedName("a", None, 2, False, variable="X")]),
        ("if os.environ.get('X', 'y'):\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("if os.environ.get('X') or y:\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("if os.environ.get('X') == 'y':\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("if not os.environ.get('X'):\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("class A:\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("if TYPE_CHECKING:\n  import a\nimport b\n", [ImportedName("b", None, 3, False)]),
        ("if typing.TYPE_CHECKING:\n  import a\n", []),
        ("if x:\n  y\nelif TYPE_CHECKING:\n  import a\n", []),
        ('"""\nimport a\n"""\nx = "import b"\n# import c\n', []),
        ("print 'old'\nimport a\n", [ImportedName("a", None, 2, False)]),
        (
            "try: import a\nexcept: import b\n",
            [ImportedName("a", None, 1, False), ImportedName("b", None, 2, False, True)],
        ),
        ("x = 1; import a\n", [ImportedName("a", None, 1, False)]),
        ("def f(): import a\n", [ImportedName("a", None, 1, True)]),
        ("@task\ndef f():\n  import a\n", [ImportedName("a", None, 3, True)]),
        ("@app.command()\ndef f():\n  import a\n", [ImportedName("a", None, 3, True)]),
        (
            "@app.command(\n  'one'\n)\n@option\nasync def f():\n  import a\n\n"
            "@cli.command\ndef g_h_cmd():\n  import b\n",
            [ImportedName("a", None, 6, True, False, "one"), ImportedName("b", None, 10, True, False, "g-h")],
        ),
        ("@click.command()\ndef f():\n  import a\n@x.command()\ndef g(): 1\n", [ImportedName("a", None, 3, True)]),
        ("def f():\n  try:\n    import a\n  except E: 1\nf()\n", [ImportedName("a", None, 3, False)]),
        ("class C:\n  def f():\n    import a\nf()\n", [ImportedName("a", None, 3, True)]),
        ("def f():\n  def f():\n    import a\nf()\n", [ImportedName("a", None, 3, True)]),
        ("x(1)\ndef f():\n  import a\n", [ImportedName("a", None, 3, True)]),
        ("if TYPE_CHECKING or True:\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("important = 1\nfromage = 2\n", []),
        ("", []),
    ],
)
def test_imports_of(text, imports):
    assert [msgspec.structs.replace(one, function="") for one in read_source(text).imports] == imports


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("import a\n", ""),
        ("def f():\n  import a\n", "f"),
        ("async def f(): import a\n", "f"),
        ("def f():\n  def g():\n    import a\n", "f"),
        ("class A:\n  def f(self):\n    import a\n", "f"),
        ("class A:\n  import a\n", ""),
    ],
)
def test_an_import_stands_in_a_function(text, function):
    assert [one.function for one in read_source(text).imports] == [function]


FROM_11, BEFORE_11, FROM_8 = VersionNeeded(3, 11), VersionNeeded(3, 11, True), VersionNeeded(3, 8)


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("if sys.version_info >= (3, 11):\n  import a\n", [FROM_11]),
        ("if (sys.version_info[:2] >= (3, 11)):\n  import a\n", [FROM_11]),
        ("if sys.version_info < (3, 11, 4, 'final'):\n  import a\n", [BEFORE_11]),
        ("if sys.version_info > (3, 11):\n  import a\n", [FROM_11]),
        ("if sys.version_info[:2] > (3, 10):\n  import a\n", [FROM_11]),
        ("if sys.version_info <= (3, 11):\n  import a\n", [BEFORE_11]),
        ("if sys.version_info[:2] <= (3, 10):\n  import a\n", [BEFORE_11]),
        ("if sys.version_info >= (3,):\n  import a\n", [VersionNeeded(3, 0)]),
        ("if sys.version_info >= (3, 11):\n  x = 1\nelse:\n  import a\n", [BEFORE_11]),
        ("if sys.version_info >= (3, 11):\n  import sys\nelse:\n  import a\n", [BEFORE_11]),
        ("if sys.version_info >= (3, 11): import a\n", [FROM_11]),
        (
            "if sys.version_info >= (3, 11):\n  x = 1\nelif sys.version_info >= (3, 8):\n  import a\n",
            [FROM_8, BEFORE_11],
        ),
        (
            "if sys.version_info >= (3, 11):\n  x\nelif sys.version_info >= (3, 8):\n  x\nelse:\n  import a\n",
            [VersionNeeded(3, 8, True), BEFORE_11],
        ),
        ("if sys.version_info >= (3, 11):\n  try:\n    import a\n  except E: x\n", [FROM_11]),
        ("if sys.version_info >= (3, 11):\n  def f():\n    import a\n", [FROM_11]),
        ("new = sys.version_info >= (3, 11)\nif new:\n  import a\n", [FROM_11]),
        ("new = sys.version_info >= (3, 11)\nif not new:\n  import a\n", [BEFORE_11]),
        ("new = sys.version_info >= (3, 11)\nif new:\n  x\nelse:\n  import a\n", [BEFORE_11]),
        ("new = sys.version_info >= (3, 11) and x\nif new:\n  import a\n", []),
        ("if sys.version_info >= (3, 11) or x:\n  import a\n", []),
        ("if sys.version_info >= (3, 11) and x:\n  y\nelse:\n  import a\n", []),
        ("if sys.version_info >= version:\n  import a\n", []),
        ("if sys.version_info[0] >= 3:\n  import a\n", []),
        ("if sys.version_info != (3, 11):\n  import a\n", []),
        ("for x in y:\n  if sys.version_info >= (3, 11):\n    break\nelse:\n  import a\n", []),
        ("if sys.version_info >= (3, 11):\n  x\nif y:\n  x\nelse:\n  import a\n", []),
        ("if y:\n  if sys.version_info >= (3, 11):\n    x\nelse:\n  import a\n", []),
        ("if sys.version_info >= (3, 11):\n  x\ntry:\n  y\nexcept E:\n  x\nelse:\n  import a\n", []),
    ],
)
def test_versions_of_python_that_execute_an_import(text, versions):
    assert [list(one.versions) for one in read_source(text).imports if one.module == "a"] == [versions]


@pytest.mark.parametrize(
    ("text", "is_alternative"),
    [
        ("if x:\n  import b\nelse:\n  import a\n", True),
        ("if x:\n  from b import c\nelif y:\n  z\nelse:\n  import a\n", True),
        ("if x:\n  y = 1\nelse:\n  import a\n", False),
        ("import b\nif x:\n  y = 1\nelse:\n  import a\n", False),
        ("try:\n  import b\nexcept E: x\nelse:\n  import a\n", False),
        ("if TYPE_CHECKING:\n  import b\nelse:\n  import a\n", False),
        ("if x:\n  import a\nelse:\n  import b\n", False),
        ("for x in y:\n  import b\nelse:\n  import a\n", False),
    ],
)
def test_an_import_behind_else_is_an_alternative_to_one_before(text, is_alternative):
    assert [one.is_alternative for one in read_source(text).imports if one.module == "a"] == [is_alternative]


@pytest.mark.parametrize(
    ("needed", "version", "has"),
    [
        (FROM_11, (3, 11), True),
        (FROM_11, (3, 9), False),
        (FROM_11, (4, 0), True),
        (BEFORE_11, (3, 11), False),
        (BEFORE_11, (3, 9), True),
        (BEFORE_11, (2, 7), True),
    ],
)
def test_versions_are_compared_by_their_numbers(needed, version, has):
    assert needed.has(version) is has


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("x = 'a.b'", {"a.b"}),
        ('x = ["shop.app:make", "two words", "café au lait"]', {"shop.app:make"}),
        ('"""a.b"""', set()),
        ("# 'a.b'", set()),
    ],
)
def test_strings_that_look_like_names(text, strings):
    assert read_source(text).strings == strings


@given(st.text(alphabet="import from()\\\n\"'#abc.,* \t:def", max_size=200))
def test_any_text_is_read(text):
    lines = text.count("\n") + 1
    assert all(1 <= one.line <= lines for one in read_source(text).imports)


def test_a_text_of_unfinished_imports_and_strings_is_read_in_one_pass():
    assert len(read_source("from a import (\n" * 20_000).imports) <= 5_100
    assert read_source('\\"""' * 100_000).imports == ()


@pytest.mark.parametrize(
    "text",
    [
        "import click.core\n",
        "def f():\n    from click import echo\n",
        "x = 'click'",
        "x = 'click.core:main'",
        "x = 'yaml, click'.split(',')",
        "x = 'click --help now'",
        "x = 'click it: now!'",
        "x = 'click' + '.core'",
        "exec('import click; click.run()')",
        "CODE = '''\nimport click\n'''",
        "x = 'click://host/'",
        "x = 'click is it'",
        "x = 'run -m click in it'",
        "x = 'sh ./run.sh click for all'",
        "x = 'click rich attrs'",
    ],
)
def test_a_source_may_name_a_package(text):
    assert read_source(text).may_name("click")


@pytest.mark.parametrize(
    "text",
    [
        "click = 1\nx.click(click)\n",
        "# import click\n",
        "'''\nimport click\n'''\n",
        "raise X('needs click, which is missing!')",
        "x = 'pip install click'",
        "x = 'Missing: pip install click'",
        "x = 'Needs pyarrow (pip3 install click)'",
        "x = 'Install it by yourself or click instead'",
        "x = 'This is click'",
        "if TYPE_CHECKING:\n    import click\n",
        "import clicker, double.click\n",
    ],
)
def test_comments_documentation_and_other_names_do_not_name_a_package(text):
    assert not read_source(text).may_name("click")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1  # spawn\ny = 2", "x = 1  \ny = 2"),
        ('def f():\n    """Spawn."""\n    go()', "def f():\n    \n    go()"),
        ("x = '# spawn'", "x = '# spawn'"),
        ("exec(\n'''\nspawn()\n''')", "exec(\n'''\nspawn()\n''')"),
        ("x = '''spawn''' # it\n", "x = '''spawn''' \n"),
        ("'''It's # spawn'''\nx = \"it's\"  # isn't\nspawn()", '\nx = "it\'s"  \nspawn()'),
        (
            "    import os # a\nfrom os import (  # b\n    system,\n)",
            "    import os \nfrom os import (  \n    system,\n)",
        ),
        ("x = 'not closed\nspawn() # b", "x = 'not closed\nspawn() "),
    ],
)
def test_a_source_without_comments_and_documentation(text, code):
    assert without_documentation(text) == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x = 'shop_' + n", "shop_mail"),
        ("x = f'shop_{n}'", "shop_mail"),
        ("x = 'shop_%s' % n", "shop_mail"),
        ("x = n + '_mail'", "shop_mail"),
        ("x = f'{n}_mail'", "shop_mail"),
        ("x = f'trace_{kind}_exporter'", "trace_spans_exporter"),
    ],
)
def test_a_part_of_a_name_may_name_a_package(text, name):
    assert read_source(text).may_name(name)
    assert not read_source(text).may_name("mail")


def test_an_import_below_a_long_line_is_still_in_its_function():
    (one,) = read_source(f"def f():\n  x = '{'a' * 2_000}'\n  import b\n").imports
    assert one.is_lazy


def test_an_import_far_below_any_block_may_be_in_a_function():
    (one,) = read_source("class A:\n" + "  x = 1\n" * 500 + "  import b\n").imports
    assert one.is_lazy
