"""Cron tables that do what a back door or a miner does: fetch a program and run it, again and again."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gate.trees import FileTree

_MAX_SIZE = 1 << 20
_FETCHES = r"\b(?:curl|wget|fetch|lwp-download)\b"
_RUNS = r"\|\s*(?:sudo\s+)?(?:/\S*/)?(?:ba|da|z|k)?sh\b|\|\s*(?:/\S*/)?(?:python|perl|ruby|php)[0-9.]*\b"
_SIGNS = {
    "runs what it fetches over the network": re.compile(f"{_FETCHES}[^#\n]*?(?:{_RUNS})"),
    "runs what it unpacks from base64": re.compile(rf"\bbase64\s+(?:-d|-D|--decode)\b[^#\n]*?(?:{_RUNS})"),
    "opens a connection as a file": re.compile(r"/dev/(?:tcp|udp)/"),
    "runs a hidden or temporary program": re.compile(r"(?:^|\s)(?:/tmp|/var/tmp|/dev/shm)/\S"),
}


class CronLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a cron table, and what is suspicious in it; its text may hold a secret and is not kept."""

    path: str
    line: int
    sign: str


def suspicious_lines(tree: FileTree, paths: Iterable[str]) -> Iterator[CronLine]:
    """Yield the suspicious lines of the cron tables at `paths`. Raises as `FileTree.read` does."""
    for path in paths:
        text = tree.read(path, _MAX_SIZE).decode("utf-8", "replace")
        for number, line in enumerate(text.split("\n"), 1):
            sign = _sign(line)
            if sign:
                yield CronLine(path=path, line=number, sign=sign)


def _sign(line: str) -> str | None:
    command = line.lstrip()
    if command.startswith("#"):
        return None
    return next((sign for sign, pattern in _SIGNS.items() if pattern.search(command)), None)
