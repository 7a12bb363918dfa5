"""Sealing a process: from then on it reads what its view names, computes and answers; it can do nothing else."""

import sys
from functools import cache

import msgspec

from gate.model import Isolation


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed process may see; what is not there is passed over."""

    readable: tuple[str, ...] = ()
    """Files, and folders with all that is below them."""
    listable: tuple[str, ...] = ()
    """Folders whose names it may list, with those below them."""


@cache
def possible() -> Isolation:
    """Return what this system can do. Nothing is restricted by asking."""
    if not sys.platform.startswith("linux"):
        return Isolation()
    from gate.pipeline.isolation import landlock, seccomp

    has_filter = seccomp.is_possible()
    return Isolation(network=has_filter, programs=has_filter, files=has_filter and landlock.abi() > 0)


def prepare() -> None:
    """Load and make what `seal` needs, once for all the processes that will be forked from this one."""
    from gate.pipeline.isolation import environment, landlock, privileges, seccomp  # noqa: F401

    seccomp.prepare()


def seal(view: View) -> Isolation:
    """Seal this process, which must have a single thread; return what it came to. It cannot be undone."""
    from gate.pipeline.isolation import landlock, privileges, seccomp

    if not privileges.forbid_new_privileges():
        return Isolation()
    files = landlock.restrict(view.readable, view.listable)
    privileges.drop_capabilities()
    is_filtered = seccomp.restrict()
    return Isolation(network=is_filtered, programs=is_filtered, files=files and is_filtered)
