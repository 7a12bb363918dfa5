"""What dpkg, apk and rpm say of each file: `gate/inventory/records/`."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import GateError
from gate.inventory.records import apk_records
from gate.inventory.records.file_record import Record
from gate.inventory.records.package_records import read_records

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
OTHER = "0cc175b9c0f1b6a831c399e269772661"
STATUS = f"""Package: tool
Status: install ok installed
Architecture: amd64
Version: 1
Conffiles:
 /etc/tool.conf {OTHER}
 /etc/old.conf {OTHER} obsolete

Package: library
Architecture: amd64
Version: 1
"""


def debian(make, **files: str) -> bytes:
    given = {
        "status": STATUS,
        "info/tool.list": "/.\n/bin\n/bin/tool\n/usr/share/tool/x\n/etc/tool.conf\n",
        "info/tool.md5sums": f"{MD5}  bin/tool\n{OTHER}  usr/share/tool/x\n",
        "info/library:amd64.list": "/usr/lib/library.so.1\n",
        **{name.replace("__", "/"): text for name, text in files.items()},
    }
    entries = [make.file(f"var/lib/dpkg/{name}", text.encode()) for name, text in given.items() if text]
    return make.layer(make.folder("usr/bin"), make.link("bin", "usr/bin"), *entries)


def test_dpkg_tells_package_digest_and_configuration(make, layered) -> None:
    layer = debian(make)
    records = read_records(layered(layer))
    tool = records["usr/bin/tool"]
    assert (tool.package, tool.digest, tool.algorithm) == ("tool", MD5, "md5")
    assert (tool.is_configuration, tool.origin) == (False, make.digest(layer))
    assert (records["etc/tool.conf"].is_configuration, records["etc/tool.conf"].digest) == (True, OTHER)
    assert (records["usr/lib/library.so.1"].package, records["usr/lib/library.so.1"].digest) == ("library", "")


def test_a_list_of_a_package_that_is_not_installed_explains_nothing(make, layered) -> None:
    tree = layered(make.layer(make.file("var/lib/dpkg/info/evil.list", b"/bin/evil\n")), debian(make))
    assert "bin/evil" not in read_records(tree)
    assert "usr/bin/evil" not in read_records(tree)


def test_a_diverted_file_is_where_the_diversion_puts_it(make, layered) -> None:
    rows = "/bin/tool\n/bin/tool.distrib\nother\n/usr/share/tool/x\n/usr/share/tool/y\ntool\n"
    records = read_records(layered(debian(make, diversions=rows)))
    assert records["usr/bin/tool.distrib"].digest == MD5
    assert "usr/bin/tool" not in records
    assert records["usr/share/tool/x"].digest == OTHER, "the package that diverts keeps the path"


def test_the_folder_of_dpkg_may_be_a_link(make, layered) -> None:
    moved = make.layer(
        make.file("opt/dpkg/status", STATUS.encode()),
        make.file("opt/dpkg/info/tool.list", b"/bin/tool\n"),
        make.link("var/lib/dpkg", "/opt/dpkg"),
    )
    assert read_records(layered(moved))["bin/tool"].package == "tool"


def test_distroless_images_have_sums_a_package(make, layered) -> None:
    layer = make.layer(
        make.file("var/lib/dpkg/status.d/base", f"Package: base\nConffiles:\n /etc/base {OTHER}\n".encode()),
        make.file("var/lib/dpkg/status.d/base.md5sums", f"{MD5}  ./usr/lib/a.so\n".encode()),
    )
    records = read_records(layered(layer))
    assert (records["usr/lib/a.so"].digest, records["etc/base"].digest) == (MD5, OTHER)
    assert records["etc/base"].is_configuration


def test_apk_tells_folders_files_and_sha1(make, layered) -> None:
    database = (
        b"P:busybox\nV:1\nF:bin\nR:busybox\na:0:0:755\nZ:Q12jmj7l5rSw0yVb/vlWAYkK/YBwk=\nR:sh\n\nP:conf\nF:etc\nR:x\n"
    )
    records = read_records(layered(make.layer(make.file("lib/apk/db/installed", database))))
    assert records["bin/busybox"] == Record(
        path="bin/busybox", package="busybox", digest=hashlib.sha1(b"").hexdigest(), algorithm="sha1"
    )
    assert (records["bin/sh"].package, records["bin/sh"].digest) == ("busybox", "")
    assert (records["etc/x"].package, records["etc/x"].is_configuration) == ("conf", True)


@given(st.text(alphabet="PFRZ:Q1a=\n/", max_size=200))
def test_any_apk_database_is_read(text: str) -> None:
    for record in apk_records.parse(text):
        assert bool(record.digest) == bool(record.algorithm)


@pytest.mark.parametrize("name", ["rpmdb.sqlite", "Packages.db", "Packages"])
def test_a_broken_rpm_database_is_an_error(make, layered, name) -> None:
    with pytest.raises(GateError, match="cannot be parsed"):
        read_records(layered(make.layer(make.file(f"var/lib/rpm/{name}", b"not a database"))))
