"""`.dockerignore`: which files of the build context the builder gets to see.

Read and matched as the builder does it (moby/patternmatcher, docs.docker.com/build/concepts/context): patterns
are paths from the context's root, `*` and `?` stay inside one folder, `**` crosses folders, a pattern that
matches a folder matches all below it, and of all patterns that match, the last one counts.
"""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.core.errors import LimitError

IGNORE_FILE = ".dockerignore"
MAX_SIZE = 1 << 20
"""Bytes of a `.dockerignore`; a larger one is an error."""
MAX_PATTERNS = 2000
"""Patterns of one file; more are an error: each is tried on each path."""
MAX_PATTERN = 1000
"""Characters of one pattern; a longer one is an error."""
MAX_STEPS = 100_000
"""Characters of paths that the patterns of one file are compared with, all together."""
_FASTER = 500
"""How much less a character costs where a regular expression will do."""


class _Sign(msgspec.Struct, frozen=True):
    """One character of a path, or a wildcard."""

    kind: str
    """`one` or `none` of `text`, `any` but a slash, `star`, `folders` (`**/`), or `rest` (`**` at the end)."""
    text: str = ""

    def takes(self, character: str) -> bool:
        match self.kind:
            case "one":
                return character in self.text
            case "none":
                return character not in self.text
            case "any" | "star":
                return character != "/"
        return True


_FOLDERS = _Sign("folders")
_REST = _Sign("rest")
_MAY_STAND_FOR_NOTHING = frozenset({"star", "folders", "rest"})


class _Pattern(msgspec.Struct, frozen=True):
    """One line."""

    text: str
    signs: tuple[_Sign, ...]
    is_exception: bool
    """True for `!pattern`: what it matches is taken in again."""
    expression: "re.Pattern[str] | None" = None
    """The same as a regular expression that takes linear time, where `**` stands at its ends alone."""

    @property
    def cost(self) -> int:
        """What a character costs, in characters of a regular expression."""
        return 1 if self.expression is not None else _FASTER * (1 + len(self.signs) // 16)

    def matches(self, path: str) -> bool:
        """True if the pattern matches `path` itself. All ways are followed at once, so the time is linear.

        Way `2n` stands before sign n; `2n + 1` is in the middle of a folder's name that sign n, a `**`, stands for.
        """
        if self.expression is not None:
            return self.expression.fullmatch(path) is not None
        ways = self._closed({0})
        for character in path:
            ways = self._closed(self._step(ways, character))
            if not ways:
                return False
        return 2 * len(self.signs) in ways

    def _closed(self, ways: set[int]) -> set[int]:
        """Add the ways on which wildcards stand for nothing, or for no more."""
        closed = set(ways)
        for way in ways:
            while way % 2 == 0 and way < 2 * len(self.signs) and self.signs[way // 2].kind in _MAY_STAND_FOR_NOTHING:
                way += 2
                closed.add(way)
        return closed

    def _step(self, ways: set[int], character: str) -> set[int]:
        after: set[int] = set()
        for way in ways:
            sign = self.signs[way // 2] if way < 2 * len(self.signs) else None
            if sign is None or not sign.takes(character):
                continue
            if sign.kind == "folders":
                after.add(way | 1)
                after.update([(way | 1) + 1] if character == "/" else [])
            else:
                after.add(way if sign.kind in _MAY_STAND_FOR_NOTHING else way + 2)
        return after


class DockerIgnore:
    """The patterns of one file."""

    def __init__(self, patterns: tuple[_Pattern, ...], path: str = IGNORE_FILE) -> None:
        """`path` is the file's, for messages."""
        self._patterns = patterns
        self._path = path
        self._known: dict[str, bool] = {}
        self._steps = 0

    def ignores(self, path: str) -> bool:
        """True if the builder does not get `path` (relative to the context, `/` between its parts).

        Raises LimitError if the patterns were compared with more than `MAX_STEPS` characters.
        """
        if path not in self._known:
            self._known[path] = self._find_out(path)
        return self._known[path]

    def _find_out(self, path: str) -> bool:
        with_parents = list(_with_parents(path))
        characters = sum(map(len, with_parents))
        for pattern in reversed(self._patterns):
            self._steps += characters * pattern.cost // _FASTER
            if self._steps > MAX_STEPS:
                raise LimitError("has too many patterns for the files that they are compared with", path=self._path)
            if any(pattern.matches(part) for part in with_parents):
                return not pattern.is_exception
        return False

    def keeps_away(self, path: str) -> bool:
        """True if the builder gets neither `path` nor anything below it, as far as the patterns tell."""
        return self.ignores(path) and not any(
            pattern.is_exception and pattern.text.startswith((f"{path}/", "**")) for pattern in self._patterns
        )


def _with_parents(path: str) -> Iterator[str]:
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def parse_dockerignore(content: bytes, path: str) -> DockerIgnore:
    """Read a `.dockerignore`; `path` is for messages. Raises LimitError if it is beyond one of the bounds here."""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = [line.strip() for line in text.split("\n") if not line.startswith("#")]
    patterns = [line for line in lines if line and line != "!"]
    if len(patterns) > MAX_PATTERNS:
        raise LimitError(f"has more than {MAX_PATTERNS:,} patterns", path=path)
    if any(len(pattern) > MAX_PATTERN for pattern in patterns):
        raise LimitError(f"has a pattern of more than {MAX_PATTERN:,} characters", path=path)
    return DockerIgnore(tuple(_pattern(line) for line in patterns), path)


def _pattern(line: str) -> _Pattern:
    is_exception = line.startswith("!")
    written = line[1:].strip() if is_exception else line
    cleaned = posixpath.normpath(written) if written else ""
    text = cleaned.lstrip("/")
    signs = tuple(_signs(text))
    return _Pattern(text, signs, is_exception, _expression(signs))


def _expression(signs: tuple[_Sign, ...]) -> "re.Pattern[str] | None":
    """Return a regular expression for signs without a `**` in their middle."""
    begins, ends = signs[:1] == (_FOLDERS,), signs[-1:] == (_REST,)
    middle = signs[begins : len(signs) - ends]
    if _FOLDERS in middle or _REST in middle:
        return None
    parts, pieces = [""], [""]
    for sign in (*middle, _Sign("one", "/")):
        if sign.kind == "star":
            pieces.append("")
        elif sign == _Sign("one", "/"):
            parts[-1] = _one_part(pieces)
            parts.append("")
            pieces = [""]
        else:
            pieces[-1] += _one_sign(sign)
    head = "(?:.*/)?" if begins else ""
    tail = ".*" if ends else ""
    return re.compile(head + "/".join(parts[:-1]) + tail, re.DOTALL)


def _one_part(pieces: list[str]) -> str:
    """Join what stands between the stars of a name: the first place that fits will do for all but the last."""
    first, *middle = pieces
    last = middle.pop() if middle else None
    stars = "".join(f"(?>[^/]*?{piece})" for piece in middle)
    return first + stars + ("" if last is None else f"[^/]*{last}")


def _one_sign(sign: _Sign) -> str:
    if sign.kind == "any" or not sign.text:
        return "[^/]" if sign.kind == "any" else r"[^\s\S]"
    return f"[{'^' if sign.kind == 'none' else ''}{''.join(map(re.escape, sign.text))}]"


def _signs(pattern: str) -> Iterator[_Sign]:
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if pattern.startswith("**", place):
            place += 3 if pattern.startswith("**/", place) else 2
            yield _Sign("folders" if place < len(pattern) else "rest")
            continue
        end = _end_of_class(pattern, place) if sign == "[" else place + 1 + (sign == "\\")
        yield _sign(sign, pattern[place:end])
        place = end


def _sign(first: str, written: str) -> _Sign:
    match first:
        case "*":
            return _Sign("star")
        case "?":
            return _Sign("any")
        case "[" if len(written) > 2:
            return _class(written[1:-1])
    return _Sign("one", written[-1])


def _end_of_class(pattern: str, start: int) -> int:
    """Return where `[…]` ends; an opening bracket that nothing closes stands for itself."""
    end = pattern.find("]", start + 2)
    return start + 1 if end == -1 else end + 1


def _class(inside: str) -> _Sign:
    """Return the characters of `a-z_` or `^a-z`; a range that runs backwards holds nothing."""
    kind = "none" if inside.startswith("^") else "one"
    inside = inside.removeprefix("^")
    characters: list[str] = []
    place = 0
    while place < len(inside):
        if inside[place + 1 : place + 2] == "-" and place + 2 < len(inside):
            characters.extend(map(chr, range(ord(inside[place]), min(ord(inside[place + 2]), 0x24F) + 1)))
            place += 3
        else:
            characters.append(inside[place])
            place += 1
    return _Sign(kind, "".join(characters) + ("/" if kind == "none" else ""))
