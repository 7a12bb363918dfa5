"""The list of what runs when: clone, open, install, commit, push, build."""

from collections.abc import Iterable

from gate.workspace.model import AutoStart, Entry, Moment


def in_order(entries: Iterable[Entry]) -> list[AutoStart]:
    """Return what starts, in the order in which a person meets it."""
    moments = list(Moment)
    starts = [one for one in entries if isinstance(one, AutoStart)]
    return sorted(starts, key=lambda one: (moments.index(one.when), one.path, one.line, one.what))


def described(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each start, as the facts of a report hold it."""
    return [_line(start) for start in in_order(entries)]


def _line(start: AutoStart) -> str:
    asks = "" if start.asks else ", without a question"
    return f"{start.when.value}: {start.by} runs {start.what}: {start.command[:300]}{asks} ({start.path}:{start.line})"
