"""apk: pinned, without an index left behind."""

from collections.abc import Iterator

from gate.dockerfile.caches import is_mounted
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import rule, run_programs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command
from gate.model import Severity

_WITH_VALUE = ("-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--keys-dir", "--repositories-file")
_WITH_VALUE_TOO = ("--cache-dir", "--cache-max-age", "--wait", "--progress-fd")

_CACHES = ("/var/cache/apk", "/etc/apk/cache")


def _added(command: Command) -> tuple[ShellWord, ...]:
    words = command.operands(*_WITH_VALUE, *_WITH_VALUE_TOO)
    return words[1:] if words and words[0].text == "add" else ()


def _is_pinned(package: str) -> bool:
    return any(sign in package for sign in "=<>~") or package.endswith(".apk")


@rule(
    "DL3018",
    Severity.LOW,
    "apk package without a version",
    looks_at=run_programs("apk"),
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package=version, or package~version for its patch releases.",
    references=("CWE-1357",),
    bad="RUN apk add --no-cache curl",
    good="RUN apk add --no-cache curl=8.5.0-r0",
)
def unpinned_apk(command: Command) -> Iterator[Hit]:
    loose = unpinned(command, _added(command), _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")


@rule(
    "DL3019",
    Severity.INFO,
    "apk leaves its index in the image",
    looks_at=run_programs("apk"),
    why="The index is megabytes that nothing reads, and it is out of date tomorrow.",
    mend="Use apk add --no-cache, without apk update.",
    bad="RUN apk add curl=8.5.0-r0",
    good="RUN apk add --no-cache curl=8.5.0-r0",
)
def apk_with_cache(command: Command) -> Iterator[Hit]:
    is_kept_outside = is_mounted(command.step, *_CACHES)
    if _added(command) and not is_kept_outside and not command.has_option("--no-cache"):
        add = next(word for word in command.words if word.text == "add")
        yield command.hit("--no-cache is missing", changes=command.insert_behind(add, " --no-cache"))
