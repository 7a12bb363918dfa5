"""Whether anyone calls the functions of a library that start programs: only then the names in it are of programs."""

import pytest

from gate.model import Doubt
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.made_library import make_library
from tests.reachability.runtimes.named.test_starters import LIBRARY, OWNERS, state_of

FEW = make_library({"few_run": ["call execvp"], "few_count": ["call puts"]}, soname="libfew.so.1")
LIBRARIES = OWNERS | {"libc": ["usr/lib/libc.so.6"]}


def doubt_of(run, library=FEW, more=None, owners=LIBRARIES):
    tree = {"!usr/bin/run": run, LIBRARY: library, "usr/lib/libc.so.6": make_elf(), **(more or {})}
    return state_of("tidy", tree, command="run", owners=owners).doubt


@pytest.mark.parametrize(
    ("program", "doubt"),
    [
        ({"calls": "few_count"}, None),
        ({"calls": "few_run"}, Doubt.NAMED),
        ({"calls": "dlsym", "strings": ["tidy", "few_run"]}, Doubt.NAMED),
        ({"calls": "dlsym", "strings": ["tidy", "do_few_run"]}, Doubt.NAMED),  # linkers keep one of both
        ({"calls": "dlsym", "strings": ["tidy", "libfew.so.1"]}, Doubt.NAMED),
        ({"calls": "dlsym", "strings": ["tidy"]}, None),
    ],
)
def test_a_name_counts_if_the_function_of_a_library_that_starts_programs_is_called(program, doubt):
    assert doubt_of(make_elf(needed=["libfew.so.1"], **{"strings": ["tidy"], **program})) is doubt


def test_a_library_in_between_may_call_it():
    run = make_elf(needed=["libmid.so.1", "libfew.so.1"], strings=["tidy"])
    owners = LIBRARIES | {"mid": ["usr/lib/libmid.so.1"]}
    for calls, doubt in (("few_run", Doubt.NAMED), ("few_count", None)):
        mid = {"usr/lib/libmid.so.1": make_elf(needed=["libfew.so.1"], calls=calls, soname="libmid.so.1")}
        assert doubt_of(run, more=mid, owners=owners) is doubt


def test_a_program_that_starts_nothing_of_what_it_is_given_may_call_it_too():
    for calls, doubt in (("few_run", Doubt.NAMED), ("few_count", None)):
        owners = LIBRARIES | {"it": ["usr/bin/ls"]}
        tree = {"!usr/bin/ls": make_elf(needed=["libfew.so.1"], calls=calls)}
        tree[LIBRARY] = make_library(
            {"few_run": ["call execvp"], "few_count": ["call puts"]}, soname="libfew.so.1", strings=["tidy"]
        )
        assert state_of("tidy", tree, command="ls", owners=owners).doubt is doubt


def test_of_a_library_of_which_it_is_not_known_every_user_may_start_programs():
    run = make_elf(needed=["libfew.so.1"], strings=["tidy"], calls="few_count")
    unknown = make_library({"few_run": ["call execvp"], "few_count": ["call puts"]}, machine=183, soname="libfew.so.1")
    assert doubt_of(run, unknown) is Doubt.NAMED


@pytest.mark.parametrize(
    ("code", "doubt"),
    [
        ("import ctypes\nctypes.CDLL('libfew.so.1').few_count()\n", Doubt.NAMED),
        ("import ctypes\nctypes.CDLL(find('few')).few_run()\n", Doubt.NAMED),
        ("import ctypes\nctypes.CDLL(find('few')).few_count()\n", None),
        ("few_run()\n", None),
    ],
)
def test_a_script_may_call_it_by_its_name(code, doubt):
    run = make_elf(needed=["libfew.so.1"], strings=["tidy", "/usr/share/run/plug.py"])
    owners = LIBRARIES | {"run": ["usr/bin/run", "usr/share/run/plug.py"]}
    assert doubt_of(run, more={"usr/share/run/plug.py": code}, owners=owners) is doubt


def test_a_module_that_is_linked_with_nothing_and_calls_no_kernel_starts_nothing():
    """Modules of Perl and Python need only what loads them; a program that is linked with nothing has all inside."""
    run = make_elf(strings=["tidy", "libfew.so.1"], needed=["libc.so.6"])
    alone = make_library({"few_count": ["call puts"]}, soname="")
    assert doubt_of(run, alone) is None
