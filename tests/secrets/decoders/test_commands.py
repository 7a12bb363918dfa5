"""A command that is continued below, or written as a list of arguments, is read as the line that it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders import commands
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from tests.secrets.decoders.conftest import Read

VALUE = "Xk29fLqpR7"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f"curl -X POST \\\n  -u anna:{VALUE} \\\n  https://packages.example/\n", 2),
        (f'curl \\\n  --user "anna:{VALUE}" \\\n  https://packages.example/\n', 2),
        (f"mysql \\\n  -h db \\\n  -u root \\\n  -p{VALUE} \\\n  shop\n", 4),
        (f"docker login \\\n  -u anna \\\n  -p {VALUE} registry.orchard.dev\n", 3),
        (f"ldapsearch -x \\\n  -D cn=admin \\\n  -w {VALUE}\n", 3),
        (f"redis-cli -h db \\\n  -a {VALUE} ping\n", 2),
        (f'ConvertTo-SecureString `\n  -String "{VALUE}" `\n  -AsPlainText -Force\n', 2),
        (f'subprocess.run(["mysql", "-uroot", "-p{VALUE}"])\n', 1),
        (f"run(['curl', '-u', 'anna:{VALUE}', url])\n", 1),
    ],
)
def test_the_secret_stands_in_its_option(content: str, line: int) -> None:
    assert [one.line for one in examine(content.encode(), "a.sh", scanner(GATE)).secrets] == [line]


@pytest.mark.parametrize(
    "content",
    [
        "curl -u anna:secret\n",
        "a \\\n  b \\\n  --flag\n",
        "text\n  -p value\n",
        '["mysqlclient", "-p"]\n',
    ],
)
def test_whole_lines_and_other_options_are_left_alone(read: Read, content: str) -> None:
    assert read(commands, content) == []


def test_of_the_first_line_only_the_command_is_taken(read: Read) -> None:
    """Its own options are read where they stand."""
    assert read(commands, "mysql -h db -pfirst \\\n  -psecond\n") == [(2, "mysql -psecond")]


@given(st.text(alphabet="mysqlcur-pu \\`^\n\"',[]:", max_size=400))
def test_every_text_is_read(read: Read, text: str) -> None:
    assert all(line >= 1 for line, _ in read(commands, text))
