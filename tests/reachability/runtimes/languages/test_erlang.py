"""Erlang: the machine, the applications that are started, and what they require."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, Because, StartedProgram
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


@pytest.mark.parametrize("program", ["beam.smp", "escript", "erlc", "dialyzer"])
def test_code_that_is_not_known_is_a_gap(program):
    gaps = started("-s", "jose", program=program, tree=ERLANG | {f"!{BIN}/{program}": ""}).gaps
    assert [(gap.kind, gap.reason) for gap in gaps] == [(EVERYTHING, "runs code of Erlang that is not known")]


@pytest.mark.parametrize(
    "words",
    [(), ("-s", "\0", "boot"), ("\0", "-s", "jose"), ("-name", "\0", "-pa", "\0"), ("-eval", "jose_tool:main().")],
)
def test_modules_of_which_the_name_is_not_known_are_no_gap(words):
    assert not started(*words).gaps


@pytest.mark.parametrize("option", ["-eval", "--eval", "-args_file"])
def test_code_and_settings_that_are_not_known_are_a_gap(option):
    (gap,) = started(option, "a\0b").gaps
    assert (gap.kind, gap.reason) == (EVERYTHING, f"is given what stands behind {option} only at run time")


def test_any_application_may_be_loaded_with_its_libraries():
    found = started("-s", "jose", tree=ERLANG | {"opt/lib/shop-1/priv/shop.so": ""}).possible
    assert {f"{ROOT}/lib/jiffy-1/ebin/jiffy.app", "opt/lib/shop-1/ebin/shop.app", "opt/lib/shop-1/priv/shop.so"} <= {
        *found
    }


@pytest.mark.parametrize(
    ("words", "environment", "files"),
    [
        (("-args_file", "/etc/vm.args"), (), {"etc/vm.args": "# -s none\n-sname shop\n-s jose\n"}),
        ((), (("ERL_FLAGS", "-s jose"),), {}),
        ((), (("ERL_AFLAGS", "-noshell"), ("ERL_ZFLAGS", "-s jose")), {}),
        (("-boot", "/opt/shop"), (), {"opt/shop.boot": b"\x83h\2w\x0astart_bootl\0\0\0\2w\4josew\x09permanentj"}),
        (("-boot", "/opt/shop"), (), {"opt/shop.boot": b"\x83d\0\x0astart_bootl\0\0\0\2d\0\4josed\0\x09permanentj"}),
    ],
)
def test_words_stand_in_variables_and_files_and_applications_in_boot_scripts(words, environment, files):
    assert started(*words, environment=environment, tree=ERLANG | files).certain.keys() >= JOSE


@pytest.mark.parametrize(
    ("words", "name"), [(("-sname", "shop"), "epmd"), (("-name", "shop@host"), "epmd"), (("-heart",), "heart")]
)
def test_the_launcher_starts_what_a_node_needs(words, name):
    tree = ERLANG | {f"!{BIN}/{name}": ""}
    assert f"{BIN}/{name}" in started(*words, tree=tree).certain
    assert f"{BIN}/{name}" not in started(tree=tree).certain


def test_settings_of_a_name_that_is_known_in_part_are_those_that_fit():
    tree = ERLANG | {"run/shop-1.config": "[].", "run/other.config": "[]."}
    found = started("-config", "/run/shop-\0", tree=tree)
    assert {"run/shop-1.config"} == {path for path in found.possible if path.startswith("run/")}
    assert not found.gaps
    (gap,) = started("-config", "\0", tree=tree).gaps
    assert gap.reason == "is given settings that are known only at run time"


@pytest.mark.parametrize(("word", "path"), [("/etc/sys", "etc/sys.config"), ("/etc/sys.config", "etc/sys.config")])
def test_settings_are_read(word, path):
    assert path in started("-config", word, tree=ERLANG | {path: "[]."}).certain


def test_a_script_is_followed_if_it_is_in_the_image():
    tree = ERLANG | {f"!{BIN}/escript": "", "opt/run": "#!/usr/bin/env escript\n"}
    found = started("-c", "/opt/run", program="escript", tree=tree)
    assert "opt/run" in found.possible
    assert EVERYTHING not in [gap.kind for gap in found.gaps]


def test_the_folders_of_the_launcher_are_no_commands():
    tree = ERLANG | {f"!{BIN}/dyn_erl": ""}
    environment = (("BINDIR", f"/{BIN}"), ("EMU", "beam"), ("ERL_LIBS", f"/{BIN}"), ("ROOTDIR", f"/{ROOT}"))
    assert f"{BIN}/dyn_erl" not in started(environment=environment, tree=tree).possible


@pytest.mark.parametrize(
    ("words", "is_given"), [(("x", "start", "tool"), True), (("tool",), False), (("x", "tool"), False)]
)
def test_what_a_function_is_given_may_name_a_program(words, is_given):
    tree = ERLANG | {"!usr/bin/tool": ""}
    found = started("-noshell", "-s", *words, environment=(("PATH", "/usr/bin"),), tree=tree)
    assert ("usr/bin/tool" in found.possible) == is_given


@given(st.text(alphabet="{}[], 'aplictons_%\n", max_size=200), st.lists(st.text(alphabet="-pas\0/:", max_size=9)))
def test_any_application_and_any_words_are_read(text, words):
    tree = ERLANG | {f"{ROOT}/lib/jose-1/ebin/jose.app": text}
    assert f"{BIN}/beam.smp" in started(*words, tree=tree).certain
