"""What .NET itself may call of a type that derives from one of its own."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from gate.core.word_lists import word_lists

_SIGN = ":"


def outside_calls(parent: str, methods: Iterable[str]) -> bool:
    """Return whether what has an object only as a `parent`, a type of .NET, may call one of these virtual methods.

    Of interfaces that are listed their methods, of any other type all, but those that run in any case.
    """
    calls = _calls().get(parent)
    return calls is None or not calls.isdisjoint(methods)


@cache
def _calls() -> dict[str, frozenset[str]]:
    """Return the names of methods by type: a row is a type, a colon, and the names."""
    words = word_lists(__file__)["calls"]
    heads = [place - 1 for place, word in enumerate(words) if word == _SIGN]
    return {words[head]: frozenset(words[head + 2 : behind]) for head, behind in pairwise((*heads, len(words)))}
