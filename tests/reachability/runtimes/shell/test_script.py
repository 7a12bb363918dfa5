"""What shell scripts run.

Goes through `gate/reachability/runtimes/strings/words.py` and the parts of the shell:
`gate/reachability/runtimes/shell/run.py`, `gate/reachability/runtimes/shell/filters.py`,
`gate/reachability/runtimes/shell/builtins.py`, `gate/reachability/runtimes/shell/expansion.py`,
`gate/reachability/runtimes/shell/outputs.py`, `gate/reachability/runtimes/shell/parser.py`,
`gate/reachability/runtimes/shell/paths.py`, `gate/reachability/runtimes/shell/state.py`,
`gate/reachability/runtimes/shell/syntax.py`, `gate/reachability/runtimes/shell/tests.py`,
`gate/reachability/runtimes/shell/values.py`, `gate/reachability/runtimes/shell/words.py`,
`gate/reachability/runtimes/shell/writers.py`.
"""

from pathlib import Path
from random import Random
from shutil import which
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.model.container import Runtime
from gate.reachability.runtimes.launchers import shebang
from gate.reachability.runtimes.shell import script as shell
from gate.reachability.runtimes.shell.values import UNKNOWN, in_common
from gate.reachability.runtimes.walk.explore import Explored
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore
from tests.reachability.runtimes.shell_scripts import (
    ARGUMENTS,
    FILES,
    KNOWN,
    PROGRAMS,
    TOOLS,
    Scripts,
    real_folder,
    started,
)

TREE = {"!bin/sh": "", "!usr/bin/one": "", "!usr/bin/two": "", "!opt/three": "", "app/lib.sh": "two\n"}
TREE |= {"app/kv": "tool=two\n", "app/own": "tool=two"}
TREE |= {"links/a": "-> .", "links/b": "-> .", "!links/in/five": "", "links/in/four": "-> /opt/three"}


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        ("exec one --serve", {"usr/bin/one"}),
        ("if [ -n x ]; then one; else two; fi", {"usr/bin/one"}),
        ("if date; then one; else two; fi", {"usr/bin/one", "usr/bin/two"}),
        (
            "x=ab; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do x=$x$x; done; case $x in a*b) one ;; *) two ;; esac",
            {"usr/bin/one", "usr/bin/two"},
        ),
        ("for part in $(run-parts --list --regex='^t[a-z]+$' /opt); do $part; done", {"opt/three"}),
        (
            "case $MODE in a) c=one ;; *) c=two ;; esac; MODE=b; case $MODE in a) c=one ;; b) c=two ;; esac; exec $c",
            {"usr/bin/two"},
        ),
        ("if [ -x /usr/bin/one ]; then one; else two; fi", {"usr/bin/one"}),
        ("if [ -f /usr/bin/none ]; then one; else two; fi", {"usr/bin/two"}),
        ("[ ! -d /opt ] || one", {"usr/bin/one"}),
        ("case a in b) one ;; esac && two", {"usr/bin/two"}),
        ("[ -x /app/lib.sh ] && one || two", {"usr/bin/two"}),
        ("f() { $1; }; f one; echo $1", {"usr/bin/one"}),
        ("(TOOL=one); TOOL=two; (TOOL=one; :); $TOOL", {"usr/bin/two"}),
        ("exec one; two", {"usr/bin/one"}),
        ("f() { return; one; }; f; two", {"usr/bin/two"}),
        ("for word in a b; do [ $word = b ] && break; one; done; [ $word = a ] && two; true", {"usr/bin/one"}),
        ("set -- -t two; while getopts st: o; do case $o in s) one ;; t) $OPTARG ;; esac; done", {"usr/bin/two"}),
        (
            "set -- --x v y; while [ $# -gt 0 ]; do case $1 in --x) shift ;; y) one ;; *) two ;; esac; shift; done",
            {"usr/bin/one"},
        ),
        ("sh <<END\none\nEND\ncat <<END\ntwo\nEND", {"usr/bin/one"}),
        ("echo two | sh", {"usr/bin/two"}),
        ('x=$(echo a; exit 1) || one; [ "$x" = a ] || two', {"usr/bin/one"}),
        ("run() { echo one; }; $(run)", {"usr/bin/one"}),
        ("PATH=/app:$PATH; . lib.sh", {"app/lib.sh", "usr/bin/two"}),
        ("alias run=one\nrun", {"usr/bin/one"}),
        ("x=/a/two.sh; y=${x##*/}; exec ${y%.sh}", {"usr/bin/two"}),
        ("exec $(cat /app/lib.sh)", {"usr/bin/two"}),
        ("exec $(basename /srv/one.sh .sh)", {"usr/bin/one"}),
        ("while read -r line; do $line; done < /app/lib.sh", {"app/lib.sh", "usr/bin/two"}),
        ("start() { one; }\nstart", {"usr/bin/one"}),
        ('start() { local tool="$1"; exec "$@"; }\nstart two --now', {"usr/bin/two"}),
        ('start() { local tool=$1; export A=$tool; }\nstart "one $X 1"\nexec two', {"usr/bin/two"}),
        (". ./lib.sh", {"app/lib.sh", "usr/bin/two"}),
        ('. "$(dirname "$0")/lib.sh"', {"app/lib.sh", "usr/bin/two"}),
        ("TOOL=one; $TOOL", {"usr/bin/one"}),
        (
            "exec $(if one >/x; then echo two --a b; else echo /opt/three; fi)",
            {"usr/bin/one", "usr/bin/two", "opt/three"},
        ),
        (
            "name=$(one >/x && echo wo || echo hree) DIR=t; ls /opt/t$name || exec $DIR$name",
            {"usr/bin/one", "usr/bin/two"},
        ),
        ("exec $(cut -d= -f2 /app/kv)", {"usr/bin/two"}),
        ('V="${V:-"$(cut -d = -f 2 /app/own)"}"; exec "$V"', {"usr/bin/two"}),
        ("x=$(echo a,one,b | cut -f2 -d,); exec $x", {"usr/bin/one"}),
        ('x=$(readlink /links/in/four); y=$(readlink /opt/three); exec "$x$y"', {"opt/three"}),
        ("case $OSTYPE in cygwin*) exec one ;; esac; two", {"usr/bin/two"}),
        ('[ -h "$0" ] && one; two', {"usr/bin/two"}),
        ('x=$(readlink -f /opt/three); if [ "$?" != 0 ]; then one; else "$x"; fi', {"opt/three"}),
        ("dirname /a/b; [ $? = 0 ] || one; two", {"usr/bin/two"}),
        ('cd /opt; FILE=; [ -n "$X" ] && FILE=$Y; . "$FILE" || true; two', {"usr/bin/two"}),
        ("exec ${TOOL:-two}", {"usr/bin/two"}),
        ("export PATH=/opt:$PATH\nthree", {"opt/three"}),
        ("PATH=$PATH:/opt\nthree", {"opt/three"}),
        ("exec $(which one)", {"usr/bin/one"}),
        ('set -- two "$@"\nexec "$@"', {"usr/bin/two"}),
        ("eval 'one'; trap two EXIT", {"usr/bin/one", "usr/bin/two"}),
        ("cd /opt && ./three", {"opt/three"}),
        ("cd $X || cd /opt; if [ a = b ]; then one; else two; fi", {"usr/bin/two"}),
        ("for n in $(seq 2); do [ $n = 2 ] && two; true; done", {"usr/bin/two"}),
        ("N=${X:-3}; for n in $(seq $((N-1)) -1 1); do eval Y$n=two; done; $Y1", {"usr/bin/two"}),
        ('exec "$(basename "${X:-/srv/two}")"', {"usr/bin/two"}),
        ('rm -f "$X"; . /etc/default/none; two', {"usr/bin/two"}),
        ("case $- in *i*) one ;; *) two ;; esac; [[ $- != *i* ]] || one", {"usr/bin/two"}),
        ('eval "$(dircolors -b)"; eval "$(lesspipe)"; two', {"usr/bin/two"}),
        ("one | two &", {"usr/bin/one", "usr/bin/two"}),
        ("sh -c 'exec one'", {"usr/bin/one"}),
        ("# one\necho 'two'", set()),
        ('[ -x "$(command -v one)" ] || command -V two', set()),
        ("command -p one", {"usr/bin/one"}),
        ("echo <(one) >(two)", {"usr/bin/one", "usr/bin/two"}),
        ("exec > >(one 2>&1); two", {"usr/bin/one", "usr/bin/two"}),
        ("{one,--serve}; t{w,h}o", {"usr/bin/one", "usr/bin/two"}),
        ("for file in /opt/*; do [ -x $file ] && $file; done", {"opt/three"}),
        ('for file in /opt/*; do sh "$file"; done', {"opt/three"}),
        ("for tool in one two; do command -v $tool && $tool; done", {"usr/bin/one", "usr/bin/two"}),
        ("for file in /nothing/*.sh; do $file; done; two", {"usr/bin/two"}),
        ('find /opt -type f | sort | while IFS= read -r file; do "$file"; done', {"opt/three"}),
        ('for file in $(find /links -type f); do "$file"; done', {"links/in/five"}),
        ('for file in $(find -L /links/in -type f); do "$file"; done', {"links/in/five", "links/in/four", "opt/three"}),
        ("for part in $(run-parts --list --regex '^[a-z]*$' /opt); do . $part; done", {"opt/three"}),
        ("cd /opt; exec /opt/thr*", {"opt/three"}),
        ("cd /opt; TOOL=$(ls t* | head -n 1); ./$TOOL", {"opt/three"}),
        ("PATH=bin:$PATH; cd /usr; one", {"usr/bin/one"}),
        ('TOOL=two--; "${TOOL#two}" || "${NO:-two}"', {"usr/bin/two"}),
    ],
)
def test_a_script_starts(run, script, programs):
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert set(found.certain) - {"app/start", "bin/sh"} == programs
    assert found.gaps == ()


def test_of_many_lists_of_arguments_the_words_are_kept_with_which_they_begin(run):
    adding = "".join(f'[ -n "$U{number}" ] && set -- "$@" {number}\n' for number in range(5))
    script = f'set -- two a\n[ -n "$USERSET" ] && set -- one b\n{adding}exec "$@"\n'
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert "usr/bin/two" in found.certain
    assert "usr/bin/one" in found.possible
    assert not found.gaps


@pytest.mark.parametrize("folder", ["run", "srv", "var/lib/shop"])
def test_what_a_file_says_that_may_be_another_one_at_run_time_is_not_known(run, folder):
    found = run(
        {**TREE, f"{folder}/choice": "two\n", "!app/start": f"#!/bin/sh\nexec $(cat /{folder}/choice)\n"}, "/app/start"
    )
    assert [gap.reason for gap in found.gaps] == ["runs a program that is known only at run time"]


@pytest.mark.parametrize("start", ["sh -i /app/start", "sh -o pipefail -ei /app/start", "sh /app/flags"])
def test_a_shell_that_may_be_interactive_takes_both_ways(run, start):
    tree = {**TREE, "app/start": "case $- in *i*) one ;; esac", "app/flags": "case $- in *e*) one ;; esac"}
    assert "usr/bin/one" in {**run(tree, start).certain, **run(tree, start).possible}


def test_arguments_go_on_to_the_program_that_takes_over(run):
    tree = {**TREE, "!app/start": '#!/bin/sh\nexec "$@"\n'}
    assert "usr/bin/two" in run(tree, "/app/start two --serve").certain


def test_the_evidence_names_script_and_line(run):
    found = run({**TREE, "!app/start": "#!/bin/sh\n\none\n"}, "/app/start")
    assert found.certain["usr/bin/one"] == Because("app/start", "runs", 3)


def one_of(*commands):
    """Return a statement that runs one of some commands, in more states than are kept apart."""
    branches = [f"{n}) {commands[n % len(commands)]}; N={n} ;;" for n in range(7)]
    return f"case $(date) in {' '.join(branches)} *) {commands[0]}; N=x ;; esac\n"


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        (one_of("T=one", "T=two") + "$T", {"one", "two"}),
        (one_of("T=one", "T=two") + '[ "$T" = none ] && one; true', set()),
        (one_of("set -- one", "set -- two x") + '"$@"', {"one", "two"}),
        (one_of("T=one", "T=two") + "eval $T; $T", {"one", "two"}),
    ],
)
def test_one_of_several_known_values_is_followed_with_each(run, script, programs):
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert {path for path in ("one", "two") if f"usr/bin/{path}" in {**found.certain, **found.possible}} == programs
    assert not found.gaps


@pytest.mark.parametrize(
    "change",
    [
        "read T",
        "T=$(date)",
        "T=$((T+1))",
        "f() { local T; read T; $T; }; f",
        'export "$(date)=x"',
        "T=x read T",
        "set -- $T $(date); T=$2",
        "for T in $(date); do $T; done",
        "while date; do T=$T$T; done",
    ],
)
def test_a_value_that_was_changed_since_is_not_remembered(run, change):
    tree = {**TREE, "!app/start": "#!/bin/sh\n" + one_of("T=one", "T=two") + change + "\n$T\n"}
    assert run(tree, "/app/start").gaps


@pytest.mark.parametrize("change", ["shift", "set -- $(date)", "set -- x; set -- $(date)"])
def test_arguments_that_were_changed_since_are_not_remembered(run, change):
    tree = {**TREE, "!app/start": "#!/bin/sh\n" + one_of("set -- one", "set -- two x") + change + '\n"$@"\n'}
    assert run(tree, "/app/start").gaps


def test_a_file_that_may_be_removed_is_open(run):
    found = run({**TREE, "!app/start": "#!/bin/sh\nrm -f $(date)\n[ -f /usr/bin/one ] || two"}, "/app/start")
    assert "usr/bin/two" in found.possible


def test_a_file_that_may_have_been_made_may_be_sourced(run):
    assert run({**TREE, "!app/start": "#!/bin/sh\nmv a $(date); . /etc/none"}, "/app/start").gaps


@pytest.mark.parametrize(
    "script",
    ["$TOOL --now", "eval $(dircolors -p)", 'eval "$TOOL"', '. "$TOOL"', "exec $(cat /etc/tool)", "echo >(sh)"],
)
def test_what_only_a_run_would_tell_is_a_gap(run, script):
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert ("everything", 2) in [(gap.kind, gap.line) for gap in found.gaps]


@pytest.mark.parametrize("script", ["declare -n r=c; c=one; $r", "hash -p /usr/bin/one three; three"])
def test_a_name_that_another_stands_for_is_a_gap(run, script):
    assert run({**TREE, "!app/start": "#!/bin/bash\n" + script, "!bin/bash": ""}, "/app/start").gaps


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
        ('case "$1" in serve) set -- one "$@" ;; esac; exec "$@"', "two", {"usr/bin/two"}),
        ('case "$1" in serve) set -- one "$@" ;; esac; exec "$@"', "serve", {"usr/bin/one"}),
        ('{ [ -f "$1" ] && ! [ -x "$1" ]; } && set -- one "$@"; exec "$@"', "two", {"usr/bin/two"}),
        ('{ [ -f "$1" ] && ! [ -x "$1" ]; } && set -- one "$@"; exec "$@"', "lib.sh", {"usr/bin/one"}),
        ('if [ "$1" = healthcheck ]; then exec one; fi; exec two', "serve", {"usr/bin/two"}),
    ],
)
def test_arguments_that_a_script_sets_take_the_place_of_its_own(run, script, arguments, programs):
    """Where a test in front is known not to hold, they are not set."""
    found = run({**TREE, "!app/start": "#!/bin/sh\n" + script}, f"/app/start {arguments}")
    assert set(found.certain) - {"app/start", "bin/sh"} == programs


@pytest.mark.parametrize(
    ("script", "may_run"),
    [
        ('{ [ -f "$1" ] && ! [ -x "$1" ]; } && set -- one "$@"; exec "$@"', False),
        ('cp x /home/node/two; { [ -f "$1" ] && ! [ -x "$1" ]; } && set -- one "$@"; exec "$@"', True),
        ('{ [ -f "./$1" ] && ! [ -x "./$1" ]; } && set -- one "$@"; exec "$@"', True),
    ],
)
def test_no_file_by_the_name_of_a_program_comes_into_being_in_a_folder_that_changes(run, script, may_run):
    found = run({**TREE, "!app/start": "#!/bin/sh\ncd /home/node\n" + script}, "/app/start two")
    assert "usr/bin/two" in found.certain
    assert ("usr/bin/one" in {*found.certain, *found.possible}) is may_run


@pytest.mark.parametrize("command", ["sh -lc two", "sh -l -c two", "sh --login -c two"])
def test_a_login_shell_reads_its_profiles(run, command):
    found = run({**TREE, "etc/profile": "one\n", "root/.profile": "/opt/three\n"}, command)
    assert {"etc/profile", "usr/bin/one", "root/.profile", "opt/three", "usr/bin/two"} <= set(found.certain)


def test_bash_reads_the_file_of_bash_env(run):
    found = run({**TREE, "!bin/bash": "", "app/env": "one\n"}, "bash -c two", BASH_ENV="/app/env")
    assert {"app/env", "usr/bin/one", "usr/bin/two"} <= set(found.certain)


@pytest.mark.parametrize(
    ("script", "certain", "possible"),
    [
        ('if [ -n "$DEBUG" ]; then one; else two; fi', {"two"}, {"one"}),
        ('[ "${MODE:-web}" = web ] && exec one; exec two', {"one"}, {"two"}),
        ('if [ -z "$KEY" ]; then exit 1; fi; one', {"one"}, set()),
        ("if [ -f /var/lib/ready ]; then one; else two; fi", {"two"}, {"one"}),
        ("touch /usr/bin/none; if [ -f /usr/bin/none ]; then one; else two; fi", {"two"}, {"one"}),
        ("for x in 1 2; do [ -f /usr/bin/none ] && one; touch /usr/bin/none; done", set(), {"one"}),
        ("apk add x; [ -f /usr/bin/none ] && one; true", {"apk"}, {"one"}),
        ("x >$(tty); if [ -x /bin/none ]; then exec /bin/none; else two; fi", {"two"}, set()),
        ("x >$(tty); chmod +x $(tty); if [ -x /bin/none ]; then one; else two; fi", {"two"}, {"one"}),
        ("x >$(tty); if [ -f /bin/none ]; then one; else two; fi", {"two"}, {"one"}),
        ("rm -f /opt/three; [ -f /opt/three ] || two", set(), {"two"}),
        ("one $OPTIONS; case $1 in a) two ;; esac", {"one"}, set()),
    ],
)
def test_what_needs_settings_or_files_that_the_image_does_not_have_may_run(run, script, certain, possible):
    found = run({**TREE, "!usr/bin/apk": "", "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    names = {path.rpartition("/")[2] for path in found.certain}
    assert names - {"start", "sh"} == certain
    assert {path.rpartition("/")[2] for path in found.possible} - names == possible
    assert found.gaps == ()


@pytest.mark.parametrize(
    "script",
    [
        "wget -O /app/lib.sh x; . /app/lib.sh",
        "echo one > /app/new.sh; /app/new.sh",
        "echo one > $(tty); cp x $(tty); /usr/bin/new",
        "curl x | sh",
        ". /tmp/settings",
        "for x in a; do",
        'PATH="$ELSEWHERE:$PATH"; none',
    ],
)
def test_what_comes_into_being_at_run_time_is_a_gap(run, script):
    """For all kinds of packages: it may start anything."""
    found = run({**TREE, "!usr/bin/sh": "", "!app/start": "#!/bin/sh\n" + script}, "/app/start")
    assert {gap.kind for gap in found.gaps} == {"everything"}


def _said(script: str, arguments: list[str], shell: str) -> Explored:
    """Return what the analysis says of a script, started as `started` starts it."""
    programs = {f"!usr/bin/{name}": "" for name in (*PROGRAMS, *TOOLS)}
    own = {("!" if path[0] == "!" else "") + "opt/app/" + path.lstrip("!"): text for path, text in FILES.items()}
    files = Files(SmallTree({**programs, **own, f"!bin/{shell}": "", "!bin/sh": "", "opt/script": script}))
    start = StartedProgram(
        program=f"/bin/{shell}",
        arguments=("../script", *arguments),
        folder="/opt/app",
        environment=tuple(sorted({**KNOWN, "PATH": "/usr/bin:/bin"}.items())),
        because=Because("", "starts"),
    )
    return explore([start], files)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1 << 30))
def test_what_is_said_not_to_run_does_not_run_in_a_real_shell(seed):
    """Whatever the programs' statuses are, and whichever settings a user adds."""
    random = Random(seed)
    script, arguments = Scripts(random).script(), random.choice(ARGUMENTS)
    with TemporaryDirectory() as root:
        folder = real_folder(Path(root))
        for shell in filter(which, ("dash", "bash")):
            found = _said(script, arguments, shell)
            said = {path.rpartition("/")[2] for path in (*found.certain, *found.possible)}
            chosen = {f"RC_{name}": random.choice("01") for name in PROGRAMS}
            chosen |= random.choice([{}, {"USERSET": "web"}, {"USERSET": "x", "A": "serve"}])
            ran = started(shell, script, arguments, folder, chosen)
            assert found.gaps or ran <= said, script


def test_a_loop_over_what_only_a_run_would_tell_is_a_gap(run):
    found = run({**TREE, "!app/start": "#!/bin/sh\nfor file in $(date); do $file; done"}, "/app/start")
    assert [gap.reason for gap in found.gaps] == ["runs a program that is known only at run time"]


@given(st.text(alphabet="$(){}\"'`|&;<> \n#=abeilvox.-@0", max_size=80))
def test_any_text_is_read(script):
    files = Files(SmallTree({"!bin/sh": "", "!bin/a": ""}))
    start = StartedProgram(program="/bin/sh", arguments=("-c", script), because=Because("", "starts"))
    assert "bin/sh" in explore([start], files).certain


JVM = {
    **{f"!bin/{name}": "" for name in ("sh", "uname", "xargs", "sed", "tr", "java")},
    **{f"!srv/jdk/bin/{name}": "" for name in ("java", "jar")},
}
START_OF_JAVA = r"""#!/bin/sh
windows=false
case "$( uname )" in
  CYGWIN* | MINGW* ) windows=true ;;
  Darwin* ) mac=true ;;
esac
JAVA=$JAVA_HOME/bin/java
if "$windows" ; then JAVA=$( cygpath "$JAVA" ); fi
set -- -classpath /srv/lib/shop.jar shop.Main "$@"
eval "set -- $( printf '%s\n' "$OPTIONS $JAVA_OPTS" |
  xargs -n1 | sed ' s~[^-[:alnum:]+,./:=@_]~\\&~g; ' | tr '\n' ' ' )" '"$@"'
exec "$JAVA" "$@"
"""


@pytest.mark.parametrize(
    ("options", "arguments"),
    [("", ()), ("-Xmx64m -Da=b", ("-Xmx64m", "-Da=b")), ("-Da=$HOME;x", ("-Da=$HOME;x",))],
)
def test_a_start_script_of_java_takes_its_options_apart(make_files, options, arguments):
    files = make_files({**JVM, "!srv/start": START_OF_JAVA})
    environment = [f"{name}={value}" for name, value in {"JAVA_HOME": "/srv/jdk", "OPTIONS": options}.items() if value]
    runtime = Runtime(cmd=["/srv/start", "serve"], env=["PATH=/bin", *environment])
    (start,) = starts_of(runtime, files)
    script = next(step for step in shebang.reach(start, files) if isinstance(step, StartedProgram))
    steps = [step for step in shell.reach(script, files) if isinstance(step, StartedProgram)]
    assert [step.arguments for step in steps if step.program == "/srv/jdk/bin/java"] == [
        (*arguments, "-classpath", "/srv/lib/shop.jar", "shop.Main", "serve")
    ]
    assert explore([start], files).gaps == ()


@pytest.mark.parametrize(
    ("command", "is_known"),
    [
        ("echo 'a b' | tr ' ' x", True),
        ("echo 'a b' | tr a-z A-Z", False),
        ("echo ab | sed 's/a.*/b/g'", False),
        ("echo ab | sed 's/[^[:alpha:]]/x&/g'", True),
        ("echo ab | sed -n 1p", False),
        ("echo ab | xargs -n1", True),
        ("echo ab | xargs -n2", False),
        ("uname", True),
        ("uname -s", True),
        ("uname -m", False),
    ],
)
def test_what_filters_write_is_known_in_part(run, command, is_known):
    names = {"echo 'a b' | tr ' ' x": "axb", "uname": "Linux", "uname -s": "Linux"}
    tool = names.get(command, "ab")
    found = run({**JVM, f"!bin/{tool}": "", "!start": f"#!/bin/sh\nexec $({command})\n"}, "/start", PATH="/bin")
    assert (f"bin/{tool}" in found.certain, found.gaps == ()) == (is_known, is_known)


@pytest.mark.parametrize(
    ("call", "is_known"),
    [
        ('getopt -n x -l "out:,help" -- +o:h "$@"', True),
        ('getopt -o o:h --long out: -- "$@"', True),
        ('getopt -o o:h -- "$@" "$MORE"', False),
        ("getopt -o o:h -- -h", False),
        ("getopt o:h", False),
    ],
)
def test_of_no_parameters_getopt_leaves_the_end_of_the_options(run, call, is_known):
    """What `eval` then sets are no words at all; else a text is evaluated that only a run tells."""
    script = f'#!/bin/sh\nTEMP=$({call})\neval set -- $TEMP\n[ "$1" = -- ] && exec one\nexec one\n'
    found = run({"!bin/sh": "", "!bin/getopt": "", "!bin/one": "", "!start": script}, "/start", PATH="/bin")
    assert (found.gaps == ()) is is_known
    assert "bin/one" in found.certain


@pytest.mark.parametrize("word", ["break", "continue"])
def test_leaving_a_turn_of_a_loop_succeeds_whatever_failed_before(run, word):
    script = f"#!/bin/sh\nfor each in x; do\n[ $each = web ] || {word}\ndone && exec one\n"
    assert "bin/one" in run({"!bin/sh": "", "!bin/one": "", "!start": script}, "/start", PATH="/bin").certain


def test_a_login_shell_without_a_script_reads_its_profiles(run):
    explored = run(
        {"!usr/bin/bash": "", "etc/profile": "started\n", "!usr/bin/started": ""}, "bash -l", PATH="/usr/bin"
    )
    assert "usr/bin/started" in explored.certain


def test_of_many_texts_the_words_that_all_begin_and_end_with_stay_known(run):
    cases = " ".join(f'{letter}) o="one -m {letter} -s shop" ;;' for letter in "abcdefghi")
    found = run(TREE | {"!app/run": f"#!/bin/sh\ncase $(date) in {cases} *) exit 1 ;; esac\n$o"}, "/app/run")
    assert "usr/bin/one" in found.certain
    assert not found.gaps


@given(*[st.text(alphabet="ab \1\2", max_size=12)] * 2)
def test_what_texts_have_in_common_fits_both(one, other):
    begin, _, end = in_common(one, other).partition(UNKNOWN)
    for text in (one, other):
        assert text.startswith(begin)
        assert text[len(begin) :].endswith(end)


@pytest.mark.parametrize(
    ("command", "files", "variables"),
    [
        ("bash -i -c true", {"etc/bash.bashrc": "one\n"}, {}),
        ("bash -ic true", {"srv/.bashrc": "one\n"}, {"HOME": "/srv"}),
        ("bash -l -c true", {"root/.bash_logout": "one\n"}, {}),
        ("bash --rcfile /etc/own -i -c true", {"etc/own": "one\n"}, {}),
        ("sh -i -c true", {"etc/own": "one\n"}, {"ENV": "/etc/own"}),
        ("bash -c work", {}, {"BASH_FUNC_work%%": "() {  one\n}"}),
    ],
)
def test_what_a_shell_reads_apart_from_its_script_is_followed(command, files, variables):
    tree = Files(SmallTree({**TREE, "!bin/bash": "", **files}))
    environment = [f"{name}={value}" for name, value in {"PATH": "/usr/bin:/bin", **variables}.items()]
    found = explore(starts_of(Runtime(cmd=command.split(" "), env=environment), tree), tree)
    assert "usr/bin/one" in found.certain


@pytest.mark.parametrize(("folder", "is_known"), [('$(dirname "$0")', True), ("/srv", True), ("/srv/other", False)])
def test_the_folder_of_a_script_that_runs_is_there(folder, is_known):
    script = f'#!/bin/sh\nhere="$(cd "{folder}" && pwd)"\n"$here/tool"\n'
    tree = Files(SmallTree({**TREE, "!srv/run": script, "!srv/tool": "", "!srv/other/tool": ""}))
    found = explore(starts_of(Runtime(cmd=["/srv/run"], env=["PATH=/usr/bin"]), tree), tree)
    assert ("srv/tool" in found.certain and not found.gaps) is is_known


@pytest.mark.parametrize(
    ("shell", "script", "is_handed_on"),
    [
        ("sh", "PRE=/opt/three exec two", True),
        ("bash", "PRE=/opt/three exec two", True),
        ("sh", "PRE=/opt/three eval two", False),
        ("bash", "PRE=/opt/three eval two", True),
        ("bash", "PRE=/opt/three . ./lib.sh", True),
        ("sh", "PRE=/opt/three; exec two", False),
    ],
)
def test_variables_before_a_builtin_are_those_of_the_program_that_it_starts(run, shell, script, is_handed_on):
    """As `LD_PRELOAD=libjemalloc.so.2 exec server`. Both were started in real shells."""
    tree = {**TREE, "!bin/bash": "", "!usr/bin/two": "#!/bin/sh\n$PRE\n", "!app/start": f"#!/bin/{shell}\n{script}"}
    assert ("opt/three" in run(tree, "/app/start").certain) == is_handed_on
