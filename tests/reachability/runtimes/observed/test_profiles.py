"""Profiles of what containers opened, and the recordings of other programs that become profiles."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.reachability.runtimes.observed.profiles import (
    ObservedProfiles,
    Profile,
    observed,
    read_profile,
    read_profiles,
    recording,
    steps,
    write_profile,
)
from gate.reachability.runtimes.observed.recordings import MAX_LINE, read_recording
from gate.reachability.runtimes.observed.strace import opened_files
from gate.reachability.runtimes.observed.watching import without_root
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

NOW = datetime(2026, 5, 2, tzinfo=UTC)
MONTH = timedelta(days=30)


def profile(*paths, image=None, days=0):
    made = recording(paths, how="strace", made_at=NOW - timedelta(days=days), image=image)
    return Profile(recordings=(made,))


def evidence(*profiles):
    joined = Profile(recordings=tuple(each for profile in profiles for each in profile.recordings))
    return ObservedProfiles(profile=joined, now=NOW, max_age=MONTH)


def test_the_facts_tell_what_counts_and_what_does_not():
    given = evidence(profile("/a"), profile("/a", days=31), profile("/b", image="other"))
    assert observed(given, []).facts == {"observed": "recordings: 1 counted, 1 too old, 1 of other images"}
    assert observed(evidence(), []).facts == {}


def test_profiles_that_cannot_be_read_are_told_beside_the_others():
    contents = {"good": write_profile(profile("/a")), "bad": b"{"}
    read, errors = read_profiles(["good", "bad"], contents.__getitem__)
    assert (read, [error.path for error in errors]) == (profile("/a"), ["bad"])


def test_a_profile_is_written_and_read():
    made = profile("/b", "/a", image="sha256:1")
    assert json.loads(write_profile(made)) == {
        "schema_version": "1.0",
        "recordings": [{"image": "sha256:1", "made_at": "2026-05-02T00:00:00Z", "how": "strace", "paths": ["a", "b"]}],
    }
    assert read_profile(write_profile(made), "p") == made


@pytest.mark.parametrize("path", ["/proc/1/maps", "/dev/null", "/sys/x", "pipe:[1]", "relative", "/", ""])
def test_what_is_no_file_of_an_image_is_left_out(path):
    assert profile(path, "/usr/bin/a (deleted)", "/usr//lib/../b").recordings[0].paths == ("usr/b", "usr/bin/a")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"recordings": [{}]}',
        b'{"schema_version": "2.0"}',
        b'{"recordings": [{"made_at": "today", "how": "x", "paths": []}]}',
        b'{"recordings": [{"made_at": "2026-05-02T00:00:00", "how": "x", "paths": []}]}',
    ],
)
def test_what_is_no_profile_is_refused(content):
    with pytest.raises(UnreadableError, match="p:"):
        read_profile(content, "p")


def test_profiles_of_several_runs_are_joined():
    one, two = profile("/a"), profile("/b")
    assert one.joined(two).joined(one) == Profile(recordings=(*one.recordings, *two.recordings))


@pytest.mark.parametrize(
    ("given", "paths", "counts"),
    [
        (profile("/a", image="sha256:1"), ["a"], (1, 0, 0)),
        (profile("/a", image="api:1"), ["a"], (1, 0, 0)),
        (profile("/a"), ["a"], (1, 0, 0)),
        (profile("/a", image="sha256:2"), [], (0, 0, 1)),
        (profile("/a", days=30), ["a"], (1, 0, 0)),
        (profile("/a", days=31), [], (0, 1, 0)),
    ],
)
def test_recordings_of_the_image_count_until_they_are_too_old(given, paths, counts):
    found = observed(evidence(given), ["sha256:1", "api:1"])
    assert (list(found.paths), (found.counted, found.too_old, found.of_others)) == (paths, counts)


def test_what_was_opened_is_certain_and_says_how_it_was_seen(make_files):
    seen = observed(evidence(profile("/opt/a.so", "/opt/__pycache__/m.cpython-311.opt-1.pyc")), [])
    files = make_files({"opt/a.so": "", "opt/m.py": "", "opt/__pycache__/m.cpython-311.opt-1.pyc": ""})
    found = explore(steps(seen), files)
    assert set(found.certain) == {"opt/a.so", "opt/m.py", "opt/__pycache__/m.cpython-311.opt-1.pyc"}
    assert found.chain("opt/m.py") == [Because("", "opened under test on 2026-05-02 (strace)")]


IMAGE = {
    "!usr/bin/node": "",
    "app/run.js": "require('a'); require(`./l/${x}`)",
    "app/l/x.js": "require('b')",
    **{f"app/node_modules/{name}/index.js": "" for name in "abc"},
}


@given(st.lists(st.sampled_from([f"/{path.lstrip('!')}" for path in IMAGE])))
def test_evidence_never_takes_a_file_away(paths):
    files = Files(SmallTree(IMAGE))
    start = StartedProgram(program="usr/bin/node", arguments=("run.js",), folder="/app", because=Because("", "starts"))
    before = explore([start], files)
    seen = observed(evidence(profile(*paths)), [])
    after = explore([start, *steps(seen)], files)
    assert set(after.certain) >= set(before.certain) | set(seen.paths)
    assert {*after.certain, *after.possible} >= {*before.certain, *before.possible}


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ('openat(AT_FDCWD, "/etc/a", O_RDONLY) = 3', ["/etc/a"]),
        ('[pid  7] open("/a", O_RDONLY|O_CLOEXEC) = 3', ["/a"]),
        ('7 execve("/bin/sh", ["sh"], 0x7ffe /* 3 vars */) = 0', ["/bin/sh"]),
        ('openat(AT_FDCWD</srv>, "a", O_RDONLY) = 3</srv/b>', ["/srv/b"]),
        ('openat(5</lib>, "a.so", O_RDONLY) = 3', ["/lib/a.so"]),
        ('12:00:01.5 openat(AT_FDCWD, "rel", O_RDONLY) = 3', ["/start/rel"]),
        ('open("/\\303\\244\\"", O_RDONLY) = 3', ['/ä"']),
        ('openat(AT_FDCWD, "/gone", O_RDONLY) = -1 ENOENT (No such file or directory)', []),
        ('openat(5, "a.so", O_RDONLY) = 3', []),
        ('stat("/a", {st_mode=S_IFREG}) = 0', []),
        ('open("/cut"..., O_RDONLY) = 3', []),
        ("+++ exited with 0 +++", []),
        ("--- SIGCHLD {si_signo=SIGCHLD} ---", []),
    ],
)
def test_a_line_of_strace_tells_a_file(line, files):
    assert list(opened_files([line], "/start")) == files


def test_calls_that_were_interrupted_and_folders_are_followed_over_processes():
    log = """\
1 chdir("/app") = 0
1 vfork( <unfinished ...>
2 chdir("lib") = 0
2 openat(AT_FDCWD, "a.so", O_RDONLY <unfinished ...>
1 openat(AT_FDCWD, "b", O_RDONLY) = 3
2 <... openat resumed>) = 3
1 fchdir(4</opt>) = 0
1 open("c", O_RDONLY) = 3"""
    assert list(opened_files(log.splitlines())) == ["/app/b", "/app/lib/a.so", "/opt/c"]


@pytest.mark.parametrize(
    ("log", "root", "files"),
    [
        ('1 chroot("/srv/root") = 0\n1 execve("/bin/sh", ["sh"]) = 0', "/", ["/srv/root/bin/sh"]),
        ('1 chroot("/srv/no") = -1 EPERM (Operation not permitted)\n1 execve("/bin/sh", ["sh"]) = 0', "/", ["/bin/sh"]),
        ('1 chdir("/srv") = 0\n1 chroot("root") = 0\n1 open("a", O_RDONLY) = 3', "/", ["/srv/root/a"]),
        ('1 chdir("/srv/root/b") = 0\n1 chroot("/srv/root") = 0\n1 open("a", O_RDONLY) = 3', "/", ["/srv/root/b/a"]),
        ('1 chroot("/srv") = 0\n1 chroot("/root") = 0\n1 chdir("/c") = 0\n1 open("a", 0) = 3', "/", ["/srv/root/c/a"]),
        ('1 chroot("/srv") = 0\n2 execve("/bin/sh", ["sh"]) = 0', "/", ["/srv/bin/sh"]),
        ('1 execve("/bin/sh", ["sh"]) = 0', "/srv/root", ["/srv/root/bin/sh"]),
        ('1 openat(AT_FDCWD</srv/root>, "/etc/a", O_RDONLY) = 3</srv/root/etc/a>', "/srv/root", ["/srv/root/etc/a"]),
        ('1 execveat(5</srv/root/bin>, "sh", ["sh"]) = 0', "/srv/root", ["/srv/root/bin/sh"]),
        ('1 fchdir(4</srv/root/c>) = 0\n1 open("a", O_RDONLY) = 3', "/srv/root", ["/srv/root/c/a"]),
    ],
)
def test_what_a_process_names_is_seen_from_its_root_and_what_strace_prints_is_not(log, root, files):
    assert list(opened_files(log.splitlines(), root=root)) == files


FALCO = {"rule": "r", "output_fields": {"fd.name": "/a", "proc.exepath": "/bin/b", "container.id": "1"}}
TRACEE = {"eventName": "openat", "returnValue": 3, "args": [{"name": "pathname", "value": "/a"}, {"name": "flags"}]}
GADGET = {"comm": "cat", "fname": "/a", "error_raw": 0}


@pytest.mark.parametrize(
    ("events", "how", "paths"),
    [
        ([FALCO], "falco", {"/a", "/bin/b"}),
        ([FALCO, {"output_fields": {"fd.name": "/host", "container.id": "host"}}], "falco", {"/a", "/bin/b"}),
        ([TRACEE], "tracee", {"/a"}),
        ([{"workload": {}, "name": "openat", "data": [{"name": "pathname", "str": "/a"}]}], "tracee", {"/a"}),
        ([TRACEE, TRACEE | {"returnValue": -2, "args": [{"name": "pathname", "value": "/no"}]}], "tracee", {"/a"}),
        ([GADGET, GADGET | {"fname": "/no", "error_raw": 2}], "inspektor-gadget", {"/a"}),
        ([{"proc": {"comm": "cat"}, "fname": "/a"}, {"unrelated": 1}], "inspektor-gadget", {"/a"}),
    ],
)
def test_recordings_of_other_programs_are_known_by_their_events(events, how, paths):
    read = read_recording([json.dumps(event) for event in events], "r")
    assert (read.how, read.paths) == (how, paths)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "is empty"),
        (["\n"], "is empty"),
        (["hello"], "names no opened file"),
        (["{}"], "holds no event"),
        (["{"], "line 1 is no JSON"),
        ([json.dumps(GADGET), "{broken"], "line 2 is no JSON"),
        ([json.dumps(GADGET), json.dumps(FALCO)], "mixes falco, inspektor-gadget"),
        (["x" * (MAX_LINE + 1)], "more than 1,048,576 characters in line 1"),
    ],
)
def test_what_is_no_recording_is_refused(lines, why):
    with pytest.raises(UnreadableError, match=why):
        read_recording(lines, "r")


CALLS = st.sampled_from(
    ['open("', "openat(", "<unfinished ...>", "<... open resumed>", '"', "= 3", "\\", "</", ">", ","]
)


@given(st.lists(st.lists(CALLS | st.text(max_size=5)).map("".join), max_size=6))
def test_any_lines_are_read(lines):
    assert all(path.startswith("/") for path in opened_files(lines))


def test_paths_are_seen_from_the_root_of_the_container():
    assert set(without_root(frozenset(("/srv/root/etc/a", "/etc/b", "/srv/rooted")), "/srv/root")) == {"/etc/a"}
    assert set(without_root(frozenset(("/a",)), "/")) == {"/a"}
