"""Files that packages brought and that the image changed are its own."""

import hashlib
from base64 import b64encode, urlsafe_b64encode

import pytest

from gate.inventory.records.file_record import Record
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.packages import package_files
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.package_files import PackageFiles
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import deb, states

BROUGHT, CHANGED = "command sleep 9\n", "command start -x\n"
MD5 = hashlib.md5(BROUGHT.encode(), usedforsecurity=False).hexdigest()
SHA256 = urlsafe_b64encode(hashlib.sha256(BROUGHT.encode()).digest()).decode().rstrip("=")
SHA1 = b64encode(hashlib.sha1(BROUGHT.encode(), usedforsecurity=False).digest()).decode()
STATUS = f"Package: x\nArchitecture: all\nConffiles:\n /etc/x/x.conf {MD5}\n /etc/gone {MD5} obsolete\n"
OWNED = [Owned(files=["etc/x/x.conf", "usr/share/x", "lib/x.py", "lib/x-1.dist-info/RECORD"])]
DATABASES = {
    "dpkg": {
        "var/lib/dpkg/status": STATUS,
        "var/lib/dpkg/info/x.list": "/etc/x/x.conf\n/usr/share/x\n",
        "var/lib/dpkg/info/x.md5sums": f"{MD5}  usr/share/x\n",
    },
    "distroless": {
        "var/lib/dpkg/status.d/x": STATUS,
        "var/lib/dpkg/status.d/x.md5sums": f"{MD5}  usr/share/x\n",
    },
    "apk": {"lib/apk/db/installed": f"P:x\nF:etc/x\nR:x.conf\na:0:0:640\nZ:Q1{SHA1}\nF:usr/share\nR:x\nZ:Q1{SHA1}\n"},
    "none": {},
}


def md5_of(content: str | bytes) -> str:
    content = content.encode() if isinstance(content, str) else content
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("database", DATABASES)
def test_a_file_is_a_package_s_as_long_as_its_digest_is_the_stated_one(make_files, database):
    for content, is_changed in ((BROUGHT, False), (CHANGED, database != "none")):
        files = make_files({**DATABASES[database], "etc/x/x.conf": content, "usr/share/x": content})
        found = PackageFiles(OWNED, files)
        assert ("etc/x/x.conf" in found) is not is_changed
        assert found.is_published("etc/x/x.conf") is not is_changed
        assert found.is_published("usr/share/x") is not is_changed
        assert "usr/share/x" in found
        assert "etc/other" not in found


def test_rpm_states_digests_of_all_files(make_files, monkeypatch):
    record = Record(path="usr/share/x", package="x", digest="0" * 64, algorithm="sha256")
    monkeypatch.setattr(package_files, "read_records", lambda files: {"usr/share/x": record})
    assert not PackageFiles(OWNED, make_files({"usr/share/x": BROUGHT})).is_published("usr/share/x")


@pytest.mark.parametrize(("content", "is_published"), [(BROUGHT, True), (CHANGED, False)])
def test_a_module_of_python_is_its_distribution_s_as_long_as_it_is_what_the_record_states(
    make_files, content, is_published
):
    record = f"x.py,sha256={SHA256},16\nx-1.dist-info/RECORD,,\n"
    found = PackageFiles(OWNED, make_files({"lib/x.py": content, "lib/x-1.dist-info/RECORD": record}))
    assert found.is_published("lib/x.py") is is_published
    assert found.is_published("lib/x-1.dist-info/RECORD")


def test_a_link_in_place_of_a_package_s_file_is_what_it_leads_to(make_files):
    files = make_files({**DATABASES["dpkg"], "usr/share/x": "-> /srv/x", "srv/x": CHANGED})
    assert PackageFiles(OWNED, files).is_published("usr/share/x")
    assert not PackageFiles(OWNED, files).is_published("srv/x")


STARTING = {
    "a module": {
        "!usr/bin/served": "#!/bin/sh\nexec python3 /usr/share/served/run.py\n",
        "usr/share/served/run.py": "import x\nx.start('/srv/start')\n",
    },
    "a text": {
        "!usr/bin/served": make_elf(needed=["libc.so.6"], calls="execvp", strings=["/usr/share/served/x.conf"]),
        "usr/share/served/x.conf": "command /srv/start\n",
    },
}


@pytest.mark.parametrize("more", STARTING.values(), ids=STARTING)
@pytest.mark.parametrize("is_changed", [False, True])
def test_a_changed_module_or_text_of_a_package_names_the_image_s_own_programs(more, is_changed):
    sums = "".join(
        f"{'0' * 32 if is_changed else md5_of(content)}  {path.lstrip('!')}\n" for path, content in more.items()
    )
    tree = {
        **TREE,
        **more,
        "!srv/start": "#!/bin/sh\nexec memcached\n",
        "var/lib/dpkg/info/served.list": "".join(f"/{path.lstrip('!')}\n" for path in more),
        "var/lib/dpkg/info/served.md5sums": sums,
        "var/lib/dpkg/status": f"{TREE['var/lib/dpkg/status']}{deb('served').rstrip()}\nArchitecture: all\n",
    }
    found = states(tree, Runtime(cmd=["served"]))
    assert found["memcached"].in_use is (InUse.UNKNOWN if is_changed else InUse.NO)


@pytest.mark.parametrize(("content", "in_use"), [(BROUGHT, InUse.NO), (CHANGED, InUse.UNKNOWN)])
def test_a_changed_setting_names_the_image_s_own_programs(content, in_use):
    served = f"{deb('served').rstrip()}\nArchitecture: all\nConffiles:\n /etc/served.conf {MD5}\n"
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
