"""Makes the rows of `vulnerable_functions.txt` on npm packages from the fixes that `npm_fixes.txt` lists.

    python -m benchmarks.functions.derive_npm MIRROR > rows.txt

MIRROR is a folder of bare clones by name (`lodash+lodash/repo`). A row is made if the commit is in the clone, changes
JavaScript or TypeScript that is published, and one of the names is a word of the sources before it; else it is reported
why not.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_FIXES = Path(__file__).with_name("npm_fixes.txt")
_SOURCE = re.compile(r"\.[mc]?[jt]sx?$")
_NOT_PUBLISHED = re.compile(
    r"(^|/)(?:tests?|__tests__|spec|docs?|examples?|bench\w*|fixtures|scripts|\.[^/]+)/|\.(?:test|spec)\.|(^|/)(?:test|spec)\.js$"
)
ITSELF = "()"
WHOLE = "*"


class Fix:
    """A line of the list."""

    def __init__(self, line: str, mirror: Path) -> None:
        self.id, self.package, self.repository, commit, *self.names = line.split()
        self._clone = mirror / self.repository.replace("/", "+") / "repo"
        self.commit = self._git("rev-parse", "--verify", "-q", f"{commit}^{{commit}}").strip()

    def wrong(self) -> str:
        """Return why there is no row; empty if there is one."""
        if not self.commit:
            return "no such commit"
        if not any(map(_is_published, self._git("diff", "--name-only", f"{self.commit}^1", self.commit).splitlines())):
            return "changes no published source"
        names = [name for name in self.names if name not in (ITSELF, WHOLE)]
        return f"no {', '.join(names)} before it" if names and not any(map(self._has, names)) else ""

    def row(self) -> str:
        """Return the row of the table."""
        names = [""] if WHOLE in self.names else sorted(self.names)
        symbols = (f"{self.package}:{name}" for name in names)
        address = f"https://github.com/{self.repository}/commit/{self.commit}"
        return " ".join((self.id, "npm", self.package, address, *symbols))

    def _has(self, name: str) -> bool:
        return bool(self._git("grep", "-lwF", name, f"{self.commit}^1", "--", "*.js", "*.ts", "*.mjs", "*.cjs"))

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self._clone), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _is_published(path: str) -> bool:
    return bool(_SOURCE.search(path)) and not _NOT_PUBLISHED.search(path)


def fixes(mirror: Path) -> Iterator[Fix]:
    """Yield the lines of the list."""
    for line in _FIXES.read_text().splitlines():
        if line and not line.startswith("#"):
            yield Fix(line, mirror)


def main(mirror: str) -> None:
    """Write the rows, and to the standard error what has none."""
    for fix in fixes(Path(mirror)):
        if wrong := fix.wrong():
            print(fix.id, fix.package, wrong, file=sys.stderr)
        else:
            print(fix.row())


if __name__ == "__main__":
    main(sys.argv[1])
