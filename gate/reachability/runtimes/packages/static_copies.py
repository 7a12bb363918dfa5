"""Copies of scripts that distributions of Python have for browsers, as `collectstatic` of Django makes for a server.

`site-packages/shop/static/shop/cart.js` lies as `shop/cart.js` below a folder of the image's own, perhaps with a part
of its digest in the name (`cart.55e7cbb9ba48.js`) and packed (Django documentation, "ManifestStaticFilesStorage";
WhiteNoise documentation, "Compression Support"). It is served, and names no more than in the package, whose scripts for
browsers name nothing.
"""

import posixpath
import re

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.per_image import cached_per_image

_ORIGINAL = re.compile(r"/(?:site|dist)-packages/.+?/static/(?P<inside>.+\.m?js)")
_COPY = re.compile(r"(?P<stem>.+?)(?:\.[0-9a-f]{12})?(?P<end>\.m?js)(?P<packed>\.(?:gz|br|zst))?")
_LIBRARY = re.compile(r"(?:^|/)(?:site|dist)-packages/")
_RUN_SCRIPTS = frozenset({"node", "nodejs", "deno", "bun"})
"""Programs for which such a script is code like any other."""


def original_of(path: str, files: Files) -> str | None:
    """Return the file of a distribution of which the one at `path` is a copy; None if there is no such file.

    None too where the image has a program that runs JavaScript. Raises as `Files.read` does.
    """
    found = _COPY.fullmatch(path)
    if found is None or _LIBRARY.search(path):
        return None
    plain = path.removesuffix(found["packed"] or "")
    originals = _originals(files).get(posixpath.basename(found["stem"] + found["end"]), ())
    near = (one for inside, one in originals if f"/{found['stem']}{found['end']}".endswith(f"/{inside}"))
    return next((one for one in near if _is_same(plain, one, files)), None)


def _is_same(path: str, original: str, files: Files) -> bool:
    here, there = files.find(path), files.find(original)
    if here is None or there is None or here.size != there.size:
        return False
    return files.read(here.path) == files.read(there.path)


@cached_per_image
def _originals(files: Files) -> dict[str, list[tuple[str, str]]]:
    """Return the scripts that distributions have to be served, by name: the path in the folder for these, and all."""
    paths = [entry.path for entry in files.walk()]
    if any(posixpath.basename(path) in _RUN_SCRIPTS for path in paths):
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        if (
            path.endswith("js")
            and (original := _ORIGINAL.search(path)) is not None
            and path.endswith(original["inside"])
        ):
            found.setdefault(posixpath.basename(path), []).append((original["inside"], path))
    return found
