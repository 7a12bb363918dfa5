"""Plain lists of numbers: R's `package_version` and Haskell's `Data.Version`.

Numbers are compared one by one and nothing is filled up: 1.0 is lower than 1.0.0. R writes hyphens for dots as it
likes; Haskell's deprecated tags (`1.0-beta`) do not count.
"""

import re

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import number

_NUMBERS = re.compile(r"[0-9]++(?:[.-][0-9]++)*+")


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    found = _NUMBERS.match(version.strip())
    if found is None:
        return (0, version)
    return (1, tuple(map(number, re.split("[.-]", found[0]))))


ORDER = VersionOrder(sort_key=sort_key, marks_unknown=True)
