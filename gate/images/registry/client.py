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
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+"


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
        self._name = name
        self._shown = shown
        self._web = Web(f"{address}/v2/{name.repository}")
        self._authorization: dict[str, str] = {}

    def manifest(self, reference: str) -> FetchedManifest:
        """Return what `reference` (tag or digest) names.

        Raises GateError if there is no such image or nobody may read it, UnavailableError if it cannot be asked now.
        """
        with self._ask(f"manifests/{reference}", {"Accept": ", ".join(MANIFESTS)}) as response:
            content = b"".join(pieces(response, self._shown, MAX_JSON))
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if media_type.startswith(_SCHEMA_1):
                raise UnreadableError(
                    "is an image of schema 1, which has no digests to check", path=self._shown, hint="Push it anew"
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
        with self._ask(f"blobs/{digest}", headers) as response:
            if start and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                raise GateError("the registry cannot go on with a transfer that was cut", path=self._shown)
            received = start
            for piece in pieces(response, self._shown, size - start):
                received += len(piece)
                yield piece
            if received < size:
                raise UnavailableError(
                    f"cannot be fetched (it ended after {received:,} of {size:,} bytes)", path=self._shown
                )

    @contextmanager
    def _ask(self, name: str, headers: Mapping[str, str]) -> Iterator["Response"]:
        response = self._send(name, headers)
        if response.status_code == 401:
            response.close()
            header = authorize(response, credentials_for(self._name.host), self._shown)
            self._authorization = {"Authorization": header}
            response = self._send(name, headers)
        with response:
            self._check(response, headers)
            yield response

    def _send(self, name: str, headers: Mapping[str, str]) -> "Response":
        try:
            return self._web.ask(name, {**headers, **self._authorization})
        except UnavailableError as error:
            raise UnavailableError(error.message, path=self._shown, hint=error.hint) from error

    def _check(self, response: "Response", headers: Mapping[str, str]) -> None:
        if response.status_code in (401, 403):
            raise unauthorised(self._shown)
        if response.status_code == 404:
            raise GateError("the registry has no such image", path=self._shown, hint="Look at its name and tag")
        expect(response, self._shown, 200, *((206,) if "Range" in headers else ()))
