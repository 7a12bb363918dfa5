"""What is told of one package: whether the image uses it, and how that is known."""

import msgspec

from gate.model import InUse, Package

Key = tuple[str, str, str, str]


def key_of(package: Package) -> Key:
    """Return what tells a package from the others of its image; those of one source package are one."""
    return package.path, package.ecosystem, package.name, package.version


class State(msgspec.Struct, frozen=True):
    """The answer for one package."""

    in_use: InUse
    evidence: tuple[str, ...]
    """From the entrypoint on for what is in use; else the reason."""
