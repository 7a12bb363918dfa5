"""pacman, and what installs through it on Arch Linux: all packages are upgraded together, or none."""

from collections.abc import Iterator

from gate.dockerfile.build import BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import PIECES, rule
from gate.dockerfile.step import Command
from gate.model import Severity

_PROGRAMS = frozenset({"pacman", "paru", "yay"})
_WITH_VALUE = (
    *("-b", "--dbpath", "-r", "--root", "--arch", "--cachedir", "--config", "--gpgdir", "--hookdir", "--logfile"),
    *("--ignore", "--ignoregroup", "--overwrite", "--assume-installed", "--sysroot"),
)
_LONG = {"--sync": "S", "--refresh": "y", "--sysupgrade": "u", "--downloadonly": "w", "--print": "p", "--search": "s"}
_ASKS = frozenset("cgilpsw")
"""Letters behind -S with which nothing is installed: it cleans, lists, prints, searches or downloads."""


def _letters(command: Command) -> frozenset[str]:
    """Return the letters of the options of a command that synchronises; none of any other."""
    if command.program not in _PROGRAMS:
        return frozenset()
    short = (letter for word in command.arguments if word[:1] == "-" and word[:2] != "--" for letter in word[1:])
    letters = frozenset((*short, *(_LONG[word] for word in command.arguments if word in _LONG)))
    return letters if "S" in letters else frozenset()


def _installs(command: Command, letters: frozenset[str]) -> bool:
    return bool(letters) and letters.isdisjoint(_ASKS) and bool(command.operands(*_WITH_VALUE))


@rule(
    "GD065",
    Severity.LOW,
    "Packages installed next to outdated ones",
    looks_at=PIECES,
    why=(
        "With pacman -Sy the new packages come from today's index, and the libraries that they were built for stay as "
        "old as the base image. Arch Linux does not support such partial upgrades: programs fail at their start."
    ),
    mend="Upgrade in the same command: pacman -Syu --noconfirm PACKAGE.",
    references=("https://wiki.archlinux.org/title/System_maintenance#Partial_upgrades_are_unsupported", "CWE-1104"),
    bad="RUN pacman -Sy --noconfirm curl",
    good="RUN pacman -Syu --noconfirm curl && pacman -Scc --noconfirm",
)
def partial_upgrade(stage: BuildStage) -> Iterator[Hit]:
    refresh: Command | None = None
    partial: list[Command] = []
    for command in (command for step in stage.steps_of("RUN") for command in step.commands):
        letters = _letters(command)
        if "u" in letters and "S" in letters:
            refresh, partial = None, []  # what was installed before is upgraded with all the rest
        elif "y" in letters:
            refresh = command
        if refresh is not None and "u" not in letters and _installs(command, letters):
            partial.append(refresh)
    for command in dict.fromkeys(partial):
        yield command.hit("the index is refreshed and packages are installed, and the others are not upgraded")
