"""Where the name of a program stands in code, settings and compiled files."""

import pytest

from gate.reachability.runtimes.strings.command_names import (
    behind_operators,
    in_code,
    in_javascript,
    in_program,
    in_settings,
)
from tests.reachability.runtimes.conftest import make_elf


@pytest.mark.parametrize(
    ("source", "is_named"),
    [
        ("run(['tidy', path])", True),
        ('run("/usr/bin/tidy")', True),
        ("system('tidy -q %s' % path)", True),
        ("system('cd {} && tidy {}')", True),
        ("system('env LANG=C tidy x')", True),
        ("system('which tidy')", True),
        ("system('nice tidy -P the')", True),
        ("system('/opt/start tidy -P the')", True),
        ("system('A=b tidy -P the')", True),
        ("TOOLS = 'clean tidy'", True),
        ('x = """\n  tidy all of it\n"""', True),
        ("x = tidy(y)", False),
        ("x.tidy = 1", False),
        ("raise Error('time is short to tidy the house')", False),
        ("raise Error('cannot keep it tidy here')", False),
        ('"""Keep the rows tidy."""', False),
    ],
)
def test_a_name_in_code(source, is_named):
    assert (b"tidy" in in_code(source.encode())) is is_named
    assert (b"tidy" in in_javascript([b"tidy"], source.encode())) is is_named


def test_a_sentence_behind_an_operator_names_nothing_but_its_first_word():
    assert behind_operators(b"log('done; please keep it tidy')") == {b"please"}


def test_a_comment_of_javascript_names_nothing():
    assert b"tidy" not in in_javascript([b"tidy"], b"// x = 'tidy'\n/* 'tidy' */\nf() /* istanbul ignore next */")
    assert b"tidy" in in_javascript([b"tidy"], b"x = 'tidy' // all")


@pytest.mark.parametrize(
    ("source", "is_named"),
    [
        ("""exec("/sbin/ip route | tidy '/default/ { print $3 }'", done)""", True),
        ("""exec("cat 'a b' | tidy -F: '{ print }'")""", True),
        ("""exec('test -d "x" && tidy x')""", True),
        ("""exec(list + " | xargs tidy")""", True),
        ('exec("ls \\"x\\"; tidy \\"x\\"")', True),
        ("exec(`cat 'x'\n  tidy 'x'`)", True),
        ("""x = "it's" || tidy || 'is'""", False),
    ],
)
def test_a_command_behind_another_one_in_a_string_of_javascript(source, is_named):
    assert (b"tidy" in in_javascript([b"tidy"], source.encode())) is is_named
    assert (b"tidy" in behind_operators(source.encode())) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("tool: tidy\n", True),
        ("- tidy -q\n", True),
        ("tool = /usr/bin/tidy\n", True),
        ('{"run": "tidy -q"}', True),
        ("about: all that is tidy\n", False),
    ],
)
def test_a_name_in_settings(text, is_named):
    assert (b"tidy" in in_settings(text.encode())) is is_named


@pytest.mark.parametrize(
    ("text", "alone", "by_one_that_starts"),
    [
        ("tidy", True, True),
        ("tidy -q %s", False, True),
        ("cat %s | tidy", False, True),
        ("it is not tidy", False, False),
        ("tidyup", False, False),
    ],
)
def test_a_name_in_a_compiled_file(text, alone, by_one_that_starts):
    program = make_elf(strings=[text])
    assert bool(in_program("x", program, [b"tidy"], starts=False)) is alone
    assert bool(in_program("x", program, [b"tidy"], starts=True)) is by_one_that_starts
