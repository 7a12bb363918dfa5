"""Keywords of import statements, which are names of programs elsewhere."""

import pytest

from gate.model import InUse
from gate.reachability.runtimes.strings.python_keywords import without_keywords
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.named.test_starters import OWNERS, state_of


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("import os\n", " os\n"),
        ("from a import (\n  b as c,\n)\nx = 'import y'\n", " a  (\n  b  c,\n)\nx = 'import y'\n"),
        ("import os; os.system('import a as b')\n", " os; os.system('import a as b')\n"),
        ("é = 'é'; import a as b; c = 'as'\n", "é = 'é';  a  b; c = 'as'\n"),
        ("import a\r\nx = 'import'\r\n", " a\r\nx = 'import'\r\n"),
        ("'''\nimport shot.png\n'''\n", "'''\nimport shot.png\n'''\n"),
        ("import a, \\\n  as_b as c\n", " a, \\\n  as_b  c\n"),
        ("#!/bin/python3\n# -*- coding: utf-8 -*-\nimport re\n", "#!/bin/python3\n# -*- coding: utf-8 -*-\n re\n"),
        ("encoding = x\nimport a\n", "encoding = x\n a\n"),
    ],
)
def test_keywords_of_statements_are_left_out_and_what_strings_say_is_not(source, left):
    assert without_keywords(source.encode()).decode() == left


@pytest.mark.parametrize(
    "content",
    [
        b"import a\ndef f(:\n",
        b"import a\0",
        b"# coding: latin-1\nimport a\n",
        b"# coding: utf-8x\nimport a\n",
        b"\xef\xbb\xbfimport a\n",
        b"import a\n\xff\n",
        b"import a\n" + b"(" * 5_000,
    ],
)
def test_a_source_that_cannot_be_read_or_has_another_coding_is_left_as_it_is(content):
    assert without_keywords(content) == content


@pytest.mark.parametrize(
    ("source", "in_use"),
    [
        ("import os\nfrom sys import path as p\n", InUse.NO),
        ("import os\nx = ['import', 'a.png']\n", InUse.UNKNOWN),
        ("import os\nx = '''\nimport a.png\n'''\n", InUse.UNKNOWN),
        ("import os\ndef f(:\n", InUse.UNKNOWN),
    ],
)
def test_an_own_script_in_python_names_imagemagick_only_outside_of_its_imports(source, in_use):
    owners = OWNERS | {"magick": ["usr/bin/import"], "python": ["usr/bin/python3"]}
    programs = {"!usr/bin/import": make_elf(), "!usr/bin/python3": make_elf(calls="execve")}
    for path in ("app/start", "app/start.py"):
        start = {f"!{path}": f"#!/usr/bin/python3\n{source}"}
        assert state_of("magick", programs, start, command=f"/{path}", owners=owners).in_use is in_use, path
