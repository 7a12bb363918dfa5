"""From the start of a container to files: shebangs, links, gaps."""

import pytest

from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import explore, make_elf

START = Because("", "starts")


def reached(files, program, **parts):
    return explore([StartedProgram(program=program, because=START, **parts)], files)


def test_the_interpreter_of_a_script_is_reached_with_the_links_to_it(make_files):
    files = make_files(
        {"!app/run": "#!/bin/sh -e\n", "bin": "-> usr/bin", "usr/bin/sh": "-> dash", "!usr/bin/dash": ""}
    )
    assert reached(files, "/app/run").certain == {
        "app/run": START,
        "usr/bin/sh": Because("app/run", "is run by", 1),
        "usr/bin/dash": Because("app/run", "is run by", 1),
    }


@pytest.mark.parametrize(
    "line",
    ["#!/usr/bin/env perl", "#!/usr/bin/env -S perl -w", "#!/usr/bin/env -S A=1 perl", "#! /usr/bin/env perl -w"],
)
def test_env_looks_for_the_interpreter_on_the_path(make_files, line):
    files = make_files({"!app/run": line, "!usr/bin/env": "", "!opt/bin/perl": ""})
    found = reached(files, "/app/run", environment=(("PATH", "/nowhere:/opt/bin"),))
    assert set(found.certain) == {"app/run", "usr/bin/env", "opt/bin/perl"}


def test_a_missing_interpreter_is_a_gap(make_files):
    found = reached(make_files({"!app/run": "#!/bin/nothing\n"}), "app/run")
    assert [(gap.path, gap.reason) for gap in found.gaps] == [("app/run", "its interpreter is not in the image")]


def test_a_script_of_an_interpreter_that_is_not_there_is_no_gap_where_it_is_only_named(make_files):
    """As Python is given one with the first line of another image; the kernel runs none of these."""
    files = make_files({"!usr/bin/tool": make_elf(), "!app/run": "#!/bin/nothing\n"})
    found = reached(files, "usr/bin/tool", environment=(("TOOL", "/app/run"),))
    assert "app/run" in found.possible
    assert found.gaps == ()


def test_scripts_that_run_one_another_come_to_an_end(make_files):
    found = reached(make_files({"!a": "#!/b\n", "!b": "#!/a\n"}), "a")
    assert set(found.certain) == {"a", "b"}
    assert [gap.reason for gap in found.gaps] == ["more than 5,000 programs are started"]


def test_links_in_a_circle_lead_nowhere(make_files):
    assert reached(make_files({"a": "-> b", "b": "-> a"}), "a").certain == {}


def test_the_chain_leads_from_a_file_back_to_the_start(make_files):
    files = make_files({"!run": "#!/sh\n", "!sh": ""})
    assert reached(files, "run").chain("sh") == [Because("run", "is run by", 1), START]


def test_a_program_that_is_started_often_is_read_once_for_what_it_is(run, monkeypatch):
    own = make_elf(needed=["libc.so.6"], calls="puts") + bytes(2 << 20)
    lines = "".join(f"own {number}\nother {number}\n" for number in range(30))
    tree = {"!bin/sh": make_elf(), "!bin/own": own, "!bin/other": own, "lib/libc.so.6": make_elf()}
    monkeypatch.setattr("gate.reachability.runtimes.walk.files.MAX_BYTES", 30 * len(own))
    found = run({**tree, "!app/start": f"#!/bin/sh\n{lines}"}, "/app/start", PATH="/bin")
    assert "bin/other" in found.certain
    assert not found.gaps
