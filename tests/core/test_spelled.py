"""The filter over bytes is wider than the parsers: no spelling of a word that they read is missed."""

import codecs
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.core.errors import GateError
from gate.core.spelled import may_hold
from gate.core.values import Value
from gate.core.yaml_values import read_values

_WORD = "kind"
_SEPARATORS = st.sampled_from(["", "\\\n", "\\\n  ", "\\\r\n\t", "\\\n\n "])
_LETTERS = {
    letter: [letter, f"\\x{ord(letter):02x}", f"\\u{ord(letter):04X}", f"\\U{ord(letter):08x}"] for letter in _WORD
}
_ENCODINGS = [
    ("utf-8", b""),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-16-le", b""),
    ("utf-16-be", b""),
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
]


@st.composite
def _quoted(draw: st.DrawFn) -> str:
    """Return the word in double quotes, each letter in one of its spellings, perhaps with lines joined between them."""
    parts = [draw(st.sampled_from(_LETTERS[letter])) for letter in _WORD]
    return '"' + parts[0] + "".join(draw(_SEPARATORS) + part for part in parts[1:]) + '"'


_SPELLINGS = st.one_of(
    _quoted(),
    st.sampled_from([_WORD, f"'{_WORD}'", f'"{_WORD}"', f"&a {_WORD}", f"!!str {_WORD}", "!!binary a2luZA=="]),
)
_PLACES = st.sampled_from(
    [
        "{}: a\n",
        "? {}\n: a\n",
        "{{{}: a}}\n",
        "a: b\n{}: a\n",
        "- {}: a\n",
        "\ufeff{}: a\n",
        "{{a: b,{}: a}}\n",
        "[{}]\n",
    ]
)


@given(_SPELLINGS, _PLACES, st.sampled_from(_ENCODINGS))
def test_each_spelling_of_a_key_is_let_through(spelling: str, place: str, encoding: tuple[str, bytes]) -> None:
    name, mark = encoding
    content = mark + place.format(spelling).encode(name)
    assert may_hold(content, _WORD)


@given(st.text(alphabet="kind\"\\x6b\\n:{}[]!?&-, \n\t'%u0", max_size=40))
@example('"k\\x69nd": 1')
def test_what_it_says_no_to_has_no_such_scalar_for_the_parser(text: str) -> None:
    try:
        documents = read_values(text, "a.yaml")
    except GateError:  # it has no scalars
        return
    if not may_hold(text.encode(), _WORD):
        assert _WORD not in [text for one in documents for text in _scalars(one)]


def _scalars(value: Value) -> list[str]:
    data = value.data
    if isinstance(data, dict):
        return [*data, *(text for one in data.values() for text in _scalars(one))]
    if isinstance(data, list):
        return [text for one in data for text in _scalars(one)]
    return [str(data)]


@given(st.dictionaries(st.sampled_from(["kind", "kinds", "mankind", "x"]), st.integers(), min_size=1), st.booleans())
def test_json_is_let_through_by_its_keys(made: dict[str, int], is_escaped: bool) -> None:
    text = json.dumps(made)
    if is_escaped:
        text = text.replace("k", "\\u006b")
    assert may_hold(text.encode(), _WORD) or _WORD not in made


@pytest.mark.parametrize("text", ["mankind: a\n", "kinder: a\n", "no word of it\n", '"k\\n": a\n', "{}", ""])
def test_it_lets_not_everything_through(text: str) -> None:
    assert not may_hold(text.encode(), _WORD)
