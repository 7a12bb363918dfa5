"""Strings in code of the image's own: whatever their form, a command in one is not taken for a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.reachability.runtimes.named.own_literals import literals
from gate.reachability.runtimes.walk.given import BETWEEN

LAUNCHERS = [
    "/usr/local/bin/start",
    "./start",
    "nice",
    "env",
    "A=b nice",
    "exec",
    "time",
    "sudo",
    "own",
    "$START",
    "ssh",
]
AROUND = st.lists(st.sampled_from(["-n", "5", "A=b", "shop", "--", "%d", "'for the shop'"]), max_size=3)
SPOKEN = ["the", "is", "for the shop", "# it is the cache"]


def words(code, path="srv/job.py"):
    found = literals(path, code, {"own"}.__contains__)
    return {word for together in found for text in together for word in BETWEEN.split(text)}


@pytest.mark.parametrize(
    "code",
    [
        "run(\"nice tidy -P 'for the shop'\")",
        "run('''\nset -e\necho the server is up\nexec tidy -a\n''')",
        "run(`echo the server is up\n tidy -a`)",
        "run('echo the server is up\\ntidy -a')",
        "run('nice \\\ntidy the')",
        "run <<~EOF\n  echo the server is up\n  tidy -a\nEOF\n",
        "<?php run(<<<'EOF'\ntidy -a the\nEOF);",
        "run(<<EOF);\ntidy -a the\nEOF\n",
        "start(qw(nice tidy));",
        "start(qw/nice tidy/);",
        "start(%w[nice tidy])",
        "start(q{nice tidy the})",
        "import sh\nsh.tidy('-a')",
        "from sh import tidy\ntidy('-a')",
        "from plumbum.cmd import tidy",
        "say('the cache is $(tidy)', 'it is at /bin/tidy', 'as the SERVER=tidy')",
    ],
)
def test_a_command_in_any_form_of_string_names_a_program(code):
    found = words(code)
    assert {"tidy", "/bin/tidy"} & found


def test_every_word_of_tcl_is_a_string():
    assert "tidy" in words("#!/usr/bin/tclsh\nputs [read [open {|tidy -a}]]\n# neat\n", "srv/job")
    assert "neat" not in words("# neat\nopen |tidy\n", "srv/job.tcl")


def test_a_string_of_lua_is_read_as_such():
    assert "tidy" in words("start [[\nsay the server is up\ntidy -a]]", "srv/job.lua")


@pytest.mark.parametrize(
    "code",
    [
        "fail('please start tidy and try it again')",
        '"""Tell that tidy is there."""\n',
        '#!/usr/bin/python3\n# the start\n\n"""Run tidy."""\n',
        'def start(a, b) -> None:\n    """Run tidy."""\n',
        "x.tidy('-a')",
    ],
)
def test_a_sentence_documentation_and_a_method_name_none(code):
    assert "tidy" not in words(code)


def test_a_string_of_three_quotes_in_an_expression_is_no_documentation():
    assert "tidy" in words('run(\n    """tidy -a"""\n)')
    assert "tidy" in words('commands = {\n    "a":\n    """tidy -a"""\n}')


@settings(max_examples=60)
@given(launcher=st.sampled_from(LAUNCHERS), before=AROUND, behind=st.sampled_from(SPOKEN))
def test_whatever_stands_around_a_program_behind_a_launcher_it_is_named(launcher, before, behind):
    text = " ".join([launcher, *before, "tidy", behind])
    assert "tidy" in words(f'start("{text}")')


@pytest.mark.parametrize(
    ("said", "is_named"),
    [
        ("the ${x} is old (run \\`npm ls shop\\` to find it), and can be left", False),
        ("sh -c 'echo \\`npm ls\\`'", True),
        ("use \\`npm ls\\` | tee", True),
    ],
)
def test_a_quotation_in_a_template_is_for_people_however_quotes_stand_before_it(said, is_named):
    """As in a bundle of styled-components, where a regular expression has a quote."""
    code = f'x = /["`]/; warn(`{said}`)'
    assert ("npm" in words(code, "app/dist/server.js")) is is_named


@pytest.mark.parametrize(
    "code",
    [
        "x = `nodes ${branch.map((node) => node.index).join(', ')} of it`",
        "x = y.match(/([\\w:-]+)\\s*=\\s*'([^']*)'/g)\nconst node = { type }; z = 'a'",
        "// it's\nconst node = 'a'",
    ],
)
def test_code_between_the_strings_of_javascript_is_no_command(code):
    assert "node" not in words(code, "app/dist/server.js")
    assert "node" in words(f"{code}; run('node', `${{x ? 'b' : 'c'}}`)", "app/dist/server.js")


def test_strings_in_a_template_of_javascript_stand_by_themselves():
    found = literals("a.js", "run(`nice ${x ? 'memcached -p' : \"none\"} -v`, '-u')", {"own"}.__contains__)
    assert [one for one in found if one] == [["nice ${_} -v"], ["memcached -p"], ["none"], ["-u"]]
