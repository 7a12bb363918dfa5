"""Where a source in JavaScript loads modules: a fast search finds the places that the pattern matches."""

from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.imports import javascript_loads

PIECES = (
    *("require", "require2", "require.resolve", "module.", "_", "$", ".", "function ", "new ", "new  Worker", "Worker"),
    *("fork", "import", "from", "(", " (", "( /* import('x') */ ", "'a'", '"b"', " ", "\n", "x", ")", ";"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_places_are_those_that_the_pattern_matches(text):
    found = [(one.start(), one.end()) for one in javascript_loads._places(text)]
    assert found == [(one.start(), one.end()) for one in javascript_loads._PLACE.finditer(text)]
