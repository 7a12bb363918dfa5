"""A text within a file."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gate.secrets.engine.text import Text
from gate.secrets.engine.windows import LONG_LINE, around

NAME_WORDS = (
    b"pass|pw|psw|secret|token|cred|auth|key|salt|bearer|cookie|session|seed|mnemonic|otp|contrase|clave|kennw|mot"
    b"|senha|sas|hook|dsn|connection|jwt|hmac"
).split(b"|")
SECRET_NAME = rb"(?:%b)" % b"|".join(NAME_WORDS)
"""What a secret's name has in it, whatever else (`names_a_secret`), in small letters."""
MAX_LINE = 10_000
"""Characters of a line; in a longer one names and values do not stand apart."""
_AROUND = 1_024
"""Characters before and behind a place in a long line: more than a token has."""


class DecodedPart(msgspec.Struct, frozen=True):
    """The file itself, or what an encoding or a format hides in it."""

    text: Text
    path: str
    """What detectors go by: the file's path, or one below it."""
    within: str = ""
    """Which part of the file it is, for people: `cell 3`; empty for the file itself."""
    formats_alone: bool = False
    """True if only what has a format of its own, or is sure for another reason, counts: the text is put together."""
    lines: tuple[int, ...] = ()
    """For each of its lines the file's line (from 1) that it comes from, the last for all that follow; none: as is."""

    def line_of(self, number: int) -> int:
        """Return the file's line that line `number` (both from 1) of the part stands in."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines else number


def part(content: str, path: str, within: str, lines: tuple[int, ...], *, formats_alone: bool = False) -> DecodedPart:
    """Make a part of a text that a format held."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    text = Text(content, content.encode("utf-8", "replace"), "utf-8")
    return DecodedPart(text, path, within, formats_alone, lines)


def part_of(found: Sequence[tuple[int, str]], path: str) -> Iterator[DecodedPart]:
    """Yield one part with these lines, each with the file's line that it comes from; none if there are none."""
    if found:
        yield part("\n".join(line for _, line in found), path, "", tuple(number for number, _ in found))


def numbers_of_lines(text: Text, values: Mapping[int, int] | None, first: int = 1) -> Sequence[int]:
    """Return the numbers, from `first` on, of the lines that a decoder looks at, in their order.

    `values`: the lines in which the pre-filter's patterns match, and where in bytes they start; None: it did not run,
    and every line is looked at.
    """
    if values is None:
        return range(first, len(text.lines) + 1)
    return sorted(number for number in values if number >= first)


def assignment(name: str, value: str) -> str:
    """Write a name and its value as one line, as any detector reads it."""
    return f'{name}: "{value}"'


class Mark(msgspec.Struct, frozen=True):
    """A line in which the pre-filter sees something, and where."""

    line: int
    """From 1."""
    text: str
    """The line, without its end."""
    places: tuple[int, ...]
    """Where in it what was seen ends, in characters, in their order."""

    def pieces(self) -> Iterator[str]:
        """Yield the line, or of a long one what stands around the places."""
        if len(self.text) < LONG_LINE:
            yield self.text
            return
        for start, end in around(self.places, len(self.text), _AROUND):
            yield self.text[start:end]
