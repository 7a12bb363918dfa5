"""A build as a Compose file or a bake file defines it."""

import re
from collections.abc import Callable

import msgspec

MAX_ARGUMENTS = 1000
"""Build arguments of one build."""
MAX_CONTEXTS = 100
"""Further contexts of one build."""


class InlineText(msgspec.Struct, frozen=True):
    """A Dockerfile that is written inside another file."""

    text: str
    line: int
    """Line of the file on which the text begins."""
    indent: int = 0
    """Columns that each line of the text is indented by there."""
    is_exact: bool = True
    """False if the text's lines are not the file's: then all of it stands on `line`."""


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One build. None stands for a value that is known only at build time."""

    name: str
    """The name in messages: `service web`, `target app`."""
    line: int
    context: str | None = "."
    """Relative to the file's folder, or an address."""
    dockerfile: str | None = "Dockerfile"
    """Relative to the context."""
    inline: InlineText | None = None
    target: str | None = None
    target_line: int | None = None
    """Where the target is named; None: on `line`."""
    arguments: dict[str, str] = {}
    contexts: dict[str, str | None] = {}
    """Further contexts by name: a folder like `context`, `docker-image://…`, or an address of another kind."""
    is_base: bool = False
    """True if other builds inherit from this one, and it may not be built by itself."""


_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<braced>[^{}]*)\}|(?P<plain>[A-Za-z_]\w*))", re.ASCII)


class _Unknown(Exception):  # noqa: N818  (no error: it ends an expansion)
    """A value is not known before the build."""


def expand(text: str | None, value_of: Callable[[str], str | None]) -> str | None:
    """Return `text` with `$X` and `${X}` replaced and `$$` as a dollar, or None if a value is not known.

    `value_of` gets what stands between the braces, defaults included.
    """

    def replaced(found: "re.Match[str]") -> str:
        if found["dollar"]:
            return "$"
        value = value_of(found["braced"] if found["braced"] is not None else found["plain"])
        if value is None:
            raise _Unknown
        return value

    try:
        return None if text is None else _VARIABLE.sub(replaced, text)
    except _Unknown:
        return None
