"""The pre-filter marks every line of a pair: with its marks the same pairs are found as without."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.secrets.forms.pairs import SIEVE, parts
from gate.secrets.marked import marked_lines
from gate.secrets.sieve import PythonSieve
from gate.secrets.text import decode

LINES = [
    *("- name: DB_PASSWORD", '"name": "API_KEY",', "<key>secret</key>", 'variable "db_password" {', "DB_TOKEN:"),
    *("value: k3Jx9v", '  "value": "k3Jx9v",', "<string>k3Jx9v</string>", '  default = "k3Jx9v"', "- SECRET=k3Jx9v"),
    *("Environment=DB_PASS=k3Jx9v", '{"name": "TOKEN", "value": "k3Jx9v"}', "  type: string", "description: x", ""),
]


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), max_size=15))
def test_the_marks_lose_no_pair(lines: list[str]) -> None:
    text = decode("\n".join(lines).encode())
    assert text is not None
    hits = PythonSieve(SIEVE).hits(text.utf8)
    marked = {line.number: line.start for line in marked_lines(hits, text.utf8)}
    assert list(parts(text, "a.txt", marked)) == list(parts(text, "a.txt"))
