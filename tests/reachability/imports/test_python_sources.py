"""Imports and names in Python sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.imports.python_sources import ImportedName, read_source


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
        ("def f():\n  if x:\n    import a\n", [ImportedName("a", None, 3, True)]),
        ("class A:\n  import a\n", [ImportedName("a", None, 2, False)]),
        ("if TYPE_CHECKING:\n  import a\nimport b\n", [ImportedName("b", None, 3, False)]),
        ("if typing.TYPE_CHECKING:\n  import a\n", []),
        ('"""\nimport a\n"""\nx = "import b"\n# import c\n', []),
        ("print 'old'\nimport a\n", [ImportedName("a", None, 2, False)]),
        ("important = 1\nfromage = 2\n", []),
        ("", []),
    ],
)
def test_imports_of(text, imports):
    assert list(read_source(text).imports) == imports


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
