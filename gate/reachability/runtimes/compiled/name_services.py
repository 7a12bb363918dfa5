"""Modules of the name service switch: nsswitch.conf(5) names them, the C library loads them."""

from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened
from gate.reachability.runtimes.walk.libraries import multiarch_folders
from gate.trees.memo import Analysis

_CONFIG = "etc/nsswitch.conf"
_DATABASES = {
    "get": ("passwd", "group", "shadow"),
    "initgroups": ("group", "initgroups"),
    "getaddrinfo": ("hosts", "services"),
    "gethost": ("hosts",),
    "getserv": ("services",),
    "getproto": ("protocols",),
    "setpw": ("passwd",),
    "setgr": ("group",),
    "setsp": ("shadow",),
    "getnetgr": ("netgroup",),
    "setnetgr": ("netgroup",),
    "innetgr": ("netgroup",),
    "getnameinfo": ("hosts", "services"),
    "getrpc": ("rpc",),
    "getalias": ("aliases",),
    "getnetby": ("networks",),
    "ether": ("ethers",),
    "wordexp": ("passwd",),
    "glob": ("passwd",),
}
"""How functions' names begin, the longest that fits, and the lines of nsswitch.conf that each asks."""


def modules_of(function: str, because: Because, files: Files, *, is_certain: bool) -> Iterator[Opened]:
    """Yield the modules that a function of the C library loads by nsswitch.conf."""
    start = max((name for name in _DATABASES if function.startswith(name)), key=len, default=None)
    if start is None or files.find(_CONFIG) is None:
        return
    for database, services in files.analysed(
        _CONFIG, Analysis("name services", list[tuple[str, list[str]]], _services)
    ):
        if database in _DATABASES[start]:
            for service in services:
                yield from _module(service, because, files, is_certain=is_certain)


def _services(content: bytes) -> list[tuple[str, list[str]]]:
    lines = content.decode("utf-8", "replace").splitlines()
    rows = (line.partition("#")[0].partition(":") for line in lines)
    return [(database.strip(), services.split()) for database, _, services in rows]


def _module(service: str, because: Because, files: Files, *, is_certain: bool) -> Iterator[Opened]:
    for folder in ("usr/lib", "lib", "lib64", "usr/lib64", *multiarch_folders(files)):
        path = f"{folder}/libnss_{service}.so.2"
        if files.find(path):
            yield Opened(path=path, because=because, is_certain=is_certain)
