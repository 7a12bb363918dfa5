"""Settings that packages brought and that the image changed are its own."""

import hashlib
from base64 import b64encode

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.package_files import PackageFiles
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import deb, states

BROUGHT, CHANGED = "command sleep 9\n", "command start -x\n"
MD5 = hashlib.md5(BROUGHT.encode(), usedforsecurity=False).hexdigest()
SHA1 = b64encode(hashlib.sha1(BROUGHT.encode(), usedforsecurity=False).digest()).decode()
OWNED = [Owned(files=("etc/x/x.conf", "usr/share/x"))]
DATABASES = {
    "dpkg": {"var/lib/dpkg/status": f"Package: x\nConffiles:\n /etc/x/x.conf {MD5}\n /etc/gone {MD5} obsolete\n"},
    "distroless": {"var/lib/dpkg/status.d/x": f"Package: x\nConffiles:\n /etc/x/x.conf {MD5}\n"},
    "apk": {"lib/apk/db/installed": f"P:x\nF:etc/x\nR:x.conf\na:0:0:640\nZ:Q1{SHA1}\nF:usr/share\nR:x\nZ:Q1x=\n"},
    "none": {},
}


@pytest.mark.parametrize("database", DATABASES)
def test_a_setting_is_a_package_s_as_long_as_its_sum_is_the_stated_one(make_files, database):
    for content, is_changed in ((BROUGHT, False), (CHANGED, database != "none")):
        files = make_files({**DATABASES[database], "etc/x/x.conf": content, "usr/share/x": content})
        found = PackageFiles(OWNED, files)
        assert ("etc/x/x.conf" in found) is not is_changed
        assert "usr/share/x" in found
        assert "etc/other" not in found


@pytest.mark.parametrize(("content", "in_use"), [(BROUGHT, InUse.NO), (CHANGED, InUse.UNKNOWN)])
def test_a_changed_setting_names_the_image_s_own_programs(content, in_use):
    served = f"{deb('served').rstrip()}\nConffiles:\n /etc/served.conf {MD5}\n"
    tree = {
        **TREE,
        "!usr/sbin/served": make_elf(needed=["libc.so.6"], calls="execvp", strings=["/etc/served.conf"]),
        "!usr/local/bin/start": "#!/bin/sh\nexec memcached\n",
        "etc/served.conf": content,
        "var/lib/dpkg/info/served.list": "/usr/sbin/served\n/etc/served.conf\n",
        "var/lib/dpkg/status": f"{TREE['var/lib/dpkg/status']}{served}",
    }
    found = states(tree, Runtime(cmd=["served"]))
    assert found["memcached"].in_use is in_use
    assert found["idle"].in_use is InUse.NO


@pytest.mark.parametrize(("origin", "is_brought"), [("dir_info", False), ("archive_info", True)])
def test_what_pip_installed_from_a_folder_is_the_image_s_own_code(make_files, origin, is_brought):
    files = make_files(
        {"lib/x.py": "", "lib/x-1.dist-info/direct_url.json": f'{{"{origin}": {{}}, "url": "file:///x"}}'}
    )
    found = PackageFiles([Owned(files=["lib/x.py", "lib/x-1.dist-info/direct_url.json"])], files)
    assert ("lib/x.py" in found) is is_brought
