"""What a worker's result rests on: the paths of its target that it looked at, and the calls of the broker.

A result can be kept from run to run (`gate.pipeline.known_answers`) only if all of this can be looked at again. A
worker notes it and sends it with its answers. One that was taken over can leave something out, and so falsify what is
kept of its own target, as it can falsify its answer.
"""

import msgspec

MOST = 200_000
"""Paths that a process notes at most. Beyond it `TOO_MUCH` stands for the rest."""
TOO_MUCH = "more paths than are noted"
"""Noted as a call, one that cannot be made again: so no result that rests on more is kept."""


class Consulted(msgspec.Struct, frozen=True):
    """What was consulted for a task."""

    paths: tuple[str, ...] = ()
    """Paths, relative to the target, of which the tree was asked for more than the name, whether they exist or not."""
    calls: tuple[str, ...] = ()
    """Calls of the broker by name; one that starts git with the name of the command, `git:files`."""


_is_noting = False
_new_paths: set[str] = set()
_new_calls: set[str] = set()
_known: set[str] = set()
"""All that was sent; a process keeps what it has read, so later tasks may rest on it as well."""


def begin() -> None:
    """Let this process note what it consults from now on."""
    global _is_noting
    _is_noting = True


def note_path(path: str) -> None:
    """Note a path that a tree was asked for; does nothing in a process that notes nothing."""
    if not _is_noting or path in _known:
        return
    if len(_known) + len(_new_paths) < MOST:
        _new_paths.add(path)
    elif path not in _new_paths:
        note_call(TOO_MUCH)


def note_call(name: str) -> None:
    """Note a call of the broker."""
    if _is_noting and name not in _known:
        _new_calls.add(name)


def newly_noted() -> Consulted:
    """Return what was noted since the last call."""
    found = Consulted(tuple(_new_paths), tuple(_new_calls))
    _known.update(_new_paths, _new_calls)
    _new_paths.clear()
    _new_calls.clear()
    return found
