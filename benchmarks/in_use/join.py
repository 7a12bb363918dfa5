"""The join of what was observed with the static answer: what strace saw becomes used, and no answer gets weaker."""

from collections.abc import Set

from gate.inventory.installed.inventory import read_installed
from gate.model import InUse, Package
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import InUseAnswer, analyse
from gate.reachability.runtimes.observed.profiles import Observed
from gate.reachability.runtimes.packages.state import Key, key_of
from gate.trees import FileTree

_HOW = "opened under test"


def report_join(tree: FileTree, runtime: Runtime, opened: Set[str], used: Set[Key], before: InUseAnswer) -> None:
    """Analyse with what was `opened` too, and print what the analysis missed without it.

    `used` are the packages that have a file among `opened`. Raises AssertionError if one of them is not in use then, or
    is neither found nor listed as missed, or if a package that was in use no longer is.
    """
    packages = read_installed(tree).packages
    after = analyse(tree, runtime, packages, seen=Observed(paths=dict.fromkeys(sorted(opened), _HOW)))
    missed = {one.package for one in after.missed}
    for package in packages:
        _check(package, used, missed, before, after)
    wrong = sum(one.said is InUse.NO for one in after.missed)
    print(f"  join: {len(after.missed)} of {len(used)} used packages were not found without it, {wrong} said `no`")
    for one in after.missed:
        print(f"    {one}")


def _check(package: Package, used: Set[Key], missed: Set[str], before: InUseAnswer, after: InUseAnswer) -> None:
    key = key_of(package)
    was, now = before.states[key].in_use, after.states[key].in_use
    assert now is InUse.YES or was is not InUse.YES, f"{package.name} was in use, and is {now.value} with evidence"
    if key in used:
        assert now is InUse.YES, f"{package.name} was opened, and is {now.value}"
        is_listed = f"{package.name} {package.version}" in missed
        assert was is InUse.YES or is_listed, f"{package.name} is neither found nor missed"
