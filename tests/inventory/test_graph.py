"""Who brings a package in, and how strongly it is needed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gate.inventory.graph import paths_of, scopes_of
from gate.model import Scope

NEEDS = {"app": ["lib", "tool"], "lib": ["deep"], "tool": ["deep"], "deep": ["lib"]}


def test_a_root_is_needed_by_nobody_and_the_shortest_way_is_told() -> None:
    assert paths_of(["app"], NEEDS) == {"app": (), "lib": ("app",), "tool": ("app",), "deep": ("app", "lib")}


def test_what_no_root_reaches_is_absent() -> None:
    assert paths_of(["tool"], NEEDS).keys() == {"tool", "deep", "lib"}


def test_the_strongest_scope_wins() -> None:
    scopes = scopes_of({Scope.DEVELOPMENT: ["tool"], Scope.RUNTIME: ["lib"]}, NEEDS)
    assert scopes == {"lib": Scope.RUNTIME, "deep": Scope.RUNTIME, "tool": Scope.DEVELOPMENT}


names = st.sampled_from("abcdef")


@given(st.lists(names), st.dictionaries(names, st.lists(names)))
def test_every_way_follows_edges_from_a_root(roots: list[str], needs: dict[str, list[str]]) -> None:
    for name, way in paths_of(roots, needs).items():
        steps = (*way, name)
        assert steps[0] in roots
        assert all(below in needs[above] for above, below in pairwise(steps))


def test_a_long_way_is_cut_so_that_a_chain_costs_no_square() -> None:
    chain = {str(number): [str(number + 1)] for number in range(100)}
    ways = paths_of(["0"], chain)
    assert (len(ways), ways["100"]) == (101, tuple(str(number) for number in range(50)))
