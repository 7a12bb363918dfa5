"""Comments of ours that silence rules in definitions: `# gate: ignore[GC201] why`, on the line or alone above it."""

from collections.abc import Mapping, Sequence

from gate.core.lazy_regex import lazy_regex

_IGNORE = lazy_regex(r"(?:#|//)[ \t]*gate:[ \t]*ignore\[(?P<ids>[A-Za-z0-9_,* \t-]{1,400})\][ \t]*(?P<reason>.*)")
_ALONE = ("#", "//")
MARK = "gate:"
"""What every such comment holds."""


def ignored_rules(text: str) -> Mapping[int, Mapping[str, str]]:
    """Return by line (from 1) the rules that comments silence there, each with the comment's words.

    A comment that has a line to itself counts for the next line that is neither empty nor a comment.
    """
    if MARK not in text:
        return {}
    lines = text.splitlines()
    silenced: dict[int, dict[str, str]] = {}
    for number, line in enumerate(lines, 1):
        found = _IGNORE.search(line)
        if found is None:
            continue
        place = _next(lines, number) if line.lstrip().startswith(_ALONE) else number
        words = found[0].strip()
        silenced.setdefault(place, {}).update({id.strip(): words for id in found["ids"].split(",")})
    return silenced


def _next(lines: Sequence[str], number: int) -> int:
    """Return the first line behind `number` that says something; `number` if there is none."""
    for place in range(number, len(lines)):
        words = lines[place].strip()
        if words and not words.startswith(_ALONE):
            return place + 1
    return number
