"""What the modules of Python's standard library start of their own."""

import ast
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.model import InUse
from gate.reachability.runtimes.named.python_starts import python_starts
from gate.reachability.runtimes.python.read import starts_programs
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.named.test_starters import OWNERS, state_of

AT = "usr/lib/python3.13/"
HERE = Path(sysconfig.get_path("stdlib"))
FOR_DEVELOPERS = re.compile(r"(?:^|/)(?:idle_)?tests?/|^(?:site|dist)-packages/|^_sysconfigdata")
"""Tests and what is compiled, beside what is Python's: they may start whatever they name."""
STARTS = re.compile(
    r"(?:.*\.)?(?:Popen|check_output|check_call|system|popen|which|getoutput|getstatusoutput|spawn|exec[lv]\w*|spawn[lv]\w*"
    r"|find_executable|_find_mac\w*|_get_command_stdout)|subprocess\.(?:call|run)"
)
"""Functions that start what their first argument names, or look for it."""


def modules() -> Iterator[tuple[str, bytes]]:
    """Yield path in the library and content of each module that has a word of a start."""
    for path in HERE.rglob("*.py"):
        inside = path.relative_to(HERE).as_posix()
        content = b"" if FOR_DEVELOPERS.search(inside) else path.read_bytes()
        if starts_programs(content):
            yield inside, content


def started(content: bytes) -> Iterator[str]:
    """Yield the programs that stand in the first argument of what starts programs, by the syntax alone."""
    for node in ast.walk(ast.parse(content)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first = node.args[0]
        while isinstance(first, (ast.List, ast.Tuple)) and first.elts:
            first = first.elts[0]
        if (
            STARTS.fullmatch(ast.unparse(node.func))
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str)
        ):
            yield first.value.split()[0].strip("()").rpartition("/")[2].removesuffix(".exe")


@pytest.mark.every_python
def test_each_program_that_a_module_of_this_python_starts_is_in_its_row():
    """So no version adds one unseen: a module that starts any has a row, or counts with all that it names."""
    found = {(path, name) for path, content in modules() for name in started(content)}
    assert {"uuid.py", "ctypes/util.py", "platform.py"} <= {path for path, _ in found}
    rows = {path: python_starts(AT + path) for path, _ in found}
    missed = {(path, name) for path, name in found if (row := rows[path]) and not row.fullmatch(name.encode())}
    assert missed == set()


@pytest.mark.every_python
def test_each_module_of_this_python_that_may_start_programs_was_read():
    assert {path for path, _ in modules() if python_starts(AT + path) is None} == set()


@pytest.mark.parametrize(
    ("path", "source", "in_use"),
    [
        (AT + "uuid.py", "import subprocess; x = 'tidy'", InUse.NO),
        ("usr/local/lib/python3.11/os.py", "def popen(x): ...\n_add('HAVE_TIDY', 'tidy')", InUse.NO),
        (AT + "new.py", "import subprocess; x = 'tidy'", InUse.UNKNOWN),
        (AT + "site-packages/uuid.py", "import subprocess; x = 'tidy'", InUse.UNKNOWN),
    ],
)
def test_a_module_that_was_read_names_what_it_starts(path, source, in_use):
    """`os` has `chmod` among the names of the system's functions, and that was taken for the program."""
    own = {"app/run.py": "import used\n", "!usr/bin/python3": make_elf(soname="python3"), path: source}
    own |= {f"{AT}used.py": f"import {Path(path).stem}\n"}
    owners = OWNERS | {"it": [path, f"{AT}used.py", "usr/bin/python3"]}
    assert state_of("tidy", own, owners=owners, command="python3 /app/run.py").in_use is in_use


@pytest.mark.parametrize(
    "path",
    ["usr/lib/python3.99/uuid.py", AT + "test/support/os_helper.py", AT + "site-packages/uuid.py", "app/uuid.py"],
)
def test_what_was_not_read_is_not_known(path):
    assert python_starts(path) is None


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("webbrowser.py", ["gio", "xdg-open", "www-browser", "chromium"]),
        ("ctypes/util.py", ["gcc", "ld", "ldconfig", "objdump"]),
        ("pydoc.py", ["pager", "less", "more"]),
        ("uuid.py", ["ip", "ifconfig", "arp"]),
        ("distutils/unixccompiler.py", ["cc", "ar", "ranlib"]),
    ],
)
def test_each_name_counts_as_a_whole(module, names):
    known = python_starts(AT + module)
    assert known is not None
    assert [name for name in names if not known.fullmatch(name.encode())] == []
    assert known.fullmatch(b"tidy") is None
