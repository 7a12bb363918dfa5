"""The pre-filter marks every line that a form wants: with its marks the same parts are found as without."""

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.secrets.decoders import SIEVE, below, commands, kubernetes, pairs, sequences
from gate.secrets.engine.marked_lines import marked_lines
from gate.secrets.engine.prefilter import PythonSieve
from gate.secrets.engine.text import decode

LINES = [
    *("- name: DB_PASSWORD", '"name": "API_KEY",', "<key>secret</key>", 'variable "db_password" {', "DB_TOKEN:"),
    *("value: k3Jx9v", '  "value": "k3Jx9v",', "<string>k3Jx9v</string>", '  default = "k3Jx9v"', "- SECRET=k3Jx9v"),
    *("Environment=DB_PASS=k3Jx9v", '{"name": "TOKEN", "value": "k3Jx9v"}', "  type: string", "description: x", ""),
    *('variable "db_token" { default = "k3Jx9v" }', "<param-name>pass</param-name><param-value>k3J</param-value>"),
    *("const apiKey: string =", '  "k3Jx9v";', "password = (", "  .setPassword(", "token: >-", "  k3Jx9v"),
    *("- --db-password", '"--token",', "- k3Jx9v", "mysql -h db \\", "  -pk3Jx9v \\", "  --user anna:k3J ^"),
    *("kind: Secret", "- 'kind' : \"Secret\"", "data:", "  token: azNKeDl2", "kind: SecretStore", "---"),
    *("api_keys:", 'passwords = ["k3Jx9vQ2Lm8Z",', '  "k3Jx9vQ2Lm8Z",', 'LOGINS=\'{"token": "k3Jx9vQ2Lm8Z"}\''),
    *('run(["mysql", "-pk3Jx9v"])', "curl `", "  -u anna:k3Jx9v"),
]


@pytest.mark.parametrize(
    "form", [kubernetes, pairs, below, commands, sequences], ids=lambda form: form.__name__.rpartition(".")[2]
)
@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), max_size=15))
def test_the_marks_lose_no_part(form: ModuleType, lines: list[str]) -> None:
    text = decode("\n".join(lines).encode())
    assert text is not None
    hits = PythonSieve(SIEVE).hits(text.utf8)
    marked = {line.number: line.start for line in marked_lines(hits, text.utf8)}
    assert list(form.parts(text, "a.txt", marked)) == list(form.parts(text, "a.txt"))
