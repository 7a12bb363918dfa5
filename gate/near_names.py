"""Which name was meant by one that nobody knows: a letter too many, too few, another one, or two changed places."""

from collections.abc import Iterable

_LONGEST = 64
"""Characters; a longer name is no slip of the pen that anybody would guess."""
_SHORTEST = 4
"""Characters; of shorter names too many are alike."""


class NearNames:
    """Known names, found again by what is left of them without one letter."""

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
