"""What identifies a package within its image."""

from gate.model import Package

Key = tuple[str, str, str, str]


def key_of(package: Package) -> Key:
    """Return what identifies a package within its image; binary packages of one source package share it."""
    return package.path, package.ecosystem, package.name, package.version
