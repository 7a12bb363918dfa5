"""Local copies of files from the network: fetched if changed, resumed, checked by hash, replaced atomically."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.advisories.store import digest_of, locked, writing
from gate.core.cache import Cache
from gate.core.errors import UnavailableError, UnreadableError, unavailable
from gate.core.web import Web, expect, is_absent, pieces

if TYPE_CHECKING:
    from requests import Response

MAX_DOWNLOAD = 4 << 30
"""Bytes of one file."""
MAX_CUTS = 5
"""Interruptions of a transfer in a row that bring no further byte."""

Tell = Callable[[str, int, int | None], None]
"""Reports progress: called with a file's name, the bytes fetched so far, and its size in bytes (None if unknown)."""


def amount(done: int, total: int | None) -> str:
    """Return the progress as text: `12.0 of 80.0 MiB`."""
    of = f" of {total / (1 << 20):,.1f}" if total else ""
    return f"{done / (1 << 20):,.1f}{of} MiB"


def no_progress(_name: str, _done: int, _total: int | None) -> None:
    """Report no progress; the default of `download`."""


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """The headers by which a server identifies a version of a file."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    @property
    def range_condition(self) -> str | None:
        """What `If-Range` takes: a strong tag or a time (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def tags_of(response: "Response") -> Tags:
    """Return what the answer says of the file's version."""
    return Tags(etag=response.headers.get("ETag"), last_modified=response.headers.get("Last-Modified"))


def download(
    web: Web, name: str, place: Path, known: Tags | None = None, *, is_optional: bool = False, tell: Tell = no_progress
) -> Tags | None:
    """Fetch the file `name` to `place` and return its tags: `known` if it has not changed, None if there is none.

    An earlier, interrupted transfer is resumed if the server still has that version. Raises UnavailableError,
    LimitError, and UnreadableError if what came is not what the server's hash says.
    """
    part = _Part(place, name, tell)
    cuts = 0
    while True:
        size = part.size()
        try:
            return _attempt(web, part, known, is_optional)
        except _CutError as error:
            cuts = 0 if part.size() > size else cuts + 1
            if cuts >= MAX_CUTS:
                raise error.why from error


class _CutError(Exception):
    """The transfer ended early."""

    def __init__(self, why: UnavailableError) -> None:
        super().__init__()
        self.why = why


def _attempt(web: Web, part: "_Part", known: Tags | None, is_optional: bool) -> Tags | None:
    headers = part.headers() or (known.conditions if known else {})
    with web.ask(part.name, headers) as response:
        if response.status_code == 304 and known is not None and "Range" not in headers:
            return known
        if is_absent(response, is_optional=is_optional):
            return None
        if response.status_code == 416 and "Range" in headers:
            part.remove()
            return _attempt(web, part, known, is_optional)
        expect(response, part.name, 200, *((206,) if "Range" in headers else ()))
        part.receive(response)
        return tags_of(response)


class _Begun(msgspec.Struct, frozen=True, kw_only=True):
    """The version that a partial file is of, and its inode: a file that was put in its place is not resumed."""

    tags: Tags
    device: int
    inode: int


class _Part:
    """A partial file, and a second file that names the version that it is a part of."""

    def __init__(self, place: Path, name: str, tell: Tell) -> None:
        self.name = name
        self._place = place
        self._path = place.with_name(f"{place.name}.part")
        self._tags = place.with_name(f"{place.name}.part.json")
        self._tell = tell

    def size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def headers(self) -> dict[str, str]:
        """Return the headers that ask for the rest; empty if there is nothing to resume."""
        begun = self._begun()
        condition = begun.tags.range_condition if begun else None
        return {"Range": f"bytes={self.size()}-", "If-Range": condition} if condition and self.size() else {}

    def _begun(self) -> "_Begun | None":
        """Return what is known of the partial file, if it is the one that this machine began to fetch."""
        content = Cache(self._tags.parent).read(self._tags.name)
        try:
            begun = msgspec.json.decode(content or b"", type=_Begun)
            status = self._path.stat()
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        return begun if (status.st_dev, status.st_ino) == (begun.device, begun.inode) else None

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)
        self._tags.unlink(missing_ok=True)

    def receive(self, response: "Response") -> None:
        """Append the body to the partial file, or replace it; then move the complete file to its place."""
        start = self._start(response)
        if not start:
            self.remove()
            self._begin(tags_of(response))
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdecimal() else None
        try:
            with self._path.open("ab") as file:
                for piece in pieces(response, self.name, MAX_DOWNLOAD - start):
                    file.write(piece)
                    self._tell(self.name, file.tell(), total)
        except UnavailableError as error:
            raise _CutError(error) from error
        self._check(response)
        self._path.replace(self._place)
        self.remove()

    def _begin(self, tags: Tags) -> None:
        self._path.touch(mode=0o600)
        status = self._path.stat()
        begun = _Begun(tags=tags, device=status.st_dev, inode=status.st_ino)
        Cache(self._tags.parent).write(self._tags.name, msgspec.json.encode(begun))

    def _start(self, response: "Response") -> int:
        if response.status_code != 206:
            return 0
        size = self.size()
        if not response.headers.get("Content-Range", "").startswith(f"bytes {size}-"):
            self.remove()
            raise unavailable(self.name, "the server sends another part than it was asked for")
        return size

    def _check(self, response: "Response") -> None:
        """Compare with the hash that storage services send."""
        wanted = [
            one.strip().removeprefix("md5=")
            for one in response.headers.get("x-goog-hash", "").split(",")
            if one.strip().startswith("md5=")
        ]
        if not wanted:
            return
        with self._path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).digest()
        if base64.b64encode(digest).decode() != wanted[0]:
            self.remove()
            raise UnreadableError(
                "is not what the server's hash says", path=self.name, hint="Fetch it again, or use another mirror"
            )


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said of a copy, and the copy's hash."""

    sha256: str
    checked: datetime
    tags: Tags


class Copy:
    """A local copy of one file of the source.

    `check` is called with the path of what was fetched, before it takes the copy's place; what it raises, it raises.
    """

    def __init__(self, path: Path, shown: str, check: Callable[[Path], object] = lambda _: None) -> None:
        self.path = path
        self._check = check
        self._note = path.with_name(f"{path.name}.note")
        self._shown = shown

    def checked(self) -> datetime | None:
        """Return when the copy was last compared with the source; None if it is missing or damaged."""
        note = self._read_note()
        return note.checked if note else None

    def _read_note(self) -> _Note | None:
        content = Cache(self._note.parent).read(self._note.name)
        try:
            note = msgspec.json.decode(content or b"", type=_Note)
            return note if digest_of(self.path) == note.sha256 else None
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def refresh(self, web: Web, now: datetime, *, trust: bool = True, tell: Tell = no_progress) -> Path | None:
        """Fetch the file if the server's is another than the copy; return its path, or None if there is none.

        Without `trust` the copy does not count. Raises UnavailableError if the server cannot be asked, and leaves
        the copy as it was.
        """
        with writing(self._shown):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_name(f"{self.path.name}.lock")):
                return self._refresh(web, now, self._read_note() if trust else None, tell)

    def _refresh(self, web: Web, now: datetime, note: _Note | None, tell: Tell) -> Path | None:
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)  # of a run that was killed
        known = note.tags if note else None
        tags = download(web, self._shown, fresh, known, is_optional=True, tell=tell)
        if tags is None:
            return None
        if fresh.exists():
            self._check(fresh)
        self.adopt(fresh if fresh.exists() else self.path, now, tags)
        return self.path

    def adopt(self, file: Path, checked: datetime, tags: Tags | None = None) -> None:
        """Move a finished file to the copy's place, and note when it was compared with the source."""
        note = _Note(sha256=digest_of(file), checked=checked, tags=tags or Tags())
        Cache(self._note.parent).write(self._note.name, msgspec.json.encode(note))
        file.replace(self.path)
