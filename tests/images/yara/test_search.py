"""Matching files with rules, within bounds."""

import pytest

from gate.core.errors import UnreadableError
from gate.images.contents.observations import YaraMatch
from gate.images.yara import search as searching
from gate.images.yara.rules import RuleFile
from gate.images.yara.search import Malware, search
from gate.trees import Entry, EntryKind

RULES = RuleFile("a.yar", 'rule ours { meta: description = "brought in" strings: $a = "brought" condition: $a }')
EVERY = RuleFile("any.yar", "rule every { condition: true }")
ENDLESS = RuleFile("slow.yar", "rule slow { condition: for all i in (0..9000000000000) : (i != filesize * -1) }")


def entry(path: str, size: int = 7) -> Entry:
    return Entry(path=path, kind=EntryKind.FILE, size=size, origin="sha256:0a")


def test_a_match_names_file_layer_and_rule() -> None:
    found = search([RULES], [entry("srv/x"), entry("srv/y")], {"srv/x": b"brought", "srv/y": b"nothing"}.__getitem__)
    match = YaraMatch(path="srv/x", layer="sha256:0a", rule="ours", file="a.yar", about="brought in")
    assert found == Malware(matches=(match,), facts={"yara_rules": 1, "yara_bytes": 14})


def test_a_rule_sees_the_path_of_each_file() -> None:
    rules = RuleFile("a.yar", 'rule php { condition: extension == ".php" and filepath == "/srv/x.php" }')
    found = search([rules], [entry("srv/x"), entry("srv/x.php"), entry("x.php")], lambda _: b"brought")
    assert [match.path for match in found.matches] == ["srv/x.php"]


def test_without_rules_nothing_is_read() -> None:
    assert search([], [entry("srv/x")], lambda _: pytest.fail("was read")) == Malware()


def test_a_file_that_takes_too_long_is_an_error_and_the_next_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_SECONDS", 1)
    rules = RuleFile("slow.yar", ENDLESS.text.replace("condition:", 'condition: filename == "slow" and'))
    found = search([rules, RULES], [entry("slow"), entry("x")], lambda _: b"brought")
    assert [(error.path, error.title) for error in found.errors] == [
        ("slow", "the YARA rules took more than 1 s for it")
    ]
    assert [match.path for match in found.matches] == ["x"]


def test_a_file_that_cannot_be_read_is_an_error() -> None:
    def read(path: str) -> bytes:
        raise UnreadableError("is damaged", path=path)

    assert [error.path for error in search([RULES], [entry("x")], read).errors] == ["x"]


def test_more_matches_than_an_image_should_have_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_MATCHES", 2)
    found = search([EVERY], [entry(str(number)) for number in range(9)], lambda _: b"x")
    assert [error.title for error in found.errors] == ["has more than 2 matches of YARA rules"]


def test_a_file_that_is_too_large_is_named() -> None:
    found = search([EVERY], [entry("big", 1 << 40)], lambda _: pytest.fail("was read"))
    assert found.facts["yara_not_read"] == ["big: 1,099,511,627,776 bytes"]
