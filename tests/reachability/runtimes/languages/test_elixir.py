"""Elixir's start script, and the launcher of Erlang that it starts."""

import pytest

from gate.reachability.runtimes.languages.elixir import launched_by_elixir
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree

OPTIONS = "erl_set () {\n  true\n}\n"
SCRIPT = f'#!/bin/sh\n{OPTIONS}set -- erl -elixir_root "$SCRIPT_PATH"/../lib $ELIXIR_ERL_OPTIONS "$@"\n'
RELEASE = f'#!/bin/sh\n{OPTIONS}ERTS_BIN=\nERTS_BIN="$SCRIPT_PATH"/../../erts-15/bin/\nset -- "$ERTS_BIN"erl "$@"\n'
TREE = {
    "!usr/lib/elixir/bin/elixir": SCRIPT,
    "usr/bin/elixir": "-> ../lib/elixir/bin/elixir",
    "!usr/bin/erl": "",
    "!opt/shop/releases/1/elixir": RELEASE,
    "!opt/shop/erts-15/bin/erl": "",
}
BEGIN = ("-noshell", "-elixir_root", "/usr/lib/elixir/lib", "-pa", "/usr/lib/elixir/lib/elixir/ebin")
CLI = ("-s", "elixir", "start_cli")


def launched(*words, path="usr/bin/elixir", environment=(), tree=TREE):
    shell = StartedProgram(program="bin/sh", environment=environment, because=Because("", "entrypoint"))
    return launched_by_elixir(shell, path, words, Files(SmallTree(tree)))


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ((), (*CLI, "-extra")),
        (
            ("--no-halt", "/app/run.exs", "--cookie", "x"),
            (*CLI, "-extra", "--no-halt", "/app/run.exs", "--cookie", "x"),
        ),
        (("-e", "Shop.run()", "--sname", "shop"), (*CLI, "-sname", "shop", "-extra", "-e", "Shop.run()")),
        (("--erl", "-mode embedded +K true"), (*CLI, "-mode", "embedded", "+K", "true", "-extra")),
        (
            ("--boot-var", "LIB", "/lib", "--boot", "/b", "--hidden", "--vm-args", "/v", "--no-halt"),
            (*CLI, "-boot_var", "LIB", "/lib", "-boot", "/b", "-hidden", "-args_file", "/v", "-extra", "--no-halt"),
        ),
        (("--logger-otp-reports", "true", "+iex"), ("-extra", "+iex")),
        (("--cookie",), (*CLI, "-setcookie", "-extra")),
    ],
)
def test_options_become_those_of_the_launcher(words, arguments):
    (started,) = launched(*words)
    assert (started.program, started.arguments) == ("/usr/bin/erl", (*BEGIN, *arguments))


def test_options_stand_in_a_variable_too():
    (started,) = launched(environment=(("ELIXIR_ERL_OPTIONS", "-s jose"),))
    assert started.arguments == (*BEGIN, "-s", "jose", *CLI, "-extra")


def test_a_release_has_its_own_machine():
    (started,) = launched("--no-halt", path="opt/shop/releases/1/elixir")
    assert (started.program, started.arguments) == (
        "/opt/shop/erts-15/bin/erl",
        ("-noshell", *CLI, "-extra", "--no-halt"),
    )


@pytest.mark.parametrize(
    ("path", "words", "tree"),
    [
        ("usr/bin/erl", (), TREE),
        ("usr/bin/none", (), TREE),
        ("usr/bin/elixir", ("--pipe-to", "/pipe", "/log"), TREE),
        ("usr/bin/elixir", (), {"!usr/bin/elixir": "#!/bin/sh\nexec erl\n", "!usr/bin/erl": ""}),
        ("usr/lib/elixir/bin/elixir", (), {"!usr/lib/elixir/bin/elixir": SCRIPT}),
    ],
)
def test_any_other_script_is_followed_as_all_are(path, words, tree):
    assert launched(*words, path=path, tree=tree) is None


def test_the_script_leaves_no_gap(run):
    tree = {**TREE, "!bin/sh": "", "!usr/bin/elixir": SCRIPT + 'exec $UNKNOWN "$@"\n[ -n "$PIPE" ] && exec $(date)\n'}
    del tree["!usr/lib/elixir/bin/elixir"], tree["usr/bin/elixir"]
    found = run({**tree, "!usr/bin/erl": "#!/bin/sh\n"}, "/usr/bin/elixir --no-halt")
    assert "usr/bin/erl" in found.certain
    assert not found.gaps


def test_what_else_the_script_may_start_is_possible(run):
    script = SCRIPT + '[ -n "$PIPE" ] && other --now\n[ -n "$PIPE" ] && third $(date)\n'
    tree = {**TREE, "!bin/sh": "", "!usr/lib/elixir/bin/elixir": script, "!usr/bin/other": "", "!usr/bin/third": ""}
    found = run(tree, "/usr/bin/elixir --no-halt")
    assert "usr/bin/other" in found.possible
    assert "usr/bin/third" not in found.possible
