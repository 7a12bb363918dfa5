"""Images made to fool or to wear out whoever looks at them: each tells all of its packages, or is an error."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import GateError
from gate.images.limits import MAX_RATIO, Limits
from gate.images.reference import parse_image
from gate.images.scan import ImageOptions, Scan, scan_image
from tests.images.conftest import OCI, Make, digest

OS = b'ID=debian\nVERSION_ID="12"\n'
NAMES = ("bash", "openssl", "zlib")
STATUS = "".join(f"Package: {name}\nStatus: install ok installed\nVersion: 1.2-3\n\n" for name in NAMES).encode()
METADATA = b"Metadata-Version: 2.1\nName: Jinja2\nVersion: 2.10\n\n"
EVERYTHING = {*NAMES, "jinja2"}


class Debian:
    """A small Debian, and what is put beside its files or over them."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.release = make.file("etc/os-release", OS)
        self.version = make.file("etc/debian_version", b"12.5\n")
        self.status = make.file("var/lib/dpkg/status", STATUS)
        self.python = make.file("usr/lib/python3/dist-packages/jinja2-2.10.dist-info/METADATA", METADATA)

    def __call__(self, *more: Any) -> bytes:
        return self.make.layer(self.release, self.version, self.status, self.python, *more)


@pytest.fixture
def debian(make: Make) -> Debian:
    return Debian(make)


@pytest.fixture
def scan(make: Make, tmp_path: Path) -> Callable[..., Scan]:
    """Return a function that scans the files of a layout, within small bounds."""

    def look(files: dict[str, bytes], **bounds: int) -> Scan:
        make.folder_of(tmp_path / "layout", files)
        limits = Limits(bounds.get("size", 1 << 30), bounds.get("entries", 100_000))
        return scan_image(parse_image("oci-dir:layout", str(tmp_path)), ImageOptions(limits))

    return look


def packages(scan: Scan) -> set[str]:
    assert scan.errors == ()
    return {package.name for package in scan.packages}


def test_paths_that_leave_the_image(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    for name in ("../../../..tmp/PWNED", "a/../../b"):
        with pytest.raises(GateError, match=r"holds '\.\.'"):
            scan(make.oci_files([debian(make.file(name, b"x"))]))
    assert packages(scan(make.oci_files([debian(make.file("/abs/pwn", b"x"))]))) == EVERYTHING


def test_links_in_a_circle(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    links = [make.link("loop/a", "b"), make.link("loop/b", "a"), make.link("self", "self/x")]
    assert packages(scan(make.oci_files([debian(*links)]))) == EVERYTHING


def test_a_dpkg_folder_behind_a_link(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    files = (make.file("opt/d/status", STATUS), make.link("var/lib/dpkg", "/opt/d"))
    layer = make.layer(debian.release, debian.version, debian.python, *files)
    assert packages(scan(make.oci_files([layer]))) == EVERYTHING


def test_no_os_release(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    (error,) = scan(make.oci_files([make.layer(debian.status, debian.python)])).errors
    assert error.title == "distribution cannot be identified"


def test_no_debian_version(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    assert packages(scan(make.oci_files([make.layer(debian.release, debian.status, debian.python)]))) == EVERYTHING


def test_an_image_of_which_no_file_is_left(make: Make, scan: Callable[..., Scan]) -> None:
    for layers in ([make.layer()], [make.layer(make.file("a", b"x")), make.layer(make.file(".wh..wh..opq", b""))]):
        assert [error.title for error in scan(make.oci_files(layers)).errors] == ["no file is left in the image"]


def test_a_layer_that_was_cut_before_its_digest_was_taken(
    make: Make, debian: Debian, scan: Callable[..., Scan]
) -> None:
    with pytest.raises(GateError):
        scan(make.oci_files([debian()[:1800]]))


def test_a_layer_that_is_not_what_its_digest_says(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    files = make.oci_files([debian()])
    name = f"blobs/sha256/{digest(debian())[7:]}"
    with pytest.raises(GateError, match="is damaged or was changed"):
        scan({**files, name: make.layer(make.file("x", b"tampered"))})


def test_a_missing_layer(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    files = make.oci_files([debian(), make.layer(make.file("q", b"q"))])
    del files[f"blobs/sha256/{digest(make.layer(make.file('q', b'q')))[7:]}"]
    with pytest.raises(GateError, match="is missing"):
        scan(files)


def test_zstd(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    files = make.oci_files([debian()], pack=make.zstd, layer_type=OCI + "layer.v1.tar+zstd")
    assert packages(scan(files)) == EVERYTHING


@pytest.mark.parametrize("name", ["etc/.wh...", ".wh.", "var/.wh.."])
def test_whiteouts_that_name_no_file(make: Make, debian: Debian, scan: Callable[..., Scan], name: str) -> None:
    with pytest.raises(GateError, match="whiteout that names no file"):
        scan(make.oci_files([debian(), make.layer(make.file(name))]))


def test_a_database_that_an_opaque_folder_hides(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    hidden = scan(make.oci_files([debian(), make.layer(make.file("var/lib/dpkg/.wh..wh..opq"))]))
    assert [error.title for error in hidden.errors] == ["package database of 'debian 12' is missing"]


def test_a_hard_link_out_of_the_image(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    with pytest.raises(GateError, match=r"holds '\.\.'|hard link"):
        scan(make.oci_files([debian(make.hard_link("hl", "../../../../etc/passwd"))]))


def test_devices_and_pipes(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    things = [make.special("dev/null0", tarfile.CHRTYPE), make.special("fifo", tarfile.FIFOTYPE)]
    assert packages(scan(make.oci_files([debian(*things)]))) == EVERYTHING


def test_an_entry_that_claims_to_be_huge(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    header = bytearray(tarfile.TarInfo("huge").tobuf())
    header[124:136] = b"\x80" + bytes(3) + b"\x7f" + b"\xff" * 7
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    whole = debian().rstrip(b"\0")
    with pytest.raises(GateError, match="more than are left"):
        scan(make.oci_files([whole + bytes(-len(whole) % 512) + header]))


def test_a_bomb(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    size = 256 << 20
    packed = b"".join(_packed_zeros(size))
    assert size > MAX_RATIO * len(packed)
    files = make.oci_files([debian(), b""], layer_type=OCI + "layer.v1.tar+gzip", pack=lambda _: packed)
    with pytest.raises(GateError, match="decompression bomb"):
        scan(files, size=32 << 30)


def test_more_files_than_are_allowed(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for number in range(5_000):
            archive.addfile(tarfile.TarInfo(f"t/{number % 97}/{number}"))
    files = make.oci_files([debian(), stream.getvalue()])
    assert packages(scan(files)) == EVERYTHING
    with pytest.raises(GateError, match="max_entries"):
        scan(files, entries=4_000)


def test_a_large_pax_header(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("pp")
        entry.pax_headers = {"comment": "x" * 900_000}
        archive.addfile(entry)
    assert packages(scan(make.oci_files([debian(), stream.getvalue()]))) == EVERYTHING


def test_a_folder_in_the_place_of_the_database(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    replaced = scan(make.oci_files([debian(), make.layer(make.folder("var/lib/dpkg/status"))]))
    assert [error.title for error in replaced.errors] == ["package database of 'debian 12' is missing"]


def test_archives_in_archives_of_zeros(make: Make, debian: Debian, scan: Callable[..., Scan]) -> None:
    assert packages(scan(make.oci_files([debian(make.file("app/x.jar", _nested(3)))]))) == {*EVERYTHING, "a:b"}
    for name, limit in (("app/x.jar", "has more than 4 archives in one another"), ("app/x.zip", "more than 3 deep")):
        errors = scan(make.oci_files([debian(make.file(name, _nested(4, name[-3:])))])).errors
        assert {error.path for error in errors} == {name}
        assert all(limit in error.title for error in errors)


def test_a_file_that_cannot_be_searched_for_secrets_may_be_listed_among_those_of_images(
    make: Make, debian: Debian, scan: Callable[..., Scan]
) -> None:
    errors = scan(make.oci_files([debian(make.file("app/x.zip", _nested(4, "zip")))])).errors
    assert {error.message for error in errors} == {"List it under stages.image.ignore in gate.yaml"}


def _packed_zeros(size: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(size >> 20):
        yield packer.compress(bytes(1 << 20))
    yield packer.flush()


def _nested(depth: int, ending: str = "jar") -> bytes:
    """Return an archive that holds eight archives, and so on; in the innermost are zeros and a package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if depth:
            inner = _nested(depth - 1, ending)
            for number in range(8):
                archive.writestr(f"{number}.{ending}", inner)
        else:
            archive.writestr("a.bin", bytes(1 << 26))
            archive.writestr("META-INF/maven/a/b/pom.properties", "groupId=a\nartifactId=b\nversion=1\n")
    return stream.getvalue()
