"""What is said of a file and its secrets once their values are forgotten."""

import enum
import hmac

import msgspec

from gate.model import Confidence, StageError

_KEY = b"security-gate secret hash, version 1"
"""Public on purpose: it makes tables computed for plain SHA-1 or SHA-256 useless, and no more than that."""
_MIN_SHOWN_LENGTH = 12
_SHOWN = 4
MAX_SPOTS = 1000
"""Lines of one file that are listed for one secret."""


class Spot(msgspec.Struct, frozen=True):
    """A place in a file."""

    line: int
    """From 1."""
    column: int | None = None
    """Where the secret starts in that line, from 1; None if it is not there literally (an escape, a folded value)."""


class DetectedSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A secret in a file, without its value."""

    type: str
    """As detect-secrets names it: a key of `gate.secrets.kinds.catalogue.KINDS`."""
    spots: tuple[Spot, ...]
    """The lines of the file that hold it, the first of them first; at most MAX_SPOTS."""
    hash: str
    listed_as: str
    """The hash of what detect-secrets takes for the value, which a baseline lists; most often the same."""
    also_listed_as: tuple[str, ...] = ()
    """The same by the other detectors that found it."""
    redacted: str
    confidence: Confidence
    expires: int | None = None
    """Time from which no service accepts it, in seconds since 1970, where it says so itself (a JSON Web Token)."""
    against: str = ""
    """What its value and its surroundings say against its being worth to stop a change for; empty if nothing."""
    count: int = 1
    """Lines of the file that hold it, all of them."""
    within: str = ""
    """Which part of the file holds it, for people: `cell 3`, `key tls.key`; empty for the file's own text."""
    inner: str = ""
    """The path of the file inside of the archive that was looked at; `!/` stands between nested ones."""

    @property
    def line(self) -> int:
        """The first line with it, from 1."""
        return self.spots[0].line

    @property
    def column(self) -> int | None:
        """Where it starts in its first line, as `Spot` says."""
        return self.spots[0].column


class FileReading(enum.Enum):
    """What became of a file."""

    SCANNED = "scanned"
    PASSED_OVER = "passed over"
    """By a filter that goes by the file's name: compat mode's, or one that the baseline brings."""
    BINARY = "binary"
    ENCRYPTED = "encrypted"
    """As a whole, by git-crypt, Ansible Vault, age or OpenPGP: safe to keep."""
    POINTER = "pointer"
    """To a file that Git LFS keeps elsewhere: what stands there is not known."""
    ARCHIVE = "archive"
    """Its files were looked at, one by one."""


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """One file, looked at."""

    reading: FileReading
    size: int = 0
    """Bytes that were read; none of a file that is passed over by its name."""
    secrets: tuple[DetectedSecret, ...] = ()
    silenced: tuple[DetectedSecret, ...] = ()
    """Secrets that comments such as `pragma: allowlist secret` silence."""
    encoding: str | None = None
    sieve: str | None = None
    """The pre-filter's name."""
    dropped: dict[str, int] = {}
    """Reason to the number of values that detectors took for secrets, and that are none."""
    unread: tuple[str, ...] = ()
    """Archives that cannot be unpacked, by their place within the file (empty: the file itself): damaged, encrypted."""
    sealed: dict[str, str] = {}
    """What those of them are that nothing here opens, by the same places: a 7z archive, a disk image."""
    errors: tuple[StageError, ...] = ()
    """Bounds that were hit."""


def keyed_hash(secret_type: str, sha1: str) -> str:
    """Name a secret for comparisons: HMAC-SHA-256 of its type and its SHA-1 (what a detect-secrets baseline lists)."""
    return hmac.new(_KEY, f"{secret_type}\0{sha1}".encode(), "sha256").hexdigest()


def redact(value: str) -> str:
    """Return the first four characters and an ellipsis; of a short value, or one that cannot be shown, nothing."""
    start = value[:_SHOWN]
    if len(value) < _MIN_SHOWN_LENGTH or not (start.isascii() and start.isprintable()):
        return "…"
    return start + "…"
