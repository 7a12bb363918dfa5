"""A detector's word that a value is a secret, with where it stands; judged, and told without the value."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
from detect_secrets.core.potential_secret import PotentialSecret

from gate.model import Confidence
from gate.secrets.context import PRIVATE_KEY, judge
from gate.secrets.detected import DetectedSecret, keyed_hash, redact
from gate.secrets.plugins.values import decoded
from gate.secrets.text import Text
from gate.secrets.transforms import own_lines
from gate.secrets.whole import whole_values


class Part(msgspec.Struct, frozen=True):
    """A text within a file: the file itself, or what an encoding or a format hides in it."""

    text: Text
    path: str
    """What detectors go by: the file's path, or one below it."""
    within: str = ""
    """Which part of the file it is, for people: `cell 3`; empty for the file itself."""
    lines: tuple[int, ...] | None = None
    """For each of its lines the file's line that it comes from; None: the same."""

    def line_of(self, number: int) -> int:
        """Return the file's line that line `number` (both from 1) of the part stands in."""
        if self.lines is None or not self.lines:
            return number
        return self.lines[min(number, len(self.lines)) - 1]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """`others` claimed the same value and know less; `confidence` is None as long as it has not been judged."""

    secret: PotentialSecret
    value: str
    written: str
    """The line of its part that it was found in."""
    line: int
    """The line of the file."""
    path: str
    within: str = ""
    confidence: Confidence | None = None
    others: tuple[PotentialSecret, ...] = ()

    @property
    def plain(self) -> str:
        """What the value stands for: the text inside base64, else itself."""
        return decoded(self.value) or self.value


def claims_in(part: Part, found: Iterable[PotentialSecret]) -> Iterator[Claim]:
    """Yield a claim for each secret that the detectors' hits in a part stand for."""
    lines = own_lines(part.text.content)
    for secret in found:
        written = lines[secret.line_number - 1] if secret.line_number <= len(lines) else ""
        for value in whole_values(secret.type, secret.secret_value or "", lines, secret.line_number):
            yield Claim(
                secret=secret,
                value=value,
                written=written,
                line=part.line_of(secret.line_number),
                path=part.path,
                within=part.within,
            )


def sift(claims: Iterable[Claim]) -> tuple[list[Claim], Counter[str]]:
    """Judge each claim; return those that stand, and how many values were dropped for which reason.

    A value that one detector is wrong about and another right is not dropped.
    """
    kept: list[Claim] = []
    dropped: dict[tuple[int, str], str] = {}
    for claim in claims:
        verdict = judge(claim.secret.type, _judged_value(claim), claim.written, claim.path)
        if verdict.confidence is None:
            dropped.setdefault((claim.line, claim.value), verdict.reason)
        else:
            kept.append(msgspec.structs.replace(claim, confidence=verdict.confidence))
    standing: dict[int, list[str]] = {}
    for claim in kept:
        standing.setdefault(claim.line, []).append(claim.value)
    reasons = (
        reason for (line, value), reason in dropped.items() if not _is_part_of_any(value, standing.get(line, ()))
    )
    return kept, Counter(reasons)


def _judged_value(claim: Claim) -> str:
    """Return what stands in the line: of a private key, which goes on below, the header."""
    return (claim.secret.secret_value or "") if claim.secret.type == PRIVATE_KEY else claim.value


def _is_part_of_any(value: str, others: Iterable[str]) -> bool:
    return any(value in other or other in value for other in others)


def forget(claim: Claim, confidence: Confidence, count: int) -> DetectedSecret:
    """Say of a claim what may be told: everything but the value. `count`: lines of the file that hold it."""
    secret, value, named = claim.secret, claim.value, claim.secret.secret_value or ""
    return DetectedSecret(
        type=secret.type,
        line=claim.line,
        column=(claim.written.find(value) + 1 or claim.written.find(named) + 1) or None,
        hash=keyed_hash(secret.type, PotentialSecret.hash_secret(value)),
        listed_as=keyed_hash(secret.type, secret.secret_hash),
        also_listed_as=tuple(keyed_hash(other.type, other.secret_hash) for other in claim.others),
        redacted=redact(value),
        confidence=confidence,
        count=count,
        within=claim.within,
    )
