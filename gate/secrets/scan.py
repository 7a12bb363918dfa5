"""One file's bytes to its secrets: decode, pre-filter, detectors."""

import re
from collections.abc import Iterable, Mapping, Sequence
from configparser import RawConfigParser
from functools import lru_cache, partial

from gate.secrets.borrowed import PotentialSecret
from gate.secrets.confidence import confidence_of
from gate.secrets.configuration import DEFAULT, Configuration
from gate.secrets.detected import Examined, Reading
from gate.secrets.detectors import Detectors
from gate.secrets.forms.archive_names import is_archive_name
from gate.secrets.forms.encrypted import encrypted_by
from gate.secrets.forms.pairs import PAIRS_FORM
from gate.secrets.forms.part import Part
from gate.secrets.judged import claims_of, judged, told_once
from gate.secrets.patterns import ASSIGNMENTS, COVERED, EVERY_PLUGIN, PATTERNS, Pattern, has_unquoted_value
from gate.secrets.sieve import Hit, Sieve, load_sieve
from gate.secrets.text import Text, decode, decode_wide
from gate.secrets.transforms import assignment_lines, is_of_unknown_type, is_yaml, own_lines, structured_lines

LONG_LINE = 2_000
"""Characters of a line in which detectors are told where to look."""
Candidates = Mapping[int, frozenset[str]]
"""Line number to the plugins that can find something there."""


class Scanner:
    """The detectors of one configuration behind a pre-filter (None: every line goes to every detector)."""

    def __init__(self, detectors: Detectors, sieve: Sieve | None) -> None:
        self.detectors = detectors
        self.sieve = sieve if _is_proven(detectors) else None
        self._own = frozenset(detectors.own)
        self._last: tuple[Text, str, list[Hit]] | None = None
        self._all = frozenset(detectors.plugins)
        patterns = sieve.patterns if sieve else ()
        self._own_plugins_of = [self._own & {pattern.plugin} for pattern in patterns]
        self._is_assignment = [pattern.plugin == ASSIGNMENTS for pattern in patterns]
        self._plugins_of = [
            self._all if pattern.plugin == EVERY_PLUGIN else self._all & {pattern.plugin} for pattern in patterns
        ]

    @property
    def engine(self) -> str:
        """The pre-filter's name, as the stage's facts show it."""
        return self.sieve.name if self.sieve else "none"

    def looks_into(self, path: str) -> bool:
        """True for an archive's name (gate mode)."""
        return bool(self._own) and is_archive_name(path)

    def passes_over(self, path: str) -> bool:
        """True if a filter leaves the file out by its name."""
        return not self.looks_into(path) and self.detectors.passed_over_by(path) is not None

    def find(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return the secrets in a file with this text, each time they occur."""
        return self._find_as_written(text, path) if self._own else self._find_as_detect_secrets(text, path)

    def _find_as_written(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return what is in a file's own lines (gate mode): no format rewrites the tokens that are looked for."""
        if self.sieve is None:
            numbers = range(1, len(own_lines(text.content)) + 1)
            return self._find_own(dict.fromkeys(numbers, self._all), dict.fromkeys(numbers, self._own), text, path)
        hits = self._hits(text, path)
        own = [hit for hit in hits if self._own_plugins_of[hit[1]]]
        theirs = [hit for hit in hits if self._plugins_of[hit[1]]]
        return self._find_own(
            self._candidates(theirs, text.utf8), _routed(own, text.utf8, self._own_plugins_of), text, path, hits
        )

    def lines_of_pairs(self, text: Text, path: str) -> frozenset[int] | None:
        """Return the lines that the pre-filter marks for `gate.secrets.forms.pairs`; None without pre-filter."""
        if self.sieve is None:
            return None
        marked = [
            (end, number) for end, number in self._hits(text, path) if self.sieve.patterns[number].plugin == PAIRS_FORM
        ]
        return frozenset(_routed(marked, text.utf8, [frozenset()] * len(self.sieve.patterns)))

    def forget(self) -> None:
        """Let go of the last text."""
        self._last = None

    def _hits(self, text: Text, path: str) -> list[Hit]:
        """Return the pre-filter's hits; those of the same file twice are looked for once."""
        if self._last is None or self._last[0] is not text or self._last[1] != path:
            self._last = (text, path, self.sieve.hits(text.utf8, path) if self.sieve else [])
        return self._last[2]

    def _find_own(
        self, theirs: Candidates, own: Candidates, text: Text, path: str, hits: Iterable[Hit] = ()
    ) -> list[PotentialSecret]:
        if not theirs and not own:
            return []
        lines = own_lines(text.content)
        is_long = any(len(lines[number - 1]) >= LONG_LINE for number in own)
        places = self._places(hits, text.utf8) if is_long else {}
        return self._find_among(theirs, lines, path) + [
            secret
            for number in sorted(own)
            for secret in self.detectors.find_own(path, lines, number, own[number], places.get(number))
        ]

    def _places(self, hits: Iterable[Hit], utf8: bytes) -> dict[int, list[int]]:
        """Return for each line where in it, in bytes, the matches of names with values end."""
        places: dict[int, list[int]] = {}
        number, place, start = 1, 0, 0
        for end, pattern in hits:
            if self._is_assignment[pattern]:
                passed = utf8.count(b"\n", place, end - 1)
                number, place = number + passed, max(place, end - 1)
                start = utf8.rfind(b"\n", 0, end - 1) + 1 if passed else start
                places.setdefault(number, []).append(end - start)
        return places

    def _find_as_detect_secrets(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return the secrets that `detect-secrets scan` finds (compat mode).

        Like there, a file that parses as INI or YAML is scanned in its transformed form alone, and a file of
        unknown type in which nothing was found a second time as a list of assignments.
        """
        if self.sieve is None:
            lines = structured_lines(text.content, path) or own_lines(text.content)
            return self._find_in(lines, path) or self._find_in(assignment_lines(text.content, path), path)
        return self._find_sieved(self.sieve.hits(text.utf8), text, path)

    def _find_sieved(self, hits: list[Hit], text: Text, path: str) -> list[PotentialSecret]:
        may_be_structured = is_yaml(path) or _starts_like_ini(text.content)
        may_be_assignments = is_of_unknown_type(path) and not _ASSIGNS_NOTHING.search(text.content)
        if not hits and not ((may_be_structured or may_be_assignments) and _reshaping_matters(text.utf8)):
            return []
        lines = structured_lines(text.content, path) if may_be_structured else []
        found = self._find_in(lines, path) if lines else self._find_in_own_lines(hits, text, path)
        if found or not may_be_assignments:
            return found
        return self._find_in(assignment_lines(text.content, path), path)

    def _find_in_own_lines(self, hits: list[Hit], text: Text, path: str) -> list[PotentialSecret]:
        candidates = self._candidates(hits, text.utf8)
        return self._find_among(candidates, own_lines(text.content), path) if candidates else []

    def _find_in(self, lines: Sequence[str], path: str) -> list[PotentialSecret]:
        if self.sieve is None:
            return self._find_among(dict.fromkeys(range(1, len(lines) + 1), self._all), lines, path)
        utf8 = "\n".join(line.replace("\n", " ") for line in lines).encode()
        several_lines = {number: self._all for number, line in enumerate(lines, 1) if "\n" in line}
        return self._find_among({**self._candidates(self.sieve.hits(utf8), utf8), **several_lines}, lines, path)

    def _candidates(self, hits: list[Hit], utf8: bytes) -> dict[int, frozenset[str]]:
        return _routed(hits, utf8, self._plugins_of)

    def _find_among(self, candidates: Candidates, lines: Sequence[str], path: str) -> list[PotentialSecret]:
        return [
            secret
            for number in sorted(candidates)
            for secret in self.detectors.find(path, lines, number, candidates[number])
        ]


def _routed(hits: list[Hit], utf8: bytes, plugins_of: list[frozenset[str]]) -> dict[int, frozenset[str]]:
    """Return for each line with a hit the plugins that it goes to."""
    candidates: dict[int, frozenset[str]] = {}
    number, place = 1, 0
    for end, pattern in hits:
        number += utf8.count(b"\n", place, end - 1)
        place = max(place, end - 1)
        candidates[number] = candidates.get(number, frozenset()) | plugins_of[pattern]
    return candidates


def _is_proven(detectors: Detectors) -> bool:
    """True if PATTERNS cover these detectors: the built-in ones with entropy limits no lower than the defaults."""
    limits = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}
    return not detectors.custom and all(
        name in COVERED and getattr(plugin, "entropy_limit", 8) >= limits.get(name, 0)
        for name, plugin in detectors.plugins.items()
    )


_LEADING_COMMENTS = re.compile(r"(?>\s*(?:[#;][^\n]*(?:\n|\Z))?)*")
_ASSIGNS_NOTHING = re.compile(r"^[^\s#;\[][^=:\n]*$", re.MULTILINE)
"""A line that starts at the margin and is neither header, comment nor assignment: configparser takes no such file."""


def _starts_like_ini(text: str) -> bool:
    """True if the first line that is not blank or a comment is a section's header, without which no INI file is."""
    start = _LEADING_COMMENTS.match(text).end()  # type: ignore[union-attr]
    return text.startswith("[", start) and bool(RawConfigParser.SECTCRE.match(text[start:].partition("\n")[0].strip()))


_REJOINS = re.compile(rb"\\|!|%\(|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""Ways to write a value that its bytes do not show: escapes, tags such as !!binary, interpolation, the line breaks
that only YAML knows."""


def _reshaping_matters(utf8: bytes) -> bool:
    """True if a transformer's lines could match a pattern that the bytes themselves do not match."""
    return _REJOINS.search(utf8) is not None or has_unquoted_value(utf8)


@lru_cache(maxsize=16)
def scanner(configuration: Configuration = DEFAULT, cache_folder: str | None = None) -> Scanner:
    """Return the scanner of a configuration; cheap to call again. Raises UnreadableError as `Detectors` does."""
    return Scanner(Detectors(configuration), load_sieve(cache_folder, _patterns(configuration)))


def _patterns(configuration: Configuration) -> tuple[Pattern, ...]:
    if not configuration.own:
        return PATTERNS
    from gate.secrets.plugins.added import added_tokens
    from gate.secrets.plugins.sieve import ALL_PATTERNS, patterns_of

    return ALL_PATTERNS + patterns_of(added_tokens(configuration.kinds))


def examine(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Look at one file's bytes, and in gate mode into archives. `path` is relative to the root of its tree."""
    inside = _examine_inside(content, path, scanner) if scanner.looks_into(path) else None
    return inside or _examine(content, path, scanner)


def _examine_inside(content: bytes, path: str, scanner: Scanner) -> Examined | None:
    from gate.secrets.inside import examine_archive

    return examine_archive(content, path, partial(_examine, scanner=scanner))


def _examine(content: bytes, path: str, scanner: Scanner) -> Examined:
    if scanner.passes_over(path):
        return Examined(reading=Reading.PASSED_OVER, size=len(content))
    return (
        _examine_judged(content, path, scanner) if scanner.detectors.own else _examine_as_found(content, path, scanner)
    )


def _examine_as_found(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Return what detect-secrets finds, as sure as its detectors are (compat mode)."""
    text = decode(content)
    if text is None:
        return Examined(reading=Reading.BINARY, size=len(content))
    claims = claims_of(Part(text, path), scanner.find)
    secrets = told_once(claims, lambda one: confidence_of(one.secret.type, one.secret.secret_value or ""), text)
    return Examined(
        reading=Reading.SCANNED,
        size=len(content),
        encoding=text.encoding,
        secrets=tuple(secrets),
        sieve=scanner.engine,
    )


def _examine_judged(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Return what stands once each hit is judged and what several detectors found is one (gate mode)."""
    if encrypted_by(content):
        return Examined(reading=Reading.ENCRYPTED, size=len(content))
    text = decode_wide(content) or decode(content)
    if text is None:
        return Examined(reading=Reading.BINARY, size=len(content))
    secrets, dropped, errors = judged(text, path, scanner.find, scanner.lines_of_pairs(text, path))
    scanner.forget()
    return Examined(
        reading=Reading.SCANNED,
        size=len(content),
        encoding=text.encoding,
        secrets=tuple(secrets),
        sieve=scanner.engine,
        dropped=dropped,
        errors=errors,
    )
