"""Names of programs that the image's own code puts together."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.named.joined_names import JoinedNames, is_run
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

PARTS = "part = 'cached'\n"


def joined(code, *words):
    names = JoinedNames()
    names.add_source("app/x.py", code.encode())
    names.add_text(lambda: "\n".join(words).encode())
    return {name for _, name in names.among(["memcached", "ping"])}


@pytest.mark.parametrize(
    "code",
    [
        "run(['mem' + 'cached'])",
        PARTS + "run(['mem' + part])",
        PARTS + "run([f'mem{part} -v'])",
        PARTS + "system(\"/usr/bin/mem#{part}\")",
        PARTS + "exec(`mem${part}`)",
        "begin = 'mem'\nrun(begin + 'cached')",
        "run('{}{}'.format('mem', 'cached'))",
        "run('%scached' % name('mem'))",
        "spawn(['mem', 'cached'].join(''))",
        "run('mem' 'cached')",
        "line = 'mem'\nline += 'cached'",
        "<?php system('mem'.'cached');",
        "os.execute('mem'..'cached')",
        "BEGIN { begin = \"mem\"; system(begin \"cached\") }",
        "run('MEMCACHED'.lower())",
        "spawn(`memcached${isWindows ? '.exe' : ''}`)",
        "f'mem{x}ed'\nx = 'cach'",
        "run('me' + 'm' + 'ca' + 'ch' + 'ed')",
    ],
)  # fmt: skip
def test_a_name_that_code_puts_together_is_found(code):
    assert "memcached" in joined(code, "ca") - {"ping"}


@pytest.mark.parametrize(
    "code",
    ["a = 'mem'\nb = 'cached'\n", "run(['mem', 'cached'])", "print('mem'); print('cached')"],
)
def test_strings_that_stand_apart_make_no_name(code):
    assert joined(code) == set()


def test_a_number_may_stand_behind_a_part():
    names = JoinedNames()
    names.add_source("app/x.py", b"run('php' + version)\nrun(f'{tool}-cli')\n")
    assert {name for _, name in names.among(["php8.2", "phpize", "3-cli"])} == {"php8.2", "3-cli"}


def test_the_other_part_may_be_a_word_of_a_setting():
    assert joined("run('mem' + setting)", "tool: cached") == {"memcached"}
    assert joined("run('mem' + setting)", "tool: other") == set()


def test_arguments_and_code_among_them_count():
    names = JoinedNames()
    names.add_given(["-c", "import os; os.system('mem' + os.environ['TOOL'])", "cached"])
    assert [*names.among(["memcached"])] == [("the command line", "memcached")]


@pytest.mark.parametrize(("code", "in_use"), [("'mem' + 'cached'", InUse.UNKNOWN), ("'mem', 'cached'", InUse.NO)])
def test_a_program_whose_name_is_put_together_is_not_said_to_be_unused(code, in_use):
    own: dict[str, str | bytes] = {"app/x.py": f"import tools\ntools.run({code})\n"}
    found = states({**TREE, **own}, Runtime(cmd=["python3", "/app/x.py"], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in ("memcached", "libevent")] == [in_use] * 2


def test_a_string_to_which_a_program_puts_the_end_of_a_name_names_all_that_begin_so():
    own = {
        "!usr/bin/own": make_elf(strings=["memc-"], calls="execvp"),
        "!usr/bin/memc-x": make_elf(needed=["libevent-2.so"]),
    }
    found = states({**TREE, **own}, Runtime(cmd=["own"], env=["PATH=/usr/bin"]))
    assert found["libevent"].in_use is InUse.UNKNOWN


@pytest.mark.parametrize(("programs", "is_run_there"), [(["python3.13", "sh"], False), (["node"], True)])
def test_a_browser_runs_javascript_where_no_program_does(programs, is_run_there):
    assert is_run("app/static/x.js", programs) is is_run_there
    assert is_run("app/x.py", programs)
