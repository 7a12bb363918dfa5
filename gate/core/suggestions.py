"""Which name was meant by one that nobody knows: the nearest of a few, or one of very many by a slip of the pen."""

from collections.abc import Iterable

_LONGEST = 64
"""Characters; a longer name is no slip of the pen that anybody would guess."""
_SHORTEST = 4
"""Characters; of shorter names too many are alike."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return what is most like a name that somebody typed, and at least so much (0 to 1); None if nothing is."""
    import difflib  # only for who mistyped

    return next(iter(difflib.get_close_matches(name, list(known), 1, cutoff)), None)


def did_you_mean(name: str, known: Iterable[str], otherwise: str, cutoff: float = 0.6) -> str:
    """Return a hint that asks for the nearest known name; `otherwise` if there is none."""
    near = nearest(name, known, cutoff)
    return f"Did you mean {near}?" if near else otherwise


class NearNames:
    """Known names, found again by what is left of them without one letter.

    So found is a letter too many, too few, another one, or two that changed places.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._by_rest: dict[str, str] = {}
        for name in known:
            for rest in _rests(name):
                self._by_rest.setdefault(rest, name)

    def near(self, name: str) -> str | None:
        """Return the known name that `name` was probably meant to be; None if there is none but itself."""
        found = (self._by_rest.get(rest) for rest in _rests(name))
        return next((one for one in found if one is not None and one != name), None)


def _rests(name: str) -> list[str]:
    if not _SHORTEST <= len(name) <= _LONGEST:
        return []
    upper = name.upper()
    return [upper, *(upper[:place] + upper[place + 1 :] for place in range(len(upper)))]
