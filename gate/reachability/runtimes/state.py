"""The result for one package: whether the image uses it, and the evidence."""

import msgspec

from gate.model import InUse, Package

Key = tuple[str, str, str, str]


def key_of(package: Package) -> Key:
    """Return what identifies a package within its image; binary packages of one source package share it."""
    return package.path, package.ecosystem, package.name, package.version


class State(msgspec.Struct, frozen=True):
    """The result for one package."""

    in_use: InUse
    evidence: tuple[str, ...]
    """The steps from the entrypoint to a package in use; for others the reason."""
