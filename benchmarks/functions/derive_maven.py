"""Makes the rows of `vulnerable_functions.txt` on Java packages from the fixes that `maven_fixes.txt` lists.

    python -m benchmarks.functions.derive_maven MIRROR > rows.txt

MIRROR is a folder of bare clones by name (`netty+netty/repo`). A row is made if the commit is in the clone, changes a
source that is published, and each method or class that is named was there before it; else it is reported why not.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.functions.java_changes import changed_methods, methods_of

_FIXES = Path(__file__).with_name("maven_fixes.txt")
_NOT_PUBLISHED = re.compile(r"(?:^|/)(?:test|tests|testsuite|jmh|examples?|benchmarks?)/|Test\.java$")
CHANGED = "*"


class JavaFix:
    """A line of the list."""

    def __init__(self, line: str, mirror: Path) -> None:
        self.id, packages, self.repository, commit, *self.names = line.split()
        group, _, artifacts = packages.partition(":")
        self.packages = [f"{group}:{artifact}" for artifact in artifacts.split(",")]
        self._clone = mirror / self.repository.replace("/", "+") / "repo"
        self.commit = self._git("rev-parse", "--verify", "-q", f"{commit}^{{commit}}").strip()

    def symbols(self) -> list[str]:
        """Return the methods; those that the commit changes for `*`."""
        if self.names != [CHANGED]:
            return sorted(self.names)
        return sorted(name for name in self._changed() if not name.endswith(":"))

    def wrong(self) -> str:
        """Return why there is no row; empty if there is one."""
        if not self.commit:
            return "no such commit"
        if not list(self._paths()):
            return "changes no published source"
        if missing := [name for name in self.symbols() if not self._was_there(name)]:
            return f"no {', '.join(missing)} before it"
        return "" if self.symbols() else "changes no method"

    def rows(self) -> Iterator[str]:
        """Yield the rows of the table, one a package."""
        address = f"https://github.com/{self.repository}/commit/{self.commit}"
        for package in self.packages:
            yield " ".join((self.id, "Maven", package, address, *self.symbols()))

    def _paths(self) -> Iterator[str]:
        for line in self._git("diff", "--name-status", "--no-renames", f"{self.commit}^1", self.commit).splitlines():
            status, _, path = line.partition("\t")
            if status != "A" and path.endswith(".java") and not _NOT_PUBLISHED.search(path):
                yield path

    def _changed(self) -> set[str]:
        found: set[str] = set()
        for path in self._paths():
            after = self._git("show", f"{self.commit}:{path}")
            found |= changed_methods(self._git("show", f"{self.commit}^1:{path}"), after or None)
        return found

    def _was_there(self, name: str) -> bool:
        """True if a class, or its method, is in a source before the commit."""
        class_name, _, method = name.partition(":")
        source = class_name.replace(".", "/").partition("$")[0] + ".java"
        for path in self._git("ls-tree", "-r", "--name-only", f"{self.commit}^1").splitlines():
            if path.endswith(f"/{source}"):
                known = methods_of(self._git("show", f"{self.commit}^1:{path}"))
                return name in known if method else f"{class_name}:" in known
        return False

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self._clone), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def main(mirror: str) -> None:
    """Write the rows, and to the standard error what has none."""
    for line in _FIXES.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        fix = JavaFix(line, Path(mirror))
        if wrong := fix.wrong():
            print(fix.id, *fix.packages, wrong, file=sys.stderr)
        else:
            print(*fix.rows(), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
