"""One credential, one finding: what several detectors found in the same place goes to the one that knows most."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.model import Confidence
from gate.secrets.engine.candidates import Candidate
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.kinds.values import decoded


def settle(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield, in the order of lines, the candidates that no other on the same value, or a part of it, beats."""
    by_line: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_line.setdefault(candidate.line, []).append(candidate)
    for number in sorted(by_line):
        yield from _settle_line(by_line[number])


def _settle_line(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=_order):
        winner = next((place for place, one in enumerate(kept) if _overlap(one.plain, candidate.plain)), None)
        if winner is None or _is_another(kept[winner], candidate):
            kept.append(candidate)
        else:
            better = kept[winner]
            kept[winner] = msgspec.structs.replace(better, others=(*better.others, candidate.secret))
    return kept


def _is_another(winner: Candidate, candidate: Candidate) -> bool:
    """True for a second secret of a kind: a detector does not find the same one twice, in base64 and in plain."""
    is_of_a_kind = winner.secret.type == candidate.secret.type and winner.plain != candidate.plain
    return is_of_a_kind and not _is_encoded_again(winner.plain, candidate.plain)


def _overlap(first: str, second: str) -> bool:
    return first in second or second in first or _is_encoded_again(first, second)


def _is_encoded_again(first: str, second: str) -> bool:
    """True if one is the other in base64, as a Secret of Kubernetes has a key that is in base64 itself."""
    return decoded(second) == first or decoded(first) == second


def _order(candidate: Candidate) -> tuple[int, bool, int, str, str, bool]:
    """Sort: what knows a structure, what knows a name, what knows nothing; the longer value; what names a cell."""
    kind = kind_of(candidate.secret.type)
    unsure = kind.confidence is not Confidence.HIGH
    return kind.vagueness, unsure, -len(candidate.value), kind.rule, candidate.value, not candidate.within
