"""What the files of an image tell, in one look: what rules judge, and what is kept for the next run.

Without what finds it, so that a run that knows an image loads none of that.
"""

import msgspec

from gate.images.contents.leftovers import Remains
from gate.images.contents.modes import Modes
from gate.model import Fact, StageError
from gate.secrets.results.detected import DetectedSecret

_NO_LOGIN = ("nologin", "false", "sync", "shutdown", "halt")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account."""

    name: str
    uid: str
    shell: str = ""
    is_open: bool = False
    """Its password is empty: whoever gives its name is let in."""
    has_password: bool = False
    """A hash of a password is in the image."""
    layer: str | None = None
    """Diff id of the layer since which all of this holds, whatever else later layers wrote into these files."""

    @property
    def can_log_in(self) -> bool:
        """True if its shell is a shell."""
        return self.shell.rpartition("/")[2] not in _NO_LOGIN


class CronLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a cron table, and what is suspicious in it; its text may hold a secret and is not kept."""

    path: str
    line: int
    sign: str


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that differs from its package's record."""

    path: str
    package: str
    layer: str | None = None
    """Diff id of the layer that brought what is there now."""


class Privileged(msgspec.Struct, frozen=True, kw_only=True):
    """A file with capabilities."""

    path: str
    capabilities: tuple[str, ...]
    """Permitted ones (`cap_net_raw`), by their numbers."""
    layer: str | None = None
    """Diff id of the layer that brought it."""


class SecretInFile(msgspec.Struct, frozen=True, kw_only=True):
    """A secret, the file that holds it, and the layers that brought and removed the file."""

    path: str
    secret: DetectedSecret
    layer: str
    hidden_by: str | None = None
    """Diff id of the layer that deletes or replaces the file; None if a container sees it."""


class YaraMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a rule matches."""

    path: str
    layer: str
    """Diff id of the layer that brought it."""
    rule: str
    file: str
    """Where the rule stands."""
    about: str = ""
    """What the rule says of itself: `description` among its metadata."""


class ImageContents(msgspec.Struct, frozen=True, kw_only=True):
    """What the files of an image tell."""

    files: int
    modes: Modes
    remains: Remains
    accounts: tuple[Account, ...]
    cron: tuple[CronLine, ...]
    changed: tuple[Changed, ...]
    unexplained: tuple[str, ...]
    """Programs in folders of the distribution that belong to no package."""
    secrets: tuple[SecretInFile, ...]
    malware: tuple[YaraMatch, ...]
    capable: tuple[Privileged, ...]
    """Files with capabilities."""
    errors: tuple[StageError, ...]
    facts: dict[str, Fact]
