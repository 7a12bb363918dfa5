"""Functions of make: names and patterns."""

import pytest

from gate.reachability.runtimes.launchers.make_functions import arguments_of, stem_of


@pytest.mark.parametrize(("pattern", "stem"), [("%.o", "a"), ("a%", ".o"), ("%", "a.o"), ("%.c", None), ("a.o", None)])
def test_the_stem_of_a_name(pattern, stem):
    assert stem_of(pattern, "a.o") == stem


def test_commas_in_brackets_separate_nothing():
    assert arguments_of("a,$(f b,c),{d,e}") == ["a", "$(f b,c)", "{d,e}"]
