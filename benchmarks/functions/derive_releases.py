"""Makes the rows of `vulnerable_functions.txt` on Python packages from the releases that `release_fixes.txt` lists.

    python -m benchmarks.functions.derive_releases WHEELS > rows.txt

WHEELS is a folder of wheels (`pip download --no-deps django==4.2.14`). A row is made if the advisories' release changes
each function that is named; else it is reported which not. Its source is the page on that release.
"""

import re
import sys
import zipfile
from pathlib import Path

from benchmarks.functions.python_changes import changed_names

_FIXES = Path(__file__).with_name("release_fixes.txt")
_PAGES = {"django": "https://docs.djangoproject.com/en/stable/releases/{version}/"}
"""Where a package's project describes its releases."""


def changed(wheels: Path, package: str, before: str, after: str, symbols: list[str]) -> set[str]:
    """Return those of `symbols` (`module:function`) that differ between two releases."""
    old, new = (_wheel(wheels, package, version) for version in (before, after))
    found: set[str] = set()
    for module in {symbol.partition(":")[0] for symbol in symbols}:
        path = module.replace(".", "/") + ".py"
        found.update(f"{module}:{name}" for name in changed_names(old.read(path).decode(), new.read(path).decode()))
    return found.intersection(symbols)


def _wheel(wheels: Path, package: str, version: str) -> zipfile.ZipFile:
    wanted = re.compile(rf"{package}-{re.escape(version)}-.*\.whl", re.IGNORECASE)
    return zipfile.ZipFile(next(path for path in wheels.iterdir() if wanted.fullmatch(path.name)))


def main(wheels: str) -> None:
    """Write the rows, and to the standard error what has none."""
    for line in _FIXES.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        cve, package, before, after, *symbols = line.split()
        same = set(symbols) - changed(Path(wheels), package, before, after, symbols)
        if same:
            print(cve, "does not change", *sorted(same), file=sys.stderr)
        else:
            print(cve, "PyPI", package, _PAGES[package].format(version=after), *sorted(symbols))


if __name__ == "__main__":
    main(sys.argv[1])
