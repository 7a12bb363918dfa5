"""TOML as values with lines."""

import pytest

from gate.core.errors import ConfigError
from gate.core.toml_values import read_toml_values

TEXT = """run = 1
[hooks]
enter = "a"
[tools.node]
version = "20"
[[source]]
run = "b"
"""


def test_a_value_has_the_line_of_its_key_below_its_table() -> None:
    document = read_toml_values(TEXT, "a.toml")
    places = [document.get(*way) for way in (("run",), ("hooks", "enter"), ("tools", "node", "version"))]
    assert [place.line for place in places if place] == [1, 3, 5]
    (source,) = document.get("source").elements()  # type: ignore[union-attr]
    assert (source.text("run"), source.get("run").line) == ("b", 7)  # type: ignore[union-attr]


def test_what_is_broken_is_an_error_that_names_the_file() -> None:
    with pytest.raises(ConfigError, match=r"a\.toml"):
        read_toml_values("[", "a.toml")
