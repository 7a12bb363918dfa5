"""An exported database: a zip with indexes, optional files, and a manifest that can be signed.

The manifest names every file with its hash, so its signature covers them all. Names in a bundle are labels, never
paths. The same files make an archive, an artifact in a registry and a wheel.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from gate.advisories.ecosystems import is_judged
from gate.advisories.holding import Holding, index_label
from gate.advisories.index import form
from gate.advisories.optional_files import OPTIONAL
from gate.advisories.store import digest_of
from gate.core.errors import LimitError, UnreadableError
from gate.core.signing import sign, verify

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
MAX_MANIFEST = 1 << 20
MAX_FILE = 8 << 30
"""Bytes of one file of a bundle."""
MAX_MEMBERS = 500

_PIECE = 1 << 20
_HINT = "Export it again, with the same version of the gate"


class BundleMember(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a bundle."""

    name: str
    base: str = ""
    """The ecosystem whose index it is; empty for an optional file."""
    sha256: str
    size: int
    checked: datetime
    """When it was last compared with its source."""


class BundleManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle holds and where it is from."""

    kind: str = "gate advisories"
    form: str
    """The format of its indexes, as `gate.advisories.index.form` names it."""
    source: str
    """Where the advisories are from, as messages name it."""
    members: tuple[BundleMember, ...]

    @property
    def made(self) -> datetime:
        """When the newest of its files was checked with the source."""
        return max(member.checked for member in self.members)


class Bundle:
    """A manifest, its signature if there is one, and the files on this machine."""

    def __init__(self, holdings: Iterable[Holding], source: str, key_file: str | None = None) -> None:
        """Raises ConfigError for a key that is none."""
        self.paths: dict[str, Path] = {}
        members = []
        for holding in sorted(holdings, key=lambda holding: holding.name):
            self.paths[holding.name] = holding.path
            members.append(_member(holding))
        self.manifest = BundleManifest(form=form(), source=source, members=tuple(members))
        self.text = msgspec.json.format(msgspec.json.encode(self.manifest), indent=2)
        self.signature = sign(self.text, key_file) if key_file else None

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Yield the manifest and its signature, by their names."""
        yield MANIFEST, self.text
        if self.signature is not None:
            yield SIGNATURE, self.signature

    def write(self, stream: BinaryIO) -> None:
        """Write the bundle as a zip; the same files give the same bytes."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, text in self.texts():
                archive.writestr(entry(name), text)
            for name, path in self.paths.items():
                copy_into(archive, name, path)

    def write_to(self, place: Path) -> None:
        """Write the bundle to a file, whole or not at all."""
        unfinished = place.with_name(f".gate-new-{os.urandom(8).hex()}")
        try:
            with unfinished.open("xb") as stream:
                self.write(stream)
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)


def _member(holding: Holding) -> BundleMember:
    return BundleMember(
        name=holding.name,
        base=holding.base,
        sha256=digest_of(holding.path),
        size=holding.path.stat().st_size,
        checked=holding.checked.astimezone(UTC),
    )


def entry(name: str) -> zipfile.ZipInfo:
    """Return a zip entry that is the same whenever it is made."""
    item = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    item.compress_type = zipfile.ZIP_DEFLATED
    item.external_attr = 0o644 << 16
    return item


def copy_into(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Copy a file into a zip, piece by piece."""
    item = entry(name)
    item.file_size = path.stat().st_size
    with path.open("rb") as file, archive.open(item, "w") as target:
        while piece := file.read(_PIECE):
            target.write(piece)


def read_manifest(text: bytes, signature: bytes | None, key_file: str, shown: str) -> BundleManifest:
    """Read a manifest and, if a key is configured, verify its signature. Raises UnreadableError, ConfigError."""
    if key_file:
        verify(text, signature, key_file, shown)
    try:
        manifest = msgspec.json.decode(text, type=BundleManifest)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"its manifest cannot be parsed ({error})", path=shown, hint=_HINT) from error
    names = [member.name for member in manifest.members]
    if not names or len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        raise UnreadableError("its manifest has no files, or one twice", path=shown, hint=_HINT)
    if strange := [member.name for member in manifest.members if not _is_known(member)]:
        raise UnreadableError(f"its manifest names a file that none is: {strange[0][:60]!r}", path=shown, hint=_HINT)
    if any(member.checked.tzinfo is None for member in manifest.members):
        raise UnreadableError("its manifest has a time without a zone", path=shown, hint=_HINT)
    if manifest.form != form():
        raise UnreadableError("was made by another version of the gate", path=shown, hint=_HINT)
    return manifest


def _is_known(member: BundleMember) -> bool:
    """True for the index of an ecosystem under its own label, and for an optional file."""
    if member.base:
        return is_judged(member.base) and member.name == index_label(member.base)
    return member.name in OPTIONAL


def unpack(file: Path, folder: Path, key_file: str, shown: str) -> BundleManifest:
    """Check the bundle `file` and write its files to the empty `folder`, under their labels.

    Raises UnreadableError for damage, for a signature that is not the configured key's, and for files that are not
    what the manifest says.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            text = _small(archive, MANIFEST, shown)
            signature = _small(archive, SIGNATURE, shown) if SIGNATURE in archive.NameToInfo else None
            manifest = read_manifest(text, signature, key_file, shown)
            for member in manifest.members:
                _extract(archive, member, folder / member.name, shown)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableError(
            f"is no exported database or is damaged ({type(error).__name__})",
            path=shown,
            hint="Fetch or export it again",
        ) from error
    return manifest


def _small(archive: zipfile.ZipFile, name: str, shown: str) -> bytes:
    with archive.open(name) as part:
        text = part.read(MAX_MANIFEST + 1)
    if len(text) > MAX_MANIFEST:
        raise LimitError(f"its {name} has more than {MAX_MANIFEST:,} bytes", path=shown)
    return text


def _extract(archive: zipfile.ZipFile, member: BundleMember, place: Path, shown: str) -> None:
    if member.size > MAX_FILE:
        raise LimitError(f"its {member.name} has more than {MAX_FILE:,} bytes", path=shown)
    digest, left = hashlib.sha256(), member.size
    with archive.open(member.name) as part, place.open("xb") as target:
        while left >= 0 and (piece := part.read(_PIECE)):
            left -= len(piece)
            digest.update(piece)
            target.write(piece)
    if left != 0 or digest.hexdigest() != member.sha256:
        raise UnreadableError(f"its {member.name} is not what the manifest says", path=shown, hint=_HINT)
