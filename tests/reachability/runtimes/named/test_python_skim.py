"""Which Python modules have to be read to know what they name."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.named.python_skim import _skim, may_start_programs, words_of_names
from gate.reachability.runtimes.python.read import is_read, read_code
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree

_PARTS = ("shop", "_", "-", ".", "to", "s", "é", "x1", "sql")
_NAMES = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=5).map("".join)
_AROUND = ("'{}'", '"{} x"', "import {}", "f'{}{{name}}'", "'%s{}'", "'{{}}{}'", "'a:{}'", "'a/{}'", "{} = exec(a)")
_CODE = st.lists(st.tuples(st.sampled_from(_AROUND), _NAMES).map(lambda one: one[0].replace("{}", one[1], 1)))


def _has_a_word(text, names):
    return bool(words_of_names(names).with_numbers(frozenset(array("I", _skim(text.encode())))))


@given(_CODE, st.sets(_NAMES, min_size=1, max_size=4))
def test_a_module_that_names_something_is_read(lines, names):
    text = "\n".join(lines)
    named = read_code(text, is_own=False).named_among(names)
    assert not named or _has_a_word(text, names)


@pytest.mark.parametrize(
    ("text", "name", "is_read"),
    [
        ("import shop", "shop", True),
        ("import q", "q", True),
        ("import é", "é", True),
        ("import q", "é", False),
        ("'shop_' + name", "shop_sql", True),
        ("f'{name}_sql'", "shop_sql", True),
        ("'%s_sql' % name", "shop_sql", True),
        ("names = ['shop-to-sql']", "shop-to-sql", True),
        ("print('to be read')", "shop-to-sql", False),
        ("import shopping", "shop", False),
    ],
)
def test_words_of(text, name, is_read):
    assert _has_a_word(text, {name}) is is_read


def test_what_starts_programs_is_known_without_reading():
    files = Files(SmallTree({"a.py": "import subprocess", "b.py": "import os"}))
    assert [may_start_programs(path, files) for path in ("a.py", "b.py")] == [True, False]
    assert not any(is_read(path, files) for path in ("a.py", "b.py"))
