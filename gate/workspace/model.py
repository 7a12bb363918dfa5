"""What the readers of all formats yield: what starts, what a program is pointed to, and texts that agents read."""

import enum

import msgspec

from gate.core.values import Position
from gate.model import StageError


class Moment(enum.Enum):
    """The moment at which something starts, in the order in which a person meets them."""

    CLONE = "clone"
    """Also checkout: what git itself starts or fetches."""
    OPEN = "open"
    """Also a session of an agent in the folder."""
    INSTALL = "install"
    COMMIT = "commit"
    PUSH = "push"
    BUILD = "build"


class Question(enum.Enum):
    """Whether a person is asked before it starts."""

    NONE = "no question"
    TRUST = "once, for the folder"
    """One answer (`do you trust the authors?`) lets all start that the folder has, now and later."""
    EACH = "asks first"


class AutoStart(msgspec.Struct, frozen=True, kw_only=True):
    """A program that something in the repository starts."""

    when: Moment
    by: str
    """The program that starts it, as people call it: `VS Code`, `npm`, `Claude Code`."""
    what: str
    """What it is called there: `task build`, `postinstall`, `hook SessionStart`."""
    command: str
    """The command line, or what stands for it; never with a secret's value."""
    question: Question = Question.NONE
    needs: str = ""
    """What has to be done once before, if anything: `pre-commit install`."""
    on_host: bool = True
    """False if it runs in a container."""
    is_hidden: bool = False
    """True if the format has it run where no one sees it."""
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
    is_model: bool = False
    """True if prompts, code and the key of a model's service go there."""
    path: str
    line: int


class Strength(enum.Enum):
    """How much a grant gives away."""

    ALL = "all"
    """Any command, or any tool, without a question."""
    MUCH = "much"
    """A program that can start any other: an interpreter, a shell's wildcard."""
    SOME = "some"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A permission that is given beforehand, or a check that is switched off."""

    by: str
    what: str
    strength: Strength = Strength.SOME
    is_check: bool = False
    """True for a check that is switched off: of certificates, of trust."""
    path: str
    line: int
    span: tuple[Position, Position] | None = None


class AgentText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that an agent reads as instructions."""

    by: str
    text: str
    path: str
    line: int = 1
    """Where the text begins."""


class BuildWrapper(msgspec.Struct, frozen=True, kw_only=True):
    """A build tool that the repository brings along or fetches by itself."""

    by: str
    address: str = ""
    """Where the tool is fetched from."""
    has_checksum: bool = False
    is_known: bool | None = None
    """Of the program in the repository: whether its hash is a published one; None if there are no hashes to ask."""
    path: str
    line: int = 1


Entry = AutoStart | ToolServer | RedirectedAddress | Grant | AgentText | BuildWrapper


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader found in one file."""

    entries: tuple[Entry, ...] = ()
    errors: tuple[StageError, ...] = ()
    notes: tuple[str, ...] = ()
    """What is not known of it: a file of a known place whose format is not: `path: what`."""
