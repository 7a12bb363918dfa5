"""The parsed Ruby sources of a program, and which of them have a word; a source is parsed when it is asked for."""

import re
from collections.abc import Iterator

from gate.core.errors import LimitError
from gate.reachability.functions.ruby.files import RubyFiles
from gate.reachability.functions.ruby.source import RubySource, parse_ruby

MAX_RUBY_PARSED = 24 << 20
"""Bytes of sources that are parsed."""
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")


class RubySources:
    """Sources by path, and the words of every file."""

    def __init__(self, files: RubyFiles) -> None:
        self.files = files
        self.own = frozenset(files.own)
        """Paths of the application's own sources."""
        self.all = frozenset(files.sources())
        self._known: dict[str, RubySource] = {}
        self._parsed = 0
        self._words: dict[bytes, list[str]] = {}

    def parsed(self, path: str) -> RubySource:
        """Return a parsed source. Raises LimitError if too much is parsed then."""
        if path not in self._known:
            content = self.files.content(path)
            self._parsed += len(content)
            if self._parsed > MAX_RUBY_PARSED:
                raise LimitError(f"more than {MAX_RUBY_PARSED:,} bytes of sources to parse")
            self._known[path] = parse_ruby(content)
        return self._known[path]

    def words(self) -> dict[bytes, list[str]]:
        """Return each word of sources, texts and compiled files, with the paths of what has it."""
        if not self._words:
            for path in self._all():
                for word in set(_WORD.findall(self.files.content(path))):
                    self._words.setdefault(word, []).append(path)
        return self._words

    def _all(self) -> Iterator[str]:
        yield from self.files.texts
        yield from self.files.compiled
        yield from self.files.sources()
