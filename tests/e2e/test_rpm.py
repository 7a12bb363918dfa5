"""What the real rpm writes: a package built and registered in both forms that it can still write."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gate.inventory.installed import rpm
from gate.inventory.installed.distribution import release

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
    assert "/usr/lib/demo/METADATA" in set(rpm.owned_files(content, name))
