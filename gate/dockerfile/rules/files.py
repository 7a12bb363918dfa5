"""Files that come into the image."""

import posixpath
import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.build import BuildStage
from gate.dockerfile.downloaded import files_run
from gate.dockerfile.edits import Changes, replace_part
from gate.dockerfile.hits import Change, Hit
from gate.dockerfile.rule import instructions, rule
from gate.dockerfile.step import Command, Step
from gate.dockerfile.text import Word
from gate.dockerfile.trusted_ways import PROTECTED, are_trusted, is_protected
from gate.model import Severity

_REMOTE = re.compile(r"(?:https?|ftp|git|ssh)://|git@", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_GIT = re.compile(r"(?:git|ssh)://|git@|https?://[^#?]*\.git(?:#|$)", re.IGNORECASE)
_COMMIT = re.compile(r"#[0-9a-f]{40}(?:[0-9a-f]{24})?(?::|$)")
_ARCHIVE = re.compile(r"\.(?:tar|tar\.\w+|tgz|tbz2?|txz|tlz|tzst|gz|bz2|xz|zst|lz|lzma|Z)$", re.IGNORECASE)
_EXECUTABLE = re.compile(r"[0-7]{0,2}[1357][0-7]{0,2}|[ugoa]*[+=][rwst]*x[rwxst]*")
_QUERY = re.compile(r"[?#]")
_DATA = lazy_regex(
    r"\.(?:asc|cer|conf|crt|css|csv|db|dat|eot|geojson|gif|html?|ico|jpe?g|json|key|list|md|mmdb|otf|pdf|pem|png|pub|repo|"
    r"sqlite|sql|svg|toml|tsv|ttf|txt|webp|woff2?|xml|xsd|ya?ml)$",
    re.IGNORECASE,
)
"""Files that no program runs as they are."""
_ONLY_ADD = frozenset({"checksum", "keep-git-dir", "unpack"})
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|[A-Za-z]:$|\\")


def _sources(step: Step) -> tuple[str | None, ...]:
    return step.values[:-1]


@rule(
    "GD001",
    Severity.HIGH,
    "Remote file added without a checksum",
    looks_at=instructions("ADD"),
    why="Anyone who controls the server or the network decides what goes into the image. Medium if the server alone "
    "can (https, ssh), nothing runs the file, and it is data by its name, or a release, commit or vendor's file.",
    mend="Write ADD --checksum=sha256:… URL, and for a git repository name the commit: URL#40-digit-commit.",
    references=("CWE-494", "CIS-DI-0009"),
    bad="ADD http://packages.example/a.tgz /a.tgz",
    good=(
        "ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 "
        "https://packages.example/a.tgz /a.tgz"
    ),
)
def remote_add_without_checksum(step: Step) -> Iterator[Hit]:
    if step.instruction.flag("checksum"):
        return
    for word, source in zip(step.instruction.arguments, _sources(step), strict=False):
        text = source if source is not None else word.text
        if _GIT.match(text):
            if not _COMMIT.search(text):
                message = "the git repository is added without a commit id"
                yield _remote_hit(step, word, message, text)
        elif _WEB.match(text):
            message = "the file is fetched, but nothing verifies it"
            yield _remote_hit(step, word, message, text)


def _remote_hit(step: Step, word: Word, message: str, address: str) -> Hit:
    low_worth = PROTECTED if is_protected(address) else ""
    return step.hit(message, word, severity=_severity_of(step, address), low_worth=low_worth)


def _severity_of(step: Step, address: str) -> Severity | None:
    is_harmless = _DATA.search(_QUERY.split(address, maxsplit=1)[0]) or are_trusted([address])
    return Severity.MEDIUM if is_harmless and is_protected(address) and not _is_run(step, address) else None


def _is_run(step: Step, address: str) -> bool:
    """True if a later step of the stage, or the container, runs the file, or it is copied as a program."""
    target = (step.values[-1] if step.values else None) or ""
    mode = step.instruction.flag("chmod")
    if mode is not None and _EXECUTABLE.fullmatch(mode.value or ""):
        return True
    names = {posixpath.basename(path) for path in (target, _QUERY.split(address, maxsplit=1)[0])} - {""}
    later = (one for one in step.stage.steps if one.place > step.place)
    commands = (command for one in later for command in one.commands if command.words)
    return any(names & files_run(command) or _makes_executable(command, names) for command in commands)


def _makes_executable(command: Command, names: set[str]) -> bool:
    if command.program != "chmod":
        return False
    words = [word.text for word in command.operands()]
    sets = bool(words) and _EXECUTABLE.fullmatch(words[0])
    return bool(sets) and any(posixpath.basename(target) in names for target in words[1:])


@rule(
    "DL3020",
    Severity.LOW,
    "ADD where COPY is enough",
    looks_at=instructions("ADD"),
    why="ADD also downloads and unpacks: a source that is an archive or a URL does more than intended.",
    mend="Use COPY for files and folders.",
    references=("CIS-DI-0009",),
    bad="ADD app.py /srv/",
    good="COPY app.py /srv/",
)
def add_for_files(step: Step) -> Iterator[Hit]:
    are_plain = [_is_plain(source) for source in _sources(step)]
    if any(are_plain):
        can_be_copy = all(are_plain) and not any(flag.name in _ONLY_ADD for flag in step.instruction.flags)
        yield step.hit("ADD takes a plain file or folder", changes=_as_copy(step) if can_be_copy else ())


def _is_plain(source: str | None) -> bool:
    return source is not None and not _REMOTE.match(source) and not _ARCHIVE.search(source)


def _as_copy(step: Step) -> tuple[Change, ...]:
    start = step.instruction.start
    return step.replace(start, start + len("ADD"), "COPY")


@rule(
    "DL3000",
    Severity.LOW,
    "WORKDIR that is not absolute",
    looks_at=instructions("WORKDIR"),
    why="A relative path depends on the previous WORKDIR, which may come from the base image and may change.",
    mend="Write an absolute path: WORKDIR /app.",
    bad="WORKDIR app",
    good="WORKDIR /app",
)
def relative_workdir(step: Step) -> Iterator[Hit]:
    folder = step.values[0] if step.values else None
    # Behind a drive's letter a backslash is no escape: "C:\" is what is meant, whatever is left of it.
    written = step.instruction.values[0].strip("\"'") if step.values else ""
    if folder and not _ABSOLUTE.match(folder) and not _ABSOLUTE.match(written):
        yield step.hit(f"{folder} is relative", changes=_as_absolute(step))


_PLAIN_PATH = re.compile(r"[\w./+-]+")


def _as_absolute(step: Step) -> Changes:
    """Join the folder to the WORKDIR before it, if that is known and both are written without variables."""
    stage: BuildStage | None = step.stage
    place, parts = step.place, [step.instruction.values[0]]
    while stage is not None and not parts[0].startswith("/"):
        earlier = [one.instruction.values[0] for one in stage.steps_of("WORKDIR") if one.place < place and one.values]
        parts = [*earlier, *parts]
        parts = parts[max((at for at, part in enumerate(parts) if part.startswith("/")), default=0) :]
        stage = stage.parent
        place = len(stage.steps) if stage else 0
    if not parts[0].startswith("/") or not all(map(_PLAIN_PATH.fullmatch, parts)):
        return ()
    return replace_part(step, step.instruction.arguments[0], posixpath.normpath(posixpath.join(*parts)))
