"""What a build leaves in an image by the names of its files: caches, tools, shells, sudo, cron tables, sources."""

import re

import msgspec

from gate.trees import Entry

MAX_NAMED = 1_000
"""Paths that are kept of each kind."""

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
    """Paths by what they are."""

    shells: list[str] = []
    build_tools: list[str] = []
    sudo: list[str] = []
    caches: list[str] = []
    cache_bytes: int = 0
    cron: list[str] = []
    histories: list[str] = []
    """Folders in which version control keeps what was committed."""

    def note(self, entry: Entry) -> None:
        """Look at one file."""
        path = entry.path
        found = _PROGRAM.fullmatch(path)
        if found:
            self._note_program(path, found[1])
        elif _CACHES.match(path):
            self.cache_bytes += entry.size
            _add(self.caches, path)
        elif _CRON.match(path):
            _add(self.cron, path)
        elif history := _HISTORY.fullmatch(path):
            _add(self.histories, history[1])

    def _note_program(self, path: str, name: str) -> None:
        plain = _VERSIONED.sub("", _TRIPLET.sub("", name))
        for names, paths in ((_SHELLS, self.shells), (_BUILD_TOOLS, self.build_tools), (_SUDO, self.sudo)):
            if name in names or plain in names:
                _add(paths, path)


def _add(paths: list[str], path: str) -> None:
    if len(paths) < MAX_NAMED:
        paths.append(path)
