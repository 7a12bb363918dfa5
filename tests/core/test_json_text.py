"""JSON of reports: the same value is the same text, and no character acts on a terminal or cannot be encoded."""

import io
import json

import pytest

from gate.core import json_text
from gate.core.json_text import json_bytes, json_utf8, write_json

VALUE = {"b": [1, "é"], "a": "\u202eevil\x9b\u200b", "file": "caf\udce9"}


def test_keys_are_in_order_on_one_line_to_be_hashed() -> None:
    assert json_bytes({"b": 1, "a": [2, 3]}) == b'{"a":[2,3],"b":1}'


def test_what_a_terminal_would_act_on_is_escaped_and_reads_back() -> None:
    text = json_utf8({"a": VALUE["a"], "b": "é"}).decode()
    assert not set(text) & set("\u202e\x9b\u200b")
    assert "\\u202eevil\\u009b\\u200b" in text
    assert "é" in text
    assert json.loads(text) == {"a": VALUE["a"], "b": "é"}


def test_a_name_that_is_no_unicode_can_be_written() -> None:
    for written in (json_utf8(VALUE), json_bytes(VALUE)):
        assert json.loads(bytes(written))["b"] == [1, "é"]


def test_it_is_indented_unless_it_is_very_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_utf8({"a": 1}) == b'{\n  "a": 1\n}\n'
    monkeypatch.setattr(json_text, "_MOST_INDENTED", 6)
    assert json_utf8({"a": 1}) == b'{"a":1}\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_stream_gets_it_behind_what_was_written_in_its_encoding(encoding: str) -> None:
    below = io.BytesIO()
    with io.TextIOWrapper(below, encoding=encoding, newline="\n") as stream:
        stream.write("é ")
        write_json({"a": "é"}, stream)
        stream.flush()
        assert below.getvalue().decode(encoding) == 'é {\n  "a": "é"\n}\n'
