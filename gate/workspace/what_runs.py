"""The list of what runs when: clone, open, install, commit, push, build."""

from collections.abc import Callable, Iterable

import msgspec

from gate.model import StageError
from gate.trees import FileTree
from gate.workspace.model import (
    AgentText,
    AutoStart,
    Entry,
    Grant,
    Moment,
    Question,
    RedirectedAddress,
    ToolServer,
)
from gate.workspace.reading import read_workspace


class WhatRuns(msgspec.Struct, frozen=True, kw_only=True):
    """What a tree starts, what agents are given by it, and what is not known."""

    starts: tuple[AutoStart, ...] = ()
    """In the order of `in_order`."""
    servers: tuple[ToolServer, ...] = ()
    grants: tuple[Grant, ...] = ()
    addresses: tuple[RedirectedAddress, ...] = ()
    texts: tuple[str, ...] = ()
    """Paths of the texts that agents read as instructions."""
    notes: tuple[str, ...] = ()
    errors: tuple[StageError, ...] = ()
    files: int = 0


def what_runs(tree: FileTree, is_wanted: Callable[[str], bool]) -> WhatRuns:
    """Read a tree; what cannot be read is in the errors."""
    found = read_workspace(tree, is_wanted)
    entries = found.entries
    return WhatRuns(
        starts=tuple(in_order(entries)),
        servers=tuple(one for one in entries if isinstance(one, ToolServer)),
        grants=tuple(one for one in entries if isinstance(one, Grant)),
        addresses=tuple(one for one in entries if isinstance(one, RedirectedAddress)),
        texts=tuple(one.path for one in entries if isinstance(one, AgentText)),
        notes=tuple(found.notes),
        errors=tuple(error for one in found.read for error in one.errors),
        files=len(found.read),
    )


def in_order(entries: Iterable[Entry]) -> list[AutoStart]:
    """Return what starts, in the order in which a person meets it: what asks least and stands at the root first."""
    moments = list(Moment)
    questions = list(Question)
    starts = [one for one in entries if isinstance(one, AutoStart)]

    def order(one: AutoStart) -> tuple[int, int, int, int, str, int, str]:
        depth = one.path.count("/") - one.path.startswith(".")
        moment, question = moments.index(one.when), questions.index(one.question)
        return moment, not one.on_host, question, depth, one.path, one.line, one.what

    return sorted(starts, key=order)


def described(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each start, as the facts of a report hold it."""
    return [_line(start) for start in in_order(entries)]


def described_servers(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each server of tools that an agent starts or talks to."""
    servers = [one for one in entries if isinstance(one, ToolServer)]
    return [f"{one.by} {one.name}: {one.command or one.url} ({one.path}:{one.line})" for one in servers]


def when_asked(start: AutoStart) -> str:
    """Return in words whether a person is asked, and what has to be done once before."""
    return f"{start.question.value}, after {start.needs}" if start.needs else start.question.value


def _line(start: AutoStart) -> str:
    place = "" if start.on_host else ", in a container"
    command = " ".join(start.command.split())[:300]
    asked = when_asked(start)
    return f"{start.when.value}: {start.by} runs {start.what}: {command} ({asked}{place}; {start.path}:{start.line})"
