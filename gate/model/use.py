"""Whether an image uses its packages, and what that is known by."""

import enum

import msgspec

from gate.model.finding import InUse


class Doubt(enum.Enum):
    """Why it is unknown whether a package is in use."""

    START = "start"
    """What the container starts is not known."""
    LIMIT = "limit"
    """More may be started or opened than is followed."""
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


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A package of which a container opened a file under test, and which the analysis did not find in use."""

    package: str
    """Name and version."""
    ecosystem: str
    path: str
    """The file that was opened."""
    how: str
    """When and by what it was seen."""
    said: InUse
    """What the analysis answered: `no` is an error of its own, `unknown` what it left open."""

    def __str__(self) -> str:
        return f"{self.package}: {self.path} was {self.how}, and the analysis said {self.said.value}"


class ImageUses(msgspec.Struct, frozen=True):
    """The answers for all packages of an image."""

    packages: tuple[PackageUse, ...]
    """In the order of the image's packages."""
    missed: tuple[Missed, ...] = ()
    """What containers of it used under test and the analysis did not find."""
    recordings: int = 0
    """How many recordings of such tests counted."""


class UseGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Packages of an image with the same answer for the same reason."""

    in_use: InUse
    doubt: Doubt | None = None
    """Of what kind the reason is, if it is unknown."""
    reason: str = ""
    """The reason that all of them share; empty if each has its own, or steps that lead to it."""
    packages: tuple[str, ...]
    """Name and version of each, sorted."""


class UseOfPackages(msgspec.Struct, frozen=True, kw_only=True):
    """What an image uses of its packages."""

    groups: tuple[UseGroup, ...]
    """Those in use, those not in use, then those of which it is unknown, the largest group first."""
    not_judged: int = 0
    """Number of packages whose vulnerabilities are not known, because there are no advisories for them."""
    missed: tuple[Missed, ...] = ()
    """What containers of it used under test and the analysis did not find."""
