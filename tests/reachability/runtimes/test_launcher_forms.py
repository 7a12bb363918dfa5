"""Ways of starting one server, in a small image: what ran under strace is never said to be unused.

`launchers.ran.txt` has the forms of `benchmarks/in_use/launcher_forms.py` in which strace saw the server run, as
`benchmarks/in_use/launcher_matrix.py` recorded them.
"""

from pathlib import Path

import pytest

from benchmarks.in_use.launcher_forms import PACKAGES, SERVERS, Form, forms
from gate.inventory.installed.inventory import read_installed
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from tests.reachability.runtimes.conftest import SmallTree, make_elf
from tests.reachability.runtimes.test_states import deb

pytestmark = pytest.mark.one_python

PROGRAMS = """
    env nice ionice chrt taskset numactl setsid setarch linux64 stdbuf nohup timeout prlimit setpriv unshare
    chroot flock script runuser su gosu tini dumb-init catatonit chpst softlimit setuidgid pgrphack fghack
    setlock envuidgid envdir s6-setuidgid s6-softlimit s6-setsid s6-envdir s6-applyuidgid s6-setlock busybox
    find xargs parallel make expect start-stop-daemon fakeroot eatmydata daemonize sh bash python3.13 perl
    ruby node php lua5.4 gawk tclsh execlineb s6-svscan s6-supervise runsvdir runsv svscan supervise run-parts
    cat true false echo bwrap chronic ifne entr just foreman supervisord watch jq envsubst sed grep cut dirname m4
"""
OF_EXECLINE = """
    foreground background if ifelse define importas multisubstitute export forx elglob trap pipeline case tryexec wait
    backtick redirfd fdmove elgetpositionals
"""
RAN = frozenset(Path(__file__).with_name("launchers.ran.txt").read_text().splitlines())
ALL = forms()
EACH = 3
"""One in so many of the nested forms is tried."""
_LIBC = {"needed": ["libc.so.6"], "calls": "execvp"}
_OWNERS = {
    "memcached": ("memcached", "/usr/bin/memcached"),
    "libevent-2": ("libevent", "/usr/lib/libevent-2.so"),
    "libsasl2-2": ("cyrus-sasl2", "/usr/lib/libsasl2.so.2"),
    "libyaml-0-2": ("libyaml", "/usr/lib/libyaml-0.so.2"),
    "python3-yaml": ("pyyaml", "/usr/lib/python3/dist-packages/yaml/__init__.py"),
    "python3-markupsafe": ("markupsafe", "/usr/lib/python3/dist-packages/markupsafe/__init__.py"),
    "idle": ("idle", "/usr/bin/idle"),
}
TREE: dict[str, str | bytes] = {
    "etc/os-release": 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n',
    "etc/hostname": "here\n",
    "etc/env/A": "b\n",
    "bin": "-> usr/bin",
    "lib64/ld-linux-x86-64.so.2": make_elf(),
    "usr/lib/libc.so.6": make_elf(),
    "usr/lib/libsasl2.so.2": make_elf(needed=["libc.so.6"]),
    "usr/lib/libevent-2.so": make_elf(needed=["libc.so.6"]),
    "usr/lib/libyaml-0.so.2": make_elf(needed=["libc.so.6"]),
    "!usr/bin/memcached": make_elf(needed=["libevent-2.so", "libsasl2.so.2", "libc.so.6"], calls="getpwnam"),
    "!usr/bin/idle": make_elf(needed=["libc.so.6"]),
    "usr/bin/python3": "-> python3.13",
    "usr/bin/awk": "-> gawk",
    "usr/lib/python3.13/os.py": "",
    "usr/lib/python3/dist-packages/yaml/__init__.py": "from . import cyaml\n",
    "usr/lib/python3/dist-packages/yaml/cyaml.py": "from yaml._yaml import CParser\n",
    "usr/lib/python3/dist-packages/yaml/_yaml.so": make_elf(needed=["libyaml-0.so.2"]),
    "usr/lib/python3/dist-packages/markupsafe/__init__.py": "",
    "!usr/local/bin/start": make_elf(**_LIBC),
    "!usr/local/bin/start-static": make_elf(),
    "!usr/local/bin/start-variable": make_elf(**_LIBC, strings=["SERVER_COMMAND"]),
    "!usr/local/bin/start-file": make_elf(**_LIBC, strings=["/etc/start.command"]),
    "!usr/local/bin/start-given": make_elf(**_LIBC),
    "var/lib/dpkg/status": "".join(deb(name, source) for name, (source, _) in _OWNERS.items()),
    **{f"var/lib/dpkg/info/{name}.list": f"{path}\n" for name, (_, path) in _OWNERS.items()},
    **{f"!usr/bin/{name}": make_elf(**_LIBC) for name in PROGRAMS.split()},
    **{f"!usr/lib/execline/bin/{name}": make_elf(**_LIBC) for name in OF_EXECLINE.split()},
}


def answers(form: Form) -> dict[str, InUse]:
    tree = SmallTree({**TREE, **{f"!{path}": content for path, content in form.files.items()}})
    packages = read_installed(tree).packages
    environment = [f"{name}={value}" for name, value in form.environment.items()]
    runtime = Runtime(entrypoint=list(form.words), env=environment, working_dir="/")
    found = analyse(tree, runtime, packages)
    return {package.name: found.states[key_of(package)].in_use for package in packages}


def chosen(server: str) -> list[Form]:
    own = [form for form in ALL if form.server == server and form.name in RAN]
    return [form for place, form in enumerate(own) if " > " not in form.name or place % EACH == 0]


@pytest.mark.parametrize("server", SERVERS)
def test_what_ran_is_never_said_to_be_unused_and_most_of_it_is_found(server):
    states = {form.name: answers(form) for form in chosen(server)}
    wrong = [name for name, state in states.items() if any(state[one] is InUse.NO for one in PACKAGES[server])]
    missed = [name for name, state in states.items() if state[PACKAGES[server][0]] is not InUse.YES]
    assert wrong == []
    assert len(missed) <= 0.2 * len(states), missed


def test_the_launchers_are_many():
    assert len(ALL) == len({form.name for form in ALL}) >= 300
    assert len(RAN & {form.name for form in ALL}) >= 300
