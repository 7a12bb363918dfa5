"""What one layer of an image changes."""

import msgspec


class Changes(msgspec.Struct, frozen=True):
    """A number of packages, and the first of them by name."""

    count: int = 0
    first: tuple[str, ...] = ()
    """`bash 5.2`, or `bash 5.1 → 5.2` if the layer changes the version."""


class PackageChanges(msgspec.Struct, frozen=True, kw_only=True):
    """The packages that a layer installs, replaces by another version, and removes."""

    added: Changes = Changes()
    changed: Changes = Changes()
    removed: Changes = Changes()


class ImageLayer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer, with what it adds to and takes from the layers below it."""

    diff_id: str
    created_by: str | None = None
    """The build step that made it, secrets masked; None if the image does not state it."""
    size: int
    """Bytes, uncompressed."""
    files: int
    """Number of files and links in it."""
    hidden: int
    """Number of files and links of the layers below that it replaces or removes."""
    packages: PackageChanges | None = None
    """None if the changes cannot be determined."""
