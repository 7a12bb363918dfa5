"""Scripts of execline.

The command lines are those that execlineb 2.9.6 hands to a program that shows its words.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.reachability.runtimes.launchers.execline_words import argv_of

PROGRAMS = """
    execlineb foreground background if ifelse ifthenelse backtick importas define export cd exec forx elglob trap case
    multisubstitute elgetpositionals redirfd fdmove pipeline loopwhilex tryexec wait heredoc emptyenv unexport umask
    true forbacktickx s6-setuidgid s6-envdir s6-notifyoncheck with-contenv
"""
TREE = {f"!usr/lib/execline/bin/{name}": "" for name in PROGRAMS.split()} | {"!bin/app": "", "!bin/execlineb": ""}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("show a { b { c d } e } f", ("show", "a", " b", "  c", "  d", " ", " e", "", "f")),
        (r'show "a b" "e\n" \x41', ("show", "a b", "e\n", "x41")),
        ('show "\\"q" #comment\n z', ("show", '"q', "z")),
        ("show { SIGTERM { a { b } } }", ("show", " SIGTERM", "  a", "   b", "  ", " ", "")),
        ("show a{b }c #{\nx", ("show", "a{b", "}c", "x")),
    ],
)
def test_a_script_is_one_command_line(script, words):
    assert argv_of(script) == words


@pytest.mark.parametrize(
    "script",
    [
        "app --now",
        "foreground { true } app",
        "background { app } true",
        "if -n { true } app",
        "if -x 5 { app } true",
        "ifelse { true } { app } true",
        "ifelse { true } { true } app",
        "ifthenelse { true } { app } { true } true",
        "define A app $A --now",
        'define -s A "app --now" $A',
        "importas -i A TOOL $A",
        "importas -D app A NONE ${A}",
        "importas -S TOOL $TOOL",
        "multisubstitute { define B now importas A TOOL } $A $B",
        "export X y redirfd -w 1 /log fdmove -c 2 1 app",
        "cd /bin ./app",
        "exec -c -a name app",
        "forx -E i { true app } $i",
        "forx i { true app } importas X i $X",
        "elglob -s A /bin/ap* $A",
        "trap { SIGTERM { app } } true",
        "case x { a { true } . { app } } true",
        "pipeline { app } true",
        "pipeline -w { true } app",
        "loopwhilex app",
        "tryexec { app } true",
        "backtick V { app } true",
        "backtick V { true } app",
        "emptyenv -p unexport X umask 022 wait { } app",
        "s6-setuidgid www s6-envdir -I /env app",
        "foreground { define A app if { $A } true }\n# the end\ntrue",
        "if { if { true } app } true",
        "unheard-of -x app",
    ],
)
def test_each_program_runs_what_stands_behind_it(run, script):
    found = run({**TREE, "!app/run": f"#!/bin/execlineb -P\n{script}\n"}, "/app/run", PATH="/bin", TOOL="app")
    assert "bin/app" in (found.possible if script.startswith("unheard") else found.certain)
    assert not found.gaps


@pytest.mark.parametrize(
    ("options", "script"), [("-S0", "$@"), ("-s1", "$@"), ("-S1", "$2"), ("", "elgetpositionals $2")]
)
def test_the_words_that_a_script_is_given_are_put_in(run, options, script):
    found = run({**TREE, "!app/run": f"#!/bin/execlineb {options}\n{script}\n"}, "/app/run true app", PATH="/bin")
    assert ("bin/app" in found.certain) == (script != "$@" or options == "-s1")


def test_a_script_in_the_command_is_followed(run):
    assert "bin/app" in run(TREE, "execlineb -Pc 'foreground { true } app'", PATH="/bin").certain
    assert "bin/app" in run(TREE, "execlineb -P -c 'if { app } true'", PATH="/bin").certain


def test_the_name_that_exec_gives_a_program_starts_nothing(run):
    script = {"!app/start": "#!/bin/execlineb -P\nexec -a job /bin/app --now\n", "!bin/job": ""}
    found = run(TREE | script, "/app/start", PATH="/bin")
    assert "bin/app" in found.certain
    assert "bin/job" not in {*found.certain, *found.possible}


@pytest.mark.parametrize("script", ["backtick -E A { app } $A", "importas A NONE $A", "forbacktickx -E i { app } $i"])
def test_a_program_that_a_run_decides_is_a_gap(run, script):
    assert run({**TREE, "!app/run": f"#!/bin/execlineb\n{script}\n"}, "/app/run", PATH="/bin").gaps


BLOCKS = st.recursive(st.sampled_from(["a", "-b", "c{d"]), lambda inner: st.lists(inner, max_size=3), max_leaves=8)


def written(words):
    return " ".join(word if isinstance(word, str) else f"{{ {written(word)} }}" for word in words)


def handed_over(words, depth=0):
    for word in words:
        if isinstance(word, str):
            yield " " * depth + word
        else:
            yield from handed_over(word, depth + 1)
            yield " " * depth


@settings(max_examples=50)
@given(st.lists(BLOCKS, max_size=4))
def test_blocks_in_blocks_are_handed_over_with_a_blank_for_each(words):
    assert argv_of(written(words)) == tuple(handed_over(words))


@settings(max_examples=50)
@given(st.text(alphabet='{} \n"\\#a$-', max_size=60))
def test_any_script_is_read_to_its_end(text):
    assert argv_of(f"{text}\n") == argv_of(text) or text.endswith(("\\", '"')) or '"' in text or "#" in text
