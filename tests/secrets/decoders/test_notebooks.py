"""Notebooks: cells and outputs out of JSON's strings, with the file's lines."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders.notebooks import parts
from gate.secrets.engine.text import decode


def read(content: str, path: str = "a.ipynb") -> list[tuple[str, str, int]]:
    """(line of a cell, cell, line of the file)"""
    text = decode(content.encode())
    assert text is not None
    return [
        (line, one.within, one.line_of(number))
        for one in parts(text, path)
        for number, line in enumerate(one.text.content.splitlines(), 1)
    ]


def notebook(*cells: dict[str, Any]) -> str:
    return json.dumps({"cells": cells, "nbformat": 4}, indent=1)


def line_of(content: str, part: str) -> int:
    return next(number for number, line in enumerate(content.split("\n"), 1) if part in line)


def test_cells_and_outputs_with_their_lines() -> None:
    content = notebook(
        {"cell_type": "markdown", "source": ["# Héading"]},
        {
            "cell_type": "code",
            "source": ["import os\n", 'password = "x"\n'],
            "outputs": [
                {"text": ["first\n"]},
                {"data": {"text/html": "<b>second</b>", "image/png": "AAAA", "application/json": {"a": 1}}},
                {"traceback": ["third"]},
            ],
        },
    )
    assert read(content) == [
        ("# Héading", "cell 1", line_of(content, "ading")),
        ("import os", "cell 2", line_of(content, "import")),
        ('password = "x"', "cell 2", line_of(content, "password")),
        ("first", "output of cell 2", line_of(content, "first")),
        ("<b>second</b>", "output of cell 2", line_of(content, "second")),
        ("third", "output of cell 2", line_of(content, "third")),
    ]


def test_a_source_in_one_string_stands_in_one_line() -> None:
    content = notebook({"cell_type": "code", "source": "a = 1\nb = 2\n"})
    assert {line for _, _, line in read(content)} == {line_of(content, "a = 1")}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 1}', "[" * 100_000])
def test_what_is_no_notebook_has_no_cells(content: str) -> None:
    assert read(content) == []
    assert read(notebook({"source": "a"}), "a.json") == []


@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_cell_is_read_as_it_is(sources: list[str]) -> None:
    content = notebook(*({"source": source} for source in sources))
    text = decode(content.encode("utf-8", "surrogatepass"))
    assert text is not None
    read_back = [one.text.content for one in parts(text, "a.ipynb")]
    normal = [source.replace("\r\n", "\n").replace("\r", "\n") for source in sources if source]
    assert read_back == normal
