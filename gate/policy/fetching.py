"""Fetching a policy's bytes: over https, one file of a commit from a git repository, an artifact from a registry."""

import os
import re
import subprocess
import tempfile

import msgspec

from gate.errors import GateError, UnreadableError
from gate.text import without_credentials

MAX_SIZE = 1 << 20
"""Bytes of a policy."""
TIMEOUT_S = 30
_ADDRESS = re.compile(r"[a-z+]{1,20}://[^\s']+")
_HINT = "Nobody can say what the policy is: look at the network, or at the address"


def fetch_file(url: str, shown: str) -> bytes:
    """Return what the server has at `url`. Raises UnreadableError, LimitError; a redirect away from https is one."""
    from gate.web import Web

    place, _, query = url.partition("?")
    location, _, name = place.rpartition("/")
    content = Web(location).read(name, MAX_SIZE, query=query)
    if content is None:
        raise _unfetched("the server has no such file", shown)
    return content


def _unfetched(why: str, shown: str) -> GateError:
    return UnreadableError(f"the policy cannot be fetched ({why})", path=shown, hint=_HINT)


def fetch_from_registry(name: str, digest: str, shown: str) -> bytes:
    """Return the one layer of the artifact `digest` (`sha256:…`) in the repository `name`, as `oras push` makes one.

    Raises GateError; manifest and layer have to have the digests that they are named by.
    """
    from gate.images.digests import sha256
    from gate.images.registry.client import Repository
    from gate.images.registry.names import image_name

    image = image_name(f"{name}@{digest}")
    address = f"{'http' if image.is_local else 'https'}://{image.server}"
    repository = Repository(image, address, shown)
    manifest = repository.manifest(digest).content
    if sha256(manifest) != digest:
        raise _unfetched("its manifest does not have the digest that the address says", shown)
    layer = _only_layer(manifest, shown)
    content = b"".join(repository.blob(layer.digest, layer.size))
    if sha256(content) != layer.digest:
        raise _unfetched("it does not have the digest that its manifest says", shown)
    return content


class _Layer(msgspec.Struct, frozen=True):
    digest: str
    size: int


class _Artifact(msgspec.Struct, frozen=True):
    layers: list[_Layer]


def _only_layer(manifest: bytes, shown: str) -> _Layer:
    try:
        layers = msgspec.json.decode(manifest, type=_Artifact).layers
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _unfetched("it is no artifact with layers", shown) from error
    if len(layers) != 1 or not 0 <= layers[0].size <= MAX_SIZE:
        raise _unfetched(f"an artifact with one layer of at most {MAX_SIZE:,} bytes is expected", shown)
    return layers[0]


def fetch_from_git(address: str, commit: str, path: str, shown: str) -> bytes:
    """Return the file `path` of `commit` from the repository at `address` (https, ssh or a folder).

    Nothing is checked out and no hook runs. Raises UnreadableError with git's own words.
    """
    with tempfile.TemporaryDirectory(prefix="gate-policy-") as folder:
        _git(folder, shown, "init", "--quiet", "--bare", *_object_format(commit))
        _git(folder, shown, "fetch", "--quiet", "--depth=1", "--no-tags", "--", address, commit)
        size = int(_git(folder, shown, "cat-file", "-s", f"{commit}:{path}"))
        if size > MAX_SIZE:
            raise _unfetched(f"it has more than {MAX_SIZE:,} bytes", shown)
        return _git(folder, shown, "cat-file", "blob", f"{commit}:{path}")


def _object_format(commit: str) -> list[str]:
    return ["--object-format=sha256"] if len(commit) == 64 else []


def _git(folder: str, shown: str, *arguments: str) -> bytes:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_ALLOW_PROTOCOL": "https:ssh:file",
        "GIT_TERMINAL_PROMPT": "0",
    }
    options = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
    try:
        done = subprocess.run(
            ["git", *options, *arguments], cwd=folder, env=environment, capture_output=True, timeout=TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise GateError("git is not installed", hint="Install git and run again") from error
    except subprocess.TimeoutExpired as error:
        raise _unfetched(f"git took more than {TIMEOUT_S} seconds", shown) from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = _ADDRESS.sub(lambda found: without_credentials(found[0]), words[-1]) if words else "git failed"
        raise _unfetched(why, shown)
    return done.stdout
