"""XML lockfiles as small trees of elements with their lines; entities, and so their bombs, are refused."""

from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.lockfile import MAX_TEXT, refused, unparsable
from gate.trees import FileTree

MAX_DEPTH = 100
"""Elements in one another."""


class Element(msgspec.Struct):
    """An element: its name without namespace or prefix, and what is in it."""

    name: str
    line: int
    attributes: dict[str, str] = {}
    children: list["Element"] = []
    pieces: list[str] = []
    namespace: str = ""

    @property
    def text(self) -> str:
        """Its own text without the white space around it."""
        return "".join(self.pieces).strip()

    def all(self, *way: str) -> Iterator["Element"]:
        """Yield the elements that the names of `way` lead to, one level a name."""
        first, *rest = way
        for child in self.children:
            if child.name == first:
                if rest:
                    yield from child.all(*rest)
                else:
                    yield child

    def first(self, *way: str) -> "Element | None":
        """Return the first that the names lead to, or None."""
        return next(self.all(*way), None)

    def said(self, *way: str) -> str:
        """Return the text of the first that the names lead to; empty if there is none."""
        found = self.first(*way)
        return found.text if found else ""


def read_xml(tree: FileTree, path: str, root: str = "", limit: int = MAX_TEXT) -> Element:
    """Read an XML file whose root element is called `root`, if that is given.

    Raises UnreadableError for what is not well-formed, declares an entity, or has another root.
    """
    return parse_xml(tree.read(path, limit), path, root)


def parse_xml(content: bytes, path: str, root: str = "") -> Element:
    """Parse the bytes of the file `path`; see `read_xml`."""
    from xml.parsers import expat

    building = _Building(path)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    building.listen_to(parser)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # Expat asks Python for encodings that it does not know; theirs are the other two errors.
        code = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else "an unknown encoding"
        raise unparsable(path, f"it is not XML: {code}", parser.CurrentLineNumber) from error
    found = building.top.children[0]
    if root and found.name != root:
        raise unparsable(path, f"its root element is {found.name[:60]!r}, not {root!r}", found.line)
    return found


class _Building:
    """Listens to expat."""

    def __init__(self, path: str) -> None:
        self.top = Element("", 0)
        self._path = path
        self._open = [self.top]
        self._parser: Any = None

    def listen_to(self, parser: Any) -> None:
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = lambda text: self._open[-1].pieces.append(text)
        parser.EntityDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > MAX_DEPTH:
            raise refused(self._path, f"more than {MAX_DEPTH} elements in one another", self._line)
        space, _, local = name.rpartition(" ")
        stated = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(local, self._line, stated, namespace=space)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _refuse(self, *_: Any) -> None:
        raise refused(self._path, "it declares an entity, which no such file needs", self._line)

    @property
    def _line(self) -> int:
        return int(self._parser.CurrentLineNumber)
