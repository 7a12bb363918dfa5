"""conda's explicit lists (`conda list --explicit`, conda-lock's `conda-PLATFORM.lock`): an address a line.

What pip is to install conda-lock writes behind `# pip`: `# pip flask @ https://…/flask-2.0.1-py3-none-any.whl`.
"""

import re

from gate.core.path_patterns import matches
from gate.ecosystems.conda import fetched
from gate.ecosystems.pypi import normalised
from gate.inventory.entries import LockEntry, locked, merged
from gate.inventory.lockfile import Locked, LockfilePlace, read_text, unparsable
from gate.inventory.lockfiles import LOCKFILES, requirements
from gate.trees import FileTree

_MARK = "@EXPLICIT"
_PIP = re.compile(r"# pip (?P<name>[A-Za-z0-9._-]+) @ (?P<address>\S+)(?: .*)?")
_WHEEL = re.compile(r"[^/]+?-(?P<wheel>[0-9][^-/]*)-[^/]+\.whl|[^/]+-(?P<source>[0-9][^-/]*)\.(?:tar\.gz|zip)")


def read(tree: FileTree, path: str) -> Locked:
    """Read an explicit list. A text file of such a name that is none lists nothing, or is pip's, by its folder."""
    rows = [row.strip() for row in read_text(tree, path).split("\n")]
    if _MARK not in rows:
        if path.endswith(".lock"):
            raise unparsable(path, f"it has no line {_MARK}")
        return requirements.read(tree, path) if matches(path, LOCKFILES["requirements"]) else Locked()
    conda, pip = [], []
    for line, row in enumerate(rows, 1):
        from_pip = _PIP.fullmatch(row)
        if from_pip:
            pip.append(_pip_entry(from_pip["name"], from_pip["address"], line))
        elif row and row != _MARK and not row.startswith("#"):
            conda.append(_conda_entry(row, path, line))
    return merged([locked(LockfilePlace("Conda", path), conda), locked(LockfilePlace("PyPI", path), pip)])


def _conda_entry(row: str, path: str, line: int) -> LockEntry:
    stated = fetched(row)
    if stated is None:
        raise unparsable(path, "not the address of a package of conda", line)
    return LockEntry(name=stated.name, version=stated.version, line=line)


def _pip_entry(name: str, address: str, line: int) -> LockEntry:
    found = _WHEEL.fullmatch(re.split("[?#]", address, maxsplit=1)[0].rpartition("/")[2])
    version = found["wheel"] or found["source"] if found else None
    return LockEntry(name=normalised(name), version=version, line=line, registry=address)
