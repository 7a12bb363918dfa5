"""A file's text and back: encoding, byte order mark and line ends stay as they are."""

import msgspec

_BOM = b"\xef\xbb\xbf"


class SourceText(msgspec.Struct, frozen=True):
    """The text of a file, and how it is written in bytes."""

    text: str
    encoding: str
    """`utf-8`, `utf-8-sig` or, for what is neither, `latin-1`: as `gate.dockerfile.parser` reads a file."""

    @property
    def line_end(self) -> str:
        """What most of the lines end with."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows * 2 > self.text.count("\n") else "\n"

    def encode(self) -> bytes:
        return self.text.encode(self.encoding)

    def with_text(self, text: str) -> "SourceText":
        return SourceText(text, self.encoding)


def decode(content: bytes) -> SourceText:
    """Return the text of any bytes; `encode` gives the very bytes back."""
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        return SourceText(content.decode("latin-1"), "latin-1")
    return SourceText(text, "utf-8-sig" if content.startswith(_BOM) else "utf-8")
