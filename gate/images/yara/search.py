"""Files of an image that YARA rules match, within bounds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import GateError, LimitError, UnreadableError, as_stage_error
from gate.core.text import clipped
from gate.images.contents.observations import YaraMatch
from gate.images.file_cache import LayerFileCache
from gate.images.image_cache import ImageCache
from gate.images.yara.rules import RuleFile, compiled, first_look, identity_of, path_variables
from gate.model import Fact, StageError
from gate.trees import MAX_FILE_SIZE, Entry

if TYPE_CHECKING:
    import yara_x

MAX_MATCHES = 1_000
"""Files and rules that match in one image."""
MAX_SECONDS = 60
"""Seconds that the rules may take for one file."""
_NAMED = 20


class Malware(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules found in an image."""

    matches: tuple[YaraMatch, ...] = ()
    errors: tuple[StageError, ...] = ()
    facts: dict[str, Fact] = {}


def search(
    files: Sequence[RuleFile],
    entries: Iterable[Entry],
    read: Callable[[str], bytes],
    cache: LayerFileCache | None = None,
) -> Malware:
    """Match the files `entries` with rules; nothing without rules. `read` returns the bytes at a path.

    Files in which an earlier run matched nothing, by `cache`, are not read. What cannot be read or takes too long is
    among the errors. Raises ConfigError for wrong rules.
    """
    if not files:
        return Malware()
    run = _Search(files, cache or LayerFileCache(ImageCache()))
    try:
        for entry in entries:
            run.look_at(entry, read)
    except LimitError as error:
        run.errors.append(as_stage_error(error))
    return Malware(matches=tuple(run.found), errors=tuple(run.errors), facts=run.facts())


class _Search:
    """Searches files one by one, within limits."""

    def __init__(self, files: Sequence[RuleFile], cache: LayerFileCache) -> None:
        self._cache = cache
        self._asked = ("no rule matches", identity_of(files))
        own = [file for file in files if file.is_own]
        others = [file for file in files if not file.is_own]
        self._rules: list[_Rules] = []
        if own:
            self._rules.append(_Rules(own, first_look()))
        if others:
            self._rules.append(_Rules(others))
        self._bytes = 0
        self._unread: list[str] = []
        self.found: list[YaraMatch] = []
        self.errors: list[StageError] = []

    def look_at(self, entry: Entry, read: Callable[[str], bytes]) -> None:
        """Look at one file. Raises LimitError for more matches than any image should have."""
        if entry.size > MAX_FILE_SIZE:
            self._unread.append(f"{entry.path}: {entry.size:,} bytes")
            return
        try:
            self._match(entry, read)
        except GateError as error:
            self.errors.append(as_stage_error(error, entry.path))
        if len(self.found) > MAX_MATCHES:
            raise LimitError(f"has more than {MAX_MATCHES:,} matches of YARA rules", hint="Is a rule true of any file?")

    def _match(self, entry: Entry, read: Callable[[str], bytes]) -> None:
        if not self._cache.get(entry, self._asked, bool):
            found = list(self._matches(entry, read(entry.path)))
            self.found.extend(found)
            if not found:
                self._cache.put(entry, self._asked, True)
        self._bytes += entry.size

    def _matches(self, entry: Entry, content: bytes) -> Iterator[YaraMatch]:
        for rules in self._rules:
            for rule in rules.matching(entry.path, content):
                yield YaraMatch(
                    path=entry.path,
                    layer=entry.origin or "",
                    rule=rule.identifier,
                    file=rule.namespace,
                    about=clipped(str(dict(rule.metadata).get("description", ""))),
                )

    def facts(self) -> dict[str, Fact]:
        """Return how much was looked at, and what was not."""
        facts: dict[str, Fact] = {"yara_rules": sum(rules.count for rules in self._rules), "yara_bytes": self._bytes}
        if self._unread:
            more = len(self._unread) - _NAMED
            facts["yara_not_read"] = [*self._unread[:_NAMED], *([f"and {more:,} more"] if more > 0 else [])]
        return facts


class _Rules:
    """Rules that are asked together about one file after the other."""

    def __init__(self, files: Sequence[RuleFile], first: RuleFile | None = None) -> None:
        """Compile the rules; what `first` does not match needs no look by them. Raises as `compiled` does."""
        rules = compiled(files)
        self.count = sum(1 for _ in rules)
        self._scanner = _scanner(rules)
        self._first = _scanner(compiled([first])) if first is not None else None

    def matching(self, path: str, content: bytes) -> Sequence["yara_x.Rule"]:
        """Return the rules that match a file. Raises LimitError if that takes too long, UnreadableError."""
        import yara_x

        for name, value in path_variables(path).items():
            self._scanner.set_global(name, value)
        try:
            if self._first is not None and not self._first.scan(content).matching_rules:
                return ()
            return self._scanner.scan(content).matching_rules
        except yara_x.TimeoutError as error:
            raise LimitError(f"the YARA rules took more than {MAX_SECONDS} s for it", path=path) from error
        except yara_x.ScanError as error:
            raise UnreadableError("the YARA rules cannot be matched with it", path=path) from error


def _scanner(rules: "yara_x.Rules") -> "yara_x.Scanner":
    import yara_x

    scanner = yara_x.Scanner(rules)
    scanner.set_timeout(MAX_SECONDS)
    scanner.fast_scan(True)  # which rules match is of interest, not how often
    return scanner
