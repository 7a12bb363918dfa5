"""Where a store keeps its files: a folder, or whatever `fsspec` reaches (S3 and others like it, with `gate[fleet]`).

A file is written whole or not at all, and never changed: its name is that of its content, or is taken by whichever
writer is first (`create`). So many writers need no lock.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from gate.core.atomic_write import write_atomically
from gate.core.errors import GateError, UnavailableError, UsageError
from gate.core.text import without_credentials

_INSTALL = "Install the gate with its extra `fleet`, and the package that fsspec names for this kind of address"
_TEMPORARY = ".gate-new-"
"""How names begin of files that are not finished (`gate.core.atomic_write`)."""


class StoreFiles(Protocol):
    """The files of a store, by names such as `objects/ab/abcd…`. Every method raises GateError for a failing disk."""

    shown: str
    """The address, without credentials, as messages name it."""

    def read(self, name: str) -> bytes | None:
        """Return the content; None if there is no such file."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file, over an older one of this name."""

    def create(self, name: str, content: bytes) -> bool:
        """Write a file that must not exist yet; False if another writer was first."""

    def exists(self, name: str) -> bool: ...

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names of all files below a folder, in no order; nothing if it is not there."""

    def age(self, name: str, now: float) -> float:
        """Return how many seconds ago a file was written, by its store's clock; 0 if that is unknown."""

    def delete(self, name: str) -> None:
        """Delete a file; one that is gone already is no error."""


def open_files(address: str) -> StoreFiles:
    """Return the files at a folder's path, or at an address such as `s3://bucket/folder`.

    Raises UsageError for an address that cannot be one.
    """
    if not address:
        raise UsageError("the store has an empty address", hint="Name a folder or an address: --store FOLDER")
    scheme, separator, _ = address.partition("://")
    if not separator:
        return LocalStoreFiles(Path(address))
    if scheme == "file":
        return LocalStoreFiles(Path(address.removeprefix("file://")))
    return RemoteStoreFiles(address)


class LocalStoreFiles:
    """The files in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = str(folder)

    def read(self, name: str) -> bytes | None:
        with self._failing("read"):
            try:
                return (self.folder / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def write(self, name: str, content: bytes) -> None:
        place = self.folder / name
        with self._failing("written"):
            try:
                write_atomically(place, content)
            except FileNotFoundError:  # the first in its folder
                place.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(place, content)

    def create(self, name: str, content: bytes) -> bool:
        place = self.folder / name
        with self._failing("written"):
            try:
                return _created(place, content)
            except FileNotFoundError:
                place.parent.mkdir(parents=True, exist_ok=True)
                return _created(place, content)

    def exists(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def names(self, folder: str) -> Iterator[str]:
        with self._failing("read"):
            for where, _, files in os.walk(self.folder / folder, onerror=_raise_unless_missing):
                below = Path(where).relative_to(self.folder).as_posix()
                yield from (f"{below}/{file}" for file in files if not file.startswith(_TEMPORARY))

    def age(self, name: str, now: float) -> float:
        with self._failing("read"):
            try:
                return now - (self.folder / name).stat().st_mtime
            except FileNotFoundError:
                return 0.0

    def delete(self, name: str) -> None:
        with self._failing("written"):
            (self.folder / name).unlink(missing_ok=True)

    @contextmanager
    def _failing(self, done: str) -> Iterator[None]:
        """Turn a failing disk into a GateError."""
        try:
            yield
        except OSError as error:
            hint = "See that the folder is there, may be used and its disk is not full"
            raise UnavailableError(
                f"the store cannot be {done} ({error.strerror or error})", path=self.shown, hint=hint
            ) from error


def _created(place: Path, content: bytes) -> bool:
    """Write a file that is whole as soon as it has its name; False if another one has it."""
    temporary = place.with_name(f"{_TEMPORARY}{os.urandom(8).hex()}")
    try:
        temporary.write_bytes(content)
        os.link(temporary, place)  # which fails where a file is, unlike a rename
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _raise_unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


class RemoteStoreFiles:
    """The files at an address of fsspec. Credentials are those that its package finds for the host."""

    def __init__(self, address: str) -> None:
        self.shown = without_credentials(address)
        try:
            import fsspec
        except ImportError as error:
            raise UsageError("needs the package fsspec", path=self.shown, hint=_INSTALL) from error
        try:
            system, root = fsspec.core.url_to_fs(address, skip_instance_cache=False)
        except (ImportError, ValueError) as error:
            raise UsageError(f"cannot be opened as a store ({error})", path=self.shown, hint=_INSTALL) from error
        self._system: Any = system
        self._root = str(root).rstrip("/")

    def read(self, name: str) -> bytes | None:
        with self._failing("read"):
            try:
                return bytes(self._system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes) -> None:
        with self._failing("written"):
            self._make_folder(name)
            self._system.pipe_file(self._path(name), content)

    def create(self, name: str, content: bytes) -> bool:
        with self._failing("written"):
            self._make_folder(name)
            try:
                self._system.pipe_file(self._path(name), content, mode="create")
            except FileExistsError:
                return False
        return True

    def exists(self, name: str) -> bool:
        with self._failing("read"):
            self._system.invalidate_cache()
            return bool(self._system.exists(self._path(name)))

    def names(self, folder: str) -> Iterator[str]:
        with self._failing("read"):
            self._system.invalidate_cache()
            try:
                found = self._system.find(self._path(folder))
            except FileNotFoundError:
                found = []
            start = len(self._root) + 1
            yield from (str(path)[start:] for path in found)

    def age(self, name: str, now: float) -> float:
        with self._failing("read"):
            try:
                return now - float(self._system.modified(self._path(name)).timestamp())
            except (FileNotFoundError, NotImplementedError):
                return 0.0

    def delete(self, name: str) -> None:
        with self._failing("written"):
            try:
                self._system.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _make_folder(self, name: str) -> None:
        """Make the folder above a file, for systems that have folders."""
        if not hasattr(self._system, "s3"):
            self._system.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)

    @contextmanager
    def _failing(self, done: str) -> Iterator[None]:
        """Turn whatever a package of fsspec raises into a GateError, without its text, which may quote an address."""
        try:
            yield
        except GateError:
            raise
        except Exception as error:  # the packages of fsspec raise errors of their own
            hint = "Check the address, the network and the credentials of its host"
            name = type(error).__name__
            raise UnavailableError(f"the store cannot be {done} ({name})", path=self.shown, hint=hint) from error
