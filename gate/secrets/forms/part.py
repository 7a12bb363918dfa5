"""A text within a file."""

from collections.abc import Iterator, Sequence

import msgspec

from gate.secrets.text import Text

FORMS = "Forms"
"""Stands for a plugin in the pre-filter's patterns: of lines whose neighbours tell what they hold."""
SECRET_NAME = (
    rb"(?:pass|pw|psw|secret|token|cred|auth|key|salt|bearer|cookie|session|seed|mnemonic|otp|contrase|clave|kennw|mot"
    rb"|senha|sas|hook|dsn|connection|jwt|hmac)"
)
"""What a secret's name has in it, whatever else (`names_a_secret`), in small letters."""
MAX_LINE = 10_000
"""Characters of a line; in a longer one names and values do not stand apart."""


class Part(msgspec.Struct, frozen=True):
    """The file itself, or what an encoding or a format hides in it."""

    text: Text
    path: str
    """What detectors go by: the file's path, or one below it."""
    within: str = ""
    """Which part of the file it is, for people: `cell 3`; empty for the file itself."""
    lines: tuple[int, ...] = ()
    """For each of its lines the file's line (from 1) that it comes from, the last for all that follow; none: as is."""

    def line_of(self, number: int) -> int:
        """Return the file's line that line `number` (both from 1) of the part stands in."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines else number


def part(content: str, path: str, within: str, lines: tuple[int, ...]) -> Part:
    """Make a part of a text that a format held."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    return Part(Text(content, content.encode("utf-8", "replace"), "utf-8"), path, within, lines)


def part_of(found: Sequence[tuple[int, str]], path: str) -> Iterator[Part]:
    """Yield one part with these lines, each with the file's line that it comes from; none if there are none."""
    if found:
        yield part("\n".join(line for _, line in found), path, "", tuple(number for number, _ in found))


def assignment(name: str, value: str) -> str:
    """Write a name and its value as one line, as any detector reads it."""
    return f'{name}: "{value}"'
