"""Programs of which it is not known what they do with their words: `gate/reachability/runtimes/walk/given.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

SERVER = {"!bin/server": make_elf(needed=["libs.so.1"]), "lib/libs.so.1": make_elf(), "!bin/sh": "", "!bin/python3": ""}
STARTING = {"!bin/own": make_elf(needed=["libc.so.6"], calls="execvp"), "lib/libc.so.6": make_elf()}
LOADING = {"!bin/own": make_elf(needed=["libc.so.6"], calls="dlopen"), "lib/libc.so.6": make_elf()}
QUIET = {"!bin/own": make_elf(needed=["libc.so.6"], calls="puts"), "lib/libc.so.6": make_elf()}


@pytest.mark.parametrize("command", ["own server", "own -x 5 -- server --port 1", "own own -v server"])
def test_the_command_of_a_program_that_starts_programs_is_in_use(run, command):
    assert "lib/libs.so.1" in run(SERVER | STARTING, command, PATH="/bin").certain


@pytest.mark.parametrize(
    "command",
    [
        "own server",
        "own --exec=server",
        "own -f/bin/server",
        "own @/bin/server",
        "own 'sleep 1; server --now'",
        "own '[\"server\", 1]'",
        "own /etc/start.sh",
        "own --script=/etc/start.sh",
        "own /etc/jobs",
        "own A=server",
    ],
)
def test_what_a_program_is_given_is_possible_and_the_rest_is_a_gap(run, command):
    tree = SERVER | LOADING | {"etc/start.sh": "server\n", "etc/jobs/a.sh": "#!/bin/sh\nserver\n"}
    found = run(tree, command, PATH="/bin")
    assert "lib/libs.so.1" in found.possible
    assert "bin/own is given" in " ".join(gap.message for gap in found.gaps)


@pytest.mark.parametrize(
    ("settings", "has_gap"),
    [("etc/own.cfg", False), ("!etc/own.cfg", True)],
)
def test_settings_that_begin_like_a_script_are_none_unless_they_can_be_executed(run, settings, has_gap):
    found = run(SERVER | STARTING | {settings: "#!OWN\nexec(server)\n"}, "own -f /etc/own.cfg", PATH="/bin")
    assert bool(found.gaps) is has_gap


@pytest.mark.parametrize(
    ("calls", "of_library", "has_gap"),
    [("puts", "puts", False), ("puts", "execvp", True), ("puts", "dlopen", True), ("syscall", "puts", True)],
)
def test_what_can_start_nothing_leaves_no_gap_by_the_programs_that_it_is_given(run, calls, of_library, has_gap):
    own = {"!bin/own": make_elf(needed=["libown.so"], calls=calls), "lib/libc.so.6": make_elf()}
    tree = SERVER | own | {"lib/libown.so": make_elf(needed=["libc.so.6"], calls=of_library)}
    found = run(tree, "own server", PATH="/bin")
    assert "lib/libs.so.1" in found.possible
    assert bool(found.gaps) is has_gap


@pytest.mark.parametrize(
    "variables", [{"COMMAND": "server --now"}, {"HOOK": "/bin/server"}, {"RUN": "sleep 1 && server"}]
)
def test_what_its_variables_name_is_possible(run, variables):
    assert "lib/libs.so.1" in run(SERVER | QUIET, "own", PATH="/bin", **variables).possible


@pytest.mark.parametrize(
    "command",
    ["own --user=server", "own --port 80 /etc/own.conf", "own -g 'daemon off;'", "own start", "cat server", "own"],
)
def test_words_that_name_no_program_leave_no_gap(run, command):
    tree = SERVER | STARTING | {"etc/own.conf": "port 1\n", "!bin/cat": make_elf()}
    assert not run(tree, command, PATH="/bin").gaps


@pytest.mark.parametrize("name", ["chattr", "lsattr", "getfacl", "setfacl"])
def test_what_changes_attributes_of_files_starts_none_of_them(run, name):
    tree = SERVER | STARTING | {f"!bin/{name}": make_elf(needed=["libc.so.6"], calls="execvp")}
    assert "lib/libs.so.1" not in run(tree, f"{name} -R server", PATH="/bin").certain


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/etc/*.conf", {"etc/ucf.conf"}),
        ("/etc/*/*.conf", {"etc/own/a.conf"}),
        ("/etc/**/*.conf", {"etc/ucf.conf", "etc/own/a.conf"}),
        ("/etc/own/**", {"etc/own/a.conf", "etc/own/b/c.txt"}),
        ("/**", set()),
        ("etc/*.conf", set()),
    ],
)
def test_files_that_a_pattern_stands_for_may_be_read(run, pattern, found):
    files = {"etc/ucf.conf": "", "etc/own/a.conf": "", "etc/own/b/c.txt": "x"}
    read = run(SERVER | QUIET | files, f"own --backup '{pattern}'", PATH="/bin").possible
    assert {path for path in read if path in files} == found


@pytest.mark.parametrize(
    ("text", "has_gap"),
    [
        ("own up && server --now", False),
        ("own up || server", False),
        ("own up server", True),
        ("own up&&server", False),
    ],
)
def test_what_stands_behind_an_operator_in_a_text_is_given_to_no_program_in_front_of_it(run, text, has_gap):
    """A shell's text behind a wrapper, `tini -- sh -c "…"`, is followed, and looked at as words too."""
    tree = SERVER | STARTING | {"!bin/tini": make_elf(needed=["libc.so.6"], calls="execvp"), "!bin/sh": make_elf()}
    found = run(tree, f"tini -- sh -c '{text}'", PATH="/bin")
    assert "lib/libs.so.1" in found.certain
    assert bool(found.gaps) is has_gap


def test_a_word_that_is_not_known_is_a_gap_for_what_starts_programs(run):
    script = {"!app/start": "#!/bin/sh\nread tool\nown $tool\n"}
    assert run(SERVER | STARTING | script, "/app/start", PATH="/bin").gaps
    assert not run(SERVER | QUIET | script, "/app/start", PATH="/bin").gaps


@pytest.mark.parametrize(
    ("line", "has_gap"), [("own $MORE", False), ('exec "$@" $MORE', False), ("env $MORE own", True)]
)
def test_options_that_a_user_may_add_to_a_program_are_none_of_the_image(run, line, has_gap):
    script = {"!app/start": f"#!/bin/sh\n{line}\n", "!bin/env": ""}
    assert bool(run(SERVER | STARTING | script, "/app/start own", PATH="/bin").gaps) is has_gap


@pytest.mark.parametrize("script", ["own | sh", "sh <<E\n$(own)\nE", "own | python3 -", "bash -s < x"])
def test_a_script_from_the_standard_input_is_a_gap(run, script):
    tree = SERVER | QUIET | {"!app/start": f"#!/bin/sh\n{script}\n", "!bin/bash": ""}
    assert run(tree, "/app/start", PATH="/bin").gaps


def test_a_text_without_a_first_line_is_run_by_the_shell(run):
    found = run(SERVER | {"!app/start": "server --now\n"}, "/app/start", PATH="/bin")
    assert "lib/libs.so.1" in found.certain


TAR = {"!bin/tar": make_elf(needed=["libc.so.6"], calls="execvp"), "lib/libc.so.6": make_elf()}


@pytest.mark.parametrize(
    "command",
    [
        "tar -Iserver -cf x.tar /etc",
        "tar cIf server x.tar /etc",
        "tar -cF server -f x.tar /etc",
        "tar --use=server -cf x.tar /etc",
        "tar --checkpoint=1 --checkpoint-action=exec=server -cf x.tar /etc",
    ],
)
def test_a_packer_starts_what_its_options_name_however_they_are_written(run, command):
    for words, variables, is_started in (
        (command, {}, True),
        ("tar -cf x.tar /etc", {"TAR_OPTIONS": "-I server"}, True),
        ("tar -cf server.tar server", {}, False),
    ):
        found = run(SERVER | TAR, words, PATH="/bin", **variables)
        assert ("lib/libs.so.1" in {*found.certain, *found.possible}) is is_started, words


@pytest.mark.parametrize(
    ("script", "is_gap"),
    [
        ("s/x/server/e", True),
        ("s|x|server|ge", True),
        ("1e server", True),
        ("-es/x/server/e", True),
        ("s/server/the/g", False),
        ("-e s/a/b/", False),
        ("/server/d", False),
        ("-ne p", False),
    ],
)
def test_a_script_of_sed_that_may_start_programs_is_a_gap(run, script, is_gap):
    tree = SERVER | {"!bin/sed": make_elf(needed=["libc.so.6"], calls="popen"), "lib/libc.so.6": make_elf()}
    assert bool(run(tree, f"sed {script} x", PATH="/bin").gaps) is is_gap
