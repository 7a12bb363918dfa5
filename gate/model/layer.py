"""What one layer of an image did to it."""

import msgspec


class Changes(msgspec.Struct, frozen=True):
    """How many packages, and the first of them by name."""

    count: int = 0
    first: tuple[str, ...] = ()
    """`bash 5.2`; `bash 5.1 → 5.2` where another version was there before."""


class PackageChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What a layer installs, replaces by another version, and removes."""

    added: Changes = Changes()
    changed: Changes = Changes()
    removed: Changes = Changes()


class ImageLayer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer by what it brought to those below it."""

    diff_id: str
    created_by: str | None = None
    """The step of the build that made it, secrets hidden; None if the image does not say."""
    size: int
    """Bytes, uncompressed."""
    files: int
    """Files and links that it brings."""
    hidden: int
    """Files and links of the layers below that it replaces or removes."""
    packages: PackageChanges | None = None
    """None if that cannot be counted."""
