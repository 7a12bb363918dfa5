"""Passwords in a column of a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Confidence
from gate.secrets.decoders import is_apart, reads_whole
from gate.secrets.decoders.tables import parts
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.engine.text import decode


def blocking_lines(content: str, path: str) -> list[int]:
    outcome = examine(content.encode(), path, scanner(GATE))
    return [secret.line for secret in outcome.secrets if secret.confidence is not Confidence.LOW]


@pytest.mark.parametrize(
    ("path", "content", "lines"),
    [
        ("users.csv", "login,name,password\nanna,Anna Vos,Kra7fzel2\nben,Ben Ott,xkdwmqz\n", [2, 3]),
        ("users.csv", 'login;"name";"password"\nanna;"Vos; Anna";"Kra7fzel2"\n', [2]),
        ("users.csv", "\ufefflogin,password\r\nanna,Kra7fzel2\r\n", [2]),
        ("users.tsv", "login\tAPI key\nanna\tq7Zp2Lw9xK4mVt8RnB3y\n", [2]),
        ("wiki/hosts.md", "Hosts:\n\n| host | password |\n|---|---|\n| db | `z2b5k0q3` |\n", [5]),
        ("features/login.feature", "  Examples:\n    | user | password |\n    | bob | emkbcnns |\n", [3]),
    ],
)
def test_a_column_of_secrets(path: str, content: str, lines: list[int]) -> None:
    assert blocking_lines(content, path) == lines
    assert is_apart(content.encode(), path) or reads_whole(content.encode(), path)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("users.csv", "login,password\nanna,${PASSWORD}\nben,\ncaro,changeme\n"),
        ("users.csv", "login,password_required\nanna,f81d4fae7dec11\n"),
        ("users.csv", "login,password\nanna,Kra7fzel2,too many\n"),
        ("words.csv", "token,count\nconfiguration,12\nKubernetes1,3\n"),
        ("wiki/limits.md", "| setting | password |\n|---|---|\n| length | minimum |\n| age | 90days |\n"),
        ("wiki/users.md", "| user | password |\n|---|---|\n| anna | `<password>` |\n| ben | ******* |\n"),
        ("wiki/users.md", "| user | password |\n\n| colour | Kra7fzel2 |\n"),
        ("notes.txt", "password | meaning\nKra7fzel2 | none\n"),
    ],
)
def test_no_secrets(path: str, content: str) -> None:
    assert blocking_lines(content, path) == []


@given(st.text(alphabet='|,;\r\n\0 "`passwordx1\ufeff'), st.sampled_from(["a.csv", "a.md", "a.feature"]))
def test_any_text_can_be_read(content: str, path: str) -> None:
    text = decode(content.encode())
    assert text is None or all(one.lines for one in parts(text, path))
