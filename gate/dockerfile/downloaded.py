"""Which files a RUN downloads and then runs or installs, without a digest or signature that anybody looks at."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import msgspec

from gate.dockerfile.addresses import is_local
from gate.dockerfile.commands import redirects_to
from gate.dockerfile.flow import runs_code
from gate.dockerfile.step import Command, Step

_LETTERS_WITH_VALUE = {"curl": "AbcCdDeEFHKmoPQrtTuUwxXyYz", "wget": "aAeBDiIoOPQRtTUwX", "aria2c": "dijosx"}
_FILE_LETTER = {"curl": "o", "wget": "O", "aria2c": "o"}
_FILE_OPTION = {"curl": "--output", "wget": "--output-document", "aria2c": "--out"}
_DIGESTS = re.compile(r"(?:sha(?:1|224|256|384|512)|md5|b2|b3|ck)sum|shasum|sha(?:256|512)|md5|gpgv2?")
_VERIFIERS = frozenset(
    {"cosign", "minisign", "signify", "slsa-verifier", "rekor-cli", "jarsigner", "notation", "in-toto-verify"}
)
_IN_CODE = re.compile(r"hash_file|hashlib|Get-FileHash|Digest::SHA")
_EXECUTABLE = re.compile(r"[0-7]{0,2}[1357][0-7]{0,2}|[ugoa]*[+=][rwst]*x[rwxst]*")
_UNPACKERS = frozenset(
    {"tar", "bsdtar", "gtar", "unzip", "gunzip", "7z", "7za", "7zr", "unxz", "bunzip2", "unzstd", "cpio", "jar", "ar"}
)
_INSTALLERS = frozenset(
    {
        *("dpkg", "rpm", "apt", "apt-get", "apk", "dnf", "microdnf", "yum", "zypper", "pip", "pip3", "gem", "npm"),
        *("install", "java", "msiexec", "R", "luarocks", "pear", "pecl"),
    }
)
_PIPED_INTO = _UNPACKERS | {"dpkg", "rpm", "docker", "apt-key"}


_QUERY = re.compile(r"[?#]")
_MAX_GLOB = 32
"""Downloads, the last ones, that a word with a `*` is compared with."""


class Download(msgspec.Struct, frozen=True):
    """One fetch of a file from another machine, and what the step does with the file."""

    command: Command
    name: str
    """The file's name, without folders; empty if it goes into a pipe."""
    is_run: bool
    """True if it is run; else it is unpacked, installed or made executable."""


@lru_cache(maxsize=1)
def unverified(step: Step) -> tuple[Download, ...]:
    """Return what a step fetches with curl, wget or aria2c and uses, if nothing in the step verifies anything."""
    if step.name != "RUN" or not any(command.program in _FILE_LETTER for command in step.commands):
        return ()
    if any(_verifies(command) for command in step.commands):
        return ()
    return _Uses(step.commands).found()


class _Uses:
    """One pass over the commands of a step."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        self._commands = commands
        self._by_name: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._is_run: dict[int, bool] = {}
        self._last_place: dict[tuple[int, int], int] = {}
        self._installer_place: dict[tuple[int, int], int] = {}
        for command in commands:
            spot, key = command.syntax.spot, _pipeline(command)
            self._last_place[key] = max(spot.place, self._last_place.get(key, 0))
            if command.program in _PIPED_INTO:
                self._installer_place[key] = max(spot.place, self._installer_place.get(key, 0))

    def found(self) -> tuple[Download, ...]:
        for number, command in enumerate(self._commands):
            for name in self._downloads_named(command):
                self._note(self._by_name[name], command, name)
            if command.program in _FILE_LETTER:
                self._add(number, command)
        return tuple(
            Download(self._commands[number], self._names[number], is_run)
            for number, is_run in sorted(self._is_run.items())
        )

    def _add(self, number: int, command: Command) -> None:
        addresses = [word for word in command.arguments if "://" in word or word.startswith("$")]
        if not addresses or all(map(is_local, addresses)):
            return
        name = self._names[number] = self._file_of(command, addresses)
        if name:
            self._by_name[name] = number
        if self._installer_place.get(_pipeline(command), 0) > command.syntax.spot.place:
            self._is_run[number] = False

    def _file_of(self, command: Command, addresses: list[str]) -> str:
        written = _option_value(command)
        if written is None:
            redirect = next(iter(redirects_to(command.syntax)), None)
            written = redirect.target.text if redirect else None
        if written is not None:
            return "" if written in ("-", "/dev/stdout") else posixpath.basename(written)
        is_piped = self._last_place[_pipeline(command)] > command.syntax.spot.place
        if is_piped or (command.program == "curl" and not command.has_option("-O", "--remote-name", "-J")):
            return ""
        return posixpath.basename(_QUERY.split(addresses[-1], maxsplit=1)[0])

    def _downloads_named(self, command: Command) -> Iterator[str]:
        """Yield the downloads that a command's words name, each by its whole name or with one `*`."""
        if not self._by_name:
            return
        for word in command.words:
            last = posixpath.basename(word.text.rstrip("/"))
            if last in self._by_name:
                yield last
            elif "*" in last and len(last) > 1:
                recent = islice(reversed(self._by_name), _MAX_GLOB)
                yield from [name for name in recent if _matches(last, name)]

    def _note(self, number: int, command: Command, name: str) -> None:
        if _runs(command, name):
            self._is_run[number] = True
        elif _installs(command):
            self._is_run.setdefault(number, False)


def _pipeline(command: Command) -> tuple[int, int]:
    return id(command.syntax.text), command.syntax.spot.pipeline


def _matches(pattern: str, name: str) -> bool:
    before, _, behind = pattern.partition("*")
    return "*" not in behind and name.startswith(before) and name.endswith(behind)


def _runs(command: Command, name: str) -> bool:
    """True if a command runs the file: `sh NAME`, `./NAME`, `python3 NAME`."""
    if "/" in command.words[0].text and command.program == name:
        return True
    if command.program in (".", "source") or runs_code(command):
        script = next((word for word in command.arguments if not word.startswith(("-", "+"))), "")
        return posixpath.basename(script) == name
    return False


def _installs(command: Command) -> bool:
    """True if a command unpacks what it is given, installs it as a package, or makes it executable."""
    if command.program == "chmod":
        mode = next(iter(command.operands()), None)
        return mode is not None and bool(_EXECUTABLE.fullmatch(mode.text))
    return command.program in _UNPACKERS or command.program in _INSTALLERS


def _verifies(command: Command) -> bool:
    if _DIGESTS.fullmatch(command.program) or command.program in _VERIFIERS:
        return True
    if command.program in ("gpg", "gpg2"):
        return command.has_option("--verify", "--decrypt", "-d")
    if command.program == "openssl":
        return command.arguments[:1] in (("dgst",), ("sha256",), ("sha512",), ("sha1",), ("md5",), ("cms",), ("smime",))
    return any(_IN_CODE.search(word) for word in command.arguments)


def _option_value(command: Command) -> str | None:
    """Return the file that `-o FILE`, `-oFILE`, `-qOFILE` or `--output=FILE` names."""
    letter, option = _FILE_LETTER[command.program], _FILE_OPTION[command.program]
    words = command.arguments
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else following
        if word[:1] == "-" and word[:2] != "--":
            behind = _behind_letter(word, letter, _LETTERS_WITH_VALUE[command.program])
            if behind is not None:
                return behind or following
    return None


def _behind_letter(word: str, letter: str, with_value: str) -> str | None:
    """Return what stands behind `letter` in a bundle of short options; None if the letter is not among them."""
    for place, sign in enumerate(word[1:], start=1):
        if sign == letter:
            return word[place + 1 :].removeprefix("=")
        if sign in with_value:
            return None
    return None
