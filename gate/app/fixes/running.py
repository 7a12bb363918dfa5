"""Running a package manager in a copy of its files: bounded, without a shell, with the machine's own configuration."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from gate.app.fixes.resolvers.resolver import MAX_SIZE, Files, Folder, RaiseRequest, RefusedError, Resolver
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import LimitError
from gate.core.programs import Bounds, limits_for, wait
from gate.core.text import clipped, one_line

MAX_SECONDS = 180
"""Wall-clock time of one command."""
_BOUNDS = Bounds(seconds=MAX_SECONDS, processor_s=MAX_SECONDS, output=256 << 20)
_MOST_WORDS = 1 << 20
"""Bytes of standard output and error that are kept."""
_MOST_SHOWN = 400
"""Characters of an error that are quoted."""
_INHERITED = (
    *("HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"),
    *("XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"),
)
_LOGIN = re.compile(r"(?<=//)[^/@\s]+@")
_NOISE = re.compile(r"(?i)^\W*(?:npm )?(?:warn|notice|info|http)\b|a complete log of this run")
_ERROR = re.compile(r"(?i)^\W*(?:npm )?err(?:or)?[!:]?\s+")


class Machine(msgspec.Struct, frozen=True):
    """Where programs are looked for, and what must not be among them."""

    root: str
    """The judged folder: a program in it is the repository's, and is never started."""

    def path(self) -> str:
        """Return PATH without the folders of the repository and without relative ones."""
        inside = os.path.realpath(self.root)
        kept = [
            part
            for part in os.environ.get("PATH", "").split(os.pathsep)
            if os.path.isabs(part) and not Path(os.path.realpath(part)).is_relative_to(inside)
        ]
        return os.pathsep.join(kept)

    def has(self, program: str) -> bool:
        """True if the program is installed."""
        return shutil.which(program, path=self.path()) is not None


def resolve(resolver: Resolver, request: RaiseRequest, machine: Machine) -> Files:
    """Return the files of the folder that change, by their paths in it, with their new contents.

    Raises RefusedError, with what the program says, if it cannot make the raises, and GateError for a bound.
    """
    names = list(resolver.writes(request)) if resolver.writes else [request.lock]
    place = user_cache_folder()
    place.mkdir(parents=True, exist_ok=True)
    # Below the user's own folders: several programs read configuration of all folders above, and /tmp is everybody's.
    with TemporaryDirectory(prefix="fix-", dir=place) as made:
        copy = Path(made, "copy")
        _write(copy, resolver.files(request))
        for command in resolver.commands(request):
            _run(command, copy, _environment(resolver, machine), Path(made))
        written = {name: _read(copy / name, name) for name in names}
    answer = resolver.answer(request, written) if resolver.answer else written
    changed = {name: content for name, content in answer.items() if content != request.folder.read(name)}
    _check(request.folder, changed)
    return changed


def _write(copy: Path, files: Files) -> None:
    copy.mkdir()
    for name, content in files.items():
        place = copy / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _read(place: Path, name: str) -> bytes:
    if place.is_symlink() or not place.is_file():
        raise RefusedError(f"it wrote no {name}")
    if place.stat().st_size > MAX_SIZE:
        raise LimitError(f"{name} has more than {MAX_SIZE:,} bytes")
    return place.read_bytes()


def _environment(resolver: Resolver, machine: Machine) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or (resolver.settings and name.startswith(resolver.settings))
    }
    return {**kept, **resolver.environment, "PATH": machine.path(), "NO_COLOR": "1"}


def _run(command: Sequence[str], copy: Path, environment: Mapping[str, str], place: Path) -> None:
    """Run one command in the copy. Raises RefusedError with its words if it fails."""
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise RefusedError(f"{command[0]} is not installed")
    words = place / "words"
    with words.open("wb") as output:
        try:
            process = subprocess.Popen(
                [program, *command[1:]],
                cwd=copy,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=limits_for(_BOUNDS),
            )
        except OSError as error:
            raise RefusedError(f"{command[0]} cannot be started ({error.strerror})") from error
        try:
            status = wait(command[0], process, _BOUNDS, ())
        except LimitError as error:
            raise RefusedError(error.message) from error
    if status:
        raise RefusedError(f"{command[0]} says: {_said(words)}")


def _said(words: Path) -> str:
    """Return what matters of a program's output on one line, without logins in addresses."""
    with words.open("rb") as file:
        lines = file.read(_MOST_WORDS).decode("utf-8", "replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not _NOISE.search(line)]
    errors = [_ERROR.sub("", line) for line in said if _ERROR.match(line)]
    text = one_line(_LOGIN.sub("", " ".join(errors or said) or "nothing"))
    return clipped(text, _MOST_SHOWN)


_FORMAT = re.compile(
    rb"(?m)^(?:\s*\"?lockfileVersion\"?: *['\"]?|lock-version = \"|version = |  version: )(\d[\d.]*)\"?'?,?$"
)
_STATES_SOURCE = rb"(?:\"resolved\": \"|(?:registry|url) = \"|remote: |^source = \")"
_HOST = re.compile(rb"(?m)" + _STATES_SOURCE + rb"(?:registry\+)?https?://(?:[^/@\s\"']+@)?([A-Za-z0-9.-]+(?::\d+)?)")


def _check(folder: Folder, changed: Files) -> None:
    """Raise RefusedError for an answer in another format, in a new file, or with servers that were not named before."""
    for name, content in changed.items():
        before = folder.read(name)
        if before is None:
            raise RefusedError(f"{name} would be a new file")
        if _format(before) != _format(content):
            raise RefusedError(f"the installed version writes {name} in another format")
        new = set(_HOST.findall(content)) - set(_HOST.findall(before))
        if new and _HOST.search(before):
            raise RefusedError(f"{name} would name another server, {min(new).decode()}")


def _format(content: bytes) -> bytes | None:
    found = _FORMAT.search(content)
    return found[1] if found else None
