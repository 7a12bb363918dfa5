"""One repository of a registry: manifests and blobs, with retries, resumed where they were cut."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from gate.errors import GateError, UnreadableError
from gate.images.limits import MAX_JSON
from gate.images.registry.authorization import authorize, unauthorised
from gate.images.registry.credentials import credentials_for
from gate.images.registry.names import ImageName
from gate.web import UnavailableError, Web, expect, pieces

if TYPE_CHECKING:
    from requests import Response

MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
MAX_CUTS = 5
"""Times in a row that a transfer may be cut without having come further."""
_TOO_MANY = 429
_RATE_LIMITED = "Log in with `docker login`, which raises the limit, wait, or name a mirror (stages.image.mirrors)"
_UNAVAILABLE = "Look at the network or proxy, or name a mirror (stages.image.mirrors)"
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+"


class NoSuchImageError(GateError):
    """The registry answers, and has nothing under this name."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a repository."""

    name: str
    """Below the repository: `manifests/1.4`, `blobs/sha256:…`."""
    headers: Mapping[str, str] = {}
    method: str = "GET"
    query: str = ""
    """Without the question mark, in its encoded form."""
    body: bytes = b""
    good: tuple[int, ...] = (200,)
    """Statuses of an answer that is one."""


class FetchedManifest(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest or index as the registry gave it; its digest is for the reader to check."""

    content: bytes
    media_type: str
    digest: str | None
    """What the registry says it has."""


class Repository:
    """The images of one repository. Asked anonymously first; credentials are looked up when it refuses."""

    def __init__(self, name: ImageName, address: str, shown: str) -> None:
        """`address` is scheme and host; `shown` is what errors call the image."""
        self.name = name
        self.shown = shown
        self._web = Web(f"{address}/v2/{name.repository}")
        self._authorization: dict[str, str] = {}

    def manifest(self, reference: str) -> FetchedManifest:
        """Return what `reference` (tag or digest) names.

        Raises GateError if there is no such image or nobody may read it, UnavailableError if it cannot be asked now.
        """
        with self.request(Request(name=f"manifests/{reference}", headers={"Accept": ", ".join(MANIFESTS)})) as response:
            content = b"".join(pieces(response, self.shown, MAX_JSON))
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if media_type.startswith(_SCHEMA_1):
                raise UnreadableError(
                    "is an image of schema 1, which has no digests to check", path=self.shown, hint="Push it anew"
                )
            digest = response.headers.get("Docker-Content-Digest")
            return FetchedManifest(content=content, media_type=media_type, digest=digest)

    def blob(self, digest: str, size: int) -> Iterator[bytes]:
        """Yield the bytes of a blob. A transfer that is cut goes on where it was. Raises as `manifest` does."""
        done, cuts = 0, 0
        while True:
            before = done
            try:
                for piece in self._part(digest, done, size):
                    done += len(piece)
                    yield piece
            except UnavailableError:
                cuts = 0 if done > before else cuts + 1
                if cuts >= MAX_CUTS:
                    raise
            else:
                return

    def _part(self, digest: str, start: int, size: int) -> Iterator[bytes]:
        headers = {"Range": f"bytes={start}-{size - 1}"} if start else {}
        good = (200, 206) if start else (200,)
        with self.request(Request(name=f"blobs/{digest}", headers=headers, good=good)) as response:
            if start and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                raise GateError("the registry cannot go on with a transfer that was cut", path=self.shown)
            received = start
            for piece in pieces(response, self.shown, size - start):
                received += len(piece)
                yield piece
            if received < size:
                raise UnavailableError(
                    f"cannot be fetched (it ended after {received:,} of {size:,} bytes)", path=self.shown
                )

    @contextmanager
    def request(self, asked: Request) -> Iterator["Response"]:
        """Give the answer to a request, its body unread, after having proved who asks if the registry wants to know.

        Raises NoSuchImageError for status 404, GateError for 401 and 403, UnavailableError for others but the good.
        """
        response = self._send(asked)
        if response.status_code == 401:
            response.close()
            header = authorize(response, credentials_for(self.name.host), self.shown)
            self._authorization = {"Authorization": header}
            response = self._send(asked)
        with response:
            self._check(response, asked)
            yield response

    def _send(self, asked: Request) -> "Response":
        headers = {**asked.headers, **self._authorization}
        try:
            return self._web.ask(asked.name, headers, method=asked.method, query=asked.query, body=asked.body)
        except UnavailableError as error:
            hint = _RATE_LIMITED if f"status {_TOO_MANY}" in error.message else _UNAVAILABLE
            raise UnavailableError(error.message, path=self.shown, hint=hint) from error

    def _check(self, response: "Response", asked: Request) -> None:
        if response.status_code in (401, 403):
            raise unauthorised(self.shown)
        if response.status_code == 404:
            raise NoSuchImageError("the registry has no such image", path=self.shown, hint="Look at its name and tag")
        expect(response, self.shown, *asked.good)
