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


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("'''Spawned in a subprocess.'''\n# by Popen\nx = 1", False),
        ('def run():\n    """Uses os.popen."""\n', False),
        ("'''Documentation'''\nimport subprocess", True),
        ("getattr(os, 'popen')(name)", True),
        ("CODE = '''\nimport subprocess\n'''", True),
        ("run(  # by itself\n    os.system(name))", True),
        ("from os import (  # what is needed\n    system,\n)", True),
        ("from os import path  # not system", False),
    ],
)
def test_comments_and_documentation_start_no_programs(text, starts):
    """Flask, aiohttp and tqdm speak of processes and start none."""
    files = Files(SmallTree({"a.py": text}))
    assert may_start_programs("a.py", files) is starts
    assert read_code(text, is_own=False).starts_programs is starts


def test_what_starts_programs_is_known_without_reading():
    files = Files(SmallTree({"a.py": "import subprocess", "b.py": "import os"}))
    assert [may_start_programs(path, files) for path in ("a.py", "b.py")] == [True, False]
    assert not any(is_read(path, files) for path in ("a.py", "b.py"))
