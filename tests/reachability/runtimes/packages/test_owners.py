"""Which files belong to a package, by each kind of database."""

import pytest

from gate.core.errors import GateError
from gate.inventory.installed.inventory import read_installed
from gate.reachability.runtimes.packages.owners import owned_by
from gate.reachability.runtimes.packages.state import key_of
from tests.inventory.installed.test_rpm import ROCKY, as_berkeley, as_ndb, as_sqlite, package
from tests.reachability.runtimes.conftest import SmallTree

STRING, STRINGS, INT32 = 6, 8, 4
BASES, FOLDERS, INDEXES = 1117, 1118, 1116
OPENSSL = package(
    "openssl-libs",
    "3.0.7-1.el9",
    "openssl-3.0.7-1.el9.src.rpm",
    (INDEXES, INT32, [0, 1]),
    (BASES, STRINGS, ["libssl.so.3", "openssl.cnf"]),
    (FOLDERS, STRINGS, ["/usr/lib64/", "/etc/pki/tls/"]),
)
KEY = package("gpg-pubkey", "350d275d-6279464b", "")
"""A key that rpm lists among the packages: it owns nothing, and must not shift what the others own."""


def owned(make_files, contents):
    packages = read_installed(SmallTree(contents)).packages
    found = owned_by(packages, make_files(contents))
    return {package.name: set(found[key_of(package)].files) for package in packages}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("var/lib/rpm/rpmdb.sqlite", as_sqlite),
        ("usr/lib/sysimage/rpm/Packages.db", as_ndb),
        ("var/lib/rpm/Packages", as_berkeley),
    ],
)
def test_rpm_says_which_files_a_package_brought(make_files, path, form):
    tree = {"etc/os-release": ROCKY, path: form([KEY, OPENSSL])}
    assert owned(make_files, tree)["openssl"] == {"usr/lib64/libssl.so.3", "etc/pki/tls/openssl.cnf"}


def test_apk_says_which_files_a_package_brought(make_files):
    tree = {
        "etc/os-release": "ID=alpine\nVERSION_ID=3.20.1\n",
        "lib/apk/db/installed": "P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\n\n",
    }
    assert owned(make_files, tree)["musl"] == {"lib/ld-musl-x86_64.so.1"}


def test_a_database_that_cannot_be_read_is_an_error(make_files):
    good = {"etc/os-release": ROCKY, "var/lib/rpm/rpmdb.sqlite": as_sqlite([OPENSSL])}
    packages = read_installed(SmallTree(good)).packages
    with pytest.raises(GateError):
        owned_by(packages, make_files(good | {"var/lib/rpm/rpmdb.sqlite": as_sqlite([OPENSSL[:40]])}))
