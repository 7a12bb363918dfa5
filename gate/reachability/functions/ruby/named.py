"""Searches backwards, from a method's or class's name along what names it, for what runs.

Whatever has the name as a word may mean it: a call on any object, a symbol, a word of a text or setting. A class is
named by other spellings too (`parser`, `parsers`), as frameworks make constants of such words.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property

from gate.core.word_lists import word_lists
from gate.reachability.functions.answer import listed_steps
from gate.reachability.functions.ruby.source import LOADED, RubyUnit, words_of
from gate.reachability.functions.ruby.sources import RubySources

_SENDS = rb"__send__|(?:public_)?send|(?:instance_|public_)?method|try|delegate|def_delegators?|to_proc|to_sym|intern"
_EVALUATES = rb"(?:instance_|class_|module_)?eval"
_FINDS = rb"const_get|(?:safe_)?constantize|camelize|classify"
_LOOKS_UP = re.compile(rb"\b(?:%s|%s|%s)\b" % (_SENDS, _EVALUATES, _FINDS))
"""What finds a method or constant by a name that is no word of the source."""
_TEXT = rb"[\"'][^\"'#\n]*[\"']"
_GIVEN = rb"(?:\([ \t]*|[ \t]+)"
_UNKNOWN_METHOD = re.compile(
    rb"(?<!def )\b(?:__send__|(?:public_)?send|(?:instance_|public_)?method(?=\())%s(?!:[A-Za-z_\"']|[=|&?{]|%s)[^\s)]"
    % (_GIVEN, _TEXT)
)
"""A look-up of a method by what is no constant name."""
_UNKNOWN_CONSTANT = re.compile(rb"\bconst_get%s(?!:[A-Za-z_\"']|%s)[^\s)]|\b(?:safe_)?constantize\b" % (_GIVEN, _TEXT))
_UNKNOWN_CODE = re.compile(
    rb"(?<![\w.:])(?:instance_|class_|module_)?eval%s(?!do\b|%s)[a-z_@\"]" % (_GIVEN, _TEXT),
)
_COMMENT = re.compile(rb"^[ \t]*#[^\n]*", re.MULTILINE)
_LISTS_METHODS = re.compile(
    rb"\b(?:public_|private_|protected_|instance_|singleton_)+methods\b|\.methods\b|\bmethods\."
)
_BY_NAMES = "calls methods by names that are known only at run time"
_HANDS_ON = ("method_missing", "respond_to_missing?")
"""Methods that look up what they were called by."""
_WORD = re.compile(rb"[A-Za-z_\x80-\xff]")
_INSERTED = re.compile(rb"([\w?!=]*)#\{(?:[^{}\n]|\{[^{}\n]*\})*\}?([\w?!=]*(?:#\{)?)")
_NAME = rb"[\"']([A-Za-z_]\w{1,59}[?!=]?)[\"']"
_JOINS = rb"(?:\+|<<|\bconcat|\bprepend)"
_JOINED = re.compile(rb"%s[ \t]*(?:\+|<<|%%)|%s[ \t]*\(?[ \t]*%s" % (_NAME, _JOINS, _NAME))
"""A text of which more is made: what it begins with, or ends with."""


class RubyNames:
    """What names methods and classes in all sources that may run."""

    def __init__(self, sources: RubySources) -> None:
        self._sources = sources
        self._spellings: defaultdict[bytes, list[bytes]] = defaultdict(list)
        """The words of all files by what they are without underscores, in small letters."""
        self._known: dict[bytes, str] = {}
        self._parts: list[tuple[str, bytes, bytes]] | None = None

    def way_to(self, name: str) -> tuple[str, ...] | None:
        """Return what leads to a mention of a method's name, from what runs on; None if nothing does."""
        return self._way([name.encode()])

    def way_to_class(self, name: str) -> tuple[str, ...] | None:
        """Return what leads to a mention of a class's name, or of a class derived from it; None if nothing does."""
        related = self._with_heirs(name)
        known = self._with_ancestors(name)
        if way := self._way([word for each in (*related, *known) for word in self._spelled_as(each)]):
            return way
        return next(((f"{path} hands {one} on",) for one in (name, *known) for path in self._handing_on(one)), None)

    def own_doubt(self) -> str:
        """Return where the own code calls methods by names that no source has; empty if it does not."""
        own = self._sources.files.own
        return self._looked_up(own, _UNKNOWN_CODE, "runs texts as code") or self._looked_up(
            own, _UNKNOWN_METHOD, _BY_NAMES
        )

    def method_doubt(self, paths: Iterable[str], name: str) -> str:
        """Return what may call a method by a name that no source has, given its gem's sources; empty if nothing."""
        return self._looked_up(paths, _UNKNOWN_METHOD, _BY_NAMES) or self._unseen(name.encode())

    def class_doubt(self, paths: Iterable[str], name: str) -> str:
        """Return what may make a constant's name, given its gem's sources; empty if nothing does."""
        both = (*self._sources.files.own, *paths)
        return self._looked_up(both, _UNKNOWN_CONSTANT, "finds constants by names that are known only at run time") or (
            self._fitting(spelled(name.encode()), spelled)
        )

    def _unseen(self, name: bytes) -> str:
        """Return what may call a method of this name without that the name stands anywhere; empty if nothing does."""
        if name not in self._known:
            self._known[name] = self._listed(name) or self._fitting(name, bytes)
        return self._known[name]

    def _listed(self, name: bytes) -> str:
        """Return a source that looks through lists of methods, for what a word of it is a part of this name."""
        for path, words, is_any in self._lists:
            if is_any or any(_begins_or_ends(name, word) for word in words):
                return f"{path} looks through lists of methods"
        return ""

    @cached_property
    def _lists(self) -> list[tuple[str, set[bytes], bool]]:
        """The sources that look through lists of methods, with their words, and whether they call any of a list."""
        found: list[tuple[str, set[bytes], bool]] = []
        for path in self._sources.files.sources():
            content = self._sources.files.content(path)
            if _LISTS_METHODS.search(content):
                found.append((path, words_of(content), _UNKNOWN_METHOD.search(content) is not None))
        return found

    def _looked_up(self, paths: Iterable[str], pattern: "re.Pattern[bytes]", what: str) -> str:
        for path in paths:
            content = _COMMENT.sub(lambda found: b" " * len(found[0]), self._sources.files.content(path))
            for found in pattern.finditer(content):
                unit = self._unit_at(path, found.start())
                if self._may_run(path, unit):
                    line = content.count(b"\n", 0, found.start()) + 1
                    return f"{path}:{line} {what}"
        return ""

    def _unit_at(self, path: str, place: int) -> RubyUnit | None:
        """Return the method that a place of a source is in; None outside of any."""
        units = self._sources.parsed(path).units
        return next((unit for unit in units if unit.span[0] <= place < unit.span[1]), None)

    def _may_run(self, path: str, unit: RubyUnit | None) -> bool:
        """True if something that runs names a method."""
        if unit is None or path in self._sources.own:
            return True
        if unit.name in _HANDS_ON:
            return False
        return unit.name in called_by_others() or self.way_to(unit.name.removesuffix("=")) is not None

    def _fitting(self, word: bytes, form: Callable[[bytes], bytes]) -> str:
        shown = word.decode("utf-8", "replace")
        found = (path for path, before, after in self._put_together() if _fits(word, form(before), form(after)))
        return next((f"{path} puts names together that {shown} fits" for path in found), "")

    def _with_heirs(self, name: str) -> list[str]:
        """Return a class's name with those of the classes that are derived from it."""
        found = [name]
        for each in found:
            for path in self._sources.words().get(each.encode(), ()):
                heirs = self._sources.parsed(path).heirs if path in self._sources.all else {}
                found += [
                    heir for heir, above in heirs.items() if each.encode() in words_of(above) and heir not in found
                ]
        return found

    def _with_ancestors(self, name: str) -> list[str]:
        """Return what a class derives from, and what it mixes in: these may keep all classes that do so, and use them.

        Ruby's own classes do not.
        """
        found = [name]
        for each in found:
            for path in self._sources.words().get(each.encode(), ()):
                above = self._sources.parsed(path).heirs.get(each, b"") if path in self._sources.all else b""
                parts = {word.decode("utf-8", "replace") for word in words_of(above)} - {*found, *_of_ruby()}
                found += sorted(part for part in parts if part[:1].isupper() and self._is_class(part))
        return found[1:]

    def _is_class(self, name: str) -> bool:
        paths = self._sources.words().get(name.encode(), ())
        return any(path in self._sources.all and name in self._sources.parsed(path).heirs for path in paths)

    def _handing_on(self, name: str) -> Iterator[str]:
        """Yield the sources in which a class hands itself on when it is loaded."""
        for path in self._sources.words().get(name.encode(), ()):
            if path in self._sources.all and name in self._sources.parsed(path).handed_on:
                yield path

    def _spelled_as(self, name: str) -> list[bytes]:
        if not self._spellings:
            for word in self._sources.words():
                self._spellings[spelled(word)].append(word)
        plain = spelled(name.encode())
        plurals = (plain + b"s", plain + b"es", plain.removesuffix(b"y") + b"ies")
        return [word for spelling in (plain, *plurals) for word in self._spellings.get(spelling, ())]

    def _way(self, words: Sequence[bytes]) -> tuple[str, ...] | None:
        """Search for what runs and names one of `words`; the name of each method on the way counts once."""
        waiting: deque[tuple[bytes, tuple[str, ...]]] = deque((word, ()) for word in words)
        seen = set(words)
        while waiting:
            name, steps = waiting.popleft()
            for path, unit in self._naming(name):
                way = (f"{path}:{self._line(path, unit, name)} names {name.decode('utf-8', 'replace')}", *steps)
                if unit is None or unit.name == LOADED or path in self._sources.own:
                    return listed_steps(way)
                further = unit.name.removesuffix("=").encode()
                if further.decode() in called_by_others() or not _WORD.match(further):
                    further = unit.owner.rpartition(".")[2].encode()
                elif doubt := self._unseen(further):
                    return listed_steps((doubt, *way))
                if further not in seen:
                    seen.add(further)
                    waiting.append((further, way))
        return None

    def _line(self, path: str, unit: RubyUnit | None, name: bytes) -> int:
        if unit is not None and unit.name != LOADED:
            return unit.line
        content = self._sources.files.content(path)
        return content.count(b"\n", 0, max(0, content.find(name))) + 1

    def _put_together(self) -> list[tuple[str, bytes, bytes]]:
        """Return beginning and end of names that are made at run time, with the source that makes them."""
        if self._parts is None:
            self._parts = []
            for path in self._sources.files.sources():
                content = self._sources.files.content(path)
                if _LOOKS_UP.search(content):
                    self._parts += ((path, before, after) for before, after in set(_parts(content)))
        return self._parts

    def _naming(self, name: bytes) -> Iterator[tuple[str, RubyUnit | None]]:
        """Yield the places that name something; no unit for a file that is no source."""
        for path in self._sources.words().get(name.rstrip(b"?!"), ()):
            if path not in self._sources.all:
                yield path, None
            else:
                yield from ((path, unit) for unit in self._sources.parsed(path).units if name in unit.words)


def spelled(word: bytes) -> bytes:
    """Return a word without underscores and in small letters: `RackUtils` and `rack_utils` are one."""
    return word.replace(b"_", b"").lower()


def _begins_or_ends(name: bytes, word: bytes) -> bool:
    return 1 < len(word) < len(name) and (name.startswith(word) or name.endswith(word))


@cache
def _of_ruby() -> frozenset[str]:
    """Return Ruby's own classes, which keep no list of what derives from them."""
    return frozenset(word_lists(__file__)["of_ruby"])


@cache
def called_by_others() -> frozenset[str]:
    """Return the methods that Ruby, compiled code and frameworks call by themselves."""
    return frozenset(word_lists(__file__)["called_by_others"])


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    for found in _INSERTED.finditer(content):
        before, after = found[1], found[2]
        if after.endswith(b"#{"):
            after = b""
        if before or after:
            yield before, after
    for found in _JOINED.finditer(content):
        yield found[1] or b"", found[2] or b""


def _fits(word: bytes, before: bytes, after: bytes) -> bool:
    is_longer = len(word) > len(before) + len(after)
    return bool(before or after) and is_longer and word.startswith(before) and word.endswith(after)
