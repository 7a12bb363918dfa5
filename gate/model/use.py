"""Whether an image uses its packages, and what that is known by."""

import enum

import msgspec

from gate.model.finding import InUse


class Doubt(enum.Enum):
    """Why it is unknown whether a package is in use."""

    START = "start"
    """What the container starts is not known."""
    GAP = "gap"
    """A file that is reached goes on to something that is known only at run time."""
    POSSIBLE = "possible"
    """A file that is reached may open one of the package's, and may not."""
    NAMED = "named"
    """A file that is reached names the package, and nothing shows that it opens it."""
    DATA = "data"
    """The package holds only files that any program may open."""
    NOT_FOLLOWED = "not-followed"
    """Programs of this kind are not followed."""
    UNREADABLE = "unreadable"
    """A file that had to be read cannot be."""


class PackageUse(msgspec.Struct, frozen=True, gc=False):
    """The answer for one package."""

    in_use: InUse
    evidence: tuple[str, ...] = ()
    """The steps from the container's start to a package in use; for others the reason."""
    doubt: Doubt | None = None
    """Of what kind the reason is, if it is unknown."""
