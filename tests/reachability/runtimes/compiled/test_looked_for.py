"""Files that a program looks for in folders which no string of it names whole."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.compiled.looked_for import looked_for
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states


@pytest.mark.parametrize(
    ("program", "path"),
    [
        ("dbus-daemon", "usr/share/dbus-1/system-services/x.service"),
        ("cupsd", "usr/lib/cups/backend/x"),
        ("git", "srv/shop.git/hooks/post-receive"),
        ("git", "app/.git/hooks/pre-commit"),
        ("git", "app/.git/config"),
        ("ifup", "etc/network/if-up.d/web"),
        ("incrond", "etc/incron.d/web"),
        ("libmount.so.1", "usr/sbin/mount.nfs"),
        ("lua5.4", "usr/lib/x86_64-linux-gnu/lua/5.4/cjson.so"),
        ("liblua5.4.so.0", "usr/share/lua/5.4/socket/http.lua"),
        ("tclsh8.6", "usr/share/tcltk/md5/pkgIndex.tcl"),
    ],
)
def test_what_a_program_may_use(program, path, make_files):
    files = make_files({path: "x", "app/.git/hooks/pre-commit.sample": "x", "etc/other": "x"})
    assert looked_for(f"usr/bin/{program}", files) == (path,)
    assert looked_for("usr/bin/other", files) == ()


OWN = {
    "git gc": {"!usr/bin/git": make_elf(), "!app/.git/hooks/pre-auto-gc": "#!/bin/sh\nmemcached\n"},
    "git log": {"!usr/bin/git": make_elf(), "app/.git/config": "[core]\n\tpager = memcached -v\n"},
    "dbus-daemon": {"!usr/bin/dbus-daemon": make_elf(), "etc/dbus-1/services/x.service": "Exec=memcached\n"},
    "git x": {"!usr/bin/git": make_elf(), "app/.gitconfig": "[alias]\n\tx = !memcached\n"},
    "git -c alias.x=!memcached x": {"!usr/bin/git": make_elf()},
    "git status": {
        "!usr/bin/git": make_elf(strings=["/etc/gitconfig"]),
        "etc/gitconfig": "[include]\n\tpath = git.more\n",
        "etc/git.more": "[core]\n\tpager = memcached -v\n",
    },
    "mutt x": {"!usr/bin/mutt": make_elf(strings=["~/.m:/etc/mailcap:/usr/etc/m"]), "etc/mailcap": "a/b; memcached\n"},
    "mount -a": {"!usr/bin/mount": make_elf(strings=["/etc/fstab"]), "etc/fstab": "x /mnt fuse.memcached ro 0 0\n"},
    "mount /mnt": {"!usr/bin/mount": make_elf(strings=["/etc/fstab"]), "etc/fstab": "memcached#x /mnt fuse ro 0 0\n"},
    "curl x": {
        "!usr/bin/curl": make_elf(needed=["libcrypto.so.3"]),
        "usr/lib/libcrypto.so.3": make_elf(),
        "etc/ssl/openssl.cnf": ".include /srv/tls\n",
        "srv/tls/x.cnf": "dynamic_path = /usr/lib/libevent-2.so\n",
    },
    "isql x": {
        "!usr/bin/isql": make_elf(needed=["libodbc.so.2"]),
        "usr/lib/libodbc.so.2": make_elf(),
        "etc/odbcinst.ini": "[x]\nDriver = /usr/lib/libevent-2.so\n",
    },
    "sqlite3 x load_extension('libevent-2.so')": {"!usr/bin/sqlite3": make_elf()},
    "dhclient eth0": {
        "!usr/bin/dhclient": make_elf(strings=["/usr/bin/dhclient-script"]),
        "!usr/bin/dhclient-script": '#!/bin/sh\nrun_hooks() { . "$1/$2"; }\nrun_hooks /etc/dhcp/leave-hooks.d "$x"\n',
        "etc/dhcp/leave-hooks.d/x": "memcached\n",
    },
    "own": {
        "!usr/bin/own": make_elf(calls="getservbyname"),
        "etc/nsswitch.conf": "services: own\n",
        "usr/lib/libnss_own.so.2": make_elf(needed=["libevent-2.so"]),
    },
    "logrotate /etc/l.conf": {
        "!usr/bin/logrotate": make_elf(),
        "etc/l.conf": "include /etc/l.d\n",
        "etc/l.d/x": "postrotate\n\tmemcached\n",
    },
}


@pytest.mark.parametrize("start", OWN)
def test_what_is_started_or_loaded_so_is_not_said_to_be_unused(start):
    tree = {**TREE, "etc/passwd": "app:x:1:1::/app:/bin/sh\n", **OWN[start]}
    found = states(tree, Runtime(cmd=start.split(), env=["PATH=/usr/bin"], working_dir="/"))
    assert found["libevent"].in_use is not InUse.NO


def test_a_shell_that_a_variable_names_may_be_started():
    runtime = Runtime(cmd=["own"], env=["PATH=/usr/bin", "SHELL=/usr/bin/memcached"])
    assert states({**TREE, "!usr/bin/own": make_elf()}, runtime)["libevent"].in_use is InUse.UNKNOWN
