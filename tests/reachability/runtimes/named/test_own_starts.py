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
