"""Text from outside, made safe to show in reports, errors and progress. All such text goes through this module.

Every path, message, title and name may come from a hostile repository or image. `visible` is for what must stay
recognisable (names, paths), `one_line` for prose, `visible_lines` for text of several lines, and `without_credentials`
for URLs.
"""

import re

from gate.core.lazy_regex import lazy_regex

_MOST = 500
"""Characters that `clipped` leaves by default."""
_NOT_A_PORT = r":(?![0-9]{1,5}(?:[/?#]|$))"
_OPEN_PASSWORD = lazy_regex(rf"[^/?#@:\[]*{_NOT_A_PORT}[^@/]*[/?#][^@]*@")
"""A user and a password that holds `/`, `?` or `#` unescaped, which would end the host's part of a URL."""


def visible(text: str) -> str:
    r"""Return `text` with every character that does not print as itself written as an escape (`\x1b`, `\u202e`).

    That covers control characters, terminal escapes, line ends, bidirectional overrides, zero-width characters
    and lone surrogates. The result is one line and encodable.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


def visible_lines(text: str) -> str:
    """Return `text` with its lines kept and every line visible."""
    return "\n".join(map(visible, text.split("\n")))


def one_line(text: str) -> str:
    """Return prose as one visible line: white space and line ends become single blanks."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text  # a short cut for nearly all texts; the blank is the only white space that is printable
    return visible(" ".join(text.split()))


def clipped(text: str, most: int = _MOST) -> str:
    """Return `text` cut to at most `most` characters, with an ellipsis if something was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def encodable(text: str) -> str:
    r"""Return `text` with lone surrogates, which UTF-8 cannot carry, written as escapes (`\udc80`)."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def without_credentials(address: str) -> str:
    """Return a URL without user, password, query and fragment; `git@host:path` stays as it is."""
    scheme, separator, rest = address.partition("://")
    if _OPEN_PASSWORD.match(rest):  # the password was not escaped, so the host begins after the last @
        rest = rest.rpartition("@")[2]
    scheme, separator, rest = re.split(r"[?#]", f"{scheme}{separator}{rest}", maxsplit=1)[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def counted(number: int, noun: str) -> str:
    """Return `1 finding`, `2 findings`, `2 vulnerabilities`."""
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"
    return f"{number:,} {plural}"
