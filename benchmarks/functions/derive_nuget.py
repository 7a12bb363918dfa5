"""Makes the rows of `vulnerable_functions.txt` on NuGet packages from the fixes that `nuget_fixes.txt` lists.

    python -m benchmarks.functions.derive_nuget MIRROR > rows.txt

MIRROR is a folder of clones by name (`npgsql+npgsql/repo`). A row is made if the commit is in the clone, changes a
source that is published, and each method or type that is named was there before it; else it is reported why not.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from benchmarks.functions.csharp_changes import changed_methods, methods_of

_FIXES = Path(__file__).with_name("nuget_fixes.txt")
_NOT_PUBLISHED = re.compile(r"(?:^|/)[\w .-]*(?:tests?|samples?|examples?|benchmarks?)/", re.IGNORECASE)
CHANGED = "*"


class NugetFix:
    """A line of the list."""

    def __init__(self, line: str, mirror: Path) -> None:
        self.id, packages, self.repository, commit, *self.names = line.split()
        self.packages = packages.split(",")
        self._clone = mirror / self.repository.replace("/", "+") / "repo"
        self.commit = self._git("rev-parse", "--verify", "-q", f"{commit}^{{commit}}").strip()

    def symbols(self) -> list[str]:
        """Return the methods; those that the commit changes for `*`."""
        if self.names != [CHANGED]:
            return sorted(self.names)
        return sorted(name for name in self.changed() if not name.endswith(":"))

    def wrong(self) -> str:
        """Return why there is no row; empty if there is one."""
        if not self.commit:
            return "no such commit"
        if not self._paths:
            return "changes no published source"
        if missing := [name for name in self.symbols() if not self._was_there(name)]:
            return f"no {', '.join(missing)} before it"
        return "" if self.symbols() else "changes no method"

    def rows(self) -> Iterator[str]:
        """Yield the rows of the table, one a package."""
        address = f"https://github.com/{self.repository}/commit/{self.commit}"
        for package in self.packages:
            yield " ".join((self.id, "NuGet", package, address, *self.symbols()))

    def changed(self) -> set[str]:
        """Return the methods, and what else of types, that the commit changes or removes."""
        found: set[str] = set()
        for path in self._paths:
            after = self._git("show", f"{self.commit}:{path}")
            found |= changed_methods(self._before(path), after or None)
        return found

    @cached_property
    def _paths(self) -> list[str]:
        """The published sources of C# that the commit changes or removes."""
        lines = self._git("diff", "--name-status", "--no-renames", f"{self.commit}^1", self.commit).splitlines()
        changes = [line.partition("\t") for line in lines]
        return [path for status, _, path in changes if status != "A" and _is_published(path)]

    def _was_there(self, name: str) -> bool:
        """True if a type, or its method, is in a source before the commit."""
        type_name, _, _ = name.partition(":")
        if any(name in methods_of(self._before(path)) for path in self._paths):
            return True
        word = re.split(r"[.+]", type_name)[-1].partition("`")[0]
        declares = rf"(class|struct|interface|record)[[:space:]]+{word}([^[:alnum:]_]|$)"
        found = self._git("grep", "-lE", declares, f"{self.commit}^1", "--", "*.cs").splitlines()
        paths = [line.partition(":")[2] for line in found]
        return any(name in methods_of(self._before(path)) for path in paths)

    def _before(self, path: str) -> str:
        return self._git("show", f"{self.commit}^1:{path}")

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self._clone), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _is_published(path: str) -> bool:
    return path.endswith(".cs") and not _NOT_PUBLISHED.search(path)


def fixes(mirror: Path) -> Iterator[NugetFix]:
    """Yield the fixes that are listed."""
    for line in _FIXES.read_text().splitlines():
        if line and not line.startswith("#"):
            yield NugetFix(line, mirror)


def main(mirror: str) -> None:
    """Write the rows, and to the standard error what has none."""
    for fix in fixes(Path(mirror)):
        if wrong := fix.wrong():
            print(fix.id, *fix.packages, wrong, file=sys.stderr)
        else:
            print(*fix.rows(), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
