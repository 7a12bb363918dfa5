"""Passwords in the rows of a dump, below the names of their columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Confidence
from gate.secrets.decoders.inserts import may_be_dump, parts
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.engine.text import decode


def blocking_lines(content: str, path: str = "dump.sql") -> list[int]:
    outcome = examine(content.encode(), path, scanner(GATE))
    return sorted({spot.line for one in outcome.secrets if one.confidence is not Confidence.LOW for spot in one.spots})


TABLE = "CREATE TABLE `users` (\n  `id` int NOT NULL,\n  `password` text,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n"


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("INSERT INTO `users` (`id`, `password`) VALUES\n(1, 'hkwqzv'),\n(2, 'Kra7fzel2');\n", [2, 3]),
        ("insert into users (id, password)\nvalues\n  (1, 'hkwqzv');\n", [3]),
        ("INSERT INTO users (id, mdp_user, at) VALUES\n(1, 'hkwqzv', now());\n", [2]),
        ("REPLACE INTO users (password, id)\r\nVALUE ('hkwqzv', 1);\r\n", [2]),
        (TABLE + "INSERT INTO `users` VALUES (1,'hkwqzv'),(2,'');\n", [6]),
        (TABLE + "INSERT INTO `users` VALUES\n(1,'hkwqzv'),\n(2,'Kra7fzel2');\n", [7, 8]),
        ("COPY public.users (id, password) FROM stdin;\n1\thkwqzv\n\\.\n2\tKra7fzel2\n", [2]),
    ],
)
def test_a_column_of_secrets(content: str, lines: list[int]) -> None:
    assert blocking_lines(content) == lines
    assert may_be_dump(content.encode(), "dump.sql")


@pytest.mark.parametrize(
    "content",
    [
        "INSERT INTO `users` (`id`, `name`) VALUES\n(1, 'hkwqzv');\n",
        "INSERT INTO `users` (`id`, `password`) VALUES\n(1, 'hkwqzv', 'more');\n",
        "INSERT INTO `users` (`id`, `password`) VALUES\n(1, 'changeme');\n(2, 'hkwqzv');\n",
        "INSERT INTO `users` (`id`, `password`) SELECT id, pw FROM old;\n(1, 'hkwqzv')\n",
        TABLE + "INSERT INTO `fruits` VALUES (1,'hkwqzv');\n",
    ],
)
def test_no_secrets(content: str) -> None:
    assert blocking_lines(content) == []


def test_a_row_by_row_statement_is_told_once() -> None:
    assert blocking_lines("INSERT INTO users (id, password) VALUES (1, 'hkwqzv');\n") == [1]


@given(st.text(alphabet="insert into values create table copy from stdin(),'`\\;.\r\n\t0"))
def test_any_text_can_be_read(content: str) -> None:
    text = decode(f"insert into {content}".encode())
    assert text is None or all(one.lines for one in parts(text, "dump.sql"))
