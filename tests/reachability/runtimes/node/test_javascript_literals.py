"""Settings in JavaScript."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.node.javascript_literals import SPREAD, exported
from gate.reachability.runtimes.walk.graph import UNKNOWN


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{ a: 1, 'b': [true, null, \"x\"], }", {"a": "1", "b": ["true", "null", "x"]}),
        ("{ a: 'it\\'s', /* one, */ b: `x` // two\n }", {"a": "it's", "b": "x"}),
        ("{ a: f({ b: '}' }), c: 'd' }", {"a": UNKNOWN, "c": "d"}),
        ("{ a: 'x' + y, c: 'd' }", {"a": UNKNOWN, "c": "d"}),
        ("{ a: b ? 'x' : 'y', c: 'd' }", {"a": UNKNOWN, "c": "d"}),
        ("{ ...base, c: 'd' }", {SPREAD: UNKNOWN, "c": "d"}),
        ("{ run() { return 1 }, c: 'd' }", {SPREAD: UNKNOWN, "c": "d"}),
        ("[...base, 'd']", [UNKNOWN, "d"]),
        ("{ a: __dirname }", {"a": "/app"}),
        ("{ a: path.resolve(__dirname, 'b/c.js') }", {"a": "/app/b/c.js"}),
        ("{ a: process.env['X'] ?? 'd' }", {"a": "d"}),
        ("{ a: process.env.X }", {"a": UNKNOWN}),
        ("{ a: `${x}/y` }", {"a": UNKNOWN}),
    ],
)
def test_literals(text, value):
    assert exported(f"const x = 1;\nmodule.exports = {text};\n", "/app") == value


def test_a_file_without_exports():
    assert exported("const a = {}", "/app") is None


@given(st.text(alphabet="{}[](),:'\"`ab1.\\$ \n/*", max_size=40))
def test_any_text_is_read_to_an_end(text):
    exported(f"module.exports = {text}", "/app")
