"""Numbers of any length as sort keys: a version can hold more digits than Python turns into an integer."""

Number = tuple[int, str]

ZERO: Number = (0, "")


def number(digits: str) -> Number:
    """Return the sort key of a run of ASCII digits; the empty run is zero."""
    significant = digits.lstrip("0")
    return (len(significant), significant)
