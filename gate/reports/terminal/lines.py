"""Indented lines that wrap under themselves, without trailing blanks, so that they can be copied and compared."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions
from rich.text import Text

_INDENT = 2
_LEAST_WIDTH = 20


class Line:
    """A line indented by two columns; `detail` stands behind it if both fit, else below it, indented further."""

    def __init__(self, text: Text, detail: Text | None = None, indent: int = _INDENT) -> None:
        self.text = text
        self.detail = detail
        self.indent = indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        if self.detail is None or not self.detail.plain:
            yield from _wrapped(console, self.text, self.indent, options.max_width)
            return
        joined = Text("  ").join([self.text, self.detail])
        if joined.cell_len + self.indent <= options.max_width:
            yield from _wrapped(console, joined, self.indent, options.max_width)
            return
        yield from _wrapped(console, self.text, self.indent, options.max_width)
        yield from _wrapped(console, self.detail, self.indent + 2 * _INDENT, options.max_width)


def _wrapped(console: Console, text: Text, indent: int, width: int) -> Iterator[Text]:
    """Wrap with a hanging indent: the lines after the first stand further in."""
    room = max(width - indent - _INDENT, _LEAST_WIDTH)
    if text.cell_len <= room + _INDENT:
        room += _INDENT
    for number, line in enumerate(text.wrap(console, room)):
        yield _indented(line, indent + (_INDENT if number else 0))


def _indented(line: Text, indent: int) -> Text:
    line.rstrip()
    return Text(" " * indent).append_text(line)
