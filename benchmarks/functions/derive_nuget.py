"""Makes the rows of `vulnerable_functions.txt` on NuGet packages from the fixes that `nuget_fixes.txt` lists.

    python -m benchmarks.functions.derive_nuget MIRROR > rows.txt

MIRROR is a folder of clones by name (`npgsql+npgsql/repo`). A row is made if the commit is in the clone, changes a
source that is published, and each method or type that is named was there before it; else it is reported why not.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.functions.csharp_changes import changed_methods, methods_of
from benchmarks.functions.listed_fixes import ListedFix, listed, write_rows

_FIXES = Path(__file__).with_name("nuget_fixes.txt")
_NOT_PUBLISHED = re.compile(r"(?:^|/)[\w .-]*(?:tests?|samples?|examples?|benchmarks?)/", re.IGNORECASE)


class NugetFix(ListedFix):
    """A line of the list."""

    ecosystem = "NuGet"

    def packages_of(self, stated: str) -> list[str]:
        """Return the ids of packages."""
        return stated.split(",")

    def is_published(self, path: str) -> bool:
        """True for a source of C# that is none of tests or samples."""
        return path.endswith(".cs") and not _NOT_PUBLISHED.search(path)

    def changed_methods(self, before: str, after: str | None) -> set[str]:
        """Return the methods that differ, and what else of types."""
        return changed_methods(before, after)

    def was_there(self, name: str) -> bool:
        """True if a type, or its method, is in a source before the commit."""
        type_name, _, _ = name.partition(":")
        if any(name in methods_of(self.before(path)) for path in self.paths):
            return True
        word = re.split(r"[.+]", type_name)[-1].partition("`")[0]
        declares = rf"(class|struct|interface|record)[[:space:]]+{word}([^[:alnum:]_]|$)"
        found = self.git("grep", "-lE", declares, f"{self.commit}^1", "--", "*.cs").splitlines()
        paths = [line.partition(":")[2] for line in found]
        return any(name in methods_of(self.before(path)) for path in paths)


def fixes(mirror: Path) -> Iterator[NugetFix]:
    """Yield the fixes that are listed."""
    return (NugetFix(line, mirror) for line in listed(_FIXES))


if __name__ == "__main__":
    write_rows(fixes(Path(sys.argv[1])))
