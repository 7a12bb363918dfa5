"""R packages: the `DESCRIPTION` of each in a library ("Writing R Extensions", 1.1.1), with `Meta/` in the same folder.

Packages that are R itself (`Priority: base`) have its version, and no release of their own.
"""

import re
from collections.abc import Iterator

from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, language_package, unparsable
from gate.model import Package
from gate.trees import FileTree

_FIELD = re.compile(r"^(Package|Version|License|Priority|Built|biocViews|git_url):[ \t]*(.*)$", re.MULTILINE)
_BIOCONDUCTOR = "bioconductor.org"


def finder(tree: FileTree) -> Finder:
    """Return the test for the descriptions of installed packages; those of sources have no `Meta`."""

    def states_packages(path: str, _: object) -> bool:
        folder, _, name = path.rpartition("/")
        return name == "DESCRIPTION" and tree.look_up(f"{folder}/Meta/package.rds") is not None

    return states_packages


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield the package, unless it is a part of R."""
    fields: dict[str, str] = {}
    for key, value in _FIELD.findall(content.decode("utf-8", "replace")):
        fields.setdefault(key, value.strip())
    if not fields.get("Package") or not fields.get("Version"):
        raise unparsable(path, "it states no Package or no Version")
    if fields.get("Priority") == "base":
        return
    is_of_bioconductor = "biocViews" in fields or _BIOCONDUCTOR in fields.get("git_url", "")
    ecosystem = "Bioconductor" if is_of_bioconductor else "CRAN"
    yield language_package(ecosystem, fields["Package"], fields["Version"], path, fields.get("License"))
