"""The orders of versions, one file an order: a version becomes a sort key once, and no version is refused.

What an order cannot understand is lower than everything it can, so that such a version counts as old: an advisory for
"all versions before 2.0" affects it.

An order is a module with `ORDER`; an ecosystem names its module in `Ecosystem.version_order`.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, cast

import msgspec

SortKey = tuple[Any, ...]
"""Keys of one order compare with one another, and with nothing else."""

BEFORE_ALL: SortKey = ()
"""OSV's `introduced: "0"`: lower than every version of every order."""


class VersionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order of versions."""

    sort_key: Callable[[str], SortKey]
    """Returns the sort key of a version; any text has one."""
    is_semantic: bool = False
    """True for the order of semantic versions, and those that refine it."""
    marks_unknown: bool = False
    """True if its keys begin with 0 for what is no version, and with 1 for all else."""


@cache
def order_named(name: str) -> VersionOrder:
    """Return the order of the module `name` in this folder."""
    return cast(VersionOrder, import_module(f"{__name__}.{name}").ORDER)
