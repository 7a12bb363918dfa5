"""A bundle as an artifact of an OCI registry (`oci://HOST/NAME:TAG`), through the `oras` package.

`oras` reads the credentials that `docker login` keeps. A registry on this machine is spoken to without TLS.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gate.advisories.download import MAX_DOWNLOAD
from gate.advisories.store import digest_of
from gate.core.errors import LimitError, UnreadableError, UsageError

if TYPE_CHECKING:
    from oras.client import OrasClient

SCHEME = "oci://"
MEDIA_TYPE = "application/vnd.security-gate.advisories.v1+zip"
_TARGET = re.compile(r"(?P<host>[A-Za-z0-9.-]+(:\d{1,5})?)/[a-z0-9._/-]+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?")
_LOCAL = re.compile(r"(localhost|127\.\d+\.\d+\.\d+)(:\d+)?")
_FILE = "advisories.zip"
_PIECE = 1 << 20


def push(file: Path, address: str) -> None:
    """Push the bundle `file`. Raises UnreadableError if the registry does not take it."""
    target = _target(address)
    client = _client(target)
    try:
        client.push(target=target, files=[f"{file}:{MEDIA_TYPE}"], disable_path_validation=True)
    except _failures() as error:
        raise _refused(address, error) from error


def pull(address: str, folder: Path) -> Path:
    """Fetch the bundle into `folder` and return its path; its digest is checked. Raises UnreadableError."""
    target = _target(address)
    client = _client(target)
    place = folder / _FILE
    try:
        digest = _digest_of(client.get_manifest(target), address)
        with client.get_blob(target, digest, stream=True) as response, place.open("xb") as file:
            response.raise_for_status()
            for piece in response.iter_content(_PIECE):
                file.write(piece)
                if file.tell() > MAX_DOWNLOAD:
                    raise LimitError(f"has more than {MAX_DOWNLOAD:,} bytes", path=address)
    except _failures() as error:
        raise _refused(address, error) from error
    _check(place, digest, address)
    return place


def _digest_of(manifest: dict[str, Any], address: str) -> str:
    """Return the digest of the bundle in an artifact's manifest."""
    layers = manifest.get("layers") or []
    digests = [str(one.get("digest")) for one in layers if one.get("mediaType") == MEDIA_TYPE]
    if len(digests) != 1 or not re.fullmatch(r"sha256:[0-9a-f]{64}", digests[0]):
        raise UnreadableError("is no database of advisories", path=address, hint="gate db export makes one")
    return digests[0]


def _check(place: Path, digest: str, address: str) -> None:
    if f"sha256:{digest_of(place)}" != digest:
        raise UnreadableError("is not what its digest says", path=address, hint="Push it again")


def _target(address: str) -> str:
    target = address.removeprefix(SCHEME)
    if not _TARGET.fullmatch(target):
        raise UsageError("is no address of an artifact", path=address, hint="oci://HOST/NAME:TAG")
    return target


def _client(target: str) -> "OrasClient":
    try:
        from oras.client import OrasClient
    except ImportError as error:
        raise UsageError("registries need the package oras", hint="pip install oras") from error
    from gate.core.web_session import no_auth

    host = target.partition("/")[0]
    client = OrasClient(hostname=host, insecure=_LOCAL.fullmatch(host) is not None)
    client.session.auth = no_auth
    return client


def _failures() -> tuple[type[Exception], ...]:
    """What oras raises: bare ValueErrors, and what requests does."""
    import requests

    return (ValueError, OSError, requests.RequestException)


def _refused(address: str, error: Exception) -> UnreadableError:
    text = " ".join(str(error).split())[:200]
    return UnreadableError(
        f"the registry refuses ({text or type(error).__name__})", path=address, hint="See that you are logged in"
    )
