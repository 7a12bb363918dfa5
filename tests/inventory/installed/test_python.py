"""Python distributions by their metadata."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import python

SITE = "usr/lib/python3/site-packages"
METADATA = "Metadata-Version: 2.1\nName: Flask_SQLAlchemy.X\nVersion: 2.5.1\n\nName: not-this\n"


@pytest.mark.parametrize(
    "path",
    [
        f"{SITE}/Flask_SQLAlchemy-2.5.1.dist-info/METADATA",
        f"{SITE}/Flask_SQLAlchemy.egg-info/PKG-INFO",
        f"{SITE}/Flask_SQLAlchemy-2.5.1-py3.11.egg-info",
        f"{SITE}/Flask_SQLAlchemy-2.5.1-py3.11.egg/EGG-INFO/PKG-INFO",
        "app/vendored/x.dist-info/METADATA",
    ],
)
def test_every_place(installed, path) -> None:
    (package,) = installed({path: METADATA}, os_release=None).packages
    assert (package.name, package.version, package.ecosystem) == ("flask-sqlalchemy-x", "2.5.1", "PyPI")
    assert (package.purl, package.path) == ("pkg:pypi/flask-sqlalchemy-x@2.5.1", path)


def test_metadata_behind_links_counts_once(installed) -> None:
    found = installed(
        {"store/x-1.dist-info/METADATA": METADATA, "hidden/folder/METADATA": "Name: b\nVersion: 1\n"},
        {f"{SITE}/x-1.dist-info": "/store/x-1.dist-info", f"{SITE}/b-1.dist-info": "/hidden/folder"},
        None,
    )
    assert sorted((package.name, package.path) for package in found.packages) == [
        ("b", "hidden/folder/METADATA"),
        ("flask-sqlalchemy-x", "store/x-1.dist-info/METADATA"),
    ]


@pytest.mark.parametrize(
    "content", ["", "Name: a\n", "Version: 1\n", "\nName: a\nVersion: 1\n", "Name: a b\nVersion: 1\n"]
)
def test_metadata_without_name_or_version_is_an_error(installed, content) -> None:
    (error,) = installed({f"{SITE}/x.dist-info/METADATA": content}, os_release=None).errors
    assert "cannot be parsed" in error.message
    assert error.path == f"{SITE}/x.dist-info/METADATA"


@pytest.mark.parametrize(
    ("lines", "license"),
    [
        ("License-Expression: MIT OR ISC\nLicense: odd\n", "MIT OR ISC"),
        ("License: odd\nClassifier: License :: OSI Approved :: MIT License\n", "MIT License"),
        ("License: BSD  3\n", "BSD 3"),
        ("License: UNKNOWN\n", None),
        ("", None),
    ],
)
def test_the_licence_that_the_metadata_state(installed, lines, license) -> None:
    files = {f"{SITE}/x.dist-info/METADATA": f"Name: x\nVersion: 1\n{lines}\nLicense: not this\n"}
    assert [package.license for package in installed(files, os_release=None).packages] == [license]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=100).map(lambda tail: b"Name: a\nVersion: 1" + tail) | st.binary(max_size=100))
def test_any_bytes_are_one_package_or_an_error(content: bytes) -> None:
    try:
        assert len(list(python.read(content, "METADATA", None))) == 1
    except UnreadableError:
        return
