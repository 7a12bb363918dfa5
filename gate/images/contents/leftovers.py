"""What a build leaves in an image, by file names: caches, tools, shells, sudo, cron tables, version control."""

import re

import msgspec

from gate.trees import Entry

MAX_NAMED = 1_000
"""Paths of each kind that are listed."""

_PROGRAM = re.compile(
    r"(?:usr/(?:local/(?:cargo/|go/)?|lib/(?:go[^/]*|jvm/[^/]+)/)?|opt/[^/]+/|(?:root|home/[^/]+)/\.cargo/)?"
    r"s?bin/([^/]+)"
)
"""In the folders for programs, and in those of the toolchains that have one of their own."""
_SHELLS = frozenset({"ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"})
_BUILD_TOOLS = frozenset(
    {"autoconf", "automake", "cc", "clang", "cmake", "g++", "gcc", "gdb", "git", "ld", "make", "meson", "ninja"}
    | {"c++", "cargo", "clang++", "gfortran", "go", "hg", "javac", "ltrace", "rustc", "rustup", "strace", "svn", "tcc"}
)
_VERSIONED = re.compile(r"-?\d+(?:\.\d+)*$")
_TRIPLET = re.compile(r"^[a-z0-9_]+-(?:[a-z0-9]+-)?linux-[a-z0-9]+-")
_SUDO = frozenset({"doas", "sudo"})
_CACHES = re.compile(
    r"var/lib/apt/lists/[^/]+_(?:Packages|Sources|Release|InRelease)(?:\.[a-z0-9]+)?$"
    r"|var/cache/(?:apt/archives/[^/]+\.deb|apt/(?:src)?pkgcache\.bin|apk/[^/]+|dnf/.+|yum/.+|zypp/.+)$"
    r"|(?:root|home/[^/]+)/(?:\.cache/pip/.+|\.npm/_cacache/.+|\.cache/yarn/.+|\.cache/go-build/.+|\.m2/repository/.+)$"
)
_CRON = re.compile(r"etc/(?:crontab|cron\.(?:d|hourly|daily|weekly|monthly)/[^/]+)$|var/spool/cron/.+")
_HISTORY = re.compile(r"((?:.*/)?\.(?:git|hg|svn))/(?:HEAD|requires|wc\.db)")
"""The file that each of them always has in its folder."""


class Remains(msgspec.Struct):
    """Paths by the kind of leftover."""

    shells: list[str] = []
    build_tools: list[str] = []
    sudo: list[str] = []
    caches: list[str] = []
    cache_bytes: int = 0
    cron: list[str] = []
    histories: list[str] = []
    """Folders of version control, which hold all that was committed."""
    layers: dict[str, str] = {}
    """By path, the diff id of the layer, for what is reported one by one: sudo, cron tables, histories."""

    def note(self, entry: Entry) -> None:
        """Look at one file."""
        path = entry.path
        found = _PROGRAM.fullmatch(path)
        if found:
            self._note_program(entry, found[1])
        elif _CACHES.match(path):
            self.cache_bytes += entry.size
            _add(self.caches, path)
        elif _CRON.match(path):
            self._add_placed(self.cron, path, entry)
        elif history := _HISTORY.fullmatch(path):
            self._add_placed(self.histories, history[1], entry)

    def _note_program(self, entry: Entry, name: str) -> None:
        plain = _VERSIONED.sub("", _TRIPLET.sub("", name))
        for names, paths in ((_SHELLS, self.shells), (_BUILD_TOOLS, self.build_tools)):
            if name in names or plain in names:
                _add(paths, entry.path)
        if name in _SUDO or plain in _SUDO:
            self._add_placed(self.sudo, entry.path, entry)

    def _add_placed(self, paths: list[str], path: str, entry: Entry) -> None:
        _add(paths, path)
        if entry.origin and len(self.layers) < MAX_NAMED:
            self.layers[path] = entry.origin


def _add(paths: list[str], path: str) -> None:
    if len(paths) < MAX_NAMED:
        paths.append(path)
