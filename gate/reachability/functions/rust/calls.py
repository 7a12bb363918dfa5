"""Calls of a crate's functions in a repository's own sources of Rust, by the names that `use` brings.

Resolved are calls by a path (`smallvec::SmallVec::grow(…)`), with what `use` says of its first name, macros, and
methods of variables that are declared with a type or hold what a function of a type returns. Nothing is executed.
"""

import re
from collections.abc import Iterator, Mapping

_COMMENT = rb"//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/"
_TEXT = rb"b?r(#*)\"(?:[^\"]|\"(?!\1))*\"\1|b?\"(?:[^\"\\]|\\.)*\"|b?'(?:[^'\\\n]|\\[^\n]{1,10})'"
_SKIPPED = re.compile(rb"%s|%s" % (_COMMENT, _TEXT), re.DOTALL)
_USE = re.compile(r"(?<![\w:])use\s+([^;]+);")
_GENERIC = re.compile(r"<(?:[^<>;{}()\[\]]|\[[^\[\]<>{}()]*\])*>")
_CALL = re.compile(r"(?<![\w.:])((?:::)?[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)\s*!?\s*[(\[{]")
_METHOD = re.compile(r"(?<![\w.:])([a-z_]\w*)\s*\.\s*([a-z_]\w*)\s*\(")
_MADE = re.compile(r"\blet\s+(?:mut\s+)?([a-z_]\w*)\s*=\s*((?:\w+::)*[A-Z]\w*)::\w+\s*\(")
_TYPED = re.compile(r"(?<![\w.:])([a-z_]\w*)\s*:\s*(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?((?:\w+::)*[A-Z]\w*)(?![\w:])")
_MOST_DEPTH = 20
"""Brackets in one another of a `use`."""


class RustSources:
    """The repository's own sources."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._calls: dict[str, list[tuple[str, int]]] = {}

    def call_of(self, symbol: str) -> str:
        """Return the place of a call of a function (`smallvec::SmallVec::grow`); empty if there is none."""
        parts = symbol.split("::")
        words = (parts[0].encode(), parts[-1].encode())
        for path, content in self._contents.items():
            if all(word in content for word in words):
                for called, line in self._calls_in(path):
                    if _is_same(called.split("::"), parts):
                        return f"{path}:{line} calls {symbol}"
        return ""

    def _calls_in(self, path: str) -> list[tuple[str, int]]:
        if path not in self._calls:
            blanked = _SKIPPED.sub(lambda found: b" " + b"\n" * found[0].count(b"\n"), self._contents[path])
            self._calls[path] = list(_calls(blanked.decode("utf-8", "replace")))
        return self._calls[path]


def _calls(text: str) -> Iterator[tuple[str, int]]:
    names = dict(name for used in _USE.finditer(text) for name in _used(used[1], "", 0))
    plain = text
    while (less := _GENERIC.sub(lambda found: "\n" * found[0].count("\n"), plain)) != plain:
        plain = less
    plain = re.sub(r"::\s*(?=\()|::(?=::)", "", plain)  # what is left of `f::<T>(…)` and `T::<U>::f(…)`
    types = dict(_types(plain))
    for found in _CALL.finditer(plain):
        yield _whole(found[1], names), plain.count("\n", 0, found.start()) + 1
    for found in _METHOD.finditer(plain):
        if (known := types.get(found[1])) is not None:
            yield f"{_whole(known, names)}::{found[2]}", plain.count("\n", 0, found.start()) + 1


def _types(plain: str) -> Iterator[tuple[str, str | None]]:
    """Yield the type of each variable, None if a name has several in the source."""
    known: dict[str, str] = {}
    for found in (*_MADE.finditer(plain), *_TYPED.finditer(plain)):
        before = known.setdefault(found[1], found[2])
        yield found[1], found[2] if before == found[2] else None


def _whole(path: str, names: Mapping[str, str]) -> str:
    """Return a path from the crate on, where `use` says what its first name is."""
    head, joint, rest = path.removeprefix("::").partition("::")
    return f"{names.get(head, head)}{joint}{rest}"


def _used(tree: str, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield local name and path of what a `use` brings: `a::{b, c::d as e}`."""
    if depth > _MOST_DEPTH:
        return
    for part in _parts(tree):
        before, bracket, inside = part.partition("{")
        if bracket:
            yield from _used(inside.rstrip().removesuffix("}"), prefix + before.strip(), depth + 1)
            continue
        path, _, alias = (each.strip() for each in part.partition(" as "))
        whole = (prefix + path).removesuffix("::self").removeprefix("::")
        yield alias or whole.rpartition("::")[2], whole


def _parts(tree: str) -> Iterator[str]:
    """Yield what commas divide, outside of brackets."""
    depth, start = 0, 0
    for place, letter in enumerate(tree):
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            yield tree[start:place]
            start = place + 1
    if tree[start:].strip():
        yield tree[start:]


def _is_same(called: list[str], wanted: list[str]) -> bool:
    """True if a call is of a function: modules may be left out, as crates offer things above where they are defined."""
    if called[0] != wanted[0] or called[-1] != wanted[-1] or len(called) > len(wanted):
        return False
    remaining = iter(wanted)
    is_above = all(part in remaining for part in called)
    types = [part for part in wanted[:-1] if part[:1].isupper()]
    return is_above and all(part in called for part in types)
