"""COPY: from where, to where, and what is unpacked afterwards."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import BuildStage
from gate.dockerfile.edits import Changes, replace_part
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import PIECES, instructions, rule
from gate.dockerfile.step import Command, Step
from gate.dockerfile.syntax import Flag
from gate.model import Severity

_ARCHIVE = re.compile(r"\.(?:tar(?:\.(?:gz|bz2|xz|lzma|zst|Z|lz))?|t(?:gz|az|bz2?|b2|xz|lz|lzma|pz|zst|Z))$")
_UNPACKS = frozenset({"gunzip", "bunzip2", "unlzma", "unxz", "uncompress", "zcat", "gzcat", "unzstd"})
_ABSOLUTE = re.compile(r"/|[A-Za-z]:|\\")
"""A drive's letter alone: the backslash behind it is gone where it is taken for an escape."""


_SEPARATOR = re.compile(r"[/\\]")


def _base(path: str) -> str:
    """Return the name of a file, its folders written with either kind of slash."""
    return _SEPARATOR.split(path.rstrip("/\\\"'"))[-1]


@rule(
    "DL3010",
    Severity.INFO,
    "Archive copied and then unpacked",
    looks_at=PIECES,
    why="The archive stays in the layer of COPY, even if a later step removes it.",
    mend="Use ADD: it unpacks a tar archive of the build context without leaving the archive.",
    bad="COPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /srv",
    good="ADD app.tar.gz /srv/",
)
def archive_unpacked(stage: BuildStage) -> Iterator[Hit]:
    unpacked = {name: step.place for step in stage.steps_of("RUN") for name in _unpacked_by(step)}
    for copy in stage.steps_of("COPY") if unpacked else ():
        if any(unpacked.get(name, -1) > copy.place for name in _archives(copy)):
            yield copy.hit("a later RUN unpacks the archive")


def _archives(copy: Step) -> frozenset[str]:
    """Return the names that the copied archives have in the image."""
    # A backslash is an escape in a Dockerfile, and a separator in a path of Windows.
    sources = [name for word, value in copy.sources for name in {_base(value), _base(word.text)}]
    destination = copy.values[-1] if copy.values else None
    written = copy.instruction.arguments[-1].text if copy.values else ""
    if "\\" in written:
        destination = written.rstrip("\"'")
    archives = [name for name in sources if _ARCHIVE.search(name)]
    if not sources or destination is None:
        return frozenset(archives)
    if _ARCHIVE.search(destination):
        return frozenset({_base(destination)})
    return frozenset([*archives, _base(destination)] if archives else ())


def _unpacked_by(step: Step) -> Iterator[str]:
    for command in step.commands:
        if _unpacks(command):
            yield from (_base(word.text.rpartition("=")[2]) for word in command.words[1:])


def _unpacks(command: Command) -> bool:
    if command.program == "tar":
        is_bundle = bool(command.arguments) and not command.arguments[0].startswith("-") and "x" in command.arguments[0]
        return is_bundle or command.has_option("-x", "--extract", "--get")
    return command.program in _UNPACKS


@rule(
    "DL3021",
    Severity.LOW,
    "COPY of several files to a destination without a slash",
    looks_at=instructions("COPY"),
    why="With more than one source the destination has to be a folder, and only a trailing slash marks it as one.",
    mend="End the destination with a slash.",
    bad="COPY a.txt b.txt /srv/files",
    good="COPY a.txt b.txt /srv/files/",
)
def copy_to_unmarked_folder(step: Step) -> Iterator[Hit]:
    words = step.instruction.arguments
    if len(words) < 3:
        return
    destination = step.values[-1] if step.values[-1] is not None else words[-1].text
    if not destination.endswith(("/", "\\") if step.stage.is_windows else "/"):
        yield step.hit(f"{words[-1].text} does not end with /", words[-1], changes=_with_slash(step))


def _with_slash(step: Step) -> Changes:
    word = step.instruction.arguments[-1]
    is_plain = not step.instruction.is_exec and not any(sign in word.text for sign in "\"'\\`")
    return replace_part(step, word, f"{word.text}/") if is_plain and not step.stage.is_windows else ()


def _from(step: Step) -> tuple[Flag, str] | None:
    """Return the --from of a COPY; Docker expands no variables in it."""
    flag = step.instruction.flag("from")
    return (flag, flag.value) if flag is not None and flag.value else None


def _is_own(step: Step, name: str) -> bool:
    return name.lower() == step.stage.name or name == str(step.stage.number)


@rule(
    "DL3022",
    Severity.LOW,
    "COPY --from names no earlier stage",
    looks_at=instructions("COPY"),
    why="A name that is not a stage is taken for an image, so a misspelt name fetches someone else's image.",
    mend="Name a stage above this one, or an image with its tag or digest.",
    references=("CWE-829",),
    bad="COPY --from=builder /app /app",
    good="FROM golang:1.22 AS builder\nFROM debian:12\nCOPY --from=builder /app /app",
)
def copy_from_unknown_stage(step: Step) -> Iterator[Hit]:
    found = _from(step)
    if found is None or step.is_on_build:
        return
    flag, name = found
    stage = step.build.stage_named(name)
    is_known = step.build.context_named(name) is not None or (stage is not None and stage.number < step.stage.number)
    if not is_known and not _is_own(step, name) and ":" not in name and "@" not in name:
        yield step.hit(f"there is no stage {name} above", flag)


@rule(
    "DL3023",
    Severity.LOW,
    "COPY --from names its own stage",
    looks_at=instructions("COPY"),
    why="A stage cannot copy from itself: the build fails.",
    mend="Name an earlier stage, or use RUN cp.",
    bad="FROM debian:12 AS app\nCOPY --from=app /a /b",
    good="FROM debian:12 AS build\nFROM debian:12 AS app\nCOPY --from=build /a /b",
)
def copy_from_itself(step: Step) -> Iterator[Hit]:
    found = _from(step)
    if found is not None and not step.is_on_build and _is_own(step, found[1]):
        yield step.hit(f"{found[1]} is the stage that this COPY is in", found[0])


@rule(
    "DL3045",
    Severity.LOW,
    "COPY to a relative folder without WORKDIR",
    looks_at=instructions("COPY"),
    why="Without WORKDIR the base image decides where the files go, and it may change.",
    mend="Set WORKDIR first, or write an absolute path.",
    bad="COPY app.py app.py",
    good="WORKDIR /srv\nCOPY app.py app.py",
)
def copy_to_relative_folder(step: Step) -> Iterator[Hit]:
    destination = step.values[-1] if len(step.values) > 1 else None
    if step.is_on_build or destination is None or _ABSOLUTE.match(destination) or _has_workdir(step):
        return
    yield step.hit(f"{destination or '.'} is relative, and no WORKDIR is set", step.instruction.arguments[-1])


def _has_workdir(step: Step) -> bool:
    """True if this stage sets WORKDIR above the step, or one of the stages that it is FROM sets it."""
    if step.stage.first_places.get("WORKDIR", step.place) < step.place:
        return True
    return any("WORKDIR" in stage.first_places for stage in step.stage.parents())


@rule(
    "DL3067",
    Severity.LOW,
    "COPY of another stage's whole file system",
    looks_at=instructions("COPY"),
    why="It copies everything that the other stage needed for building: compilers, caches, sources, perhaps secrets.",
    mend="Copy only the folders that the program needs.",
    references=("CWE-1104",),
    bad="FROM golang:1.22 AS build\nFROM scratch\nCOPY --from=build / /",
    good="FROM golang:1.22 AS build\nFROM scratch\nCOPY --from=build /app /app",
)
def copy_of_everything(step: Step) -> Iterator[Hit]:
    found = _from(step)
    if found is not None and step.values == ("/", "/"):
        yield step.hit(f"all files of {found[1]} are copied")
