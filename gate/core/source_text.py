"""Decoding a source file and encoding it again, with its encoding, byte order mark and line ends unchanged."""

import msgspec

_BOM = b"\xef\xbb\xbf"


class SourceText(msgspec.Struct, frozen=True):
    """The text of a file and its encoding."""

    text: str
    encoding: str
    """`utf-8`, `utf-8-sig` or, for what is neither, `latin-1`: as `gate.dockerfile.parser` reads a file."""

    @property
    def line_end(self) -> str:
        r"""What most of the lines end with: `\r\n` or `\n`."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows * 2 > self.text.count("\n") else "\n"

    def encode(self) -> bytes:
        return self.text.encode(self.encoding)

    def with_text(self, text: str) -> "SourceText":
        return SourceText(text, self.encoding)


def decode(content: bytes) -> SourceText:
    """Return the text of any bytes; its `encode` returns the same bytes again."""
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        return SourceText(content.decode("latin-1"), "latin-1")
    return SourceText(text, "utf-8-sig" if content.startswith(_BOM) else "utf-8")
