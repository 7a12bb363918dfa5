"""dpkg's database, wherever it is, as OSV's Debian ecosystem names packages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import dpkg
from gate.inventory.installed.distribution import Distribution

STATUS = """\
Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.9-1
Description: Secure Sockets Layer toolkit
 Package: not-this
 .
 Version: 0

Package: openssl
Status: install ok installed
Version: 3.0.9-1

Package: bash
Status: install ok installed
Source: bash (5.2.15-2)
Version: 5.2.15-2+b2

Package: removed
Status: deinstall ok config-files
Version: 1

Package: never
Status: unknown ok not-installed
"""
PATH = "var/lib/dpkg/status"
DEBIAN = Distribution(id="debian", version="12", name="Debian", ecosystem="Debian:12")


def told(installed) -> list[tuple[str, str, str | None]]:  # type: ignore[no-untyped-def]
    return [(package.name, package.version, package.installed_as) for package in installed.packages]


def test_source_packages_of_what_is_installed(installed) -> None:
    found = installed({PATH: STATUS})
    assert told(found) == [("bash", "5.2.15-2", None), ("openssl", "3.0.9-1", None)]
    assert (found.binaries, found.errors) == (3, ())
    openssl = found.packages[1]
    assert (openssl.ecosystem, openssl.path) == ("Debian:12", PATH)
    assert openssl.purl == "pkg:deb/debian/openssl@3.0.9-1?arch=source&distro=debian-12"


def test_each_binary_package_has_its_own_version_and_names_its_source(installed) -> None:
    bash, openssl = installed({PATH: STATUS}).packages
    assert [(one.name, one.version, one.purl) for one in (*bash.binaries, *openssl.binaries)] == [
        ("bash", "5.2.15-2+b2", "pkg:deb/debian/bash@5.2.15-2%2Bb2?distro=debian-12&upstream=bash%405.2.15-2"),
        ("libssl3", "3.0.9-1", "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12&upstream=openssl"),
        ("openssl", "3.0.9-1", "pkg:deb/debian/openssl@3.0.9-1?distro=debian-12"),
    ]


def test_the_binary_package_is_named_if_none_has_the_name_of_the_source(installed) -> None:
    status = (
        "Package: zlib1g\nSource: zlib\nVersion: 1:1.2.13\n\nPackage: zlib1g-dev\nSource: zlib\nVersion: 1:1.2.13\n"
    )
    assert told(installed({PATH: status})) == [("zlib", "1:1.2.13", "zlib1g")]


@pytest.mark.parametrize("state", ["installed", "unpacked", "half-configured", "triggers-pending"])
def test_every_state_in_which_files_are_there(installed, state) -> None:
    status = f"Package: a\nStatus: install ok {state}\nVersion: 1\n"
    assert told(installed({PATH: status})) == [("a", "1", None)]


def test_one_file_a_package_as_in_distroless_images(installed) -> None:
    files = {
        "var/lib/dpkg/status.d/tzdata": "Package: tzdata\nVersion: 2024a-0\n",
        "var/lib/dpkg/status.d/tzdata.md5sums": "0  usr/share/zoneinfo/UTC\n",
        "var/lib/dpkg/status.d/libc6": "Package: libc6\nSource: glibc\nVersion: 2.36-9\n",
    }
    assert told(installed(files)) == [("glibc", "2.36-9", "libc6"), ("tzdata", "2024a-0", None)]


@pytest.mark.parametrize("links", [{"var/lib/dpkg": "/opt/d"}, {"var/lib/dpkg/status": "../../../opt/d/status"}])
def test_a_database_behind_a_link(installed, links) -> None:
    found = installed({"opt/d/status": STATUS}, links)
    assert len(found.packages) == 2
    assert {package.path for package in found.packages} == {"opt/d/status"}


@pytest.mark.parametrize("status", ["Version: 1\n", "Package: a\n", "\x7fELF rubbish\n", "Package: a b\nVersion: 1\n"])
def test_a_damaged_database_is_an_error(installed, status) -> None:
    (error,) = installed({PATH: status}).errors
    assert error.path == PATH
    assert "cannot be parsed" in error.message


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text("PackgeVrsion:Su \n1a().-", max_size=200).map(str.encode))
def test_any_bytes_are_packages_or_an_error(content: bytes) -> None:
    try:
        packages = list(dpkg.read(content, PATH, DEBIAN))
    except UnreadableError:
        return
    assert all(package.name and package.version and package.ecosystem == "Debian:12" for package in packages)
    assert len(packages) <= content.count(b"Package")
