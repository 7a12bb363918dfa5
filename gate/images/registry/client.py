"""One repository of a registry: manifests and blobs, with retries, resumed where they were cut."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import GateError, UnavailableError, UnreadableError
from gate.core.hosts import USER_REACH, Reach, origin_of
from gate.core.web import Web, expect, pieces
from gate.images.limits import MAX_JSON
from gate.images.registry.authorization import Asking, authorize, not_logged_in, unauthorised
from gate.images.registry.credentials import credentials_for
from gate.images.registry.names import ImageName

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


_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


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


class ImageRepository:
    """The images of one repository. Asked anonymously first; credentials are looked up when it refuses."""

    def __init__(
        self, name: ImageName, address: str, shown: str, *, login_of: str | None = None, reach: Reach = USER_REACH
    ) -> None:
        """`address` is scheme and host; `shown` is what errors call the image.

        `login_of` is the host whose login may be sent there; `reach` says who named the image.
        """
        self.name = name
        self.shown = shown
        self._login_of = login_of
        self._address = address
        self._reach = reach
        self._web = Web(f"{address}/v2/{name.repository}", reach)
        self._authorization: dict[str, str] = {}

    def manifest(self, reference: str) -> FetchedManifest:
        """Return the manifest or index of a tag or digest.

        Raises GateError if there is no such image or we may not read it, UnavailableError if it cannot be asked now.
        """
        with self.request(Request(name=f"manifests/{reference}", headers={"Accept": ", ".join(MANIFESTS)})) as response:
            content = b"".join(pieces(response, self.shown, MAX_JSON))
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if media_type.startswith(_SCHEMA_1):
                raise UnreadableError(
                    "is an image of schema 1, which has no digests to check", path=self.shown, hint="Push it again"
                )
            digest = response.headers.get("Docker-Content-Digest")
            return FetchedManifest(content=content, media_type=media_type, digest=digest)

    def read(self, asked: Request, limit: int) -> bytes:
        """Return the body of an answer. Raises as `request` does, LimitError above `limit` bytes."""
        with self.request(asked) as response:
            return b"".join(pieces(response, self.shown, limit))

    def digest_of(self, tag: str) -> str | None:
        """Return the digest that the registry has under a tag, None if it does not say; raises as `manifest` does."""
        asked = Request(name=f"manifests/{tag}", headers={"Accept": ", ".join(MANIFESTS)}, method="HEAD")
        with self.request(asked) as response:
            digest = response.headers.get("Docker-Content-Digest", "")
            return digest if _DIGEST.fullmatch(digest) else None

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
            self._authorization = {"Authorization": self._answer(response)}
            response = self._send(asked)
        with response:
            self._check(response, asked)
            yield response

    def _answer(self, response: "Response") -> str:
        """Return the header that answers what the registry asks. Raises GateError if there is none."""
        if origin_of(response.url) != origin_of(self._address):
            raise unauthorised(self.shown)  # it is another server that asks, and nothing of ours is for it
        asking = Asking(registry=self._address, reach=self._reach, shown=self.shown)
        known = credentials_for(self._login_of) if self._login_of else None
        try:
            return authorize(response.headers.get("WWW-Authenticate", ""), known, asking)
        except GateError as error:
            if self._login_of is None and not isinstance(error, UnavailableError):
                raise not_logged_in(self.name.host, self.shown) from error
            raise

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
