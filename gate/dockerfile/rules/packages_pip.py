"""pip: pinned, without a cache left behind."""

import re
from collections.abc import Iterator
from itertools import pairwise

from gate.core.word_lists import word_lists
from gate.dockerfile.caches import is_mounted
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import RUN_COMMANDS, rule
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command
from gate.dockerfile.written import exported
from gate.model import Severity

_PIP = re.compile(r"pip(?:[23](?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:[23](?:\.\d+)?)?")
_LISTS = word_lists(__file__)
_WITH_VALUE = _LISTS["with_value"]
_REPOSITORY = re.compile(r"(?:git|hg|svn|bzr)\+")
_REPOSITORY_AND_USER = re.compile(r"(?:git|hg|svn|bzr)\+(?:[a-z+]+://)?(?:[^/@]*@)?")
_FILE = re.compile(r"[./~]|.*\.(?:whl|zip|tar\.gz|tar\.bz2)$|.*/", re.DOTALL)
_COMPARISON = re.compile(r"[=~<>!]=|<|>|@")
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})


def _packages(command: Command) -> tuple[ShellWord, ...] | None:
    """Return the packages of `pip install`, or None if the command does something else."""
    if not _runs_pip(command):
        return None
    words = command.operands(*_WITH_VALUE, "-m")
    return words[1:] if words and words[0].text == "install" else None


def _runs_pip(command: Command) -> bool:
    """True for `pip`, `pip3.12` and the like, and for `python -m pip`."""
    if _PYTHON.fullmatch(command.program):
        return ("-m", "pip") in pairwise(command.arguments)
    return bool(_PIP.fullmatch(command.program))


def _applications(command: Command) -> tuple[ShellWord, ...] | None:
    """Return the packages of `pipx install`, or None if the command does something else."""
    words = command.operands(*_WITH_VALUE, "--pip-args", "--suffix") if command.program == "pipx" else ()
    return words[1:] if words and words[0].text == "install" else None


def _is_pinned(package: str) -> bool:
    """A repository by `@revision`; a package by any comparison; files and archives are what they are."""
    if _REPOSITORY.match(package):
        return "@" in _REPOSITORY_AND_USER.sub("", package, count=1)
    return bool(_COMPARISON.search(package) or _FILE.match(package))


@rule(
    "DL3013",
    Severity.LOW,
    "Python package without a version",
    looks_at=RUN_COMMANDS,
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package==version, or install from a lock file with hashes: pip install --require-hashes -r FILE.",
    references=("CWE-1357",),
    bad="RUN pip install --no-cache-dir flask",
    good="RUN pip install --no-cache-dir flask==3.0.3",
)
def unpinned_pip(command: Command) -> Iterator[Hit]:
    packages = _packages(command) or _applications(command)
    if not packages or any(command.has_option(name) for name in ("--constraint", "-c", "-r", "--requirement")):
        return
    loose = unpinned(command, packages, _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")


@rule(
    "DL3042",
    Severity.INFO,
    "pip leaves its cache in the image",
    looks_at=RUN_COMMANDS,
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
    if is_mounted(step, ".cache/pip") or (step.expand("$PIP_NO_CACHE_DIR") or "").lower() in _TRUE:
        return True
    return any(
        name == "PIP_NO_CACHE_DIR" and value.lower() in _TRUE
        for one in step.commands
        if one is command or one.program in ("export", "env")
        for name, value, _ in exported(one)
    )
