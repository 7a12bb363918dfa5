"""Module streams of RPM distributions: a build of one stream is neither older nor newer than one of another.

Builds of a module bear `.module` in their release (`18.20.4-1.module_el8.10.0+3897+07f6a1f4`), installed ones their
stream in the header (`MODULARITYLABEL`, in a package URL `rpmmod`). Advisories have no field for it, but their titles
name it: `nodejs:18 security update`.
"""

import re
from urllib.parse import unquote

from gate.advisories.osv import Advisory
from gate.advisories.ranges import fixes
from gate.ecosystems import find
from gate.model import Package

_BUILD = ".module"
_LABEL = re.compile(r"[?&]rpmmod=([^&#]+)")
_STREAM = re.compile(r"(?<![^\s(,])([A-Za-z0-9_.+-]+):([A-Za-z0-9_.+-]+)(?=[\s,)]|\Z)")

Stream = tuple[str, str]
"""Module and stream. Both empty: of none; the stream alone empty: of a module, but it is unknown which."""


def has_streams(base: str) -> bool:
    """True if the ecosystem `base` is a distribution that has module streams."""
    known = find(base)
    return known is not None and known.distribution is not None and known.distribution.has_module_streams


def stream_of(package: Package) -> Stream:
    """Return the module and stream that a package was built for."""
    label = _LABEL.search(package.purl)
    if label:
        module, _, stream = unquote(label[1]).partition(":")
        return module, stream.partition(":")[0]
    return ("?", "") if _BUILD in package.version else ("", "")


def concerns(advisory: Advisory, stream: Stream) -> bool:
    """Tell whether builds of `stream` can be compared with those that mend `advisory`.

    A title that names no stream, or none of the package's module, leaves an advisory in: better one finding too many.
    """
    if not any(_BUILD in version for version in fixes(advisory)):
        return True
    module, name = stream
    if not module:
        return False
    named = [other for of_module, other in _STREAM.findall(advisory.summary) if of_module == module]
    return not name or not named or name in named
