"""Where the targets of a fleet are listed: each source is a module here with a function `targets`."""

from collections.abc import Callable, Iterator
from importlib import import_module

from gate.images.access import Access

Source = Callable[[str, Access], Iterator[str]]
"""From what is named after the source's name to targets; raises GateError."""

SOURCES = {
    "github": "gate.fleet.sources.github",
    "gitlab": "gate.fleet.sources.gitlab",
    "catalogue": "gate.fleet.sources.catalogue",
    "cluster": "gate.fleet.sources.cluster",
}


def source_of(named: str) -> Source | None:
    """Return the source that `KIND:…` names; None for the path of a file."""
    kind, colon, _ = named.partition(":")
    if not colon or kind not in SOURCES:
        return None
    found: Source = import_module(SOURCES[kind]).targets
    return found
