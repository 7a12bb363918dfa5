"""A text to its secrets in gate mode: its own lines and what forms reveal, each candidate triaged, each secret once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.model import Confidence, StageError
from gate.secrets.decoders import MAX_PARTS, DecodedPart, MarkedForForms, parts_of
from gate.secrets.decoders.encrypted import encrypted_lines
from gate.secrets.decoders.hidden import Marks, hidden_parts
from gate.secrets.engine.candidates import Candidate, candidates_in, forget, sift
from gate.secrets.engine.detect_secrets_adapter import PotentialSecret
from gate.secrets.engine.text import Text
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.kinds.traits import Checks
from gate.secrets.results.detected import DetectedSecret
from gate.secrets.triage.overlap import settle

Find = Callable[[Text, str], list[PotentialSecret]]
"""What the detectors find in a text, by the path that it stands under."""
_TOO_MANY_PARTS = StageError(
    title=f"holds more than {MAX_PARTS:,} cells or encoded values",
    message="List the file under stages.secrets.ignore in gate.yaml, or split it",
)


class Look(Protocol):
    """The detectors and the pre-filter, as this asks for them."""

    def find(self, text: Text, path: str) -> list[PotentialSecret]:
        """Return what the detectors find in a text, by the path that it stands under."""

    def lines_for_forms(self, text: Text, path: str) -> MarkedForForms | None:
        """Return the lines that the pre-filter marks for `gate.secrets.decoders`; None without pre-filter."""

    def marks(self, text: Text, path: str) -> Marks:
        """Return the places in which a text may hide something."""


def judged(
    text: Text,
    path: str,
    look: Look,
    accepts: Callable[[Candidate], bool] | None = None,
    *,
    formats_alone: bool = False,
) -> tuple[list[DetectedSecret], dict[str, int], tuple[StageError, ...]]:
    """Return the secrets of a file, how many values were dropped for which reason, and what is not done.

    `accepts` tells which candidates count; None: all. `formats_alone`: only what is sure counts.
    """
    parts = list(islice(all_parts(text, path, look, formats_alone=formats_alone), MAX_PARTS + 1))
    candidates = list(candidates_of(parts[0], look.find))
    further = chain.from_iterable(candidates_of(part, look.find) for part in parts[1:MAX_PARTS])
    candidates += (
        one for one in further if not (one.formats_alone and one.value in text.content)
    )  # found as it stands
    errors = (_TOO_MANY_PARTS,) if len(parts) > MAX_PARTS else ()
    if accepts is not None:
        candidates = list(filter(accepts, candidates))
    if not candidates:
        return [], {}, errors
    kept, dropped = sift(candidates, encrypted_lines(text))
    secrets = distinct_secrets(settle(kept), lambda candidate: candidate.confidence or Confidence.LOW, text)
    return list(secrets), dict(dropped), errors


def has_own_format(candidate: Candidate) -> bool:
    """True for what is known by its form alone, wherever it stands."""
    return kind_of(candidate.secret.type).confidence is Confidence.HIGH


def all_parts(text: Text, path: str, look: Look, *, formats_alone: bool = False) -> Iterator[DecodedPart]:
    """Yield a text itself, then what formats hold apart in it, and what is hidden in its lines."""
    whole = DecodedPart(text, path, formats_alone=formats_alone)
    yield whole
    marked, hidden = look.lines_for_forms(text, path), hidden_parts(whole, look)
    for one in parts_of(text, path, marked):
        yield msgspec.structs.replace(one, formats_alone=True) if formats_alone else one
    for found in hidden:
        yield found
        if found.path != path:  # decoded: a file of its own
            lines = look.lines_for_forms(found.text, found.path)
            yield from (_within(one, found) for one in parts_of(found.text, found.path, lines))


def _within(inner: DecodedPart, outer: DecodedPart) -> DecodedPart:
    """Place a part of a part in the file."""
    numbers = inner.lines or range(1, inner.text.content.count("\n") + 2)
    placed = tuple(outer.line_of(number) for number in numbers)
    return msgspec.structs.replace(inner, lines=placed, within=outer.within, formats_alone=outer.formats_alone)


def candidates_of(part: DecodedPart, find: Find) -> Iterator[Candidate]:
    """Return what detectors claim of a part."""
    found = find(part.text, part.path)
    if not found:
        return iter(())
    lines = part.text.lines
    return candidates_in(part, lines, (secret for secret in found if not _is_fingerprint(secret, lines)))


def distinct_secrets(
    candidates: Iterable[Candidate], confidence: Callable[[Candidate], Confidence], text: Text
) -> Iterator[DetectedSecret]:
    """Yield each secret once, with all of its lines, in the order of the first ones; its value is forgotten."""
    same: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in candidates:
        same.setdefault((candidate.secret.type, candidate.value), []).append(candidate)
    lines = text.lines if same else ()
    for key in sorted(same, key=lambda key: (same[key][0].line, key)):
        yield forget(same[key], confidence(same[key][0]), lines)


_IS_MARK = lazy_regex(r"[0-9a-f]{24,64}")
_LISTED = lazy_regex(
    r"\{\"baseline\":[0-9]{1,4},\"key\":\"([0-9a-f]{32})\"\}"
    r"|\[\"(?:[^\"\\]|\\.)*+\",\"[a-z]{2,20}\",\"[\w.-]{2,80}\",\"([0-9a-f]{24})\"\]"
)
"""Lines of our baseline, and the key or the mark in each."""
_FINGERPRINT = lazy_regex(r"\W*fingerprint\W+[0-9a-f]{32}\W*")


def _is_fingerprint(secret: PotentialSecret, lines: Sequence[str]) -> bool:
    """True for the gate's own names of findings, as in its waivers: random-looking, and public by design."""
    if secret.line_number > len(lines) or not _IS_MARK.fullmatch(secret.secret_value or ""):
        return False
    line = lines[secret.line_number - 1].strip()
    if kind_of(secret.type).checks is Checks.RANDOM and _FINGERPRINT.fullmatch(line):
        return True
    listed = _LISTED.fullmatch(line)
    if listed is not None and secret.secret_value in listed.groups():
        return True
    return re.search(rf'"hashed_secret"[ ]?:[ ]?"{secret.secret_value}"', line) is not None
