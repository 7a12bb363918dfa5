"""What the real rpm writes: a package built and registered in both forms that it can still write.

The third form, which rpm gave up in 2020, is written by Berkeley DB's own loader.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from gate.inventory.installed import rpm
from gate.inventory.installed.distribution import release
from gate.inventory.installed.rpm_databases import header_blobs

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("rpmbuild"), reason="no rpmbuild"),
]

SPEC = """Name: demo-libs
Version: 1.2.3
Release: 4.el9
Epoch: 2
Summary: x
License: MIT AND BSD
BuildArch: noarch
%description
x
%install
mkdir -p %{buildroot}/usr/lib/demo
echo a > %{buildroot}/usr/lib/demo/METADATA
%files
/usr/lib/demo
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rpm")
    (folder / "demo.spec").write_text(SPEC)
    subprocess.run(
        ["rpmbuild", "-bb", "--define", f"_topdir {folder}", str(folder / "demo.spec")], check=True, capture_output=True
    )
    return next(folder.rglob("*.rpm"))


@pytest.mark.parametrize(("form", "name"), [("sqlite", "rpmdb.sqlite"), ("ndb", "Packages.db")])
def test_a_package_that_rpm_registered(built: Path, tmp_path: Path, form: str, name: str) -> None:
    command = ["rpm", "--root", str(tmp_path), "--define", f"_db_backend {form}", "--define", "_dbpath /db", "-i"]
    subprocess.run([*command, "--nodeps", "--justdb", str(built)], check=True, capture_output=True)
    content = (tmp_path / "db" / name).read_bytes()
    (package,) = rpm.read(content, name, release("rocky", "9.3"))
    assert (package.name, package.version, package.license) == ("demo-libs", "2:1.2.3-4.el9", "MIT AND BSD")
    asked = ["rpm", *command[1:-1], "-qa", "--qf", "%{name} %{epoch}:%{version}-%{release} %{arch} %{sourcerpm}"]
    stated = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    assert stated == "demo-libs 2:1.2.3-4.el9 noarch demo-libs-1.2.3-4.el9.src.rpm"
    assert [(one.name, one.version, one.purl) for one in package.binaries] == [
        (
            "demo-libs",
            "2:1.2.3-4.el9",
            "pkg:rpm/rocky/demo-libs@1.2.3-4.el9?arch=noarch&distro=rocky-9.3&epoch=2"
            "&upstream=demo-libs-1.2.3-4.el9.src.rpm",
        )
    ]
    assert "/usr/lib/demo/METADATA" in set(rpm.owned_files(content, name))


@pytest.mark.skipif(not shutil.which("db_load"), reason="no db_load")
def test_a_hash_that_berkeley_db_wrote(tmp_path: Path) -> None:
    blobs = [bytes([number]) * (20 + 700 * number) for number in range(1, 40)]
    rows = [(0, b"\x28\0\0\0"), *enumerate(blobs, 1)]
    text = "".join(f" {key.to_bytes(4, 'little').hex()}\n {value.hex()}\n" for key, value in rows)
    dump = f"VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n{text}DATA=END\n"
    subprocess.run(["db_load", str(tmp_path / "Packages")], input=dump, text=True, check=True, capture_output=True)
    assert sorted(header_blobs((tmp_path / "Packages").read_bytes(), "Packages")) == sorted(blobs)
