"""Words of settings that stand next to a sign, and texts with tabs."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.strings.values import next_to_signs
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states


@pytest.mark.parametrize(
    "text",
    [
        *(b"hook=nc\n", b"hook:nc\n", b"exec:nc\n", b"a|nc\n", b"a;nc;b\n", b"a&&nc\n", b"$(nc)\n", b"(nc)\n"),
        *(
            b"<run>nc</run>\n",
            b'X="${Y:-nc}"\n',
            b"nc>&2\n",
            b"a [nc]\n",
            b"alias = !nc\n",
            b"/usr/bin/nc;\n",
            b"a,nc,b\n",
        ),
        *(b"a\\tnc\\n", b"x = ExecStart=-nc -l\n", b"*.* ^nc;template\n"),
    ],
)
def test_a_word_beside_a_sign_is_one(text):
    assert b"nc" in set(next_to_signs(text, is_code=False))


@pytest.mark.parametrize(
    "text",
    [b"nc=1\n", b"nc = 1\n", b"nc: 1\n", b"nc(1)\n", b"<nc>1</nc>\n", b"<nc/>\n", b"a/nc-x;\n", b"[nc]\n", b"'^nc'"],
)
def test_keys_functions_and_elements_are_none(text):
    assert b"nc" not in set(next_to_signs(text, is_code=False))


def test_of_code_strings_alone_are_searched():
    assert list(next_to_signs(b"sort(date, list); open(f, '|nc')", is_code=True)) == [b"nc"]


@pytest.mark.parametrize("owner", ["own", "a package"])
@pytest.mark.parametrize("text", ["hook=memcached\n", "hook\tmemcached\n", "a|memcached\n"])
def test_a_program_in_settings_is_not_said_to_be_unused(text, owner):
    of_package = {} if owner == "own" else {"var/lib/dpkg/info/idle.list": "/usr/bin/idle\n/etc/own/own.conf\n"}
    start = {"!usr/bin/own": make_elf(strings=["/etc/own/own.conf"]), "etc/own/own.conf": text}
    found = states({**TREE, **of_package, **start}, Runtime(cmd=["own"], env=["PATH=/usr/bin"]))
    assert [found[name].in_use for name in ("memcached", "libevent")] == [InUse.UNKNOWN] * 2


def test_the_lines_of_a_script_in_a_program_are_words_apart():
    own = {"!usr/bin/own": make_elf(strings=["set -e\nmemcached|cat\n"], calls="system")}
    assert states({**TREE, **own}, Runtime(cmd=["own"], env=["PATH=/usr/bin"]))["memcached"].in_use is InUse.UNKNOWN
