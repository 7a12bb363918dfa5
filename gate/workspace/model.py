"""What the readers of all formats yield: what starts, what a program is pointed to, and texts that agents read."""

import enum

import msgspec

from gate.core.values import Position
from gate.model import StageError


class Moment(enum.Enum):
    """The moment at which something starts, in the order in which a person meets them."""

    CLONE = "clone"
    OPEN = "open"
    INSTALL = "install"
    COMMIT = "commit"
    PUSH = "push"
    BUILD = "build"


class AutoStart(msgspec.Struct, frozen=True, kw_only=True):
    """A program that something in the repository starts."""

    when: Moment
    by: str
    """The program that starts it, as people call it: `VS Code`, `npm`, `Claude Code`."""
    what: str
    """What it is called there: `task build`, `postinstall`, `hook SessionStart`."""
    command: str
    """The command line, or what stands for it; never with a secret's value."""
    asks: bool = True
    """False if it starts without a question to the person."""
    on_host: bool = True
    """False if it runs in a container."""
    path: str
    line: int
    span: tuple[Position, Position] | None = None
    """Where the command stands, for a fix."""


class ToolServer(msgspec.Struct, frozen=True, kw_only=True):
    """A server of tools that an agent or an editor uses (MCP)."""

    by: str
    name: str
    command: str = ""
    url: str = ""
    path: str
    line: int


class RedirectedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """A setting by which a program talks to another address than its own: registry, proxy, base URL."""

    by: str
    setting: str
    address: str
    path: str
    line: int


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A permission that is given beforehand, or a check that is switched off."""

    by: str
    what: str
    path: str
    line: int


class AgentText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that an agent reads as instructions."""

    by: str
    text: str
    path: str
    line: int = 1
    """Where the text begins."""


Entry = AutoStart | ToolServer | RedirectedAddress | Grant | AgentText


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader found in one file."""

    entries: tuple[Entry, ...] = ()
    errors: tuple[StageError, ...] = ()
    notes: tuple[str, ...] = ()
    """What is not known of it: a file of a known place whose format is not: `path: what`."""
