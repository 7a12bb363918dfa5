"""YAML: scalars as in version 1.2, an error with its line, and bounds on what a document brings in."""

from typing import Any

import pytest

from gate.core import yaml
from gate.core.errors import ConfigError, LimitError
from gate.policy.waivers import parse_waivers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2026-11-24", "2026-11-24"),
        ("true", True),
        ("0x1f", 31),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("1.5.2", "1.5.2"),
        ("~", None),
        ("", None),
    ],
)
def test_scalars(text: str, value: Any) -> None:
    assert yaml.parse(text, "a.yaml") == value


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: 1\na: 2\n", "a.yaml:2"), ("a:\n  b: 1\n  b: 2\n", "a.yaml:3"), ("a: [1\n", "a.yaml:2"), ("a: &b\n", None)],
)
def test_a_mistake_is_said_with_its_line(text: str, place: str | None) -> None:
    if place is None:
        assert yaml.parse(text, "a.yaml") == {"a": None}
        return
    with pytest.raises(ConfigError) as caught:
        yaml.parse(text, "a.yaml")
    assert caught.value.path == place


@pytest.mark.parametrize(
    "text", ["!!int ''", "!!python/object:os.system x", "[" * 5000, "a: 1\n---\nb: 2\n", "a: \x00"]
)
def test_what_cannot_be_read_is_an_error_of_ours(text: str) -> None:
    with pytest.raises(ConfigError):
        yaml.parse(text, "a.yaml")


def test_aliases_and_values_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    aliases = ", ".join(["*a"] * yaml.MAX_ALIASES)
    assert len(yaml.parse(f"x: &a 1\ny: [{aliases}]", "a.yaml")["y"]) == yaml.MAX_ALIASES
    with pytest.raises(ConfigError, match="aliases"):
        yaml.parse(f"x: &a 1\ny: [{aliases}, *a]", "a.yaml")
    monkeypatch.setattr(yaml, "MAX_EVENTS", 10)
    with pytest.raises(ConfigError, match="more than 10 values"):
        yaml.parse("[1, 2, 3, 4, 5, 6, 7, 8]", "a.yaml")


def test_nodes_of_what_is_merged_come_behind_a_mappings_own() -> None:
    root = yaml.compose("base: &b {x: 1, y: 2}\nown: {<<: *b, x: 3}\n", "a.yaml")
    own = yaml.child(root, "own")
    assert [(name, node.value) for name, node in yaml.children(own)] == [("x", "3"), ("y", "2")]
    assert yaml.child(own, "z") is None


def test_so_many_documents_are_read_and_no_more() -> None:
    assert len(yaml.compose_all("a: 1\n---\nb: 2\n---\n", "a.yaml", 3)) == 3
    with pytest.raises(LimitError, match="more than 2 documents"):
        yaml.compose_all("a: 1\n---\nb: 2\n---\nc: 3\n", "a.yaml", 2)


@pytest.mark.parametrize(("keys", "line"), [(["a", "b"], 2), (["a", "c", 1], 5), (["a", "x"], 1), (["x"], None)])
def test_the_line_of_a_key_or_of_the_last_one_that_is_there(keys: list[str | int], line: int | None) -> None:
    assert yaml.line_of("a:\n  b: 1\n  c:\n    - 1\n    - 2\n", keys) == line


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed for their lines."""
    texts: list[str] = []
    compose = yaml.yaml.compose

    def note(text: str, **options: Any) -> Any:
        texts.append(text)
        return compose(text, **options)

    monkeypatch.setattr(yaml.yaml, "compose", note)
    return texts


def test_the_lines_of_a_text_are_found_in_one_reading(composed: list[str]) -> None:
    text = "a:\n  b: 1\nc:\n- d\n- e: 2\n"
    lines = yaml.NodeLines(text)
    assert composed == []
    assert [lines.of(keys) for keys in (["a"], ["a", "b"], ["c", 1, "e"], ["c", 7], ["f"])] == [1, 2, 5, 3, None]
    assert composed == [text]


def test_a_file_with_many_errors_is_read_once_for_their_lines(composed: list[str]) -> None:
    text = "".join(f"- {{reason: {number}}}\n" for number in range(40))
    with pytest.raises(ConfigError) as caught:
        parse_waivers(text, "waivers.yaml")
    assert caught.value.path == "waivers.yaml:1"
    assert len(caught.value.further) > 10
    assert composed == [text]
