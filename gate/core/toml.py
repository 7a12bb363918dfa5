"""Reading TOML safely: every mistake is a ValueError, and no key has so many parts that it exhausts memory."""

from typing import Any

from gate.core.lazy_regex import lazy_regex

MAX_PARTS = 64
"""Parts of one dotted key at most: tomllib takes time and memory that grow with the square of their number."""
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = lazy_regex(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_PARTS}}}")


def loads(text: str) -> dict[str, Any]:
    """Return the tables of `text`. Raises ValueError that says what is wrong and in which line."""
    import tomllib  # late: most runs read no TOML, and it takes 2 ms

    found = _LONG_KEY.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key has more than {MAX_PARTS} parts (at line {line})")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
