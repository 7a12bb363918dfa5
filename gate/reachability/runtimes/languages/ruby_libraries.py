"""Shared libraries that Ruby opens by name: with the gem ffi (`ffi_lib`) or Ruby's own Fiddle.

A name may be put together (`"/usr/lib/#{arch}/libsass.#{dl_ext}"`): the literal beginning of its last part counts. One
that has no such part is not known.
"""

import posixpath
import re
from collections.abc import Iterator

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened
from gate.reachability.runtimes.walk.per_image import cached_per_image

_CALL = re.compile(
    r"(?<![\w.])(?:ffi_lib|dlload|(?:Fiddle(?:::Handle)?\.)?(?:dlopen|sym_open)|Fiddle::Handle\.new)\b"
    r"(?P<names>[^\n]{1,400}(?:(?<=,)\n[^\n]{1,400}){0,8})"
)
"""A call with its arguments, which go on below a comma."""
_TEXT = re.compile(r"""["'](?P<text>[^"'\n]{1,200})["']|%w\[(?P<words>[^\]\n]{1,400})\]""")
_INSERTED = re.compile(r"#\{[^{}]*\}")
_STEM = re.compile(r"[\w+-]{2,60}", re.ASCII)


def opened_libraries(path: str, text: str, files: Files) -> Iterator[Opened]:
    """Yield the shared libraries of the image that a Ruby file names where it opens one."""
    for call in _CALL.finditer(text):
        because = Because(path, "opens", text.count("\n", 0, call.start()) + 1)
        for stem in dict.fromkeys(_stems(call["names"])):
            for library in (*_libraries(files).get(stem, ()), *_libraries(files).get(f"lib{stem}", ())):
                yield Opened(path=library, because=because, is_certain=False)


def _stems(arguments: str) -> Iterator[str]:
    for found in _TEXT.finditer(arguments):
        for name in [found["text"]] if found["text"] else found["words"].split():
            plain = _INSERTED.sub("\0", name)
            stem = _STEM.match(posixpath.basename(plain))
            if stem is not None:
                yield stem[0]


@cached_per_image
def _libraries(files: Files) -> dict[str, list[str]]:
    """Return the shared libraries by what stands before `.so` in their names."""
    found: dict[str, list[str]] = {}
    for entry in files.walk():
        stem, ending, _ = posixpath.basename(entry.path).partition(".so")
        if ending:
            found.setdefault(stem, []).append(entry.path)
    return found
