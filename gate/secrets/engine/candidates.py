"""Candidates: what detectors take for a secret, and where; triaged, then described without the value."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.model import Confidence
from gate.secrets.decoders.encrypted import covers
from gate.secrets.decoders.part import DecodedPart
from gate.secrets.engine.detect_secrets_adapter import PotentialSecret
from gate.secrets.engine.whole_value import whole_values
from gate.secrets.kinds.catalogue import CATCH_ALL, kind_of
from gate.secrets.kinds.values import decoded
from gate.secrets.results.detected import MAX_SPOTS, DetectedSecret, Spot, keyed_hash, redact
from gate.secrets.triage.candidate_in_line import HEADER_ALONE, TriageVerdict, locate
from gate.secrets.triage.lookalikes import is_alphabet
from gate.secrets.triage.published import PUBLISHED, is_published
from gate.secrets.triage.surroundings import little_worth, placed_secret
from gate.secrets.triage.verdict import judge
from gate.secrets.triage.web_tokens import expiry

_NO_PART_OF_A_KEY = lazy_regex(r"[^A-Za-z0-9+/=-]")
_SHORTEST_BODY = 60
_HOW_ENCRYPTED = lazy_regex(
    r"(?:Proc-Type4ENCRYPTED)?(?:DEK-Info[A-Z0-9-]{3,16}-[A-Z]{3}[0-9A-F]{16}(?:[0-9A-F]{16})?)?"
)
"""The fields in front of an encrypted key's body (RFC 1421), its blanks and signs left out."""
_BEGINS_A_KEY = lazy_regex(r"-----n?[+.]?(?:MI[IGHC]|MH[cQ]|b3BlbnNz|Proc-Type)")
"""How the body goes on in the strings of the next lines, below a header that is a string of its own."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """What a detector takes for a secret.

    `others` found the same value and know less; `confidence` is None until triage.
    """

    secret: PotentialSecret
    value: str
    written: str
    """The line of its part that it was found in."""
    line: int
    """The line of the file."""
    path: str
    within: str = ""
    formats_alone: bool = False
    """True if it counts only if it is sure."""
    confidence: Confidence | None = None
    others: tuple[PotentialSecret, ...] = ()

    @property
    def plain(self) -> str:
        """What the value stands for: the text inside base64, else itself; of a key without what parts its lines."""
        text = decoded(self.value) or self.value
        return _NO_PART_OF_A_KEY.sub("", text) if text.startswith("-----BEGIN") else text


def candidates_in(part: DecodedPart, lines: Sequence[str], found: Iterable[PotentialSecret]) -> Iterator[Candidate]:
    """Yield a candidate for each secret that the detectors' hits in a part, which has these lines, stand for."""
    for secret in found:
        written = lines[secret.line_number - 1] if secret.line_number <= len(lines) else ""
        for value in whole_values(secret.type, secret.secret_value or "", lines, secret.line_number):
            yield Candidate(
                secret=secret,
                value=value,
                written=written,
                line=part.line_of(secret.line_number),
                path=part.path,
                within=part.within,
                formats_alone=part.formats_alone,
            )


def sift(candidates: Iterable[Candidate], encrypted: Mapping[int, str]) -> tuple[list[Candidate], Counter[str]]:
    """Judge each candidate; return those that stand, and how many values were dropped for which reason.

    `encrypted`: the lines of the file that are, and why. A value that one detector is wrong about and another right
    is not dropped.
    """
    kept: list[Candidate] = []
    dropped: dict[tuple[int, str], str] = {}
    for candidate in candidates:
        verdict = _verdict(candidate, encrypted)
        if candidate.formats_alone and not _is_sure(candidate, verdict):
            continue
        if verdict.confidence is None:
            dropped.setdefault((candidate.line, candidate.value), verdict.reason)
        else:
            kept.append(msgspec.structs.replace(candidate, confidence=verdict.confidence))
    standing: dict[int, list[str]] = {}
    for candidate in kept:
        standing.setdefault(candidate.line, []).append(candidate.value)
    reasons = (
        reason for (line, value), reason in dropped.items() if not _is_part_of_any(value, standing.get(line, ()))
    )
    return kept, Counter(reasons)


def _is_sure(candidate: Candidate, verdict: TriageVerdict) -> bool:
    """True if a value has a format of its own, or is sure for another reason."""
    kind = kind_of(candidate.secret.type)
    return kind.counts_in_formats or Confidence.HIGH in (kind.confidence, verdict.confidence)


def _verdict(candidate: Candidate, encrypted: Mapping[int, str]) -> TriageVerdict:
    kind = kind_of(candidate.secret.type)
    verdict = judge(candidate.secret.type, judged_value(candidate), candidate.written, candidate.path)
    if verdict.confidence and is_published(candidate.value):
        return TriageVerdict(Confidence.LOW, "a published test vector or sample")
    if verdict.confidence and kind.is_private_key and _lacks_body(candidate.value):
        return TriageVerdict(Confidence.LOW, HEADER_ALONE)
    if verdict.reason == HEADER_ALONE and _BEGINS_A_KEY.search(candidate.value):
        return TriageVerdict(Confidence.MEDIUM, "a key in pieces")
    is_vague = kind.confidence is not Confidence.HIGH
    is_encrypted = (
        is_vague
        and candidate.line in encrypted
        and covers(encrypted[candidate.line], candidate.written, candidate.value)
    )
    return TriageVerdict(None, encrypted[candidate.line]) if is_encrypted else verdict


def _lacks_body(key: str) -> bool:
    """True for a key in PEM armour with less between header and footer than the shortest key has (Ed25519: 64),
    or the alphabet.
    """
    header, _, text = key.removeprefix("-----").partition("-----")
    body = _HOW_ENCRYPTED.sub("", text, count=1)
    return "PRIVATEKEY" in header and (len(body) < _SHORTEST_BODY or is_alphabet(body[:_SHORTEST_BODY]))


def judged_value(candidate: Candidate) -> str:
    """Return what stands in the line: of a private key, which goes on below, the header."""
    return (candidate.secret.secret_value or "") if kind_of(candidate.secret.type).is_private_key else candidate.value


def _is_part_of_any(value: str, others: Iterable[str]) -> bool:
    return any(value in other or other in value for other in others)


def against(candidate: Candidate, lines: Sequence[str]) -> str:
    """Return what says that a candidate is hardly worth stopping for, in the `lines` of its file; empty if nothing."""
    if is_published(candidate.value):
        return PUBLISHED
    kind, shown = kind_of(candidate.secret.type), judged_value(candidate)
    name = locate(candidate.secret.type, shown, candidate.written, candidate.path).naming.nearest
    return little_worth(placed_secret(kind, shown, name, candidate.path, lines, candidate.line))


def forget(same: Sequence[Candidate], confidence: Confidence, lines: Sequence[str]) -> DetectedSecret:
    """Return all that may be shown of the candidates for one secret in a file with these `lines`: not its value."""
    candidate = same[0]
    secret, value = candidate.secret, candidate.value
    numbers = sorted({one.line for one in same})
    reasons = [against(one, lines) for one in same[:MAX_SPOTS]]
    sha1 = PotentialSecret.hash_secret(value)
    others = [keyed_hash(other.type, other.secret_hash) for other in candidate.others]
    return DetectedSecret(
        type=secret.type,
        spots=tuple(_spot(candidate, lines, number) for number in numbers[:MAX_SPOTS]),
        hash=keyed_hash(secret.type, sha1),
        listed_as=keyed_hash(secret.type, secret.secret_hash),
        also_listed_as=tuple(dict.fromkeys([*others, *(keyed_hash(name, sha1) for name in CATCH_ALL)])),
        redacted=redact(value),
        confidence=confidence,
        expires=expiry(value),
        against=reasons[0] if all(reasons) else "",
        count=len(numbers),
        within=candidate.within,
    )


def _spot(candidate: Candidate, lines: Sequence[str], number: int) -> Spot:
    line = lines[number - 1] if number <= len(lines) else ""
    return Spot(number, (line.find(candidate.value) + 1 or line.find(candidate.secret.secret_value or "") + 1) or None)
