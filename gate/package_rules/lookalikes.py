"""Names that are almost a popular package's name, which a typing mistake or a hasty reading lets in (typosquatting)."""

from functools import cache
from importlib import resources
from itertools import takewhile

import msgspec

from gate.core.suggestions import NearNames
from gate.ecosystems import canonical_name, find

_SHORTEST = 5
"""Characters of a popular name; shorter names have too many honest neighbours."""
_SEPARATORS = str.maketrans("", "", "-_.")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(frozenset(row[at : at + 2]) for row in _ROWS for at in range(len(row) - 1))
_ALIKE = frozenset(map(frozenset, ("0o", "1l", "1i", "il", "5s", "vw", "mn", "ae", "ei", "ao", "iy", "ck")))
"""Characters that look or sound alike."""


class Lookalike(msgspec.Struct, frozen=True, kw_only=True):
    """A popular name, and what tells the name that nearly is it from it."""

    popular: str
    slip: str


def lookalike(ecosystem: str, name: str) -> Lookalike | None:
    """Return the popular name that `name` nearly is; None if it is popular itself, honest, or like none."""
    known = find(ecosystem)
    names = _names_of(known.name) if known and known.has_popular_names else None
    own = canonical_name(ecosystem, name)
    if names is None or own in names.honest:
        return None
    compact = names.by_letters.get(own.translate(_SEPARATORS))
    if compact is not None:
        return Lookalike(popular=compact, slip="other separators")
    popular = names.near.near(own)
    slip = _slip(own, popular.lower()) if popular is not None else None
    return Lookalike(popular=popular, slip=slip) if popular and slip else None


class _Names(msgspec.Struct, frozen=True):
    honest: frozenset[str]
    """Popular names, and honest ones that are like them."""
    by_letters: dict[str, str]
    """Letters of a popular name with separators to that name."""
    near: NearNames


@cache
def _names_of(ecosystem: str) -> _Names:
    file = resources.files("gate.ecosystems") / "popular" / f"{ecosystem}.txt"
    popular, _, honest = file.read_text(encoding="utf-8").partition("# honest\n")
    names = [canonical_name(ecosystem, name) for name in popular.split() if len(name) >= _SHORTEST]
    return _Names(
        honest=frozenset({*names, *(canonical_name(ecosystem, name) for name in honest.split())}),
        by_letters={name.translate(_SEPARATORS): name for name in names if name.translate(_SEPARATORS) != name},
        near=NearNames(names),
    )


def _slip(name: str, popular: str) -> str | None:
    """Return what a hand or an eye gets wrong between the two; None for a difference that rather is meant."""
    if name[0] != popular[0] or name == popular:
        return None
    start = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(name, popular, strict=False))))
    ours, theirs = name[start:], popular[start:]
    match len(ours) - len(theirs):
        case 0 if ours[1:] == theirs[1:]:
            return "another letter" if frozenset((ours[0], theirs[0])) in _NEIGHBOURS | _ALIKE else None
        case 0 if ours[:2] == theirs[1::-1] and ours[2:] == theirs[2:]:
            return "two letters changed places"
        case -1 if ours == theirs[1:]:
            return "a letter is missing" if theirs[1:] and theirs[0].isalpha() else None
        case 1 if theirs == ours[1:]:
            return "a doubled letter" if ours[0] == name[start - 1] else None
    return None
