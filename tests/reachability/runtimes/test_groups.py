"""The groups of an image's packages, by what would decide them."""

from gate.model import Doubt, ImageUses, InUse, Package, PackageUse
from gate.reachability.runtimes.groups import grouped


def package(name):
    return Package(name=name, version="1", ecosystem="Debian:13", purl=f"pkg:deb/debian/{name}@1")


def groups(*uses):
    packages = [package(f"p{number}") for number in range(len(uses))]
    found = grouped(packages, ImageUses(tuple(uses))).groups
    return [(one.in_use.value, one.doubt, one.reason, one.packages) for one in found]


YES = PackageUse(InUse.YES, ("entrypoint", "bin/a"))
NO = PackageUse(InUse.NO, ("none of the 3 files",))


def unknown(doubt, *evidence):
    return PackageUse(InUse.UNKNOWN, evidence, doubt)


def test_used_and_unused_are_one_group_each_and_come_first():
    assert groups(unknown(Doubt.DATA, "x"), NO, YES, NO) == [
        ("yes", None, "", ("p2 1",)),
        ("no", None, "", ("p1 1", "p3 1")),
        ("unknown", Doubt.DATA, "", ("p0 1",)),
    ]


def test_one_gap_is_one_group_and_the_gap_of_most_packages_comes_first():
    one, other = unknown(Doubt.GAP, "a.sh:1 runs $X"), unknown(Doubt.GAP, "b.sh:1 runs $Y")
    assert groups(one, other, other) == [
        ("unknown", Doubt.GAP, "b.sh:1 runs $Y", ("p1 1", "p2 1")),
        ("unknown", Doubt.GAP, "a.sh:1 runs $X", ("p0 1",)),
    ]


def test_packages_that_each_have_a_reason_of_their_own_are_together():
    named = [unknown(Doubt.NAMED, f"bin/a names p{number}") for number in range(2)]
    assert groups(*named) == [("unknown", Doubt.NAMED, "", ("p0 1", "p1 1"))]
    assert groups() == []
