"""What programs and libraries start of their own, where that is known by their manuals."""

import pytest

from gate.model import InUse
from gate.reachability.runtimes.named.own_starts import own_starts
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.named.test_starters import LIBRARY, OWNERS, state_of

AT = "usr/lib/x86_64-linux-gnu/"


def tidied(file, word, *trees, own=False, named="tidy", **options):
    """Return whether a package with a program `word` is in use beside a file that starts programs and has the word."""
    owners = OWNERS | {"tidy": [f"usr/bin/{named}"]} | ({} if own else {"it": [file]})
    tree = {f"!{file}": make_elf(calls="execvp popen", strings=[word]), f"!usr/bin/{named}": make_elf()}
    return state_of("tidy", tree, *trees, owners=owners, **options).in_use


@pytest.mark.parametrize(
    ("path", "word", "in_use"),
    [
        ("usr/bin/watch", "tidy", InUse.NO),
        ("usr/bin/watch", "dash", InUse.UNKNOWN),
        ("usr/bin/xargs", "echo", InUse.UNKNOWN),
        ("usr/sbin/dnsmasq", "host", InUse.NO),
        ("opt/shop/bin/watch", "tidy", InUse.UNKNOWN),
        ("usr/bin/watches", "tidy", InUse.UNKNOWN),
        ("usr/bin/dmesg", "display", InUse.NO),
        ("usr/bin/dmesg", "sensible-pager", InUse.UNKNOWN),
        ("usr/bin/gprofng-archive", "compare", InUse.NO),
        ("usr/bin/git", "display", InUse.NO),
        ("usr/bin/git", "gpg", InUse.UNKNOWN),
        ("usr/bin/git-lfs", "tidy", InUse.UNKNOWN),
        ("usr/bin/gpg", "display", InUse.UNKNOWN),
        ("usr/bin/gpg-agent", "display", InUse.NO),
        ("usr/bin/x86_64-linux-gnu-gcc-14", "compare", InUse.NO),
        ("usr/lib/openssh/sshd-session", "tidy", InUse.UNKNOWN),
        ("usr/local/bin/dnsmasq", "tidy", InUse.UNKNOWN),
    ],
)
def test_a_program_of_a_package_names_what_it_starts_by_its_manual(path, word, in_use):
    """In `watch`, `display` is a word of a message, and was taken for ImageMagick's."""
    assert tidied(path, word, named=word, command=f"/{path} /srv") is in_use


def test_an_own_program_of_the_same_name_may_start_whatever_it_names():
    assert tidied("usr/bin/watch", "tidy", own=True, command="watch /srv") is InUse.UNKNOWN


def test_what_such_a_program_is_given_is_started():
    assert tidied("usr/sbin/dnsmasq", "other", command="/usr/sbin/dnsmasq --dhcp-script=tidy") is InUse.YES


def test_what_texts_name_counts_beside_such_a_program():
    setting = {"etc/dnsmasq.d/own.conf": "dhcp-script=tidy\n"}
    start = {"!app/start": "#!/bin/sh\nexec dnsmasq --conf-dir=/etc/dnsmasq.d\n", "!bin/sh": make_elf(soname="sh")}
    assert tidied("usr/sbin/dnsmasq", "other", start, setting, command="/app/start", path="/usr/sbin") is InUse.UNKNOWN


@pytest.mark.parametrize(
    ("library", "word", "in_use"),
    [
        ("libp11-kit.so.0", "truncate", InUse.NO),
        ("libdbus-1.so.3", "watch", InUse.NO),
        ("libdbus-1.so.3", "dbus-launch", InUse.UNKNOWN),
        ("libother.so.1", "watch", InUse.UNKNOWN),
        ("libgio-2.0.so.0", "gsettings", InUse.NO),
        ("libgio-2.0.so.0", "gnome-terminal", InUse.UNKNOWN),
        ("libMagickCore-7.Q16.so.10", "compare", InUse.UNKNOWN),
        ("libMagickCore-7.Q16.so.10", "file", InUse.NO),
    ],
)
def test_a_library_names_what_it_starts_by_its_manual(library, word, in_use):
    run = {"!usr/bin/run": make_elf(needed=[AT + library])}
    assert tidied(AT + library, word, run, named=word, command="run /srv") is in_use


def test_what_such_a_library_is_linked_with_hands_it_no_name_and_what_calls_another_one_does():
    few = {LIBRARY: make_elf(soname="libfew.so.1", strings=["tidy"])}
    for library, in_use in (("libp11-kit.so.0", InUse.NO), ("libother.so.1", InUse.UNKNOWN)):
        path = AT + library
        run = {"!usr/bin/run": make_elf(needed=[library]), path: make_elf(calls="execvp", needed=["libfew.so.1"])}
        owners = OWNERS | {"it": [path]}
        assert state_of("tidy", run, few, command="run /srv", owners=owners).in_use is in_use, library


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("bin/su", ["sh", "bash", "dash", "zsh"]),
        ("usr/lib64/libdbus-1.so.3.38.3", ["dbus-launch"]),
        ("usr/lib/git-core/git-remote-http", ["git", "git-remote-https", "ssh", "ssh-keygen", "sh", "editor", "pager"]),
        ("usr/bin/g++-14", ["as", "ld", "x86_64-linux-gnu-ld.gold", "objcopy", "aarch64-linux-gnu-as"]),
        ("usr/bin/make", ["cc", "g++", "ar", "rm", "x86_64-linux-gnu-gcc-14"]),
        ("usr/bin/tar", ["gzip", "gunzip", "bzip2", "xz", "unxz", "zstd", "compress", "rmt", "ssh", "rsh"]),
        ("usr/lib/x86_64-linux-gnu/security/pam_unix.so", ["unix_chkpwd", "unix_update"]),
    ],
)
def test_each_name_counts_as_a_whole(path, names):
    known = own_starts(path)
    assert known is not None
    assert [name for name in names if not known.fullmatch(name.encode())] == []
    assert known.fullmatch(b"display-other") is None
    assert known.fullmatch(b"sq") is None


def test_an_address_of_dbus_that_is_a_command_starts_it():
    """The bus' library, not the program, takes `execvp` then."""
    for address, in_use in (("unixexec:path=tidy,argv1=-q", InUse.UNKNOWN), ("unix:path=tidy,argv1=-q", InUse.NO)):
        run = {"!usr/bin/run": make_elf(needed=["libdbus-1.so.3"], strings=[address])}
        assert tidied(AT + "libdbus-1.so.3", "other", run, command="run /srv") is in_use, address


@pytest.mark.parametrize(
    ("library", "function", "called_by_name"),
    [
        ("libglib-2.0.so.0", "g_spawn_async", True),
        ("libgio-2.0.so.0", "g_subprocess_new", True),
        ("libgio-2.0.so.0", "g_app_info_launch", False),
        ("libgio-2.0.so.0", "g_desktop_app_info_launch_uris_as_manager", False),
        ("libassuan.so.9", "assuan_pipe_connect", True),
        ("libgpg-error.so.0", "gpgrt_process_spawn", False),
        ("libapr-1.so.0", "apr_proc_create", True),
        ("libsvn_subr-1.so.1", "svn_io_start_cmd3", False),
        ("libselinux.so.1", "rpm_execcon", True),
    ],
)
def test_what_hands_such_a_library_a_program_to_start_names_it(library, function, called_by_name):
    """By a call, or by a name that it looks up."""
    calls = [make_elf(needed=[library], calls=function, strings=["tidy"])]
    if called_by_name:
        calls.append(make_elf(needed=[library], calls="dlsym", strings=["tidy", function]))
    for run in calls:
        assert tidied(AT + library, "other", {"!usr/bin/run": run}, command="run /srv") is InUse.UNKNOWN
    quiet = {"!usr/bin/run": make_elf(needed=[library], calls="dlsym", strings=["tidy"])}
    assert tidied(AT + library, "other", quiet, command="run /srv") is InUse.NO
