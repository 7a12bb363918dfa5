"""Erlang: the machine, the applications that are started, and what they require."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import EVERYTHING, Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

START = Because("", "entrypoint")
ROOT = "usr/lib/erlang"
BIN = f"{ROOT}/erts-15/bin"


def application(place, name, requires=""):
    text = f"{{application,{name},[{{applications,[kernel,stdlib]}},{{included_applications,[{requires}]}}]}}."
    return {f"{place}/ebin/{name}.app": text, f"{place}/ebin/{name}.beam": "FOR1"}


ERLANG = {
    f"!{BIN}/erlexec": "",
    f"!{BIN}/beam.smp": "",
    f"!{BIN}/erl_child_setup": "",
    f"{ROOT}/bin/start.boot": "",
    **application(f"{ROOT}/lib/kernel-10", "kernel"),
    **application(f"{ROOT}/lib/jose-1", "jose", "crypto, 'base64url' % jiffy\n"),
    **application(f"{ROOT}/lib/crypto-5", "crypto"),
    **application(f"{ROOT}/lib/base64url-1", "base64url"),
    **application(f"{ROOT}/lib/jiffy-1", "jiffy"),
    f"{ROOT}/lib/crypto-5/priv/lib/crypto.so": "",
    f"{ROOT}/lib/jose-1/ebin/jose_tool.beam": "FOR1",
    **application("opt/lib/shop-1", "shop", "jose"),
}
JOSE = {f"{ROOT}/lib/{name}/ebin/{name[:-2]}.app" for name in ("jose-1", "base64url-1")}


def started(*words, program="erlexec", environment=(), tree=ERLANG):
    step = StartedProgram(program=f"{BIN}/{program}", arguments=words, environment=environment, because=START)
    return explore([step], Files(SmallTree(tree)))


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("-s", "jose"), ()),
        (("-noshell", "-run", "jose_tool", "main"), ()),
        (("-eval", "application:ensure_all_started(jose), io:format(x)."), ()),
        (("-eval", "jose_tool:main()."), ()),
        (("\0", "-s", "shop"), (("ERL_LIBS", "/srv/none:/opt/lib"),)),
        (("-pa", "/srv", "/opt/lib/shop-1/ebin", "-s", "shop", "start"), ()),
    ],
)
def test_an_application_is_opened_with_all_that_it_requires(words, environment):
    found = started(*words, environment=environment).certain
    assert found.keys() >= JOSE
    assert {f"{ROOT}/lib/crypto-5/priv/lib/crypto.so", f"{ROOT}/lib/kernel-10/ebin/kernel.app"} <= found.keys()
    assert {f"{BIN}/beam.smp", f"{BIN}/erl_child_setup", f"{ROOT}/bin/start.boot"} <= found.keys()
    assert f"{ROOT}/lib/jiffy-1/ebin/jiffy.app" not in found


@pytest.mark.parametrize("words", [("-noshell",), ("-pa", "/opt/lib/shop-1/ebin"), ("-s", "\0"), ("-pa", "\0")])
def test_what_no_option_starts_is_not_certain(words):
    assert not JOSE & started(*words).certain.keys()


@pytest.mark.parametrize("program", ["erlexec", "beam.smp", "escript"])
def test_what_its_modules_start_is_a_gap(program):
    gaps = started("-s", "jose", program=program, tree=ERLANG | {f"!{BIN}/escript": ""}).gaps
    assert (EVERYTHING, "what modules of Erlang load and start is not followed") in [
        (gap.kind, gap.reason) for gap in gaps
    ]


@given(st.text(alphabet="{}[], 'aplictons_%\n", max_size=200), st.lists(st.text(alphabet="-pas\0/:", max_size=9)))
def test_any_application_and_any_words_are_read(text, words):
    tree = ERLANG | {f"{ROOT}/lib/jose-1/ebin/jose.app": text}
    assert f"{BIN}/beam.smp" in started(*words, tree=tree).certain
