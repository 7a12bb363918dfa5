"""Values that know where they stand: `gate/core/values.py`, `gate/core/yaml_values.py`."""

import pytest

from gate.core import yaml
from gate.core.errors import ConfigError, LimitError
from gate.core.values import Value
from gate.core.yaml_values import read_values


def read(text: str) -> Value:
    (document,) = read_values(text, "a.yml")
    return document


def test_a_value_of_a_mapping_has_the_line_of_its_key() -> None:
    document = read("job:\n  image: a\n  script:\n    - one\n    - two\n")
    script = document.get("job", "script")
    assert script is not None
    assert (script.line, script.start) == (3, (4, 5))
    assert [one.line for one in script.elements()] == [4, 5]
    assert document.texts("job", "script") == ["one", "two"]
    assert document.text("job", "image") == "a"


def test_what_is_merged_keeps_its_own_line() -> None:
    document = read("base: &base\n  image: a\n  tags: [x]\njob:\n  <<: *base\n  image: b\n")
    job = document.get("job")
    assert job is not None
    assert {key: (value.plain(), value.line) for key, value in job.items()} == {"image": ("b", 6), "tags": (["x"], 3)}


def test_scalars_are_those_of_yaml_and_text_is_how_it_writes_them() -> None:
    document = read("a: true\nb: 0x10\nc: yes\nd: ~\ne: 1.5\nf: !!int x\ng: !reference [a, b]\n")
    assert document.plain() == {"a": True, "b": 16, "c": "yes", "d": None, "e": 1.5, "f": "x", "g": ["a", "b"]}
    assert (document.text("a"), document.text("d"), document.text("g"), document.text("z")) == ("true", "", "", "")
    found = document.get("g")
    assert found is not None
    assert found.tag == "!reference"


@pytest.mark.parametrize("text", ["a: &x [*x]\n", "[" * 300 + "]" * 300, "a: [\n"])
def test_what_holds_itself_or_is_too_deep_is_an_error_with_the_file(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be parsed") as error:
        read_values(text, "a.yml")
    assert (error.value.path or "").startswith("a.yml")


def test_an_alias_bomb_costs_one_value_an_anchor() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    document = read("\n".join(lines))
    assert sum(1 for _ in document.walk()) < 1000


def test_documents_that_are_empty_are_left_out() -> None:
    assert [one.plain() for one in read_values("---\na: 1\n---\n---\n{b: 2}\n", "a.yml")] == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("text", ["!!timestamp 0", "!!int ''", "!!bool x", "!!float x", "!!binary x"])
def test_a_value_that_does_not_fit_its_tag_is_the_text(text: str) -> None:
    (value,) = read_values(f"a: {text}", "a.yaml")
    assert value.text("a") == text.partition(" ")[2].strip("'")


def test_values_of_one_document_are_not_taken_for_those_of_another() -> None:
    documents = read_values("".join(f"--- {{name: n{number}, list: [{number}]}}\n" for number in range(300)), "a.yml")
    assert [one.plain() for one in documents] == [{"name": f"n{number}", "list": [number]} for number in range(300)]


def test_an_anchor_may_stand_twice_in_a_later_document() -> None:
    documents = read_values("a: &x 1\nb: *x\n---\na: &x 2\nb: &x 3\nc: *x\n---\nd: 4\n", "a.yml")
    assert [one.plain() for one in documents] == [{"a": 1, "b": 1}, {"a": 2, "b": 3, "c": 3}, {"d": 4}]


@pytest.mark.parametrize("element", ["a", "!own a", "[]", "{a: 1}"])
def test_a_file_with_too_many_nodes_is_refused_before_all_of_it_is_read(
    element: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "MAX_NODES", 100)
    broken_at_its_end = f"- {element}\n" * 200 + "]"
    with pytest.raises(LimitError, match=r"a\.yml: has more than 100 keys and values"):
        read_values(broken_at_its_end, "a.yml")
    assert len(read_values(f"- {element}\n" * 30, "a.yml")[0].plain()) == 30  # type: ignore[arg-type]
