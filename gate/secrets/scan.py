"""One file's bytes to its secrets: decode, pre-filter, detectors."""

import re
from collections.abc import Iterator, Mapping
from configparser import RawConfigParser
from functools import lru_cache

import msgspec
from detect_secrets.core.potential_secret import PotentialSecret

from gate.model import Confidence
from gate.secrets.confidence import confidence_of
from gate.secrets.configuration import DEFAULT, Configuration
from gate.secrets.context import judge
from gate.secrets.detected import DetectedSecret, Examined, Reading, keyed_hash, redact
from gate.secrets.detectors import Detectors
from gate.secrets.overlap import Claim, settle
from gate.secrets.patterns import COVERED, EVERY_PLUGIN, PATTERNS, Pattern, has_unquoted_value
from gate.secrets.sieve import Hit, Sieve, load_sieve
from gate.secrets.text import Text, decode
from gate.secrets.transforms import assignment_lines, is_of_unknown_type, is_yaml, own_lines, structured_lines
from gate.secrets.whole import whole_values

Candidates = Mapping[int, frozenset[str]]
"""Line number to the plugins that can find something there."""


class Scanner:
    """The detectors of one configuration behind a pre-filter (None: every line goes to every detector)."""

    def __init__(self, detectors: Detectors, sieve: Sieve | None) -> None:
        self.detectors = detectors
        self.sieve = sieve if _is_proven(detectors) else None
        self._own = frozenset(detectors.own)
        self._own_sieve = sieve if sieve and len(sieve.patterns) > len(PATTERNS) else None
        self._own_plugins_of = [self._own & {pattern.plugin} for pattern in (sieve.patterns if sieve else ())]
        self._all = frozenset(detectors.plugins)
        self._plugins_of = [
            self._all if pattern.plugin == EVERY_PLUGIN else self._all & {pattern.plugin}
            for pattern in (sieve.patterns if sieve else ())
        ]

    @property
    def engine(self) -> str:
        """The pre-filter's name, as the stage's facts show it."""
        return self.sieve.name if self.sieve else "none"

    def find(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return the secrets that `detect-secrets scan` finds in a file with this text, each time they occur.

        Like there, a file that parses as INI or YAML is scanned in its transformed form alone, and a file of
        unknown type in which nothing was found a second time as a list of assignments.
        """
        if self.sieve is None:
            lines = structured_lines(text.content, path) or own_lines(text.content)
            found = self._find_in(lines, path) or self._find_in(assignment_lines(text.content, path), path)
            return found + self._find_own(self._own_candidates(text), text, path)
        hits = self.sieve.hits(text.utf8)
        own = [(end, number) for end, number in hits if number >= len(PATTERNS)]
        if not own:
            return self._find_sieved(hits, text, path)
        theirs = [(end, number) for end, number in hits if number < len(PATTERNS)]
        return self._find_sieved(theirs, text, path) + self._find_own(
            _routed(own, text.utf8, self._own_plugins_of), text, path
        )

    def _own_candidates(self, text: Text) -> Candidates:
        """Return the lines for our own detectors where detect-secrets' are not behind the pre-filter."""
        if not self._own:
            return {}
        if self._own_sieve is None:
            return dict.fromkeys(range(1, len(own_lines(text.content)) + 1), self._own)
        return _routed(self._own_sieve.hits(text.utf8), text.utf8, self._own_plugins_of)

    def _find_own(self, candidates: Candidates, text: Text, path: str) -> list[PotentialSecret]:
        """Return what our own detectors find in a file's own lines, whatever a transformer makes of them."""
        lines = own_lines(text.content)
        return [
            secret
            for number in sorted(candidates)
            for secret in self.detectors.find_own(path, lines, number, candidates[number])
        ]

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

    def _find_in(self, lines: list[str], path: str) -> list[PotentialSecret]:
        if self.sieve is None:
            return self._find_among(dict.fromkeys(range(1, len(lines) + 1), self._all), lines, path)
        utf8 = "\n".join(line.replace("\n", " ") for line in lines).encode()
        several_lines = {number: self._all for number, line in enumerate(lines, 1) if "\n" in line}
        return self._find_among({**self._candidates(self.sieve.hits(utf8), utf8), **several_lines}, lines, path)

    def _candidates(self, hits: list[Hit], utf8: bytes) -> dict[int, frozenset[str]]:
        return _routed(hits, utf8, self._plugins_of)

    def _find_among(self, candidates: Candidates, lines: list[str], path: str) -> list[PotentialSecret]:
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
    return all(
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
    from gate.secrets.plugins.sieve import ALL_PATTERNS

    return ALL_PATTERNS


def examine(content: bytes, path: str, scanner: Scanner) -> Examined:
    """Look at one file's bytes. `path` is relative to the root of its tree."""
    if scanner.detectors.passed_over_by(path):
        return Examined(reading=Reading.PASSED_OVER, size=len(content))
    text = decode(content)
    if text is None:
        return Examined(reading=Reading.BINARY, size=len(content))
    found = scanner.find(text, path)
    return Examined(
        reading=Reading.SCANNED,
        size=len(content),
        encoding=text.encoding,
        secrets=tuple(_merge(found, text, path, settled=bool(scanner.detectors.own))),
        sieve=scanner.engine,
    )


def _merge(found: list[PotentialSecret], text: Text, path: str, settled: bool) -> Iterator[DetectedSecret]:
    """Forget the values; keep each secret once, at its first line, in the order of lines.

    `settled`: what several detectors found is one secret too, and what its surroundings refute is of low confidence.
    """
    own = own_lines(text.content) if found else []
    found = [secret for secret in found if not _is_fingerprint(secret, own)]
    claims = [
        Claim(secret, value)
        for secret in found
        for value in whole_values(secret.type, secret.secret_value or "", own, secret.line_number)
    ]
    lines_of: dict[tuple[str, str], set[int]] = {}
    first: dict[tuple[str, str], Claim] = {}
    for claim in settle(claims) if settled else claims:
        key = (claim.secret.type, claim.value)
        lines_of.setdefault(key, set()).add(claim.secret.line_number)
        first.setdefault(key, claim)
    for key in sorted(first, key=lambda key: (first[key].secret.line_number, key)):
        secret = _forget(first[key], own, len(lines_of[key]))
        is_refuted = settled and _is_refuted(first[key].secret, own, path)
        yield msgspec.structs.replace(secret, confidence=Confidence.LOW) if is_refuted else secret


def _is_refuted(secret: PotentialSecret, lines: list[str], path: str) -> bool:
    """True if the value or what stands around it says that it is no credential: it is told, and does not block."""
    line = lines[secret.line_number - 1] if secret.line_number <= len(lines) else ""
    return judge(secret.type, secret.secret_value or "", line, path).is_dropped


_FINGERPRINT = re.compile(r"\W*fingerprint\W+[0-9a-f]{32}\W*")


def _is_fingerprint(secret: PotentialSecret, lines: list[str]) -> bool:
    """True for the gate's own names of findings, as in its waivers: random-looking, and public by design."""
    is_hex = secret.type == "Hex High Entropy String" and secret.line_number <= len(lines)
    return is_hex and _FINGERPRINT.fullmatch(lines[secret.line_number - 1]) is not None


def _forget(claim: Claim, lines: list[str], count: int) -> DetectedSecret:
    secret, value = claim.secret, claim.value
    line = lines[secret.line_number - 1] if secret.line_number <= len(lines) else ""
    named = secret.secret_value or ""
    return DetectedSecret(
        type=secret.type,
        line=secret.line_number,
        column=(line.find(value) + 1 or line.find(named) + 1) or None,
        hash=keyed_hash(secret.type, PotentialSecret.hash_secret(value)),
        listed_as=keyed_hash(secret.type, secret.secret_hash),
        also_listed_as=tuple(keyed_hash(other.type, other.secret_hash) for other in claim.others),
        redacted=redact(value),
        confidence=confidence_of(secret.type, named),
        count=count,
    )
