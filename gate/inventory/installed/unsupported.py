"""What is there and cannot be read: an error for a package database, a fact for anything else. Never silence."""

from collections import Counter

import msgspec

from gate.core.errors import UnreadableError
from gate.inventory.installed.packages import Nameless
from gate.trees import Entry

_DATABASE_OF = {"var/lib/pacman/local/ALPM_DB_VERSION": "pacman"}
_LOG = "/rpmdb.sqlite-wal"
"""Changes to the database that wait to be written into it; empty once a package manager has ended in order."""


class UnsupportedPackages(msgspec.Struct):
    """What a walk over a tree met of it."""

    errors: list[UnreadableError] = []
    counts: Counter[str] = msgspec.field(default_factory=Counter)

    def note(self, entry: Entry) -> None:
        """Look at one entry."""
        path = entry.path
        if path.endswith(_LOG) and entry.size:
            self.errors.append(
                UnreadableError(
                    "rpm database has changes that were not written into it",
                    path=path,
                    hint="Run any rpm command as the last step of the build, so that they are",
                )
            )
        if path in _DATABASE_OF:
            self.errors.append(
                UnreadableError(
                    f"{_DATABASE_OF[path]} database cannot be read yet",
                    path=path,
                    hint="Nothing is known about the image's system packages: check them with another tool",
                )
            )

    def count(self, nameless: Nameless) -> None:
        """Count something that does not say which package it is."""
        self.counts[nameless.kind] += 1

    @property
    def formats(self) -> list[str]:
        """`12 Java archives that …`, in the order of their names."""
        return [f"{count} {name}" for name, count in sorted(self.counts.items())]
