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
