"""Which packages a name may be handed on from."""

from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.named.handed_on import HandedOn

PLACES = st.integers(0, 5)


@given(st.lists(st.tuples(PLACES, PLACES), max_size=12), st.lists(PLACES, max_size=3), st.permutations(range(6)))
def test_a_name_goes_where_something_requires_both_in_whatever_order_they_are_met(requires, starting, order):
    def below(one, seen=frozenset()):
        following = {low for high, low in requires if high == one} - seen
        return {one}.union(*(below(low, seen | {one}) for low in following))

    handed = HandedOn(lambda one: [low for high, low in requires if high == one])
    for one in order:
        handed.add(one)
        if one in starting:
            handed.note(one)
    for one in range(6):
        joined = any(one in below(top) and below(top) & set(starting) for top in range(6))
        assert (one in handed) is joined
