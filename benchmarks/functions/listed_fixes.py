"""A list of the commits that fix vulnerabilities, from which rows of `vulnerable_functions.txt` are made.

A line is `ID package[,package …] repository commit name …`; `*` are all methods that the commit changes.
"""

import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

CHANGED = "*"


class ListedFix(ABC):
    """A line of the list, with the repository's clone."""

    ecosystem: ClassVar[str]

    def __init__(self, line: str, mirror: Path) -> None:
        """Take a line, and the folder of clones by name (`netty+netty/repo`)."""
        self.id, packages, self.repository, commit, *self.names = line.split()
        self.packages = self.packages_of(packages)
        self._clone = mirror / self.repository.replace("/", "+") / "repo"
        self.commit = self.git("rev-parse", "--verify", "-q", f"{commit}^{{commit}}").strip()

    @abstractmethod
    def packages_of(self, stated: str) -> list[str]:
        """Return the packages that a line states."""

    @abstractmethod
    def is_published(self, path: str) -> bool:
        """True for a source that the package is built of."""

    @abstractmethod
    def changed_methods(self, before: str, after: str | None) -> set[str]:
        """Return what differs between two versions of a source; None for one that is removed."""

    @abstractmethod
    def was_there(self, name: str) -> bool:
        """True if a class, or its method, is in a source before the commit."""

    def symbols(self) -> list[str]:
        """Return the methods; those that the commit changes for `*`."""
        if self.names != [CHANGED]:
            return sorted(self.names)
        return sorted(name for name in self.changed() if not name.endswith(":"))

    def wrong(self) -> str:
        """Return why there is no row; empty if there is one."""
        if not self.commit:
            return "no such commit"
        if not self.paths:
            return "changes no published source"
        if missing := [name for name in self.symbols() if not self.was_there(name)]:
            return f"no {', '.join(missing)} before it"
        return "" if self.symbols() else "changes no method"

    def rows(self) -> Iterator[str]:
        """Yield the rows of the table, one a package."""
        address = f"https://github.com/{self.repository}/commit/{self.commit}"
        for package in self.packages:
            yield " ".join((self.id, self.ecosystem, package, address, *self.symbols()))

    def changed(self) -> set[str]:
        """Return the methods, and what else of types, that the commit changes or removes."""
        found: set[str] = set()
        for path in self.paths:
            found |= self.changed_methods(self.before(path), self.git("show", f"{self.commit}:{path}") or None)
        return found

    @cached_property
    def paths(self) -> list[str]:
        """The published sources that the commit changes or removes."""
        lines = self.git("diff", "--name-status", "--no-renames", f"{self.commit}^1", self.commit).splitlines()
        changes = [line.partition("\t") for line in lines]
        return [path for status, _, path in changes if status != "A" and self.is_published(path)]

    def before(self, path: str) -> str:
        """Return a source as it was before the commit."""
        return self.git("show", f"{self.commit}^1:{path}")

    def git(self, *arguments: str) -> str:
        """Return what git answers in the clone; empty for an error."""
        done = subprocess.run(["git", "-C", str(self._clone), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def listed(fixes: Path) -> Iterator[str]:
    """Yield the lines of a list without its comments."""
    return (line for line in fixes.read_text().splitlines() if line and not line.startswith("#"))


def write_rows(fixes: Iterable[ListedFix]) -> None:
    """Write the rows, and to the standard error what has none."""
    for fix in fixes:
        if wrong := fix.wrong():
            print(fix.id, *fix.packages, wrong, file=sys.stderr)
        else:
            print(*fix.rows(), sep="\n")
