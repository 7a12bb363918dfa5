"""The application's own sources in a language that loads by names: any may be loaded, though nothing leads to it."""

import re
from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import EVERYTHING, Because, Gap, Step, opened

_OF_PACKAGES = re.compile(
    r"(?:^|/)(?:vendor|gems|node_modules|site-packages)/|^(?:usr/(?!local/|share/nginx/)|lib|etc/|var/(?:lib|cache)/)"
)
_MOST = 5_000


def own_sources(path: str, endings: tuple[str, ...], files: Files) -> Iterator[Step]:
    """Yield the sources that no package brought as files that a program may load; more than 5,000 are a gap."""
    found = (entry.path for entry in files.walk() if entry.path.endswith(endings))
    own = [each for each in found if not _OF_PACKAGES.search(each)]
    yield from opened((f"/{each}" for each in own[:_MOST]), Because(path, "may load"), is_certain=False)
    if len(own) > _MOST:
        reason = f"may load more than {_MOST:,} sources of the application"
        yield Gap(kind=EVERYTHING, reason=reason, path=path, is_limit=True)
