"""The share of an image's programs that belong to a package: others cannot be matched with advisories."""

import re

import msgspec

from gate.core.errors import UnreadableError
from gate.model import Fact
from gate.trees import Entry

_EXECUTABLE = 0o111
_LIBRARY = re.compile(r"\.so(?:\.[0-9.]+)?$")
_SYSTEM = re.compile(r"(?:usr/|bin/|sbin/|lib[^/]*/)")
_LOCAL = ("usr/local/", "usr/src/", "opt/")
NAMED = 20
"""Programs that a fact lists by name."""


def is_program(path: str, entry: Entry) -> bool:
    """True if a file can be executed, or is a shared library by its name."""
    return bool(entry.mode & _EXECUTABLE) or _LIBRARY.search(path) is not None


def is_of_system(path: str) -> bool:
    """True for files in the folders that distributions install into: bin, sbin, lib*, usr."""
    return _SYSTEM.match(path) is not None


class ExplainedShare(msgspec.Struct):
    """Counts programs, and those that belong to a package."""

    programs: int = 0
    explained: int = 0
    unexplained: list[str] = []
    """Paths of the others, in folders of the distribution, or anywhere if there is no distribution."""

    def count(self, path: str, *, is_explained: bool) -> None:
        """Count one program."""
        self.programs += 1
        if is_explained:
            self.explained += 1
        elif not path.startswith(_LOCAL):
            self.unexplained.append(path)

    @property
    def value(self) -> float:
        """The share from 0 to 1; 1 if there is no program."""
        return self.explained / self.programs if self.programs else 1.0

    def facts(self) -> dict[str, Fact]:
        """Return the counts, and the first paths that belong to no package."""
        facts: dict[str, Fact] = {
            "programs": self.programs,
            "programs_explained": self.explained,
            "explained": f"{self.value:.1%}",
        }
        if self.unexplained:
            more = len(self.unexplained) - NAMED
            names = self.unexplained[:NAMED]
            facts["unexplained"] = [*names, f"and {more:,} more"] if more > 0 else names
        return facts

    def doubt(self, least: float) -> UnreadableError | None:
        """Return the error for an image with a share below `least`; None for others."""
        if self.value >= least:
            return None
        return UnreadableError(
            f"packages explain only {self.explained:,} of {self.programs:,} programs ({self.value:.0%}); "
            f"below {least:.0%} the image is not verified",
            hint="It is unknown what the others are: keep os-release and the package database in the image, or lower "
            "stages.image.min_explained in gate.yaml",
        )
