"""Files that a program looks for in folders which no string of it names whole."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.looked_for import looked_for
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
    found = states({**TREE, **OWN[start]}, Runtime(cmd=start.split(), env=["PATH=/usr/bin"], working_dir="/app"))
    assert found["libevent"].in_use is InUse.UNKNOWN
