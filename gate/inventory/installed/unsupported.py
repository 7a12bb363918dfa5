"""What is there and cannot be read yet: an error for a package database, a fact for anything else. Never silence."""

from collections import Counter

import msgspec

from gate.errors import UnreadableError

_DATABASES = {
    "rpm": (
        "var/lib/rpm/Packages",
        "var/lib/rpm/Packages.db",
        "var/lib/rpm/rpmdb.sqlite",
        "usr/lib/sysimage/rpm/Packages",
        "usr/lib/sysimage/rpm/Packages.db",
        "usr/lib/sysimage/rpm/rpmdb.sqlite",
    ),
    "pacman": ("var/lib/pacman/local/ALPM_DB_VERSION",),
}
_DATABASE_OF = {path: name for name, paths in _DATABASES.items() for path in paths}

_ENDINGS = {
    ".jar": "Java archives",
    ".war": "Java archives",
    ".ear": "Java archives",
    ".gemspec": "Ruby gems",
    "vendor/composer/installed.json": "PHP packages",
}


class Unread(msgspec.Struct):
    """What a walk over a tree met of it."""

    errors: list[UnreadableError] = []
    counts: Counter[str] = msgspec.field(default_factory=Counter)

    def note(self, path: str) -> None:
        """Look at one path."""
        if path in _DATABASE_OF:
            self.errors.append(
                UnreadableError(
                    f"{_DATABASE_OF[path]} database cannot be read yet",
                    path=path,
                    hint="Nothing is known about the image's system packages: check them with another tool",
                )
            )
        for ending, name in _ENDINGS.items():
            if path.endswith(ending):
                self.counts[name] += 1

    @property
    def formats(self) -> list[str]:
        """`12 Java archives`, in the order of their names."""
        return [f"{count} {name}" for name, count in sorted(self.counts.items())]
