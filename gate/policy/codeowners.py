"""Who owns a path: the CODEOWNERS file as GitHub and GitLab read it.

A pattern with a `/` before its end is one from the root, any other one is looked for in all folders; `*` stays in one
folder, `**` crosses folders; `a/` is what a folder holds, `a/*` its files alone, `a` a file or all below a folder.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from gate.core.errors import ConfigError, UsageError
from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import MAX_PATTERN, compile_part
from gate.settings.sources import own_text

PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the two look for it; the first that is there counts."""
MAX_SIZE = 3 << 20
"""Bytes; GitHub reads no larger one."""
MAX_LINES = 20_000
"""Lines that name owners."""
MAX_SEARCHED = 2_000
"""Lines that begin with a wildcard: each of them is tried on each path."""

_SECTION = lazy_regex(r"\^?\[[^\]]+\](?:\[\d+\])?(?P<owners>(?:\s+\S+)*)\s*")
_OWNER = lazy_regex(r"@[\w.-]+(?:/[\w.-]+)*|@@[\w-]+|[^@\s]+@[^@\s]+")
_WILD = lazy_regex(r"[*?\[\\]")
_ESCAPED = lazy_regex(r"\\(.)")


class _Wild(msgspec.Struct, frozen=True):
    """A folder or name with wildcards; as text, for a policy crosses to the workers."""

    text: str

    def fullmatch(self, part: str) -> bool:
        return _compiled(self.text).fullmatch(part) is not None


@lru_cache(maxsize=MAX_LINES)
def _compiled(text: str) -> re.Pattern[str]:
    return compile_part(text)


class _Line(msgspec.Struct, frozen=True):
    """One line: what it matches, and who owns that."""

    number: int
    parts: tuple[_Wild | str | None, ...]
    """What each folder and the name have to be, from the root on; None is `**`."""
    ending: str
    """`/` for what a folder holds, `/*` for its files alone, empty for a file or all below a folder."""
    owners: tuple[str, ...]

    def matches(self, path: list[str]) -> bool:
        """True if the line speaks of a path. All ways are followed at once, so the time is linear."""
        done = {0}
        for place, part in enumerate(path):
            done = self._after(done, part)
            is_last = place == len(path) - 1
            if len(self.parts) in done and self._is_enough(is_last):
                return True
        return False

    def _is_enough(self, is_last: bool) -> bool:
        return not self.ending or is_last is (self.ending == "/*")

    def _after(self, done: set[int], part: str) -> set[int]:
        """Return how many parts are matched after `part`, given how many were before it."""
        after: set[int] = set()
        for count in self._without_empty_runs(done):
            if count == len(self.parts):
                continue
            wanted = self.parts[count]
            if wanted is None:
                after.update((count, count + 1) if count == len(self.parts) - 1 else (count,))
            elif wanted == part if isinstance(wanted, str) else wanted.fullmatch(part):
                after.add(count + 1)
        return after

    def _without_empty_runs(self, done: set[int]) -> set[int]:
        """Add what is reached because `**` before a name may stand for no folder."""
        closed = set(done)
        for count in done:
            while count < len(self.parts) - 1 and self.parts[count] is None:
                count += 1
                closed.add(count)
        return closed


class Codeowners(msgspec.Struct, frozen=True, dict=True):
    """A CODEOWNERS file whose lines are known to be sound."""

    lines: tuple[_Line, ...]

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of the file at `path`, relative to the root: those of the last line that matches."""
        parts = path.split("/")
        found = (line for line in self._candidates(parts) if line.matches(parts))
        last = max(found, key=lambda line: line.number, default=None)
        return last.owners if last else ()

    def _candidates(self, parts: list[str]) -> Iterator[_Line]:
        yield from self._by_first.get(parts[0], ())
        for part in dict.fromkeys(parts):
            yield from self._by_name.get(part, ())
        yield from self._searched

    @cached_property
    def _by_first(self) -> dict[str, list[_Line]]:
        """The lines whose pattern begins with a folder or name at the root."""
        found: dict[str, list[_Line]] = {}
        for line in self.lines:
            if isinstance(line.parts[0], str):
                found.setdefault(line.parts[0], []).append(line)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[_Line]]:
        """The lines whose pattern is a folder or name at any place."""
        found: dict[str, list[_Line]] = {}
        for line in self.lines:
            if line.parts[0] is None and len(line.parts) > 1 and isinstance(line.parts[1], str):
                found.setdefault(line.parts[1], []).append(line)
        return found

    @cached_property
    def _searched(self) -> list[_Line]:
        return [line for line in self.lines if _is_searched(line)]


def _is_searched(line: _Line) -> bool:
    """True if a line begins with a wildcard."""
    first, second = (*line.parts, None)[:2]
    return not isinstance(first, str) and not (first is None and isinstance(second, str))


def read_file(file: Path) -> Codeowners:
    """Read one file in the form of CODEOWNERS. Raises ConfigError with the line that is wrong."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_SIZE + 1)
    except OSError as error:
        raise ConfigError("cannot be read", path=str(file)) from error
    if len(content) > MAX_SIZE:
        raise ConfigError(f"has more than {MAX_SIZE:,} bytes", path=str(file))
    return parse(own_text(content, str(file)), str(file))


def parse(text: str, path: str) -> Codeowners:
    """Check every line. Raises ConfigError with the line that is wrong and the right form."""
    lines = tuple(_lines(text, path))
    if len(lines) > MAX_LINES:
        raise ConfigError(f"has more than {MAX_LINES:,} lines that name owners", path=path)
    if sum(map(_is_searched, lines)) > MAX_SEARCHED:
        raise ConfigError(f"has more than {MAX_SEARCHED:,} patterns that begin with a wildcard", path=path)
    return Codeowners(lines)


def _lines(text: str, path: str) -> Iterator[_Line]:
    """Yield the lines, those of a GitLab section that name no owner with the section's owners."""
    default: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        rule = line.partition(" #")[0].strip()
        section = _SECTION.fullmatch(rule)
        if section:
            default = section["owners"].split()
        elif rule and not rule.startswith("#"):
            yield _line(rule, default, number, f"{path}:{number}")


def _line(rule: str, default: list[str], number: int, place: str) -> _Line:
    pattern, *owners = rule.replace("\\ ", "\0").split()
    wrong = next((owner for owner in owners if not _OWNER.fullmatch(owner)), None)
    if wrong is not None:
        raise ConfigError(f"{wrong} is not an owner; write @name, @group/name or an e-mail address", path=place)
    if len(pattern) > MAX_PATTERN:
        raise ConfigError(f"the pattern has more than {MAX_PATTERN:,} characters", path=place)
    try:
        parts = tuple(_parts(pattern.replace("\0", " ")))
    except UsageError as error:
        raise ConfigError(f"cannot be parsed: {error.message}", path=place) from error
    ending = next((ending for ending in ("/", "/*") if pattern.endswith(ending)), "")
    return _Line(number, parts, ending, tuple(owners or default))


def _parts(pattern: str) -> Iterator[_Wild | str | None]:
    if not pattern.strip("/"):
        yield ""  # it names nothing
    elif "/" not in pattern[:-1]:
        yield None
    for part in filter(None, pattern.split("/")):
        if part == "**":
            yield None
        elif _WILD.search(part):
            wild = _Wild(_ESCAPED.sub(r"[\1]", part))
            _compiled(wild.text)  # which raises UsageError for what is no pattern
            yield wild
        else:
            yield part
