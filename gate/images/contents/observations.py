"""The results of walking an image's files, which rules judge and the cache stores.

Apart from the code that finds them, so that a run that has them in the cache need not load it.
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
    """Its password is empty, so that the name alone is enough to log in."""
    has_password: bool = False
    """A hash of a password is in the image."""
    layer: str | None = None
    """Diff id of the layer since which the account is so, even if later layers changed other lines of the files."""

    @property
    def can_log_in(self) -> bool:
        """True if its shell is a shell."""
        return self.shell.rpartition("/")[2] not in _NO_LOGIN


class CronLine(msgspec.Struct, frozen=True, kw_only=True):
    """A suspicious line of a cron table, without its text, which may hold a secret."""

    path: str
    line: int
    sign: str


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that differs from its package's record."""

    path: str
    package: str
    layer: str | None = None
    """Diff id of the layer with the present content."""


class Privileged(msgspec.Struct, frozen=True, kw_only=True):
    """A file with capabilities."""

    path: str
    capabilities: tuple[str, ...]
    """Permitted ones (`cap_net_raw`), by their numbers."""
    layer: str | None = None
    """Diff id of the layer that brought it."""


class SecretInFile(msgspec.Struct, frozen=True, kw_only=True):
    """A secret, its file, and the layers that add and remove the file."""

    path: str
    secret: DetectedSecret
    layer: str
    hidden_by: str | None = None
    """Diff id of the layer that deletes or replaces the file; None if a container sees it."""
    published: str = ""
    """Name and version of the published package whose unchanged part the file is; empty if it is of none."""


class YaraMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a rule matches."""

    path: str
    layer: str
    """Diff id of the layer that brought it."""
    rule: str
    file: str
    """The file with the rule."""
    about: str = ""
    """The rule's metadata `description`."""


class ImageContents(msgspec.Struct, frozen=True, kw_only=True):
    """All results of walking an image's files."""

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
