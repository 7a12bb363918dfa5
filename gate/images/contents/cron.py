"""Cron tables with signs of a back door or a miner: lines that fetch a program and run it."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from gate.images.contents.observations import CronLine
from gate.trees import FileTree
from gate.trees.memo import Analysis, analysed

_MAX_SIZE = 1 << 20
_FETCHES = r"\b(?:curl|wget|fetch|lwp-download)\b"
_RUNS = r"\|\s*(?:sudo\s+)?(?:/\S*/)?(?:ba|da|z|k)?sh\b|\|\s*(?:/\S*/)?(?:python|perl|ruby|php)[0-9.]*\b"
_SIGNS = {
    "runs what it fetches over the network": re.compile(f"{_FETCHES}[^#\n]*?(?:{_RUNS})"),
    "runs what it unpacks from base64": re.compile(rf"\bbase64\s+(?:-d|-D|--decode)\b[^#\n]*?(?:{_RUNS})"),
    "opens a connection as a file": re.compile(r"/dev/(?:tcp|udp)/"),
    "runs a hidden or temporary program": re.compile(r"(?:^|\s)(?:/tmp|/var/tmp|/dev/shm)/\S"),
}


def suspicious_lines(tree: FileTree, paths: Iterable[str]) -> Iterator[CronLine]:
    """Yield the suspicious lines of the cron tables at `paths`. Raises as `FileTree.read` does."""
    for path in paths:
        yield from analysed(tree, path, Analysis("cron lines", list[CronLine], partial(_suspicious, path)), _MAX_SIZE)


def _suspicious(path: str, content: bytes) -> list[CronLine]:
    lines = content.decode("utf-8", "replace").split("\n")
    signs = ((number, _sign(line)) for number, line in enumerate(lines, 1))
    return [CronLine(path=path, line=number, sign=sign) for number, sign in signs if sign]


def _sign(line: str) -> str | None:
    command = line.lstrip()
    if command.startswith("#"):
        return None
    return next((sign for sign, pattern in _SIGNS.items() if pattern.search(command)), None)
