"""Indented lines with hanging indents and without trailing blanks, so that they can be copied and compared."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions
from rich.text import Text

_INDENT = 2
_GAP = "  "
_LEAST_WIDTH = 20
_LEAST_DETAIL = 24


class Heading:
    """A line that starts at the left edge."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield from _wrapped(console, self.text, 0, options.max_width, hanging=3 * _INDENT)


class IndentedLine:
    """A line indented by two columns; `detail` follows on the same line if both fit, else below, indented further.

    With `is_cut` the detail is cut to fit on the same line, ending with an ellipsis.
    """

    def __init__(self, text: Text, detail: Text | None = None, *, is_cut: bool = False) -> None:
        self.text = text
        self.detail = detail
        self.is_cut = is_cut

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        if self.detail is None or not self.detail.plain:
            yield from _wrapped(console, self.text, _INDENT, options.max_width)
            return
        detail = self._fitting(options.max_width - _INDENT - self.text.cell_len - len(_GAP))
        joined = Text(_GAP).join([self.text, detail])
        if joined.cell_len + _INDENT <= options.max_width:
            yield _indented(joined, _INDENT)
            return
        yield from _wrapped(console, self.text, _INDENT, options.max_width)
        yield from _wrapped(console, detail, 3 * _INDENT, options.max_width)

    def _fitting(self, room: int) -> Text:
        detail = (self.detail or Text()).copy()
        if self.is_cut and room >= _LEAST_DETAIL:
            detail.truncate(room, overflow="ellipsis")
        return detail


class Code:
    """A line of a file, indented like a detail; cut to the width, never wrapped."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        line = self.text.copy()
        line.truncate(max(options.max_width - 3 * _INDENT, _LEAST_WIDTH), overflow="ellipsis")
        yield _indented(line, 3 * _INDENT)


class UncutCommand:
    """A command behind a label, on one line however long, so that it can be copied as a whole."""

    def __init__(self, label: Text, command: str) -> None:
        self.text = Text.assemble(label, command)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        line = _indented(self.text.copy(), _INDENT)
        line.no_wrap, line.overflow = True, "ignore"
        yield line


def _wrapped(console: Console, text: Text, indent: int, width: int, hanging: int = _INDENT) -> Iterator[Text]:
    """Wrap a text with a hanging indent: the lines after the first are indented further."""
    room = width - indent
    if text.cell_len > room:
        room = max(room - hanging, _LEAST_WIDTH)
    for number, line in enumerate(text.wrap(console, max(room, _LEAST_WIDTH))):
        yield _indented(line, indent + (hanging if number else 0))


def _indented(line: Text, indent: int) -> Text:
    line.rstrip()
    return Text(" " * indent).append_text(line)
