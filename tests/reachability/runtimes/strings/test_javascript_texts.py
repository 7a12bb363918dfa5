"""Strings of JavaScript, whatever quotes stand in comments, regular expressions and templates."""

import pytest

from gate.reachability.runtimes.strings.javascript_texts import texts_of


def values(source):
    found = texts_of(source)
    return None if found is None else [one.value for one in found]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("""a("x", 'y', `z`)""", ["x", "y", "z"]),
        (r"""a("x\"y", 'it\'s')""", [r"x\"y", r"it\'s"]),
        ("// it's\n/* \"a */ b('x')", ["x"]),
        ("""x = /['"`]/g; y = "a" """, ["a"]),
        ("""x = y.match(/([\\w:-]+)\\s*=\\s*'([^']*)'/g); run("a")""", ["a"]),
        ("""x = a / b / c; y = "d" """, ["d"]),
        ("""x = (a + b) / "2".length / '3'.length""", ["2", "3"]),
        ("""if (x) /'/.test(y); z("a")""", ["a"]),
        ("""function f() { } /'/.test(y); z("a")""", ["a"]),
        ("""x = { a: 1 } / 2; y = "/'" """, ["/'"]),
        ("""return /"/.test(x) ? "a" : 'b'""", ["a", "b"]),
        ("""x = i++ / 2; y = "/" """, ["/"]),
        ("""x = /[/"]/; y = 'a'""", ["a"]),
        ("`a ${b} c`", ["a ${b} c"]),
        ("`a ${b.map((node) => node.index).join(', ')} c`", [", ", "a ${_} c"]),
        ("`a ${x ? `b ${y('c')} d` : ''} e`", ["c", "b ${_} d", "", "a ${_} e"]),
        ("`a \\` b \\${c}`", ["a \\` b \\${c}"]),
        ("`$a ${b}$`", ["$a ${b}$"]),
        ("x = { a: `}` }; y = '{'", ["}", "{"]),
        ("x = a /* ' */ / 2; y = '/'", ["/"]),
        ("x = () => { return 'a' }; y = [/'/, 'b']", ["a", "b"]),
    ],
)
def test_strings_are_found(source, found):
    assert values(source) == found


@pytest.mark.parametrize("source", ["f('a'", "f)", "x = 'a\nb'", "`a ${b", "`a", "<p>it's</p>", "[}", "x = {`${a)}`"])
def test_a_source_that_is_not_read_in_whole_has_no_answer(source):
    assert texts_of(source) is None


def test_places_hold_the_quotes():
    source = "run('a', `b ${c} d`)"
    found = texts_of(source)
    assert [source[one.start : one.end] for one in found] == ["'a'", "`b ${c} d`"]
