"""pip: pinned, without a cache left behind."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import Command
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import COMMANDS, rule
from gate.dockerfile.shell import ShellWord
from gate.model import Severity

_PIP = re.compile(r"pip(?:[23](?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:[23](?:\.\d+)?)?")
_WITH_VALUE = (
    *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-t", "--target", "-i", "--index-url"),
    *("--extra-index-url", "-f", "--find-links", "--prefix", "--root", "--src", "--trusted-host", "--python-version"),
    *("--platform", "--implementation", "--abi", "--cache-dir", "--log", "--proxy", "--retries", "--timeout"),
    *("--no-binary", "--only-binary", "--progress-bar", "--upgrade-strategy", "--config-settings", "-C"),
)
_FILE = re.compile(r"[./~]|.*\.(?:whl|zip|tar\.gz|tar\.bz2)$|.*/", re.DOTALL)


def _packages(command: Command) -> tuple[ShellWord, ...] | None:
    """Return the packages of `pip install`, or None if the command does something else."""
    words = command.operands(*_WITH_VALUE)
    if _PYTHON.fullmatch(command.program):
        if command.arguments[:2] != ("-m", "pip"):
            return None
        words = words[1:]
    elif not _PIP.fullmatch(command.program):
        return None
    return words[1:] if words and words[0].text == "install" else None


def _is_pinned(package: str) -> bool:
    if any(sign in package for sign in ("==", "~=", "@", "$")):
        return True
    return bool(_FILE.match(package))


@rule(
    "DL3013",
    Severity.LOW,
    "Python package without a version",
    looks_at=COMMANDS,
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package==version, or install from a lock file with hashes: pip install --require-hashes -r FILE.",
    references=("CWE-1357",),
    bad="RUN pip install --no-cache-dir flask",
    good="RUN pip install --no-cache-dir flask==3.0.3",
)
def unpinned_pip(command: Command) -> Iterator[Hit]:
    if command.has_option("--constraint") or "-c" in command.arguments:
        return
    loose = [word.text for word in _packages(command) or () if not _is_pinned(word.text)]
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")


@rule(
    "DL3042",
    Severity.INFO,
    "pip leaves its cache in the image",
    looks_at=COMMANDS,
    why="The cache is megabytes that nothing reads again.",
    mend="Add --no-cache-dir, set ENV PIP_NO_CACHE_DIR=1, or mount a cache.",
    bad="RUN pip install flask==3.0.3",
    good="RUN pip install --no-cache-dir flask==3.0.3",
)
def pip_with_cache(command: Command) -> Iterator[Hit]:
    if _packages(command) is None or command.has_option("--no-cache-dir"):
        return
    if _cache_is_off(command):
        return
    install = next(word for word in command.words if word.text == "install")
    yield command.hit("--no-cache-dir is missing", changes=command.insert_behind(install, " --no-cache-dir"))


def _cache_is_off(command: Command) -> bool:
    step = command.step
    if any(flag.name == "mount" and "pip" in (flag.value or "") for flag in step.instruction.flags):
        return True
    if any(word.text.startswith("PIP_NO_CACHE_DIR=") for word in command.syntax.assignments):
        return True
    return bool(step.expand("$PIP_NO_CACHE_DIR"))
