"""zypper: pinned, unattended, without a cache left behind."""

from collections.abc import Iterator

from gate.dockerfile.caches import is_mounted, removes
from gate.dockerfile.edits import append_command
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import instructions, rule, run_programs, runs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.model import Severity

_CACHE = "/var/cache/zypp"
_WITH_VALUE = ("-t", "--type", "-r", "--repo", "--from", "-p", "--plus-repo", "-R", "--root", "-c", "--config")
_INSTALLS = frozenset({"install", "in"})
_ASKS = _INSTALLS | {"remove", "rm", "source-install", "si", "patch"}
_UPGRADES = frozenset({"dist-upgrade", "dup"})
_CLEANS = frozenset({"clean", "cc"})


def _verb(command: Command) -> str:
    return "".join(word.text for word in command.operands(*_WITH_VALUE)[:1]) if command.program == "zypper" else ""


def _packages(command: Command) -> tuple[ShellWord, ...]:
    return command.operands(*_WITH_VALUE)[1:] if _verb(command) in _INSTALLS else ()


def _is_pinned(package: str) -> bool:
    return any(sign in package for sign in "=<>") or package.endswith(".rpm")


@rule(
    "DL3034",
    Severity.INFO,
    "zypper asks for confirmation",
    looks_at=run_programs("zypper"),
    why="No one can answer yes during a build: it fails, or hangs.",
    mend="Write zypper --non-interactive, or -y after install.",
    bad="RUN zypper install httpd=2.4.62 && zypper clean",
    good="RUN zypper install -y httpd=2.4.62 && zypper clean",
)
def unconfirmed_zypper(command: Command) -> Iterator[Hit]:
    if _verb(command) in _ASKS and not command.has_option("-y", "-n", "--no-confirm", "--non-interactive"):
        place = command.words[0]
        yield command.hit("--non-interactive is missing", changes=command.insert_behind(place, " --non-interactive"))


@rule(
    "DL3035",
    Severity.LOW,
    "zypper upgrades the distribution",
    looks_at=run_programs("zypper"),
    why="After a distribution upgrade the image no longer contains the distribution that FROM names.",
    mend="Use a newer base image.",
    bad="RUN zypper --non-interactive dist-upgrade",
    good="RUN zypper --non-interactive install httpd=2.4.62 && zypper clean",
)
def distribution_upgrade(command: Command) -> Iterator[Hit]:
    if _verb(command) in _UPGRADES:
        yield command.hit("the distribution is upgraded")


@rule(
    "DL3036",
    Severity.INFO,
    "zypper leaves its cache in the image",
    looks_at=instructions("RUN", where=runs("zypper")),
    why="The cache is megabytes that nothing reads, and it is out of date tomorrow.",
    mend="End the same RUN with zypper clean.",
    bad="RUN zypper install -y httpd=2.4.62",
    good="RUN zypper install -y httpd=2.4.62 && zypper clean",
)
def zypper_with_cache(step: Step) -> Iterator[Hit]:
    left: Command | None = None
    for command in step.commands:
        if _verb(command) in _INSTALLS:
            left = command
        elif _verb(command) in _CLEANS or removes(command, _CACHE):
            left = None
    if left is not None and not is_mounted(step, _CACHE):
        yield left.hit("zypper clean does not follow", changes=append_command(step, "zypper clean"))


@rule(
    "DL3037",
    Severity.LOW,
    "zypper package without a version",
    looks_at=run_programs("zypper"),
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package=version.",
    references=("CWE-1357",),
    bad="RUN zypper install -y httpd && zypper clean",
    good="RUN zypper install -y httpd=2.4.62 && zypper clean",
)
def unpinned_zypper(command: Command) -> Iterator[Hit]:
    loose = unpinned(command, _packages(command), _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")
