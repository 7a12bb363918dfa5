"""Scripts that start programs.

Through `gate/reachability/runtimes/code/words.py` and `gate/reachability/runtimes/walk/standard_input.py`.
"""

import pytest

from gate.reachability.runtimes.code.calls import reach, undecided_calls
from gate.reachability.runtimes.walk.graph import Because, StartedProgram

TREE = {
    f"!bin/{name}": ""
    for name in ("python3", "node", "perl", "ruby", "php", "lua", "awk", "expect", "sh", "app", "nice")
}
SCRIPTS = [
    ("python3", "import os, sys\nos.execvp(sys.argv[1], sys.argv[1:])\n", "app --now"),
    ("python3", "import subprocess\nsubprocess.run(['nice', '-n', '5'] + sys.argv[1:], check=True)\n", "app"),
    ("python3", "import sys, subprocess as sp\ncommand = sys.argv[1:]\nsys.exit(sp.call(command))\n", "app --now"),
    ("python3", "command, *rest = sys.argv[1:]\nos.execlp(command, command, *rest)\n", "app --now"),
    ("python3", "os.system('app --now')\n", ""),
    ("python3", "os.system(f'nice {sys.argv[1]}')\n", "app"),
    ("python3", "subprocess.Popen(os.environ['COMMAND'], shell=True)\n", ""),
    ("python3", "subprocess.run(os.environ.get('NONE', 'app'))\n", ""),
    ("python3", "subprocess.run(shlex.split(open('/etc/command').read()))\n", ""),
    ("python3", "subprocess.run(['sh', '-c', 'exec app'])\n", ""),
    ("python3", "import pty\npty.spawn(['app'])\n", ""),
    (
        "node",
        "const {spawn} = require('child_process')\nspawn(process.argv[2], process.argv.slice(3), {stdio: 'inherit'})",
        "app 1",
    ),
    (
        "node",
        "const [command, ...rest] = process.argv.slice(2)\nrequire('child_process').spawnSync(command, rest)",
        "app 1",
    ),
    ("node", "require('child_process').execSync(process.env.COMMAND)", ""),
    ("node", "const cp = require('child_process')\ncp.exec(`nice ${process.argv[2]}`)", "app"),
    ("perl", "exec @ARGV;\n", "app --now"),
    ("perl", "my $user = shift;\nexec(@ARGV) or die;\n", "www app --now"),
    ("perl", "my ($tool, @rest) = @ARGV;\nsystem($tool, @rest);\n", "app --now"),
    ("perl", 'system("nice $ENV{TOOL}");\n', ""),
    ("perl", "my $x = `app --version`;\n", ""),
    ("ruby", "exec(*ARGV)\n", "app --now"),
    ("ruby", "system 'nice', ARGV[0]\n", "app"),
    ("ruby", "spawn(ENV.fetch('TOOL'))\n", ""),
    ("ruby", "exec %w[nice app]\n", ""),
    ("php", "<?php\npcntl_exec($argv[1], array_slice($argv, 2));\n", "/bin/app --now"),
    ("php", "<?php\npassthru(getenv('COMMAND'));\n", ""),
    ("lua", "os.execute(table.concat(arg, ' '))\n", "app --now"),
    ("lua", "os.execute(os.getenv('TOOL'))\n", ""),
    ("expect", "spawn app --now\ninteract\n", ""),
]


@pytest.mark.parametrize(("interpreter", "script", "arguments"), SCRIPTS)
def test_what_a_script_starts_is_in_use(run, interpreter, script, arguments):
    tree = {**TREE, "app/run": script, "etc/command": "app --now\n"}
    found = run(tree, f"{interpreter} /app/run {arguments}", PATH="/bin", COMMAND="app --now", TOOL="app")
    assert "bin/app" in found.certain


@pytest.mark.parametrize(
    "command",
    [
        'python3 -c \'import os; os.execvp("app", ["app"])\'',
        "python3 -uc 'import os,sys; os.execvp(sys.argv[1], sys.argv[1:])' app --now",
        'node -e \'require("child_process").execFileSync("app")\'',
        'perl -e \'exec "app", "--now"\'',
        "perl -we 'exec @ARGV' app",
        "ruby -e 'exec \"app --now\"'",
        "php -r 'system(\"app\");'",
        "lua -e 'os.execute(\"app\")'",
        "awk 'BEGIN { system(\"app\") }'",
        "expect -c 'spawn app'",
    ],
)
def test_what_a_script_in_the_command_starts_is_in_use(run, command):
    assert "bin/app" in run(TREE, command, PATH="/bin").certain


@pytest.mark.parametrize(
    "script", ["import os\nos.execvp(find(), [])\n", "import start\nstart.it()\n", "x = 'ap' + tail\nos.system(x)\n"]
)
def test_what_a_script_may_start_of_its_arguments_is_possible_and_the_rest_a_gap(run, script):
    found = run({**TREE, "app/run": script}, "python3 /app/run app --now", PATH="/bin")
    assert "bin/app" in found.possible
    assert found.gaps


@pytest.mark.parametrize(
    "command",
    ['python3 "$1"', 'node "$1" --now', 'perl -w "$1"', 'ruby "$1"', 'php "$1"', 'python3 -m "$1"', 'node -e "$1"'],
)
def test_a_script_that_only_a_run_knows_may_start_anything(run, command):
    found = run({**TREE, "!start": f"#!/bin/sh\nset -- $(curl -s x)\nexec {command}\n"}, "/start", PATH="/bin")
    assert "everything" in [gap.kind for gap in found.gaps if gap.path.startswith("bin/")]


def test_a_script_that_is_given_its_own_name_starts_nothing_else(run):
    tool = "#!/bin/python3\nimport sys\nfrom tool.cli import main\nmain()\n"
    tree = {**TREE, "!opt/venv/bin/tool": tool}
    assert run(tree, "/opt/venv/bin/tool tool", PATH="/bin:/opt/venv/bin").gaps == ()
    assert run(tree, "/opt/venv/bin/tool app", PATH="/bin:/opt/venv/bin").gaps != ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("function exec(match) {\n  return match\n}\nexec(path)\n", None),
        ("class Route {\n  exec(path, ...rest) {\n    return path\n  }\n}\n", None),
        ("const {exec} = require('child_process')\nfunction f() {\n  exec(path)\n}\n", 3),
        ("import {exec} from './run.js'\n() => { function exec(a) {} }\nexec(path)\n", 3),
        ("import exec from './run.js'\n() => { function exec(a) {} }\nexec(path)\n", 3),
        ("function run(exec) {\n  exec(path)\n}\n() => { function exec(a) {} }\n", 2),
        ("function exec(path) {\n  spawn(path)\n}\n", 2),
        ("if (exec(path)) {\n}\n", 1),
        ("if (exec(read(/\\(/)) ) {\n}\n", 1),
    ],
)
def test_a_function_of_javascript_that_is_declared_as_exec_starts_nothing(make_files, text, line):
    caller = StartedProgram(program="app/run.js", because=Because("", ""))
    found = undecided_calls("app/run.js", text.encode(), caller, make_files({"app/run.js": text}))
    assert [step.line for step in found] == ([] if line is None else [line])


@pytest.mark.parametrize(
    "script", ["# os.system('app')\n", "import re\nre.compile('x').exec(y)\n", "def exec(a): pass\n"]
)
def test_what_is_no_call_starts_nothing(run, script):
    found = run({**TREE, "app/run": script}, "python3 /app/run", PATH="/bin")
    assert "bin/app" not in found.certain
    assert not [gap for gap in found.gaps if gap.kind == "everything"]


@pytest.mark.parametrize(
    ("script", "has_gap"),
    [
        ('die("of the sub-system: $e");\n=head1 USE\n\nLet the system choose.\n\n=cut\nprint 1;\n', False),
        ("=head1 USE\n\n=cut\nsystem($tool);\n", True),
        ("my $x = 3-1; system $tool;\n=pod\n", True),
    ],
)
def test_documentation_of_perl_starts_nothing(run, script, has_gap):
    assert bool(run({**TREE, "app/run": script}, "perl /app/run", PATH="/bin").gaps) is has_gap


@pytest.mark.parametrize(
    ("interpreter", "script", "is_given"),
    [
        ("perl", "exec 'app' or die \"no app: $!\";\n", ()),
        ("perl", "exec 'app', @ARGV or die \"no other: $!\";\n", ()),
        ("perl", "exec 'app', 'x' if $other;\n", ("x",)),
        ("ruby", "exec 'app', 'x' or abort \"no #{other}\"\n", ("x",)),
        ("perl", "exec qw/app or x/;\n", ("or", "x")),
        ("perl", "exec qw/app $y or x/;\n", ("$y", "or", "x")),
        ("tclsh", "exec app {x} or y\n", ("{x}", "or", "y")),
    ],
)
def test_what_stands_behind_or_is_no_word_of_the_command(make_files, interpreter, script, is_given):
    """What a message of an error says, and the error itself, were taken for words that only a run knows."""
    files = make_files({**TREE, "app/run": script})
    program = StartedProgram(
        program=f"/bin/{interpreter}",
        arguments=("/app/run",),
        environment=(("PATH", "/bin"),),
        because=Because("", "starts"),
    )
    starts = [step for step in reach(program, files) if isinstance(step, StartedProgram)]
    assert [step.arguments for step in starts if step.program == "/bin/app"] == [is_given]


def test_a_list_whose_first_word_is_the_program_is_given_once(run):
    """`os.execvp(command[0], command)`: that a program is given its own name again was a gap for everything."""
    script = "command = ['app', 'serve'] + sys.argv[1:]\nos.execvp(command[0], command)\n"
    found = run({**TREE, "app/run": script}, "python3 /app/run", PATH="/bin")
    assert "bin/app" in found.certain
    assert found.gaps == ()
