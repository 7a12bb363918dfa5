"""Packages inside a file of another package are as uncertain as that one."""

import pytest

from gate.model import InUse, Package, PackageUse
from gate.reachability.runtimes.packages.held import held_by_others
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.state import key_of
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree

TREE = {
    "app/node_modules/@tool/linux-x64/bin/tool": "program",
    "app/node_modules/@tool/linux-x64/package.json": "{}",
    "bin": "-> usr/bin",
    "usr/bin/gone": "program",
    "usr/share/java/shop.jar": "archive",
    "srv/own": "program",
}


def package(ecosystem, name, path):
    return Package(name=name, version="1", ecosystem=ecosystem, purl=f"pkg:generic/{name}@1", path=path)


TOOL = package("npm", "@tool/linux-x64", "app/node_modules/@tool/linux-x64/package.json")
DEB = package("Debian:13", "gone", "var/lib/dpkg/status")
JAVA = package("Debian:13", "libshop-java", "var/lib/dpkg/status")
IN_TOOL = package("Go", "stdlib", "app/node_modules/@tool/linux-x64/bin/tool")
IN_DEB = package("crates.io", "serde", "usr/bin/gone")
IN_JAVA = package("Maven", "shop:shop", "usr/share/java/shop.jar")
OWN = package("Go", "own", "srv/own")
OWNED = {
    key_of(TOOL): Owned(folder="app/node_modules/@tool/linux-x64"),
    key_of(DEB): Owned(files=["bin/gone"]),
    key_of(JAVA): Owned(files=["usr/share/java/shop.jar"]),
    **{key_of(one): Owned(files=[one.path]) for one in (IN_TOOL, IN_DEB, IN_JAVA, OWN)},
}


def held(of_holders):
    packages = (TOOL, DEB, JAVA, IN_TOOL, IN_DEB, IN_JAVA, OWN)
    states = {key_of(one): PackageUse(of_holders if one in (TOOL, DEB, JAVA) else InUse.NO) for one in packages}
    return {key[2]: use.in_use for key, use in held_by_others(packages, OWNED, states, Files(SmallTree(TREE)))}


@pytest.mark.parametrize(
    ("of_holders", "expected"),
    [
        (InUse.UNKNOWN, {"stdlib", "serde", "shop:shop"}),
        (InUse.YES, {"stdlib", "serde"}),  # which archives Java loads is known by its class path
        (InUse.NO, set()),
    ],
)
def test_what_lies_in_a_file_of_a_package_that_may_be_used_is_unknown(of_holders, expected):
    found = held(of_holders)
    assert set(found) == expected
    assert set(found.values()) <= {InUse.UNKNOWN}
