"""One file's bytes to its secrets: decode, pre-filter, detectors."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial

import msgspec

from gate.core.errors import UnreadableError
from gate.model import StageError
from gate.secrets.decoders import FORMS, MarkedForForms
from gate.secrets.decoders.archive_names import begins_as_archive, is_archive_name, sealed_as
from gate.secrets.decoders.disguises import DISGUISES
from gate.secrets.decoders.encrypted import encrypted_by
from gate.secrets.decoders.hidden import FOREIGN, Marks
from gate.secrets.decoders.hidden import NAMES as HIDDEN
from gate.secrets.decoders.joins import JOINS, may_meet
from gate.secrets.decoders.part import DecodedPart, Mark
from gate.secrets.decoders.pointers import is_pointer
from gate.secrets.engine.configuration import DEFAULT, Configuration
from gate.secrets.engine.detect_secrets_adapter import PotentialSecret
from gate.secrets.engine.detectors import Detectors
from gate.secrets.engine.gate_mode import candidates_of, distinct_secrets, has_own_format, judged
from gate.secrets.engine.marked_lines import Marked, PatternEnd, marked_lines
from gate.secrets.engine.prefilter import PythonSieve, Sieve, load_sieve
from gate.secrets.engine.prefilter_patterns import (
    COVERED,
    EVERY_PLUGIN,
    PATTERNS,
    Pattern,
    has_unquoted_value,
)
from gate.secrets.engine.text import Text, decode, decode_read, decode_wide
from gate.secrets.engine.windows import LONG_LINE, in_characters
from gate.secrets.results.detected import DetectedSecret, Examined, FileReading, Spot
from gate.secrets.triage.confidence import confidence_of

Candidates = Mapping[int, frozenset[str]]
"""Line number to the plugins that can find something there."""
_MOST_SEEN = 256
"""Texts of one file, itself and what is hidden in it, whose marks are kept."""
_ASSIGNS_NOTHING = re.compile(r"^[^\s#;\[][^=:\n]*$", re.MULTILINE)
"""A line that starts at the margin and is neither header, comment nor assignment: configparser takes no such file."""
_CANARY = b"token = gh" + b"p_" + b"a1" * 18
"""What every set of patterns marks: an engine that is broken or was exchanged would else find nothing, and pass."""
_MOST_WITHOUT_ENGINE = 4 << 20
"""Bytes of a file that is no text which Python's `re` goes through: it takes seconds for each megabyte."""


class Scanner:
    """The detectors of one configuration behind a pre-filter (None: every line goes to every detector)."""

    def __init__(self, detectors: Detectors, sieve: Sieve | None, cache_folder: str | None = None) -> None:
        """`cache_folder` keeps the compiled pre-filter for files that are no text."""
        self.detectors = detectors
        self._cache_folder = cache_folder
        self.sieve = sieve if _is_proven(detectors) else None
        self._marker = sieve
        """The pre-filter, which knows where something may be hidden even if not what all plugins want."""
        self._own = frozenset(detectors.own)
        self._seen: dict[tuple[int, str], tuple[Text, list[Marked]]] = {}
        self._all = frozenset(detectors.plugins)
        patterns = sieve.patterns if sieve else ()
        self._own_plugins_of = [self._own & {pattern.plugin} for pattern in patterns]
        self._form_of = [pattern.plugin if pattern.plugin in FORMS else "" for pattern in patterns]
        self._hiding_of = [pattern.plugin if pattern.plugin in HIDDEN else "" for pattern in patterns]
        self._plugins_of = [
            self._all if pattern.plugin == EVERY_PLUGIN else self._all & {pattern.plugin} for pattern in patterns
        ]

    @property
    def engine(self) -> str:
        """The pre-filter's name, as the stage's facts show it."""
        return self.sieve.name if self.sieve else "none"

    @property
    def is_native(self) -> bool:
        """True if the pre-filter is Hyperscan."""
        return self._marker is not None and self._marker.name != PythonSieve.name

    @property
    def is_own(self) -> bool:
        """True in gate mode."""
        return bool(self._own)

    def looks_into(self, content: bytes, path: str) -> bool:
        """True for an archive by its first bytes or its name (gate mode)."""
        return self.is_own and (begins_as_archive(content) or is_archive_name(path))

    def passes_over(self, path: str) -> bool:
        """True if a filter leaves the file out by its name; in gate mode none does so by what files are called."""
        is_archive = self.is_own and is_archive_name(path)
        return not is_archive and self.detectors.passed_over_by(path) is not None

    def places_in_bytes(self, content: bytes) -> list[int]:
        """Return where in a file that is no text values of a format of their own may end, in their order."""
        return [end for end, _ in self._binary_sieve.hits(content)]

    def load(self) -> None:
        """Load what is else loaded at its first use: processes that are forked from this one have it then."""
        _ = self._binary_sieve, self._foreign

    @cached_property
    def _foreign(self) -> Sieve:
        return load_sieve(self._cache_folder, FOREIGN)

    @cached_property
    def _binary_sieve(self) -> Sieve:
        from gate.secrets.engine.kind_patterns import BINARY_PATTERNS

        return load_sieve(self._cache_folder, BINARY_PATTERNS)

    def find(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return the secrets in a file with this text, each time they occur."""
        return self._find_as_written(text, path) if self._own else self._find_as_detect_secrets(text, path)

    def _find_as_written(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return what is in a file's own lines (gate mode): no format rewrites the tokens that are looked for."""
        if self.sieve is None:
            lines = text.lines
            numbers = range(1, len(lines) + 1)
            return self._find_among(dict.fromkeys(numbers, self._all), lines, path) + [
                secret for number in numbers for secret in self.detectors.find_own(path, lines, number, self._own)
            ]
        marked = [line for line in self._marked(text, path) if not self._is_of_form_alone(line)]
        if not marked:
            return []
        theirs = {line.number: names for line in marked if (names := _named(line, self._plugins_of))}
        found = self._find_among(theirs, text.lines, path) if theirs else []
        for line in marked:
            found += self._find_own_in(line, text, path)
        return found

    def lines_for_forms(self, text: Text, path: str) -> MarkedForForms | None:
        """Return the lines that the pre-filter marks for `gate.secrets.decoders`; None without pre-filter."""
        if self.sieve is None:
            return None
        marked: dict[str, dict[int, int]] = {}
        for line in self._marked(text, path):
            for _, pattern in line.hits:
                form = self._form_of[pattern]
                if form:
                    marked.setdefault(form, {})[line.number] = line.start
        return marked

    def marks(self, text: Text, path: str) -> Marks:
        """Return where a text's lines may hide something, by the forms that read it."""
        places: dict[str, dict[int, list[int]]] = {}
        for line in self._marked(text, path):
            for end, pattern in line.hits:
                form = self._hiding_of[pattern]
                if form and (form != JOINS or may_meet(text.utf8, end)):
                    places.setdefault(form, {}).setdefault(line.number, []).append(end - line.start)
        foreign = [] if text.content.isascii() else self._foreign.hits(text.utf8)
        if foreign:
            disguised = places.get(DISGUISES, {})
            for line in marked_lines(foreign, text.utf8):
                ends = (end - line.start for end, _ in line.hits)
                disguised[line.number] = sorted({*disguised.get(line.number, ()), *ends})
            places[DISGUISES] = dict(sorted(disguised.items()))
        marks: dict[str, list[Mark]] = {}
        for form, lines in places.items():
            marks[form] = [_mark(text, number, ends) for number, ends in lines.items()]
        return marks

    def forget(self) -> None:
        """Let go of the texts of the last file."""
        self._seen.clear()

    def _marked(self, text: Text, path: str) -> list[Marked]:
        """Return the lines that the pre-filter marks; in each of a file's texts they are looked for once."""
        key = id(text), path
        known = self._seen.get(key)
        if known is None or known[0] is not text:
            marked = marked_lines(self._marker.hits(text.utf8, path), text.utf8) if self._marker else []
            if marked:
                text.know({line.number: line.start for line in marked})
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            known = self._seen[key] = (text, marked)
        return known[1]

    def _is_of_form_alone(self, line: Marked) -> bool:
        return len(line.hits) == 1 and bool(self._form_of[line.hits[0][1]])

    def _find_own_in(self, line: Marked, text: Text, path: str) -> Iterator[PotentialSecret]:
        names = _named(line, self._own_plugins_of)
        if not names:
            return iter(())
        is_short = text.utf8.find(b"\n", line.start, line.start + LONG_LINE) >= 0
        places = None if is_short else self._places(line, names)
        return self.detectors.find_own(path, text.lines, line.number, names, places)

    def _places(self, line: Marked, names: Iterable[str]) -> dict[str, list[int]]:
        """Return where in a line the hits of each of these plugins end."""
        places: dict[str, list[int]] = {name: [] for name in names}
        for end, pattern in line.hits:
            for name in self._own_plugins_of[pattern]:
                places[name].append(end - line.start)
        return places

    def _find_as_detect_secrets(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return the secrets that `detect-secrets scan` finds (compat mode).

        Like there, a file that parses as INI or YAML is scanned in its transformed form alone, and a file of
        unknown type in which nothing was found a second time as a list of assignments.
        """
        from gate.secrets.engine.transformers import assignment_lines, structured_lines

        if self.sieve is None:
            lines = structured_lines(text.content, path) or text.lines
            return self._find_in(lines, path) or self._find_in(assignment_lines(text.content, path), path)
        return self._find_sieved(self.sieve.hits(text.utf8), text, path)

    def _find_sieved(self, hits: list[PatternEnd], text: Text, path: str) -> list[PotentialSecret]:
        from gate.secrets.engine.transformers import (
            assignment_lines,
            is_of_unknown_type,
            is_yaml,
            starts_like_ini,
            structured_lines,
        )

        may_be_structured = is_yaml(path) or starts_like_ini(text.content)
        may_be_assignments = is_of_unknown_type(path) and not _ASSIGNS_NOTHING.search(text.content)
        if not hits and not ((may_be_structured or may_be_assignments) and _reshaping_matters(text.utf8)):
            return []
        lines = structured_lines(text.content, path) if may_be_structured else []
        found = self._find_in(lines, path) if lines else self._find_in_own_lines(hits, text, path)
        if found or not may_be_assignments:
            return found
        return self._find_in(assignment_lines(text.content, path), path)

    def _find_in_own_lines(self, hits: list[PatternEnd], text: Text, path: str) -> list[PotentialSecret]:
        candidates = self._candidates(hits, text.utf8)
        return self._find_among(candidates, text.lines, path) if candidates else []

    def _find_in(self, lines: Sequence[str], path: str) -> list[PotentialSecret]:
        if self.sieve is None:
            return self._find_among(dict.fromkeys(range(1, len(lines) + 1), self._all), lines, path)
        utf8 = "\n".join(line.replace("\n", " ") for line in lines).encode()
        several_lines = {number: self._all for number, line in enumerate(lines, 1) if "\n" in line}
        return self._find_among({**self._candidates(self.sieve.hits(utf8), utf8), **several_lines}, lines, path)

    def _candidates(self, hits: list[PatternEnd], utf8: bytes) -> dict[int, frozenset[str]]:
        return {line.number: _named(line, self._plugins_of) for line in marked_lines(hits, utf8)}

    def _find_among(self, candidates: Candidates, lines: Sequence[str], path: str) -> list[PotentialSecret]:
        return [
            secret
            for number in sorted(candidates)
            for secret in self.detectors.find(path, lines, number, candidates[number])
        ]


def _mark(text: Text, number: int, ends: list[int]) -> Mark:
    line = text.lines[number - 1].rstrip("\n")
    return Mark(number, line, tuple(in_characters(line, ends)))


def _named(line: Marked, plugins_of: list[frozenset[str]]) -> frozenset[str]:
    """Return the plugins that a marked line goes to."""
    if len(line.hits) == 1:
        return plugins_of[line.hits[0][1]]
    return frozenset().union(*(plugins_of[pattern] for _, pattern in line.hits))


def _is_proven(detectors: Detectors) -> bool:
    """True if PATTERNS cover these detectors: the built-in ones with entropy limits no lower than the defaults."""
    limits = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}
    plugins = detectors.plugins
    return (
        not detectors.custom
        and COVERED.issuperset(plugins)
        and all(plugins[name].entropy_limit >= least for name, least in limits.items() if name in plugins)
    )


_REJOINS = re.compile(rb"\\|!|%\(|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""Ways to write a value that its bytes do not show: escapes, tags such as !!binary, interpolation, the line breaks
that only YAML knows."""


def _reshaping_matters(utf8: bytes) -> bool:
    """True if a transformer's lines could match a pattern that the bytes themselves do not match."""
    return _REJOINS.search(utf8) is not None or has_unquoted_value(utf8)


@lru_cache(maxsize=16)
def scanner(configuration: Configuration = DEFAULT, cache_folder: str | None = None) -> Scanner:
    """Return the scanner of a configuration; cheap to call again. Raises UnreadableError as `Detectors` does."""
    sieve = load_sieve(cache_folder, _patterns(configuration))
    if not sieve.hits(_CANARY, "canary.txt"):
        raise UnreadableError(
            "the pre-filter for secrets sees nothing, not even what has to be seen", hint="Install the gate again"
        )
    return Scanner(Detectors(configuration), sieve, cache_folder)


def _patterns(configuration: Configuration) -> tuple[Pattern, ...]:
    if not configuration.own:
        return PATTERNS
    from gate.secrets.engine.kind_patterns import ALL_PATTERNS, patterns_of
    from gate.secrets.kinds.added import added_tokens

    return ALL_PATTERNS + patterns_of(added_tokens(configuration.kinds))


def compiled_patterns(cache_folder: str, kinds: tuple[str, ...]) -> Iterator[None]:
    """Keep one compiled pre-filter after the other, for processes that cannot keep any. Raises UnreadableError."""
    from gate.secrets.engine.kind_patterns import BINARY_PATTERNS

    own = Configuration(own=True, kinds=kinds)
    for patterns in (_patterns(own), _patterns(DEFAULT), BINARY_PATTERNS, FOREIGN):
        load_sieve(cache_folder, patterns)
        yield


def examine(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Look at one file's bytes, and in gate mode into archives. `path` is relative to the root of its tree."""
    if scanner.passes_over(path):
        return Examined(reading=FileReading.PASSED_OVER, size=len(content))
    return examine_wanted(content, path, scanner)


def examine_wanted(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Do what `examine` does, for a file that is not passed over."""
    if not scanner.looks_into(content, path):
        return _examine(content, path, scanner)
    inside = _examine_inside(content, path, scanner)
    return _with_raw(inside, content, path, scanner) if inside else _examine(content, path, scanner)


def _examine_inside(content: bytes, path: str, scanner: Scanner) -> Examined | None:
    from gate.secrets.sources.archive_members import examine_archive

    return examine_archive(content, path, partial(_examine_member, scanner=scanner))


def _with_raw(inside: Examined, content: bytes, path: str, scanner: Scanner) -> Examined:
    """Add what stands in a file's own bytes: of an archive before and between its files, and in comments."""
    raw = _examine_bytes(content, path, scanner, inside.reading)
    known = {secret.hash for secret in inside.secrets}
    further = tuple(secret for secret in raw.secrets if secret.hash not in known)
    return msgspec.structs.replace(inside, secrets=(*further, *inside.secrets)) if further else inside


def _examine_member(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Look at a file of an archive."""
    is_left = scanner.passes_over(path)
    return Examined(reading=FileReading.PASSED_OVER, size=len(content)) if is_left else _examine(content, path, scanner)


def _examine(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Look at a file's text."""
    look = _examine_judged if scanner.is_own else _examine_as_found
    return look(content, path, scanner)


def _examine_as_found(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Return what detect-secrets finds, as sure as its detectors are (compat mode)."""
    text = decode(content)
    if text is None:
        return Examined(reading=FileReading.BINARY, size=len(content))
    candidates = candidates_of(DecodedPart(text, path), scanner.find)
    secrets = distinct_secrets(
        candidates, lambda one: confidence_of(one.secret.type, one.secret.secret_value or ""), text
    )
    return Examined(
        reading=FileReading.SCANNED,
        size=len(content),
        encoding=text.encoding,
        secrets=tuple(secrets),
        sieve=scanner.engine,
    )


def _examine_judged(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Return what stands once each hit is judged and what several detectors found is one (gate mode)."""
    if is_pointer(content):
        return _examine_bytes(content, path, scanner, FileReading.POINTER)
    if sealed := sealed_as(content):
        examined = _examine_bytes(content, path, scanner, FileReading.BINARY)
        return msgspec.structs.replace(examined, unread=("",), sealed={"": sealed})
    if encrypted_by(content):
        return _examine_bytes(content, path, scanner, FileReading.ENCRYPTED)
    text = decode_wide(content) or decode_read(content)
    if text is None:
        return _examine_bytes(content, path, scanner, FileReading.BINARY)
    secrets, dropped, errors = judged(text, path, scanner)
    scanner.forget()
    examined = Examined(
        reading=FileReading.SCANNED,
        size=len(content),
        encoding=text.encoding,
        secrets=tuple(secrets),
        sieve=scanner.engine,
        dropped=dropped,
        errors=errors,
    )
    # Where letters of several bytes begin may change within a file, and with it what they are.
    return _with_raw(examined, content, path, scanner) if text.encoding.startswith(("utf-16-", "utf-32-")) else examined


def _examine_bytes(content: bytes, path: str, scanner: Scanner, reading: FileReading) -> Examined:
    """Look at a file that is no text: at values of a format of their own, and at lines that are nothing but letters."""
    from gate.secrets.decoders.binary import clean_lines, is_bytecode, windows

    found: dict[str, DetectedSecret] = {}
    dropped: Counter[str] = Counter()
    errors: tuple[StageError, ...] = ()
    if len(content) > _MOST_WITHOUT_ENGINE and not scanner.is_native:
        return Examined(reading=reading, size=len(content), unread=("",), sealed={"": "too large without Hyperscan"})
    around = windows(content, scanner.places_in_bytes(content))
    lines = None if is_bytecode(content, path) else clean_lines(content)
    for read, accepts in ((lines, None), (around, has_own_format)):
        if read is None:
            continue
        secrets, refuted, bounds = judged(read.text, path, scanner, accepts)
        found |= {secret.hash: _placed(secret, read.numbers) for secret in secrets if secret.hash not in found}
        dropped.update(refuted)
        errors = bounds or errors
    scanner.forget()
    return Examined(
        reading=reading,
        size=len(content),
        secrets=tuple(found.values()),
        dropped=dict(dropped),
        errors=errors,
    )


def _placed(secret: DetectedSecret, numbers: tuple[int, ...]) -> DetectedSecret:
    """Return a secret at the lines of the file itself."""
    lines = dict.fromkeys(numbers[min(spot.line, len(numbers)) - 1] for spot in secret.spots)
    return msgspec.structs.replace(secret, spots=tuple(map(Spot, lines)), count=max(len(lines), 1))
