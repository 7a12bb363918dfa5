"""What ELF files are linked with, and what their strings and calls lead to."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore, make_elf


def test_interpreter_and_libraries_are_reached_through_their_links(run):
    found = run(
        {
            "!app/x": make_elf(interpreter="/lib64/ld.so", needed=["libz.so.1"]),
            "lib64/ld.so": make_elf(),
            "usr/lib/x86_64-linux-gnu/libz.so.1": "-> libz.so.1.3",
            "usr/lib/x86_64-linux-gnu/libz.so.1.3": make_elf(),
        },
        "/app/x",
    )
    assert found.certain["usr/lib/x86_64-linux-gnu/libz.so.1.3"] == Because("app/x", "is linked with")
    assert {"lib64/ld.so", "usr/lib/x86_64-linux-gnu/libz.so.1"} <= set(found.certain)


@pytest.mark.parametrize(
    ("runpath", "place", "further"),
    [
        ("$ORIGIN/../own", "own/liba.so", {}),
        ("/opt/lib:/srv", "srv/liba.so", {}),
        (
            "",
            "opt/special/liba.so",
            {"etc/ld.so.conf": "include ld.so.conf.d/*.conf", "etc/ld.so.conf.d/x.conf": "/opt/special"},
        ),
        ("", "usr/lib/liba.so", {}),
    ],
)
def test_libraries_are_looked_for_as_the_loader_does(run, runpath, place, further):
    found = run({"!bin/x": make_elf(needed=["liba.so"], runpath=runpath), place: make_elf(), **further}, "/bin/x")
    assert place in found.certain


@pytest.mark.parametrize(
    ("path", "interpreter", "is_gap"),
    [
        ("app/prebuilds/linux-arm/node.napi.node", "", False),
        ("app/lib/libshop.so.1", "", False),
        ("app/bin/shop", "", True),
        ("app/bin/shop.so", "/lib/ld-linux.so.3", True),
    ],
)
def test_a_library_for_another_processor_is_no_gap_as_no_program_loads_it(run, path, interpreter, is_gap):
    foreign = bytearray(make_elf(interpreter=interpreter))
    struct.pack_into("<H", foreign, 18, 40)
    own = {"!usr/bin/own": make_elf(strings=[f"/{path}"]), path: bytes(foreign)}
    explored = run(own, "/usr/bin/own")
    assert path in {*explored.certain, *explored.possible}
    assert bool(explored.gaps) is is_gap


@pytest.mark.parametrize(("machine", "is_read"), [(3, True), (62, True), (183, True), (40, False), (243, False)])
def test_a_program_for_a_processor_whose_code_is_not_read_is_a_gap_for_everything(run, machine, is_read):
    program = bytearray(make_elf(needed=["liba.so"]))
    struct.pack_into("<H", program, 18, machine)
    found = run({"!bin/x": bytes(program), "lib/liba.so": make_elf()}, "/bin/x")
    assert [gap.kind for gap in found.gaps] == ([] if is_read else [EVERYTHING])


def test_a_library_that_is_nowhere_in_the_image_is_no_gap(run):
    """What the image does not have belongs to none of its packages."""
    assert run({"!bin/x": make_elf(needed=["liba.so"])}, "/bin/x").gaps == ()


def test_a_library_where_the_loader_does_not_look_by_itself_may_be_used_and_nothing_else(run):
    tree = {"!bin/x": make_elf(needed=["liba.so"]), "opt/liba.so": make_elf(needed=["libb.so"]), "opt/libb.so": ""}
    found = run(tree, "/bin/x")
    assert found.possible.keys() == {"opt/liba.so", "opt/libb.so"}
    assert found.gaps == ()


def test_paths_in_strings_are_opened_but_programs_only_perhaps(run):
    tree = {
        "!bin/x": make_elf(strings=["/etc/x.conf", "/usr/bin/helper", "libplug.so.1", "see /etc/other"]),
        "etc/x.conf": "",
        "etc/other": "",
        "!usr/bin/helper": "",
        "usr/lib/libplug.so.1": make_elf(),
    }
    found = run(tree, "/bin/x")
    assert set(found.certain) == {"bin/x", "etc/x.conf"}
    assert set(found.possible) == {"etc/other", "usr/bin/helper", "usr/lib/libplug.so.1"}


@pytest.mark.parametrize(
    ("function", "file"),
    [
        ("localtime_r", "etc/localtime"),
        ("setlocale", "usr/lib/locale/C.utf8/LC_CTYPE"),
        ("getaddrinfo", "usr/lib/libnss_mdns.so.2"),
        ("getpwnam", "etc/passwd"),
    ],
)
def test_calls_of_the_c_library_lead_to_its_files(run, function, file):
    tree = {"!bin/x": make_elf(calls=function), "etc/nsswitch.conf": "hosts: files mdns # comment\n", file: ""}
    assert file in run(tree, "/bin/x").certain


@pytest.mark.parametrize("content", [b"\x7fELF\2\1\1" + bytes(57), b"\x7fELF\2\1\1" + bytes(57) + b"UPX!"])
def test_a_program_whose_needs_cannot_be_told_is_a_gap(run, content):
    assert [gap.kind for gap in run({"!bin/x": content}, "/bin/x").gaps] == ["everything"]


@example(bytes(13) + b"\4" + bytes(23) + b"D" + bytes(10) + b"<", 334)
@given(st.binary(max_size=60), st.integers(0, 900))
def test_any_damage_is_read_or_is_a_gap(damage, place):
    whole = make_elf(interpreter="/lib/ld.so", needed=["liba.so"], strings=["/etc/x"], calls="getpwnam")
    content = whole[:4] + (whole[4:place] + damage + whole[place + len(damage) :])
    files = Files(SmallTree({"!bin/x": content, "lib/ld.so": make_elf(), "usr/lib/liba.so": make_elf()}))
    assert "bin/x" in explore([StartedProgram(program="bin/x", because=Because("", "starts"))], files).certain


def test_what_lies_in_a_folder_that_a_string_names_may_be_opened(run):
    tree = {
        "!usr/bin/server": make_elf(strings=["/usr/lib/server/plugins", "/usr/bin", "/etc", "/etc/bash_completion.d"]),
        "usr/lib/server/plugins/python.so": make_elf(),
        "!usr/bin/other": "",
        "etc/other": "",
        "etc/bash_completion.d/git-prompt": "",
    }
    found = run(tree, "server")
    assert set(found.possible) == {"usr/lib/server/plugins/python.so"}, "folders that many share tell nothing"


def test_the_time_zone_of_the_environment_is_read(run):
    tree = {"!usr/bin/server": make_elf(), "usr/share/zoneinfo/Europe/Berlin": ""}
    assert "usr/share/zoneinfo/Europe/Berlin" in run(tree, "server", TZ="Europe/Berlin").certain


@pytest.mark.parametrize(
    ("files", "variables"),
    [
        ({}, {"LD_PRELOAD": "libfast.so.2"}),
        ({}, {"LD_PRELOAD": "/lib/none.so:/usr/lib/libfast.so.2"}),
        ({}, {"LD_AUDIT": "libfast.so.2"}),
        ({"etc/ld.so.preload": "/usr/lib/libfast.so.2\n"}, {}),
    ],
)
def test_a_library_that_the_loader_loads_first_is_in_use(run, files, variables):
    """As Rails' images do with jemalloc."""
    program = make_elf(interpreter="/lib/ld.so")
    found = run({"!usr/bin/server": program, "usr/lib/libfast.so.2": make_elf(), **files}, "server", **variables)
    assert "usr/lib/libfast.so.2" in found.certain


def test_a_library_in_a_folder_that_a_variable_puts_first_may_be_used(run):
    tree = {
        "!bin/x": make_elf(interpreter="/lib64/ld.so", needed=["liba.so"]),
        "lib64/ld.so": make_elf(),
        "usr/lib/liba.so": make_elf(),
        "opt/fast/liba.so": make_elf(needed=["libfast.so"]),
        "usr/lib/libfast.so": make_elf(),
    }
    found = run(tree, "/bin/x", LD_LIBRARY_PATH="/none:/opt/fast")
    assert {"opt/fast/liba.so", "usr/lib/libfast.so"} <= found.possible.keys()
    assert "opt/fast/liba.so" not in run(tree, "/bin/x").possible
    assert run(tree, "/bin/x", LD_LIBRARY_PATH="/opt/\0").gaps[0].kind == "system"


@pytest.mark.parametrize(("calls", "is_found"), [("execve", True), ("", False)])
def test_a_program_whose_name_a_format_makes_may_be_started(run, calls, is_found):
    program = make_elf(needed=["libc.so.6"], strings=["/sbin/mount.%s"], calls=calls)
    found = run({"!bin/x": program, "!usr/sbin/mount.nfs": make_elf(), "!usr/sbin/umount": make_elf()}, "/bin/x")
    assert ("usr/sbin/mount.nfs" in found.possible) == is_found
    assert "usr/sbin/umount" not in found.possible


def test_a_library_for_newer_processors_may_take_its_place(run):
    tree = {"!bin/x": make_elf(needed=["liba.so"]), "usr/lib/liba.so": make_elf()}
    fast = "usr/lib/glibc-hwcaps/x86-64-v3/liba.so"
    found = run(tree | {fast: make_elf(needed=["libb.so"]), "usr/lib/libb.so": make_elf()}, "/bin/x")
    assert found.possible.keys() == {fast, "usr/lib/libb.so"}


def test_a_library_whose_name_a_format_makes_may_be_used(run):
    tree = {
        "!bin/x": make_elf(strings=["libguac-client-%s.so", "lib%s.so"]),
        "usr/lib/libguac-client-ssh.so": make_elf(),
        "usr/lib/libguac.so": make_elf(),
    }
    assert run(tree, "/bin/x").possible.keys() == {"usr/lib/libguac-client-ssh.so"}


def test_a_library_to_load_first_that_only_a_run_knows_is_a_gap(run):
    tree = {
        "!usr/bin/server": make_elf(interpreter="/lib/ld.so"),
        "!usr/bin/sh": make_elf(),
        "!srv/start": "#!/usr/bin/sh\nexport LD_PRELOAD=/usr/lib/$(curl x).so\nexec server\n",
    }
    found = run(tree, "/srv/start", PATH="/usr/bin")
    assert "system" in {gap.kind for gap in found.gaps}
