"""Jupyter notebooks: cells and their outputs, out of JSON's strings.

https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gate.secrets.decoders.part import DecodedPart, part
from gate.secrets.engine.text import Text

_SUFFIX = ".ipynb"
Lines = str | list[str]
_REACH = 1 << 20
"""Characters from one line to the next that are searched: pictures lie between."""
_MAX_MISSES = 100
"""Lines that are not written as programs write them, after which the search is given up: each costs all of _REACH."""


class _Output(msgspec.Struct):
    text: Lines = ""
    traceback: Lines = ""
    data: dict[str, Any] = {}


class _Cell(msgspec.Struct):
    cell_type: str = "code"
    source: Lines = ""
    outputs: list[_Output] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def is_notebook(path: str) -> bool:
    """True for a notebook's name."""
    return path.lower().endswith(_SUFFIX)


def parts(text: Text, path: str) -> Iterator[DecodedPart]:
    """Yield each cell, and each text among its outputs, with the file's lines that they stand in.

    What is no notebook has none: its own text is looked at like any other.
    """
    if not is_notebook(path):
        return
    try:
        notebook = msgspec.json.decode(text.utf8, type=_Notebook)
    except (msgspec.MsgspecError, RecursionError):
        return
    places = _Places(text.content)
    for number, cell in enumerate(notebook.cells, 1):
        kind = ".py" if cell.cell_type == "code" else ".md"
        yield from _parts(cell.source, f"{path}!/cell-{number}{kind}", f"cell {number}", places)
        for shown in _texts(cell.outputs):
            yield from _parts(shown, f"{path}!/cell-{number}.out", f"output of cell {number}", places)


def _texts(outputs: list[_Output]) -> Iterator[Lines]:
    for output in outputs:
        yield output.text
        yield output.traceback
        yield from (held for kind, held in output.data.items() if _is_text(kind, held))


def _is_text(kind: str, held: Any) -> bool:
    is_lines = isinstance(held, str) or (isinstance(held, list) and all(isinstance(line, str) for line in held))
    return is_lines and (kind.startswith("text/") or kind.endswith("json"))


def _parts(written: Lines, path: str, within: str, places: "_Places") -> Iterator[DecodedPart]:
    content = "".join(written)
    if content:
        yield part(content, path, within, tuple(places.of(line) for line in content.split("\n")))


class _Places:
    """Finds texts again in the file, each behind the one before; so all searches together are linear."""

    def __init__(self, content: str) -> None:
        self._content = content
        self._position = 0
        self._line = 1
        self._misses = 0

    def of(self, line: str) -> int:
        """Return the file's line (from 1) that holds a line of a cell; where it is unknown, the one before."""
        bare = line.rstrip("\r\n")
        if not bare.strip() or self._misses >= _MAX_MISSES:
            return self._line
        from json import dumps  # late: few repositories hold notebooks

        for written in dict.fromkeys((dumps(bare, ensure_ascii=False)[1:-1], dumps(bare)[1:-1])):
            found = self._content.find(written, self._position, self._position + _REACH)
            if found >= 0:
                self._line += self._content.count("\n", self._position, found)
                self._position = found + len(written)
                return self._line
        self._misses += 1
        return self._line
