"""npm and yarn: pinned, without a cache left behind."""

from collections.abc import Iterator

from gate.dockerfile.caches import is_mounted, removes
from gate.dockerfile.edits import append_command
from gate.dockerfile.hits import Hit
from gate.dockerfile.pins import unpinned
from gate.dockerfile.rule import instructions, rule, run_programs, runs
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.model import Severity

_INSTALLS = frozenset(
    {"install", "add", "i", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall"}
)
"""Names of one command: https://docs.npmjs.com/cli/commands/npm-install."""
_NPM_WITH_VALUE = ("--loglevel", "--registry", "--prefix", "-C", "--cache", "--tag", "--omit", "--include", "-w")
_YARN_WITH_VALUE = ("--cwd", "--modules-folder", "--cache-folder", "--registry", "--network-timeout", "--mutex")
_REPOSITORIES = ("git+", "git://")
_FILES = ("./", "../", "/", "~/", "file:", "http://", "https://")
_ARCHIVES = (".tgz", ".tar.gz", ".tar")


def _packages(command: Command) -> tuple[ShellWord, ...]:
    words = command.operands(*_NPM_WITH_VALUE)
    return words[1:] if words and words[0].text in _INSTALLS else ()


def _is_pinned(package: str) -> bool:
    """A repository by `#commit`, a package by `@version`; files and archives are what they are."""
    if package.startswith(_REPOSITORIES):
        return "#" in package
    if package in (".", "..") or package.startswith(_FILES) or package.endswith(_ARCHIVES):
        return True
    return "@" in package[1:] or ("/" in package and "#" in package)


@rule(
    "DL3016",
    Severity.LOW,
    "npm package without a version",
    looks_at=run_programs("npm"),
    why="The same Dockerfile installs something else tomorrow; a build cannot be repeated or compared.",
    mend="Write package@version, a repository with #commit, or install from a lock file: npm ci.",
    references=("CWE-1357",),
    bad="RUN npm install -g typescript",
    good="RUN npm install -g typescript@5.4.5",
)
def unpinned_npm(command: Command) -> Iterator[Hit]:
    loose = unpinned(command, _packages(command), _is_pinned)
    if loose:
        yield command.hit(f"no version is given for {', '.join(loose)}")


@rule(
    "DL3060",
    Severity.INFO,
    "yarn leaves its cache in the image",
    looks_at=instructions("RUN", where=runs("yarn")),
    why="The cache is megabytes that nothing reads again.",
    mend="End the same RUN with yarn cache clean, or mount a cache.",
    bad="RUN yarn install --frozen-lockfile",
    good="RUN yarn install --frozen-lockfile && yarn cache clean",
)
def yarn_with_cache(step: Step) -> Iterator[Hit]:
    if not (step.is_on_build or step.stage in step.build.shipped) or is_mounted(step, ".cache/yarn"):
        return
    left: Command | None = None
    for command in step.commands:
        operands = [word.text for word in command.operands(*_YARN_WITH_VALUE)]
        if command.program == "yarn" and operands[:1] == ["install"]:
            left = command
        elif (command.program == "yarn" and operands[:2] == ["cache", "clean"]) or removes(command, "~/.cache/yarn"):
            left = None
    if left is not None:
        yield left.hit("yarn cache clean does not follow", changes=append_command(step, "yarn cache clean"))
