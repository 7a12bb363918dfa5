"""A shallow clone of a repository, by a git that has no configuration but ours.

The server is asked first (gitprotocol-http(5)), by the gate's own client: it waits as long as `Retry-After` says, and
knows a repository that is empty, was renamed or may not be read. Then git fetches the newest commit. It runs without
hooks, filters, templates, submodules and redirects, over https alone; the login for the host is in its environment, and
so in no file. The tree is listed within bounds before it is written: git would write a tree of any size.

A clone that was kept (`gate.fleet.kept_clones`) is brought up to date, and copied to where it is judged.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from gate.core.errors import GateError, LimitError, UnavailableError, UnreadableError, unavailable
from gate.core.lazy_regex import lazy_regex
from gate.core.logins import Login, check_transport
from gate.core.programs import Bounds, limits_for, wait
from gate.core.text import clipped, visible, without_credentials
from gate.core.web import Web
from gate.fleet.host_login import login_for
from gate.fleet.kept_clones import KeptClones
from gate.fleet.repository_address import RepositoryAddress
from gate.git.process import find_git

MOST_FILES = 1_000_000
MOST_BYTES = 20 << 30
"""Bytes of all files of a tree that is written."""
_MOST_LISTING = 32 << 20
"""Bytes of the list of its files' sizes."""
_FIRST_BYTES = 8 << 10
_KEPT = ("PATH", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "http.followRedirects": "false",
    "transfer.fsckObjects": "true",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "core.logAllRefUpdates": "false",
    "fetch.unpackLimit": "1",
}
_CLONE = ("clone", "--quiet", "--template=", "--no-checkout", "--single-branch", "--no-tags")
_FETCH = ("fetch", "--quiet", "--depth=1", "--no-tags", "--force", "--update-head-ok", "origin")
_MOST_PACKS = 50
"""Packs of a clone that is kept, one for each fetch; then it is made again, without what is no longer in the tree."""
_HEAD = lazy_regex(
    r"[0-9a-f]{4}(?P<commit>[0-9a-f]{40,64}) HEAD\0[^\n]* symref=HEAD:refs/heads/(?P<branch>\w[\w./+-]*)[ \n]"
)
_MOVED = frozenset({301, 302, 303, 307, 308})
_REFUSED = frozenset({401, 403, 404, 410})
_HINT = "Look at the address; the token for its host is that of GATE_TOKEN_HOST or the netrc file"


class RemoteHead(msgspec.Struct, frozen=True):
    """The newest commit of a repository's default branch."""

    commit: str
    branch: str
    """Without `refs/heads/`."""


def clone(address: RepositoryAddress, folder: Path, bounds: Bounds, kept: KeptClones | None = None) -> None:
    """Clone the newest commit of a repository's default branch into `folder`, which is not there yet.

    With `kept`, what is kept is used and brought up to date. Raises UnavailableError if the server cannot be asked now,
    LimitError for a tree that is too large, GateError for a repository that is empty, has moved, or may not be read.
    """
    login = login_for(address.origin)
    if login is not None:
        check_transport(address.origin)
    head = ask_first(address, login)
    folder.parent.mkdir(parents=True)
    git = _Git(folder, address, login, bounds)
    if kept is None or head is None:
        git.clone(folder)
    else:
        _copy_kept(git, head, address, folder, kept)
    git.check_size()
    git.run(("checkout", "--quiet", "--force", "HEAD", "--"), folder)


def _copy_kept(git: "_Git", head: RemoteHead, address: RepositoryAddress, folder: Path, kept: KeptClones) -> None:
    """Bring the clone that is kept up to date, and copy its git folder; clone again if that fails."""
    with kept.entry(address) as entry:
        if entry is None:
            git.clone(folder)
            return
        if not _is_fetched(git, head, entry):
            kept.remove(entry)
            git.clone(entry)
        try:
            shutil.copytree(entry / ".git", folder / ".git")
            kept.keep(entry)
        except OSError as error:
            hint = "See that the disks of the temporary folder and the cache folder are not full"
            raise GateError(f"its clone cannot be copied ({error.strerror or error})", hint=hint) from error


def _is_fetched(git: "_Git", head: RemoteHead, entry: Path) -> bool:
    """Bring a clone up to date; False if it has to be made again."""
    packs = len(list((entry / ".git/objects/pack").glob("*.pack")))
    if not 0 < packs <= _MOST_PACKS:
        return False
    branch = f"refs/heads/{head.branch}"
    try:
        if git.run(("symbolic-ref", "HEAD"), entry).strip() != branch.encode():
            return False
        if git.run(("rev-parse", "HEAD"), entry).strip() != head.commit.encode():
            git.run((*_FETCH, f"+{branch}:{branch}"), entry)
    except UnavailableError:  # damaged, or the server does not answer: the clone that follows says so
        return False
    return True


def ask_first(address: RepositoryAddress, login: Login | None) -> RemoteHead | None:
    """Ask a server whether it has a repository with a commit; return its head if it is a branch. Raises as `clone`."""
    web = Web(str(address.origin), follows=False)
    name = f"{address.path}.git/info/refs"
    headers = {"User-Agent": "git/security-gate", **(login.header if login else {})}
    try:
        with web.ask(name, headers, query="service=git-upload-pack") as response:
            status, start = response.status_code, response.raw.read(_FIRST_BYTES, decode_content=False)
            location = response.headers.get("Location", "")
    except UnavailableError as error:
        raise UnavailableError(error.message, path=str(address), hint=error.hint) from error
    if status in _MOVED:
        raise GateError(f"has moved to {_place(location)}", path=str(address), hint="Name its new address")
    if status in _REFUSED:
        raise GateError(f"is not there, or may not be read (status {status})", path=str(address), hint=_HINT)
    if status != 200:
        raise unavailable(str(address), f"the server answered with status {status}")
    if not start.startswith(b"001e# service=git-upload-pack\n0000"):
        raise UnreadableError("is no repository of git", path=str(address))
    if start[34:38] == b"0000" or b"capabilities^{}" in start[:200]:
        raise GateError("is empty: it has no commit", path=str(address))
    found = _HEAD.match(start[34:].decode("latin-1"))
    return RemoteHead(found["commit"], found["branch"]) if found else None


def _place(location: str) -> str:
    """Return the address of a redirect without what belongs to the request."""
    bare = without_credentials(location).removesuffix("/info/refs").removesuffix(".git")
    return clipped(visible(bare), 200) if urlsplit(bare).path else "another address"


class _Git:
    """git for one clone."""

    def __init__(self, folder: Path, address: RepositoryAddress, login: Login | None, bounds: Bounds) -> None:
        self._folder = folder
        self._shown = str(address)
        self._bounds = bounds
        self._said = folder.with_name(f"{folder.name}.said")
        settings = dict(_SETTINGS)
        if login is not None:
            settings[f"http.{address.origin}/.extraHeader"] = f"Authorization: {login.header['Authorization']}"
        self._environment = _environment(settings, folder.parent, address.scheme)

    def clone(self, folder: Path) -> None:
        """Clone the newest commit into a folder that is not there yet, without its tree. Raises as `run`."""
        self.run((*_CLONE, "--depth=1", "--", f"{self._shown}.git", str(folder)), self._folder.parent)

    def run(self, words: Sequence[str], folder: Path) -> bytes:
        """Run a command and return what it says on both outputs. Raises UnavailableError with what git says."""
        return self._run(words, folder, self._bounds)

    def check_size(self) -> None:
        """Raise LimitError for a tree with too many files or bytes."""
        listing = self._run(
            ("ls-tree", "-r", "--format=%(objectsize)", "HEAD"),
            self._folder,
            msgspec.structs.replace(self._bounds, output=_MOST_LISTING),
        )
        sizes = [int(line) for line in listing.split() if line.isdigit()]  # a submodule has none
        if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES:
            hint = "Clone it yourself, and name its folder"
            raise LimitError(f"has more than {MOST_FILES:,} files or {MOST_BYTES:,} bytes", path=self._shown, hint=hint)

    def _run(self, words: Sequence[str], folder: Path, bounds: Bounds) -> bytes:
        with self._said.open("wb") as file:
            process = subprocess.Popen(
                [find_git(), *words],
                cwd=folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=limits_for(bounds),
            )
            status = wait(f"git {words[0]}", process, bounds, [self._said])
        said = self._said.read_bytes()
        if status != 0:
            lines = said.decode("utf-8", "replace").strip().splitlines() or [f"it ended with status {status}"]
            raise unavailable(self._shown, f"git: {clipped(visible(without_credentials(lines[-1])), 200)}")
        return said


def _environment(settings: Mapping[str, str], home: Path, scheme: str) -> dict[str, str]:
    names = (*_KEPT, *_PROXIES, *(name.upper() for name in _PROXIES))
    kept = {name: os.environ[name] for name in names if name in os.environ}
    numbered = enumerate(settings.items())
    stated: dict[str, str] = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in numbered:
        stated |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {
        **kept,
        **stated,
        "HOME": str(home),
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": scheme,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
