"""What detection has to know of a kind of secrets; it stands on the kind's row and nowhere else."""

import enum
from collections.abc import Callable

import msgspec


class Checks(enum.Enum):
    """Which checks for false positives the candidates of a kind go through (`gate.secrets.triage.false_positives`)."""

    BY_CONFIDENCE = enum.auto()
    """Those for formats if the kind is of high confidence, else those for names."""
    FORMAT = enum.auto()
    """Those for formats, whatever the confidence."""
    FORMAT_OF_LETTERS = enum.auto()
    """Those for formats that words can have by chance."""
    PLACE = enum.auto()
    """Those for values that are known by their place or form, whatever names stand in front."""
    RANDOM = enum.auto()
    """Those for values that are known by their randomness alone."""
    ADDRESS = enum.auto()
    """Those for a password in a web address."""
    BOT_TOKEN = enum.auto()
    """Those for digits, a colon and a token."""
    ACCOUNT_KEY = enum.auto()
    """Those for keys that look like the account's id."""
    WEB_TOKEN = enum.auto()
    """Those for JSON Web Tokens."""
    KEY_BLOCK = enum.auto()
    """Those for the header of a private key."""
    BYTES = enum.auto()
    """Those for values that are written as numbers."""
    SESSION_SECRET = enum.auto()
    """Those for secrets that people make up of words."""
    LOGIN_PAIR = enum.auto()
    """Those for a place, and for an owner's group."""
    SQL = enum.auto()
    """Those for names, and for words of SQL in a sentence."""
    CREDENTIAL_FILE = enum.auto()
    """Those for files whose very format is credentials: only what a template fills in is none."""
    NONE = enum.auto()
    """None."""


class KindTraits(msgspec.Struct, frozen=True, kw_only=True):
    """What detection has to know of a kind, beyond its pattern; the defaults are those of a token with a format."""

    checks: Checks = Checks.BY_CONFIDENCE
    vagueness: int = 0
    """Of several kinds that claim one value the least vague wins; 0: knows a structure or a place, not only names."""
    is_catch_all: bool = False
    """A detect-secrets baseline may list any value under this kind, whichever detector of ours finds it."""
    counts_in_formats: bool = False
    """Counts where only formats do (bytes, what is decoded), though the kind is not of high confidence."""
    is_known_by_name: bool = False
    """Any value may be one, so that a UUID needs a name which says that it is a credential."""
    is_hash: bool = False
    """A hash with its scheme in front; in tests and documentation an example."""
    is_of_credential_file: bool = False
    """Found in a file whose very format is credentials: a weak word is one all the same."""
    is_of_accounts: bool = False
    """The hashes of accounts that a server or a database has, all in one place: a leak, however strong each is."""
    is_often_public: bool = False
    """Also given to programs that run on other people's machines, where everybody can read it."""
    is_made_anywhere: bool = False
    """Has a form of its own, but no service issues it: a key of a standard, a hash or password as a protocol has it."""
    is_known_by_little: bool = False
    """Known by a name that identifiers have as well, such as `key`."""
    is_key_block: bool = False
    """The detector yields the header; the key goes on in the next lines, to its footer."""
    is_private_key: bool = False
    """A key block in PEM or OpenPGP armour, which triage judges by its header and body."""
    whole: str = ""
    """The pattern of the whole secret, where the detector yields its first letters alone."""
    is_doubtful: Callable[[str], bool] | None = None
    """Is asked in compat mode about each value: those for which it is True are of low confidence."""
