"""A build as a Compose file or a bake file defines it."""

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
