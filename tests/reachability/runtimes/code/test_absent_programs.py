"""Programs that own code starts and that are not in the image."""

import pytest

from gate.reachability.runtimes.code.absent_programs import may_come
from gate.reachability.runtimes.code.calls import undecided_calls
from gate.reachability.runtimes.walk.graph import Because, StartedProgram

START = "import subprocess\nsubprocess.run({})\n"
CHANGED = [
    "'txx'.replace('x', '')",
    "['t_x'.strip('_')]",
    "('txx'[:2])",
    "base64.b64decode('dHg=').decode()",
    "bytes.fromhex('7478').decode()",
    "re.sub('[0-9]', '', 't1x')",
    "''.join(['t', 'x'])",
    "codecs.decode('gk', 'rot13')",
]


@pytest.mark.parametrize("expression", CHANGED)
def test_a_literal_that_code_changes_is_no_program_s_name(make_files, expression):
    files = make_files({"app/x.py": "", "!usr/bin/tidy": ""})
    caller = StartedProgram(program="app/x.py", folder="/", because=Because("", "names"))
    gaps = list(undecided_calls("app/x.py", START.format(expression).encode(), caller, files))
    assert [gap.line for gap in gaps] == [2]


@pytest.mark.parametrize(
    ("ending", "call"),
    [
        ("rb", "system('xt'.reverse, '1')"),
        ("rb", "system('xt'.reverse + ' 1')"),
        ("rb", "system \"#{'xt'.reverse} 1\""),
        ("rb", 'system "#{"xt".reverse} 1"'),
        ("rb", "IO.popen([['t', 'x'].join, '1'])"),
        ("rb", "system([116, 120].first.chr + 'x'.succ)"),
        ("lua", "os.execute(('xt'):reverse() .. ' 1')"),
        ("lua", "os.execute(('1 xt'):reverse())"),
        ("php", "exec(strrev('xt') . ' 1');"),
        ("py", "os.system('xt'[::-1] + ' 1')"),
        ("js", "execSync('xt'.split('').reverse().join('') + ' 1')"),
    ],
)
def test_a_text_for_a_shell_that_code_changes_is_not_known(make_files, ending, call):
    files = make_files({f"app/x.{ending}": "", "!usr/bin/tidy": ""})
    caller = StartedProgram(program=f"app/x.{ending}", folder="/", because=Because("", "names"))
    assert [gap.line for gap in undecided_calls(f"app/x.{ending}", call.encode(), caller, files)] == [1]


@pytest.mark.parametrize(
    ("ending", "call"),
    [
        ("rb", "system('absent --now'.freeze)"),
        ("rb", "system 'absent', 'x'.reverse"),
        ("rb", "system(%w[absent x].join(' '))"),
        ("js", "execSync('absent --now').toString().trim()"),
        ("js", "exec(`absent --now`).on('exit', f)"),
        ("py", "os.popen('absent x').read()"),
        ("lua", "io.popen('absent x'):read('a')"),
        ("py", "subprocess.check_output('absent x', shell=True)[0]"),
        ("py", "os.system('absent ' + 'x'.upper())"),
    ],
)
def test_a_text_for_a_shell_that_stays_as_it_is_starts_what_it_says(make_files, ending, call):
    files = make_files({f"app/x.{ending}": ""})
    caller = StartedProgram(program=f"app/x.{ending}", folder="/", because=Because("", "names"))
    assert list(undecided_calls(f"app/x.{ending}", call.encode(), caller, files)) == []


@pytest.mark.parametrize("expression", ["['absent', 'x'.strip()]", "'absent -n'.split()", "['absent']"])
def test_a_name_that_stays_as_it_is_starts_nothing_if_it_is_not_there(make_files, expression):
    files = make_files({"app/x.py": ""})
    caller = StartedProgram(program="app/x.py", folder="/", because=Because("", "names"))
    assert list(undecided_calls("app/x.py", START.format(expression).encode(), caller, files)) == []


@pytest.mark.parametrize(
    ("program", "comes"),
    [
        ("/tmp/x/run", True),
        ("/app/tools/run", True),
        ("/usr/bin/absent", False),
        ("/opt/absent", False),
        ("/Applications/absent", False),
        ("./absent", False),
        ("absent", False),
    ],
)
def test_a_program_may_come_into_being_where_files_are_written(make_files, program, comes):
    assert may_come(program, f"run('{program}')", make_files({"app/x.py": ""})) is comes
