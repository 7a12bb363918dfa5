"""Variables in the texts of Compose and bake files: `$X`, `${X}`, `${X:-default}` and `$$`."""

import re
from collections.abc import Callable

_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<braced>[^{}]*)\}|(?P<plain>[A-Za-z_]\w*))", re.ASCII)
_DEFAULT = re.compile(r"\w+:?-(?P<value>.*)", re.ASCII | re.DOTALL)


class _Unknown(Exception):  # noqa: N818  (no error: it ends an expansion)
    """A value is not known before the build."""


def expand(text: str | None, value_of: Callable[[str], str | None]) -> str | None:
    """Return `text` with `$X` and `${X}` replaced and `$$` as a dollar, or None if a value is not known.

    `value_of` gets what stands between the braces, defaults included.
    """

    def replaced(found: "re.Match[str]") -> str:
        if found["dollar"]:
            return "$"
        value = value_of(found["braced"] if found["braced"] is not None else found["plain"])
        if value is None:
            raise _Unknown
        return value

    try:
        return None if text is None else _VARIABLE.sub(replaced, text)
    except _Unknown:
        return None


def with_defaults(text: str | None) -> str | None:
    """Replace variables by the defaults that they have in the text; None if a value comes from elsewhere."""
    return expand(text, _default_of)


def _default_of(variable: str) -> str | None:
    found = _DEFAULT.fullmatch(variable)
    return found["value"] if found else None
