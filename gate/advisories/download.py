"""Copies of files from the network: fetched only if they changed, checked by their hash, never half-written."""

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gate.advisories.store import locked
from gate.errors import GateError, LimitError, UnreadableError

if TYPE_CHECKING:
    from requests import Response

TIMEOUT_S = (10, 60)
"""Seconds to connect, and between two pieces of the answer."""
MAX_DOWNLOAD = 4 << 30
"""Bytes of one file."""
_PIECE = 1 << 20
_ABSENT = frozenset({404, 410})
_HINT = "Look at the network or proxy, use what is cached with --offline, or point --advisories to a folder"


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said of a copy, and the copy's hash."""

    sha256: str
    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class Copy:
    """A local copy of one file of the source."""

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self._note = path.with_name(f"{path.name}.note")
        self._shown = shown

    def is_sound(self) -> bool:
        """True if the copy is there, whole and unchanged."""
        return self._read_note() is not None

    def _read_note(self) -> _Note | None:
        try:
            note = msgspec.json.decode(self._note.read_bytes(), type=_Note)
            with self.path.open("rb") as file:
                return note if hashlib.file_digest(file, "sha256").hexdigest() == note.sha256 else None
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def refresh(self, url: str, *, trust: bool, is_optional: bool) -> Path | None:
        """Fetch the file if the server's is another than the copy; return its path, or None if there is none.

        Without `trust` the copy does not count. Raises GateError if the server cannot be asked.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.path.with_name(f"{self.path.name}.lock")):
            return self._refresh(url, self._read_note() if trust else None, is_optional)

    def _refresh(self, url: str, note: _Note | None, is_optional: bool) -> Path | None:
        import requests
        from urllib3.exceptions import HTTPError

        headers = {"Accept-Encoding": "identity", **(note.conditions if note else {})}
        try:
            with requests.get(url, headers=headers, timeout=TIMEOUT_S, stream=True) as response:
                self._check_redirects(url, response)
                if response.status_code == 304 and note is not None:
                    return self.path
                if response.status_code in _ABSENT or (is_optional and response.status_code == 403):
                    return None
                if response.status_code != 200:
                    raise self._unavailable(f"the server answered with status {response.status_code}")
                self._write(response)
        except (requests.RequestException, HTTPError) as error:
            raise self._unavailable(type(error).__name__) from error
        return self.path

    def _check_redirects(self, url: str, response: "Response") -> None:
        steps = [*response.history, response]
        if url.startswith("https://") and not all(step.url.startswith("https://") for step in steps):
            raise self._unavailable("the server redirects from https to http")

    def _unavailable(self, why: str) -> GateError:
        return UnreadableError(f"cannot be fetched ({why})", path=self._shown, hint=_HINT)

    def _write(self, response: "Response") -> None:
        digest = hashlib.sha256()
        with tempfile.TemporaryDirectory(dir=self.path.parent, prefix="new-") as folder:
            unfinished = Path(folder) / self.path.name
            with unfinished.open("wb") as file:
                for piece in response.raw.stream(_PIECE, decode_content=False):
                    digest.update(piece)
                    file.write(piece)
                    if file.tell() > MAX_DOWNLOAD:
                        raise LimitError(f"has more than {MAX_DOWNLOAD:,} bytes", path=self._shown)
            note = Path(folder) / self._note.name
            note.write_bytes(msgspec.json.encode(_note_of(response.headers, digest.hexdigest())))
            note.replace(self._note)
            unfinished.replace(self.path)


def _note_of(headers: Any, sha256: str) -> _Note:
    return _Note(sha256=sha256, etag=headers.get("ETag"), last_modified=headers.get("Last-Modified"))
