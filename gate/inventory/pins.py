"""Raising a version where it is pinned: in a requirements file, a manifest that nothing locks, a workflow's `uses`.

Lockfiles are left to their own tools, as the dependencies of a new version have to be resolved and hashed.
"""

import re

from gate.inventory.discovery import locks_of
from gate.inventory.lockfile import read_text
from gate.model import Edit, Package
from gate.trees import FileTree

_COMMENT = re.compile(r"\s#")
_DEPENDENCY_ENDS = "</dependency>"
_MAX_ROWS = 40
"""Rows of a dependency in a `pom.xml`."""


def pin_edits(tree: FileTree, package: Package, version: str) -> tuple[Edit, ...]:
    """Return the edit that raises the pin of `package` to `version`.

    Nothing if the version is not written exactly once at the place of the package, or a hash is pinned too.
    """
    pin = _pin_of(package)
    if pin is None or package.line is None:
        return ()
    rows = read_text(tree, package.path).split("\n")[package.line - 1 :][:_MAX_ROWS]
    if package.ecosystem == "Maven":
        rows = rows[: 1 + next((number for number, row in enumerate(rows) if _DEPENDENCY_ENDS in row), -1)]
    else:
        rows = rows[:1]
    found = [
        (number, pinned)
        for number, row in enumerate(rows, package.line)
        for pinned in pin.finditer(_COMMENT.split(row, maxsplit=1)[0])
    ]
    if len(found) != 1 or not _is_named(package, rows) or "--hash" in rows[0] or rows[0].rstrip().endswith("\\"):
        return ()
    ((line, pinned),) = found
    start, end = (line, pinned.start(1) + 1), (line, pinned.end(1) + 1)
    return (Edit(path=package.path, start=start, end=end, text=version),)


def _pin_of(package: Package) -> "re.Pattern[str] | None":
    """Return the pattern of a pin of the package, with the version as group 1; None if the file is not to be edited."""
    version = f"({re.escape(package.version)})"
    if package.ecosystem == "PyPI" and package.path.endswith(".txt"):
        return re.compile(rf"===?\s*{version}(?=[\s;,#]|$)")
    if package.ecosystem == "Maven":
        return (
            re.compile(rf"<version>\s*{version}\s*</version>") if package.path.endswith((".pom", "pom.xml")) else None
        )
    if package.ecosystem == "GitHub Actions":
        return re.compile(rf"@v?{version}(?![\w.+-])")
    return re.compile(rf"(?<![\w.+-])v?{version}(?![\w.+-])") if locks_of(package.path) else None


def _is_named(package: Package, rows: list[str]) -> bool:
    """True if the rows hold the last part of the package's name, with any separators."""
    last = re.split("[/:]", package.name)[-1].lower()
    return re.sub("[-_.]+", "-", last) in re.sub("[-_.]+", "-", " ".join(rows).lower())
