"""Suggestions for unknown names: the nearest of a few, or a name among very many that differs by one typing error."""

from collections.abc import Iterable

_LONGEST = 64
"""Characters of a name for NearNames at most: each costs one entry a character."""
_SHORTEST = 4
"""Characters of a name for NearNames at least: too many shorter names are one letter apart."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that is most similar to `name`, by at least `cutoff` (0 to 1); None if there is none."""
    import difflib  # late: needed only after a mistyped name

    return next(iter(difflib.get_close_matches(name, list(known), 1, cutoff)), None)


def did_you_mean(name: str, known: Iterable[str], otherwise: str, cutoff: float = 0.6) -> str:
    """Return a hint that asks for the nearest known name; `otherwise` if there is none."""
    near = nearest(name, known, cutoff)
    return f"Did you mean {near}?" if near else otherwise


class NearNames:
    """An index of known names that finds those with one letter more, fewer or different, or two swapped.

    It holds each name without one of its letters, for every letter: two names that share such an entry differ by one
    typing error. So a look-up costs a few dict accesses, however many names are known.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._by_rest: dict[str, str] = {}
        for name in known:
            for rest in _rests(name):
                self._by_rest.setdefault(rest, name)

    def near(self, name: str) -> str | None:
        """Return a known name that differs from `name` by one typing error; None if there is none."""
        found = (self._by_rest.get(rest) for rest in _rests(name))
        return next((one for one in found if one is not None and one != name), None)


def _rests(name: str) -> list[str]:
    """Return a name in capitals, and that without each of its letters; nothing if it is too short or too long."""
    if not _SHORTEST <= len(name) <= _LONGEST:
        return []
    upper = name.upper()
    return [upper, *(upper[:place] + upper[place + 1 :] for place in range(len(upper)))]
