"""Fetching a policy's bytes: over https, one file of a commit from a git repository, an artifact from a registry."""

import os
import re
import subprocess
import tempfile
from urllib.parse import urlsplit

import msgspec

from gate.core.errors import GateError, UnreadableError
from gate.core.hosts import USER_REACH, Reach, forbidden
from gate.core.logins import Login, check_transport, split_login
from gate.core.text import without_credentials

MAX_SIZE = 1 << 20
"""Bytes of a policy."""
TIMEOUT_S = 30
_ADDRESS = re.compile(r"[a-z+]{1,20}://[^\s']+")
_HINT = "The policy is unknown: check the network and the address"


def fetch_file(url: str, shown: str, reach: Reach = USER_REACH) -> bytes:
    """Return what the server has at `url`. Raises UnreadableError, LimitError; a redirect away from https is one."""
    from gate.core.web import Web

    place, _, query = url.partition("?")
    location, _, name = place.rpartition("/")
    content = Web(location, reach, uses_netrc=True).read(name, MAX_SIZE, query=query)
    if content is None:
        raise _unfetched("the file does not exist on the server", shown)
    return content


def _unfetched(why: str, shown: str) -> GateError:
    return UnreadableError(f"the policy cannot be fetched ({why})", path=shown, hint=_HINT)


def fetch_from_registry(name: str, digest: str, shown: str, reach: Reach = USER_REACH) -> bytes:
    """Return the one layer of the artifact `digest` (`sha256:…`) in the repository `name`, as `oras push` makes one.

    Raises GateError; manifest and layer have to have the digests that they are named by.
    """
    from gate.images.access import Access
    from gate.images.digests import sha256
    from gate.images.registry.addresses import own_repository
    from gate.images.registry.names import image_name

    access = Access(trusted_hosts=reach.trusted_hosts, is_of_repository=reach.is_of_repository)
    repository = own_repository(image_name(f"{name}@{digest}"), access)
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
        raise _unfetched("it is not an artifact with layers", shown) from error
    if len(layers) != 1 or not 0 <= layers[0].size <= MAX_SIZE:
        raise _unfetched(f"an artifact with one layer of at most {MAX_SIZE:,} bytes is expected", shown)
    return layers[0]


def fetch_from_git(address: str, commit: str, path: str, shown: str, reach: Reach = USER_REACH) -> bytes:
    """Return the file `path` of `commit` from the repository at `address` (https, ssh or a folder).

    Nothing is checked out, no hook runs, and a login of the address stands on no command line. What a repository names
    is fetched over https alone, with none of the user's logins. Raises UnreadableError with git's own words.
    """
    place, login = split_login(address) if address.startswith(("https://", "http://")) else (address, None)
    door = _door_of(place, login, reach)
    with tempfile.TemporaryDirectory(prefix="gate-policy-") as folder:
        git = _Git(folder, shown, door)
        git.run("init", "--quiet", "--bare", "--template=", *_object_format(commit))
        git.run("fetch", "--quiet", "--depth=1", "--no-tags", "--", place, commit)
        size = int(git.run("cat-file", "-s", f"{commit}:{path}"))
        if size > MAX_SIZE:
            raise _unfetched(f"it has more than {MAX_SIZE:,} bytes", shown)
        return git.run("cat-file", "blob", f"{commit}:{path}")


def _object_format(commit: str) -> list[str]:
    return ["--object-format=sha256"] if len(commit) == 64 else []


class _Door(msgspec.Struct, frozen=True):
    """How git gets at an address."""

    protocols: str
    settings: dict[str, str]
    """Of git's configuration; handed on in the environment, which other users do not see."""
    has_logins: bool
    """True if git may use the user's own: helpers, the netrc file, keys of ssh."""


def _door_of(place: str, login: Login | None, reach: Reach) -> _Door:
    """Return how git may get at `place`. Raises GateError for an address that is not to be asked."""
    parts = urlsplit(place)
    settings: dict[str, str] = {}
    if login is not None and parts.scheme in ("http", "https"):
        check_transport(place)
        settings[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = (
            "Authorization: " + login.header["Authorization"]
        )
        settings["http.followRedirects"] = "false"
    host = parts.hostname or ""
    if reach.trusts(host, parts.port):
        return _Door("https:ssh:file", settings, has_logins=True)
    if parts.scheme != "https" or not host:
        raise forbidden(host or "a folder", "a policy that only a repository names is fetched over https")
    settings["http.followRedirects"] = "false"
    settings["http.curloptResolve"] = _resolved(host, parts.port or 443, reach)
    return _Door("https", settings, has_logins=False)


def _resolved(host: str, port: int, reach: Reach) -> str:
    """Return a host with its address as curl takes it, so that git asks the very address that was looked at."""
    from gate.core.web_session import resolve_host

    addresses = resolve_host(f"https://{host}:{port}", host, port, reach)
    return f"{host}:{port}:{','.join(addresses)}"


class _Git:
    """git in a repository of its own for one policy."""

    def __init__(self, folder: str, shown: str, door: _Door) -> None:
        self._folder = folder
        self._shown = shown
        self._environment = _environment(folder, door)

    def run(self, *arguments: str) -> bytes:
        """Run a command and return what it prints. Raises GateError."""
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=self._folder, env=self._environment, capture_output=True, timeout=TIMEOUT_S
            )
        except FileNotFoundError as error:
            raise GateError("git is not installed", hint="Install git and run again") from error
        except subprocess.TimeoutExpired as error:
            raise _unfetched(f"git took more than {TIMEOUT_S} seconds", self._shown) from error
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = _ADDRESS.sub(lambda found: without_credentials(found[0]), words[-1]) if words else "git failed"
            raise _unfetched(why, self._shown)
        return done.stdout


def _environment(folder: str, door: _Door) -> dict[str, str]:
    settings = {"core.hooksPath": os.devnull, "core.fsmonitor": "false", **door.settings}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    if not door.has_logins:
        kept = {name: value for name, value in kept.items() if name not in ("SSH_AUTH_SOCK", "SSH_ASKPASS", "NETRC")}
        kept |= {"HOME": folder, "XDG_CONFIG_HOME": folder, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    given = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        given |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {
        **kept,
        **given,
        "GIT_ALLOW_PROTOCOL": door.protocols,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CEILING_DIRECTORIES": os.path.dirname(folder),
    }
