"""What shell scripts run.

Goes through `gate/reachability/runtimes/shell_loops.py`, `gate/reachability/runtimes/shell_tests.py`,
`gate/reachability/runtimes/words.py`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

TREE = {"!bin/sh": "", "!usr/bin/one": "", "!usr/bin/two": "", "!opt/three": "", "app/lib.sh": "two\n"}


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        ("exec one --serve", {"usr/bin/one"}),
        ("if [ -n x ]; then one; else two; fi", {"usr/bin/one", "usr/bin/two"}),
        ("start() { one; }\nstart", {"usr/bin/one"}),
        ('start() { local tool="$1"; exec "$@"; }\nstart two --now', {"usr/bin/two"}),
        (". ./lib.sh", {"app/lib.sh", "usr/bin/two"}),
        ('. "$(dirname "$0")/lib.sh"', {"app/lib.sh", "usr/bin/two"}),
        ("TOOL=one; $TOOL", {"usr/bin/one"}),
        ("exec ${TOOL:-two}", {"usr/bin/two"}),
        ("export PATH=/opt:$PATH\nthree", {"opt/three"}),
        ("PATH=$PATH:/opt\nthree", {"opt/three"}),
        ("exec $(which one)", {"usr/bin/one"}),
        ('set -- two "$@"\nexec "$@"', {"usr/bin/two"}),
        ("eval 'one'; trap two EXIT", {"usr/bin/one", "usr/bin/two"}),
        ("cd /opt && ./three", {"opt/three"}),
        ("one | two &", {"usr/bin/one", "usr/bin/two"}),
        ("sh -c 'exec one'", {"usr/bin/one"}),
        ("# one\necho 'two'", set()),
        ('[ -x "$(command -v one)" ] || command -V two', set()),
        ("command -p one", {"usr/bin/one"}),
        ("for file in /opt/*; do [ -x $file ] && $file; done", {"opt/three"}),
        ('for file in /opt/*; do sh "$file"; done', {"opt/three"}),
        ("for tool in one two; do command -v $tool && $tool; done", {"usr/bin/one", "usr/bin/two"}),
        ("for file in /nothing/*.sh; do $file; done; two", {"usr/bin/two"}),
        ('find /opt -type f | sort | while IFS= read -r file; do "$file"; done', {"opt/three"}),
        ("for part in $(run-parts --list --regex '^[a-z]*$' /opt); do . $part; done", {"opt/three"}),
        ("cd /opt; exec /opt/thr*", {"opt/three"}),
        ("cd /opt; TOOL=$(ls t* | head -n 1); ./$TOOL", {"opt/three"}),
        ('TOOL=two--; "${TOOL#two}" || "${NO:-two}"', {"usr/bin/two"}),
    ],
)
def test_a_script_starts(run, script, programs):
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert set(found.certain) - {"app/start", "bin/sh"} == programs
    assert found.gaps == ()


def test_arguments_go_on_to_the_program_that_takes_over(run):
    tree = {**TREE, "!app/start": '#!/bin/sh\nexec "$@"\n'}
    assert "usr/bin/two" in run(tree, "/app/start two --serve").certain


def test_the_evidence_names_script_and_line(run):
    found = run({**TREE, "!app/start": "#!/bin/sh\n\none\n"}, "/app/start")
    assert found.certain["usr/bin/one"] == Because("app/start", "runs", 3)


@pytest.mark.parametrize("script", ["$TOOL --now", 'eval "$TOOL"', '. "$TOOL"', "exec $(cat /etc/tool)"])
def test_what_only_a_run_would_tell_is_a_gap(run, script):
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert [(gap.kind, gap.line) for gap in found.gaps] == [("everything", 2)]


def test_a_script_that_sources_itself_is_read_once(run):
    found = run({**TREE, "!app/start": "#!/bin/sh\n. /app/start\n. /app/start\none\n"}, "/app/start")
    assert "usr/bin/one" in found.certain


def test_a_script_that_starts_itself_comes_to_an_end(run):
    found = run({**TREE, "!app/start": '#!/bin/sh\n/app/start x "$@"\n'}, "/app/start")
    assert [gap.reason for gap in found.gaps] == ["starts itself with other arguments more than 5 times"]


@pytest.mark.parametrize(
    ("script", "arguments", "programs"),
    [
        ('if [ "${1#-}" != "$1" ]; then set -- one "$@"; fi; exec "$@"', "--serve", {"usr/bin/one"}),
        ('if [ "${1#-}" != "$1" ]; then set -- one "$@"; fi; exec "$@"', "two", {"usr/bin/two"}),
        (
            'if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ]; then set -- one "$@"; fi; exec "$@"',
            "two",
            {"usr/bin/two"},
        ),
        ('if [ "$1" = serve ]; then set -- one; fi; exec "$@"', "two", {"usr/bin/two"}),
        ('case "$1" in serve) set -- one "$@" ;; esac; exec "$@"', "two", {"usr/bin/one", "usr/bin/two"}),
    ],
)
def test_arguments_that_a_script_sets_take_the_place_of_its_own(run, script, arguments, programs):
    """Where a test in front is known not to hold, they are not set; where nobody knows, both are followed."""
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, f"/app/start {arguments}")
    assert set(found.certain) - {"app/start", "bin/sh"} == programs


@pytest.mark.parametrize("command", ["sh -lc two", "sh -l -c two", "sh --login -c two"])
def test_a_login_shell_reads_its_profiles(run, command):
    found = run({**TREE, "etc/profile": "one\n", "root/.profile": "/opt/three\n"}, command)
    assert {"etc/profile", "usr/bin/one", "root/.profile", "opt/three", "usr/bin/two"} <= set(found.certain)


def test_bash_reads_the_file_of_bash_env(run):
    found = run({**TREE, "!bin/bash": "", "app/env": "one\n"}, "bash -c two", BASH_ENV="/app/env")
    assert {"app/env", "usr/bin/one", "usr/bin/two"} <= set(found.certain)


def test_a_loop_over_what_only_a_run_would_tell_is_a_gap(run):
    found = run({**TREE, "!app/start": "#!/bin/sh\nfor file in $(date); do $file; done"}, "/app/start")
    assert [gap.reason for gap in found.gaps] == ["runs a program that is known only at run time"]


@given(st.text(alphabet="$(){}\"'`|&;<> \n#=abeilvox.-@0", max_size=80))
def test_any_text_is_read(script):
    files = Files(SmallTree({"!bin/sh": "", "!bin/a": ""}))
    start = StartedProgram(program="/bin/sh", arguments=("-c", script), because=Because("", "starts"))
    assert "bin/sh" in explore([start], files).certain
