"""The files that a RUN downloads and then runs or installs without checking a digest or signature."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import islice

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.addresses import is_local
from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.commands import redirects_to
from gate.dockerfile.flow import Flow, runs_code
from gate.dockerfile.output_option import DOWNLOADERS, output_option
from gate.dockerfile.step import Command, Step

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
_SAVED_BY_CODE = lazy_regex(
    r"(?:urlretrieve|download_file|DownloadFile)\(\s{0,9}[\"']([a-z]{3,5}://[^\"'\s]{1,500})[\"']\s{0,9},\s{0,9}"
    r"[\"']([^\"'\s]{1,500})[\"']"
)
_MAX_GLOB = 32
"""Downloads, the last ones, that a word with a `*` is compared with."""


class Download(msgspec.Struct, frozen=True):
    """One fetch of a file from another machine, and what the step does with the file."""

    command: Command
    name: str
    """The file's name, without folders; empty if it goes into a pipe."""
    is_run: bool
    """True if it is run; else it is unpacked, installed or made executable."""


@lru_cache(maxsize=256)
def unverified(step: Step) -> tuple[Download, ...]:
    """Return what a step fetches with curl, wget or aria2c and uses, if nothing in the step verifies anything."""
    uses = _uses(step)
    return uses.found if uses is not None else ()


@lru_cache(maxsize=256)
def _uses(step: Step) -> "_Uses | None":
    """Return what a RUN downloads and does with it; None if that is nothing, or if something in it verifies."""
    if step.name != "RUN" or not any(map(_may_download, step.commands)):
        return None
    return None if _verifies_something(step) else _Uses(step.commands)


def _may_download(command: Command) -> bool:
    return command.program in DOWNLOADERS or (runs_code(command) and any("://" in one for one in command.arguments))


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

    @cached_property
    def found(self) -> tuple[Download, ...]:
        """What is run, unpacked, installed or made executable."""
        for number, command in enumerate(self._commands):
            for name in self._downloads_named(command):
                self._note(self._by_name[name], command, name)
                self._rename(self._by_name[name], command)
            if command.program in DOWNLOADERS:
                self._add(number, command)
            elif runs_code(command):
                self._add_from_code(number, command)
        return tuple(
            Download(self._commands[number], self._names[number], is_run)
            for number, is_run in sorted(self._is_run.items())
        )

    @cached_property
    def kept(self) -> dict[str, tuple[Command, bool]]:
        """By the names of the files after the step, the fetching command and whether it is reported already."""
        reported = {number for number, is_run in self._is_run.items() if is_run} if self.found else set()
        return {
            name: (self._commands[one], one in self._is_run)
            for name, one in self._by_name.items()
            if one not in reported
        }

    def name_of(self, number: int) -> str:
        """The name of the file that a download is kept in; empty if there is none."""
        command = self._commands[number]
        addresses = [word for word in command.arguments if "://" in word or word.startswith("$")]
        return self._file_of(command, addresses) if addresses else ""

    def _add_from_code(self, number: int, command: Command) -> None:
        """Note the file that `urlretrieve(ADDRESS, FILE)` and the like write."""
        for address, path in _SAVED_BY_CODE.findall(" ".join(command.arguments)):
            name = posixpath.basename(path)
            if name and not is_local(address):
                self._names[number] = name
                self._by_name[name] = number

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
        written = output_option(command)
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
        fed = (redirect.target for redirect in command.syntax.redirects if redirect.operator == "<")
        for word in (*command.words, *fed):
            last = posixpath.basename(word.text.rstrip("/"))
            if last in self._by_name:
                yield last
            elif "*" in last and len(last) > 1:
                recent = islice(reversed(self._by_name), _MAX_GLOB)
                yield from [name for name in recent if _matches(last, name)]

    def _rename(self, number: int, command: Command) -> None:
        """Follow a file that is moved, copied or linked."""
        operands = command.operands() if command.program in ("mv", "cp", "ln", "install") else ()
        if len(operands) > 1 and (name := posixpath.basename(operands[-1].text)):
            self._by_name.setdefault(name, number)

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self._commands)

    def _pipes_into_shell(self, command: Command) -> bool:
        return command.program == "cat" and self._flow.ends_in_interpreter(command)

    def _note(self, number: int, command: Command, name: str) -> None:
        if runs_file(command, name) or self._pipes_into_shell(command):
            self._is_run[number] = True
        elif _installs(command):
            self._is_run.setdefault(number, False)


def _pipeline(command: Command) -> tuple[int, int]:
    return id(command.syntax.text), command.syntax.spot.pipeline


def _matches(pattern: str, name: str) -> bool:
    before, _, behind = pattern.partition("*")
    return "*" not in behind and name.startswith(before) and name.endswith(behind)


def runs_file(command: Command, name: str) -> bool:
    """True if a command runs the file: `sh NAME`, `./NAME`, `python3 NAME`, `sh < NAME`."""
    return name in files_run(command)


def files_run(command: Command) -> frozenset[str]:
    """Return the names, without folders, of the files that a command runs."""
    own = {command.program} if "/" in command.words[0].text else set()
    if command.program in (".", "source") or runs_code(command):
        script = next((word for word in command.arguments if not word.startswith(("-", "+"))), "")
        fed = (redirect.target.text for redirect in command.syntax.redirects if redirect.operator == "<")
        own.update(map(posixpath.basename, (script, *fed)))
    return frozenset(own - {""})


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
    return _IN_CODE.search(" ".join(command.arguments)) is not None


def is_verified(command: Command, names: Iterable[str]) -> bool:
    """True if a digest or signature of each of the files is checked, in the command's step or a later RUN of its stage.

    A check counts if a word of its pipeline names the file (`echo 'DIGEST  a.tgz' | sha256sum -c`), or if it is given
    a list of digests as a file.
    """
    later = (one for one in command.step.stage.steps_of("RUN") if one.place > command.step.place)
    checking = (step for step in (command.step, *later) if _verifies_something(step))
    checks = [words for step in checking for words in _checks(step)]
    wanted = list(names)
    return bool(wanted) and all(_is_checked(name, checks) for name in wanted)


def _checks(step: Step) -> Iterator[tuple[str, ...]]:
    """Yield the words of each pipeline of a step that checks something, those of files fed to it included."""
    by_pipeline: dict[tuple[int, int], list[Command]] = {}
    for command in step.commands:
        by_pipeline.setdefault(_pipeline(command), []).append(command)
    for commands in by_pipeline.values():
        if any(map(_verifies, commands)):
            fed = [redirect.target.text for command in commands for redirect in command.syntax.redirects]
            given = [word for command in commands for word in command.arguments]
            yield (*given, *fed)


_LIST_OF_DIGESTS = re.compile(
    r".*(?:sums?|checksums?)(?:\.txt|\.asc)?|.*\.(?:sha\d+|sha\d*sums?|md5|digests?)", re.IGNORECASE
)


def _is_checked(name: str, checks: list[tuple[str, ...]]) -> bool:
    named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(named.search(word) or _LIST_OF_DIGESTS.fullmatch(word) for words in checks for word in words)


def saved_name(command: Command) -> str:
    """Return the name, without folders, of the file that curl, wget or aria2c keeps; empty if it goes into a pipe."""
    uses = _Uses(command.step.commands)
    number = next(number for number, one in enumerate(command.step.commands) if one is command)
    return uses.name_of(number)


@lru_cache(maxsize=256)
def _verifies_something(step: Step) -> bool:
    """True if a command of a step compares a digest or checks a signature."""
    return any(map(_verifies, step.commands))


# Across steps and stages


class LateRun(msgspec.Struct, frozen=True):
    """A file that one step downloads, and a later one runs."""

    command: Command
    name: str


def run_later(stage: BuildStage) -> tuple[LateRun, ...]:
    """Return what the steps of a stage run that an earlier step, or the stage it comes from, downloaded unverified."""
    return _Across.of(stage.build).late.get(stage.number, ())


_Kept = dict[str, tuple[Command, bool]]
"""By the name of a file, the command that fetched it, and whether that is reported already."""


class _Across:
    """One pass over all stages of a build, in their order."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._kept: dict[int, _Kept] = {}
        self.late: dict[int, tuple[LateRun, ...]] = {}
        for stage in build.pieces:
            kept = dict(self._kept.get(stage.parent.number, {})) if stage.parent else {}
            found = [one for step in stage.steps if not step.is_on_build for one in self._after(step, kept)]
            self._kept[stage.number] = kept
            self.late[stage.number] = tuple(dict.fromkeys(found))

    @staticmethod
    @lru_cache(maxsize=1)
    def of(build: Build) -> "_Across":
        """Return the pass over a build; cached, as it is asked once for each stage."""
        return _Across(build)

    def _after(self, step: Step, kept: _Kept) -> list[LateRun]:
        """Update `kept` for a step, and return the files in `kept` that the step runs."""
        if step.name in ("ADD", "COPY"):
            flag = step.instruction.flag("from")
            kept.update(self._taken(flag.value if flag else None, step.values))
            return []
        if step.name not in ("RUN", "CMD", "ENTRYPOINT"):
            return []
        there = kept | self._mounted(step) if step.instruction.flags else kept
        late = _runs_of(step, there) if there else []
        if step.name == "RUN":
            _take(step, kept)
        return late

    def _taken(self, name: str | None, values: tuple[str | None, ...]) -> _Kept:
        """Return the files that come from another stage, under the names that they get."""
        stage = self._build.stage_named(name) if name else None
        theirs = self._kept.get(stage.number, {}) if stage else {}
        if not theirs:
            return {}
        taken = dict(theirs)
        target = posixpath.basename(values[-1] or "") if values else ""
        for source in filter(None, values[:-1]):
            fetched = theirs.get(posixpath.basename(source))
            if fetched and target:
                taken[target] = fetched
        return taken

    def _mounted(self, step: Step) -> _Kept:
        found: _Kept = {}
        for options in (flag.options for flag in step.instruction.flags):
            if "from" in options:
                source = options.get("source") or options.get("src")
                target = options.get("target") or options.get("dst") or options.get("destination")
                found |= self._taken(options["from"], (source, target))
        return found


def _runs_of(step: Step, there: _Kept) -> list[LateRun]:
    late = []
    for command in step.commands:
        for name in sorted(files_run(command) & there.keys()) if command.words else ():
            fetcher, is_reported = there[name]
            if step.name == "RUN" or not is_reported:  # a file that a container starts is reported for its RUN
                late.append(LateRun(fetcher, name))
    return late


def _take(step: Step, kept: _Kept) -> None:
    """Add the files that a RUN leaves; if it verifies anything, all earlier files count as verified."""
    if kept and _verifies_something(step):
        kept.clear()
    uses = _uses(step)
    if uses is not None:
        kept.update(uses.kept)
    for command in step.commands if kept else ():
        operands = command.operands() if command.program in ("mv", "cp", "ln", "install") else ()
        names = [posixpath.basename(word.text) for word in operands]
        fetched = next((kept[name] for name in names[:-1] if name in kept), None)
        if fetched and names[-1]:
            kept.setdefault(names[-1], fetched)
