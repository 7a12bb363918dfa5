"""The text front: every structured file becomes text here, by its byte order mark or the NULs of its wide letters.

`text_of` is for formats whose programs refuse what is no text (YAML, TOML, JSON); `decode` takes any bytes, for what is
read line by line, and gives the same bytes back. What the programs themselves take is in `docs/reference/readers.md`.
"""

import codecs

import msgspec

from gate.core.errors import UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks and what they stand for."""
_WIDE = ((b"\0\0\0", "utf-32-be", 0), (b"\0\0\0", "utf-32-le", 1), (b"\0", "utf-16-be", 0), (b"\0", "utf-16-le", 1))
"""NULs of a first letter of ASCII, the encoding that they show, and where they stand (YAML 1.2, 5.2; RFC 4627, 3)."""


class SourceText(msgspec.Struct, frozen=True):
    """The text of a file, and what makes bytes of it again."""

    text: str
    encoding: str
    """One of MARKS, or `latin-1` for what is in none of them."""
    mark: bytes = b""
    """The byte order mark that the file begins with."""

    @property
    def line_end(self) -> str:
        r"""What most of the lines end with: `\r\n` or `\n`."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows * 2 > self.text.count("\n") else "\n"

    def encode(self) -> bytes:
        return self.mark + self.text.encode(self.encoding)

    def with_text(self, text: str) -> "SourceText":
        return SourceText(text, self.encoding, self.mark)


def marked(content: bytes) -> tuple[bytes, str]:
    """Return the byte order mark of a file and its encoding; without one, nothing and UTF-8."""
    return next((pair for pair in MARKS if content.startswith(pair[0])), (b"", "utf-8"))


def decode(content: bytes) -> SourceText:
    """Return the text of any bytes; its `encode` returns the same bytes again."""
    mark, encoding = marked(content)
    try:
        return SourceText(content[len(mark) :].decode(encoding), encoding, mark)
    except UnicodeDecodeError:
        return SourceText(content.decode("latin-1"), "latin-1")


def text_of(content: bytes, path: str) -> str:
    """Return the text of a structured file. Raises UnreadableError, with file and line, if its bytes are no text."""
    mark, encoding = _encoding(content)
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = content[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        raise UnreadableError(
            f"cannot be parsed: it is not {encoding.upper()} text",
            path=f"{path}:{before.count(chr(10)) + 1}",
            hint="Save it as UTF-8, or list it under `ignore` of the stage in gate.yaml",
        ) from error


def as_utf8(content: bytes) -> bytes:
    """Return a structured file's text in UTF-8, for a search in its bytes; what is no text in it is replaced."""
    mark, encoding = _encoding(content)
    if encoding == "utf-8":
        return content[len(mark) :] if mark else content
    return content[len(mark) :].decode(encoding, "replace").encode()


def _encoding(content: bytes) -> tuple[bytes, str]:
    """Return a structured file's byte order mark and encoding; without a mark NULs show it."""
    mark, encoding = marked(content)
    start = content[:4]
    if not mark and b"\0" in start:
        fitting = (name for nuls, name, place in _WIDE if start[place:].startswith(nuls) and start.strip(b"\0"))
        encoding = next(fitting, "utf-8")
    return mark, encoding
