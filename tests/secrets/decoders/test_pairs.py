"""Names and values that stand on lines of their own, or in formats that put more between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders import pairs
from tests.secrets.decoders.conftest import Read

WANTED = 'DB_PASSWORD: "Krafel_72zor!"'


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("env:\n  - name: DB_PASSWORD\n    value: Krafel_72zor!\n", 3),
        ("env:\n  - name: DB_PASSWORD\n    value: 'Krafel_72zor!' # rotated\n", 3),
        ("variables:\n  DB_PASSWORD:\n    description: x\n    value: Krafel_72zor!\n", 4),
        ("environment:\n  - DB_PASSWORD=Krafel_72zor!\n", 2),
        ("environment:\n  - 'DB_PASSWORD=Krafel_72zor!'\n", 2),
        ('[Service]\nEnvironment="DB_PASSWORD=Krafel_72zor!"\n', 2),
        ('{"name": "DB_PASSWORD", "value": "Krafel_72zor!"}', 1),
        ("- {name: DB_PASSWORD, value: Krafel_72zor!}", 1),
        ('{\n  "name": "DB_PASSWORD",\n  "value": "Krafel_72zor!"\n}', 3),
        ('"ParameterKey": "DB_PASSWORD",\n"ParameterValue": "Krafel_72zor!"\n', 2),
        ('variable "DB_PASSWORD" {\n  type = string\n  default = "Krafel_72zor!"\n}\n', 3),
        ("<name>DB_PASSWORD</name>\n<value>Krafel_72zor!</value>\n", 2),
        ('variable "DB_PASSWORD" { default = "Krafel_72zor!" }\n', 1),
        ("<param-name>DB_PASSWORD</param-name>\n<param-value>Krafel_72zor!</param-value>\n", 2),
        ("<param-name>DB_PASSWORD</param-name> <param-value>Krafel_72zor!</param-value>\n", 1),
        ("<key>DB_PASSWORD</key>\n<string>Krafel_72zor!</string>\n", 2),
    ],
)
def test_a_pair_is_one_assignment_on_the_line_of_the_value(read: Read, content: str, line: int) -> None:
    assert read(pairs, content) == [(line, WANTED)]


@pytest.mark.parametrize(
    "content",
    [
        "- name: DB_HOST\n  value: db1\n",
        "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: shop, key: password}\n",
        "- name: DB_PASSWORD\n\n\n\n\n  value: far\n",
        "password_field:\n  value: x1\n",
        "- DB_HOST=db1\n",
    ],
)
def test_names_of_no_secrets_and_references_are_left_alone(read: Read, content: str) -> None:
    assert read(pairs, content) == []


@given(st.text(alphabet="namekyvluDBPASWORD_:=<>/{}\"'- \n,", max_size=400))
def test_every_text_is_read(read: Read, text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in read(pairs, text))
