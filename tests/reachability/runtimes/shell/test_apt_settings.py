"""What scripts evaluate of apt's settings: `gate/reachability/runtimes/shell/apt_settings.py`."""

import pytest

from gate.reachability.runtimes.shell.apt_settings import read_settings

TREE = {"!bin/sh": "", "!usr/bin/one": "", "!usr/bin/two": "", "!usr/bin/apt-config": "", "!opt/hook": ""}
SETTINGS = {"etc/apt/apt.conf.d/20own": 'APT::Periodic { Verbose "2"; Hook "/opt/hook"; Bad "a\'; two; b=\'"; };\n'}
EVALUATES = "eval $(apt-config shell X"


def started(found):
    return set(found.certain) | set(found.possible)


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        (f"X=1; {EVALUATES} APT::Periodic::None); if [ $X -eq 1 ]; then one; else two; fi", {"one", "two"}),
        (f"X=one; {EVALUATES} APT::Periodic::None); $X", {"one"}),
        ('eval "$(apt-config shell X APT::Periodic::Hook)"; $X', {"hook"}),
        (f"{EVALUATES} Any::Key Y Other/d); one", {"one"}),
        (f"{EVALUATES} Dir::Cache/d); [ $X = /var/cache/apt/ ] && one", {"one"}),
    ],
)
def test_settings_of_apt_are_values_and_run_nothing(run, script, programs):
    found = run({**TREE, **SETTINGS, "!app/start": f"#!/bin/sh\n{script}\n"}, "/app/start")
    assert {name for name in ("one", "two", "hook") if any(path.endswith(name) for path in started(found))} == programs
    assert not found.gaps


@pytest.mark.parametrize(
    "script",
    [
        f"{EVALUATES} APT::Periodic::None); $X",
        f"X=one; {EVALUATES} Any::Key); $X",
        f"X=one; {EVALUATES} APT::Periodic::Bad); $X",
        f"X=one; {EVALUATES} APT::Periodic::Hook/i); $X",
        f"echo >> /etc/apt/apt.conf.d/99x; {EVALUATES} APT::Periodic::Hook); $X",
        f"APT_CONFIG=/x; {EVALUATES} APT::Periodic::Hook); $X",
        "eval $(apt-config shell PATH Any::Key); one",
        "eval $(apt-config shell X)",
        "eval $(apt-config shell $X Any::Key)",
        "eval $(apt-config dump)",
        'eval "$(apt-config shell X Any::Key)$(one)"',
        'eval "one $(apt-config shell X Any::Key)"',
        "x=$(apt-config shell X APT::Periodic::None); $x",
    ],
)
def test_what_a_setting_is_used_for_else_is_a_gap(run, script):
    found = run({**TREE, **SETTINGS, "!app/start": f"#!/bin/sh\n{script}\n"}, "/app/start")
    assert [gap.kind for gap in found.gaps] == ["everything"]


def test_settings_that_were_not_read_are_unknown(run):
    tree = {**TREE, **SETTINGS, "etc/apt/apt.conf": '#include "/etc/other";\n'}
    assert run({**tree, "!app/start": f"#!/bin/sh\n{EVALUATES} APT::Periodic::Hook); $X\n"}, "/app/start").gaps


def test_names_are_those_of_all_blocks_around_them():
    text = '// no\nA { B { C "1"; }; D 2; # no\n"x"; };\n/* E "3"; */ F::G "4";'
    found = read_settings(text)
    assert found is not None
    assert {name: found.get(name) for name in ("a::b::c", "a::d", "e", "f::g")} == {
        "a::b::c": "1",
        "a::d": "2",
        "e": None,
        "f::g": "4",
    }
    assert read_settings("#clear A;") is None
