"""The shape of our own detectors: one row a kind of credential, data first."""

import re
from collections.abc import Callable

from gate.model import Confidence, Severity
from gate.secrets.kinds.traits import KindTraits
from gate.secrets.kinds.values import is_random

_BEFORE = r"(?:(?<![0-9A-Za-z])|(?<=\\[nrt]))"
"""A token starts after no letter or digit; in a source file's string, `\\n` is a line's end, not the letter n."""
_AFTER = r"(?![0-9A-Za-z])"
_OPTIONAL_END = re.compile(r"(?:\[[^\]]*\]|=)(?:\{0,\d+\}|\?)(\)?)$")
_LAST_REPEAT = re.compile(r"\{(\d+),\d*\}(\)?)$")
_ANY_CHARACTERS = re.compile(r"(\[\^(?:\\.|[^\]\\])*\])\{(\d+),(\d+)\}")
_BYTES = 4
"""Of the longest character in UTF-8."""


class Token(KindTraits, frozen=True, kw_only=True):
    """A kind of credential: how it looks, and what to do about it.

    `pattern` is written in the common part of Python's and Hyperscan's syntax: ASCII classes, no look-around, no
    back-reference, every repeat bounded but the last. What it excludes includes the line's end. Its one group, if
    it has one, is the secret. So the pre-filter runs the very pattern, and loses nothing.
    """

    rule: str
    type: str
    """Its name, in reports and as detect-secrets' secret type."""
    pattern: str
    opens: str
    """What it allows, as an infinitive; the end of "… can use it to …"."""
    revoke: str
    """How to revoke and replace it."""
    uri: str = ""
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    accepts: Callable[[str], bool] | None = None
    """Is asked about each value: its checksum, its randomness, what it decodes to."""
    files: str = ""
    """A pattern of the paths in which it counts; none: everywhere."""
    is_in_many: bool = False
    """The files in which it counts are so many that the pre-filter looks for it in all."""
    beside: str = ""
    """A pattern that the line itself, or one near it, must match as well."""
    edges: bool = True
    """A letter or digit right before or after the match makes it something else."""
    folds: bool = False
    """Letters of the pattern stand for both cases."""
    least: tuple[str, ...] = ()
    """Simpler patterns, one of which matches a part of whatever `pattern` does: the pre-filter runs them instead."""

    @property
    def expression(self) -> str:
        """The pattern as the detector runs it."""
        return f"{_BEFORE}{self.pattern}{_AFTER}" if self.edges else self.pattern

    @property
    def sieve(self) -> tuple[bytes, ...]:
        """The patterns that the pre-filter runs."""
        return tuple(map(_sieve, self.least or (self.pattern,)))

    @property
    def plugin(self) -> str:
        """The name of its detect-secrets plugin."""
        return "".join(part.capitalize() for part in self.rule.removeprefix("SECRET-").split("-")) + "GateDetector"


def _sieve(pattern: str) -> bytes:
    """Return a pattern on bytes: what follows the least that it matches is of no interest to the pre-filter."""
    least = pattern if pattern.endswith(r"\$") else pattern.removesuffix("$")
    if "{0," in least or least.endswith(("?", "?)")):  # to search all of the others took a millisecond
        least = _OPTIONAL_END.sub(r"\1", least)
    last = max(least.rfind("{"), 0)
    least = least[:last] + _LAST_REPEAT.sub(r"{\1}\2", least[last:])
    return (_ANY_CHARACTERS.sub(_in_bytes, least) if "[^" in least else least).encode()


def _in_bytes(repeat: re.Match[str]) -> str:
    characters, least, most = repeat.groups()
    return f"{characters}{{{least},{int(most) * _BYTES}}}"


def token(rule: str, name: str, pattern: str, opens: str, revoke: str, uri: str = "", **more: object) -> Token:
    """Write a row of a table."""
    return Token(
        rule="SECRET-" + rule,
        type=name,
        pattern=pattern,
        opens=opens,
        revoke=revoke,
        uri=uri,
        **more,  # type: ignore[arg-type]
    )


def assigned(name: str, value: str) -> str:
    """Return the pattern of `value` after a name that contains `name`, in code, JSON, YAML, INI or a shell.

    The name's case does not matter, the value's does.
    """
    return (
        rf"(?i:{name})[0-9A-Za-z_.-]{{0,24}}[\"']?\]?[ \t]{{0,4}}"
        rf"(?:=>|:=|->|[:=,(])[ \t]{{0,4}}[\"'`]?({value})"
    )


def by_name(
    rule: str, name: str, key: str, value: str, opens: str, revoke: str, uri: str = "", **more: object
) -> Token:
    """Write a row for a credential without a shape of its own: it is known by the name that it is assigned to."""
    return token(
        rule,
        name,
        assigned(key, value),
        opens,
        revoke,
        uri,
        confidence=Confidence.MEDIUM,
        accepts=is_random,
        **more,
    )
