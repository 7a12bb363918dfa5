"""What .NET itself may call of a type that derives from one of its own."""

from collections.abc import Iterable
from functools import cache

from gate.core.word_lists import word_lists

_TYPE_ENDS = ":"


def outside_calls(parent: str, methods: Iterable[str]) -> bool:
    """Return whether what has an object only as a `parent`, a type of .NET, may call one of these virtual methods.

    Of interfaces that are listed their methods, of any other type all, but those that run in any case.
    """
    calls = _calls().get(parent)
    return calls is None or not calls.isdisjoint(methods)


@cache
def _calls() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    names: set[str] = set()
    for word in word_lists(__file__)["calls"]:
        if word.endswith(_TYPE_ENDS):
            names = found[word.removesuffix(_TYPE_ENDS)] = set()
        else:
            names.add(word)
    return {name: frozenset(methods) for name, methods in found.items()}
