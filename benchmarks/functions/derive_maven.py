"""Makes the rows of `vulnerable_functions.txt` on Java packages from the fixes that `maven_fixes.txt` lists.

    python -m benchmarks.functions.derive_maven MIRROR > rows.txt

MIRROR is a folder of bare clones by name (`netty+netty/repo`). A row is made if the commit is in the clone, changes a
source that is published, and each method or class that is named was there before it; else it is reported why not.
"""

import re
import sys
from pathlib import Path

from benchmarks.functions.java_changes import changed_methods, methods_of
from benchmarks.functions.listed_fixes import ListedFix, listed, write_rows

_FIXES = Path(__file__).with_name("maven_fixes.txt")
_NOT_PUBLISHED = re.compile(r"(?:^|/)(?:test|tests|testsuite|jmh|examples?|benchmarks?)/|Test\.java$")


class JavaFix(ListedFix):
    """A line of the list."""

    ecosystem = "Maven"

    def packages_of(self, stated: str) -> list[str]:
        """Return the packages of `group:artifact[,artifact …]`."""
        group, _, artifacts = stated.partition(":")
        return [f"{group}:{artifact}" for artifact in artifacts.split(",")]

    def is_published(self, path: str) -> bool:
        """True for a source of Java that is none of tests or samples."""
        return path.endswith(".java") and not _NOT_PUBLISHED.search(path)

    def changed_methods(self, before: str, after: str | None) -> set[str]:
        """Return the methods that differ, and what else of classes."""
        return changed_methods(before, after)

    def was_there(self, name: str) -> bool:
        """True if a class, or its method, is in a source before the commit."""
        class_name, _, method = name.partition(":")
        source = class_name.replace(".", "/").partition("$")[0] + ".java"
        for path in self.git("ls-tree", "-r", "--name-only", f"{self.commit}^1").splitlines():
            if path.endswith(f"/{source}"):
                known = methods_of(self.before(path))
                return name in known if method else f"{class_name}:" in known
        return False


if __name__ == "__main__":
    write_rows(JavaFix(line, Path(sys.argv[1])) for line in listed(_FIXES))
