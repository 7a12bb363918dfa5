"""apk's database of installed packages, as OSV's Alpine ecosystem names them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import apk
from gate.inventory.installed.distribution import Distribution

ALPINE = 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n'
DATABASE = (
    "C:Q1abc=\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\nL:Apache-2.0\no:openssl\nF:lib\nR:libcrypto.so.3\n\n"
    "P:libssl3\nV:3.1.4-r5\nA:x86_64\nL:Apache-2.0\no:openssl\nF:lib\nR:libssl.so.3\n\n"
    "P:musl\nV:1.2.4_git-r2\n"
)


@pytest.mark.parametrize("path", ["lib/apk/db/installed", "usr/lib/apk/db/installed"])
def test_origins_of_what_is_installed(installed, path) -> None:
    found = installed({path: DATABASE}, os_release=ALPINE)
    assert [(package.name, package.version, package.installed_as) for package in found.packages] == [
        ("musl", "1.2.4_git-r2", None),
        ("openssl", "3.1.4-r5", "libcrypto3"),
    ]
    assert [package.license for package in found.packages] == [None, "Apache-2.0"]
    assert [(one.name, one.version, one.purl) for package in found.packages for one in package.binaries] == [
        ("musl", "1.2.4_git-r2", "pkg:apk/alpine/musl@1.2.4_git-r2?distro=alpine-3.19.1"),
        (
            "libcrypto3",
            "3.1.4-r5",
            "pkg:apk/alpine/libcrypto3@3.1.4-r5?arch=x86_64&distro=alpine-3.19.1&upstream=openssl",
        ),
        (
            "libssl3",
            "3.1.4-r5",
            "pkg:apk/alpine/libssl3@3.1.4-r5?arch=x86_64&distro=alpine-3.19.1&upstream=openssl",
        ),
    ]
    assert {package.ecosystem for package in found.packages} == {"Alpine:v3.19"}
    assert found.errors == ()


def test_a_folder_that_became_a_link(installed) -> None:
    found = installed({"usr/lib/apk/db/installed": DATABASE}, {"lib": "usr/lib"}, ALPINE)
    assert (len(found.packages), found.binaries) == (2, 3)


def test_a_damaged_database_is_an_error(installed) -> None:
    (error,) = installed({"lib/apk/db/installed": "P:musl\n\nV:1\n"}, os_release=ALPINE).errors
    assert "cannot be parsed" in error.message


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text("PVo:\n1ab", max_size=200).map(str.encode))
def test_any_bytes_are_packages_or_an_error(content: bytes) -> None:
    alpine = Distribution(id="alpine", version="3.19.1", name="Alpine", ecosystem="Alpine:v3.19")
    try:
        packages = list(apk.read(content, "installed", alpine))
    except UnreadableError:
        return
    assert len(packages) <= content.count(b"P:")
