"""A value on the line below its name is read with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders import below
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from tests.secrets.decoders.conftest import Read

VALUE = "Xk29fLqpR7"


@pytest.mark.parametrize(
    ("path", "above", "below"),
    [
        ("a.js", "const password =", f'  "{VALUE}";'),
        ("a.ts", "export const password: string =", f"  '{VALUE}',"),
        ("A.java", "private static final String PASSWORD =", f'        "{VALUE}";'),
        ("a.py", "password = (", f'    "{VALUE}"'),
        ("a.py", "password = \\", f'    "{VALUE}"'),
        ("a.rb", "  :password =>", f"    '{VALUE}',"),
        ("A.java", "    .withPassword(", f'        "{VALUE}")'),
        ("a.json", '  "password":', f'    "{VALUE}"'),
        ("a.yml", "password: |", f"  {VALUE}"),
        ("a.yml", "password: >-", f"  {VALUE}"),
        ("a.yml", "- --password", f"- {VALUE}"),
        ("a.json", '  "--password",', f'  "{VALUE}",'),
    ],
)
def test_the_secret_stands_below_its_name(path: str, above: str, below: str) -> None:
    secrets = examine(f"first\n{above}\n{below}\nlast\n".encode(), path, scanner(GATE)).secrets
    assert [one.line for one in secrets] == [3]


@pytest.mark.parametrize(
    "content",
    [
        "password:\n  type: string\n",
        "password:\n  Xk29fLqpR7\n",
        f'title =\n  "{VALUE}"\n',
        f'return getPassword(\n  "{VALUE}")\n',
        'password = (\n  "Xk29fLqpR7"\n  "more of it"\n)\n',
        "if (password ==\n    other) {\n",
        "--verbose\nXk29fLqpR7\n",
    ],
)
def test_other_lines_are_left_alone(read: Read, content: str) -> None:
    assert read(below, content) == []


@given(st.text(alphabet="apiKEYpassword_:=<>/(){}\"'- |\\\n,", max_size=400))
def test_every_text_is_read(read: Read, text: str) -> None:
    assert all(line >= 2 for line, _ in read(below, text))
