"""One credential, one finding: what several detectors found in the same place goes to the one that knows most."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.model import Confidence
from gate.secrets.engine.candidates import Claim
from gate.secrets.kinds.catalogue import kind_of


def settle(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield, in the order of lines, the claims that no other on the same value, or a part of it, beats."""
    by_line: dict[int, list[Claim]] = {}
    for claim in claims:
        by_line.setdefault(claim.line, []).append(claim)
    for number in sorted(by_line):
        yield from _settle_line(by_line[number])


def _settle_line(claims: list[Claim]) -> list[Claim]:
    kept: list[Claim] = []
    for claim in sorted(claims, key=_order):
        winner = next((place for place, one in enumerate(kept) if _overlap(one.plain, claim.plain)), None)
        if winner is None or _is_another(kept[winner], claim):
            kept.append(claim)
        else:
            better = kept[winner]
            kept[winner] = msgspec.structs.replace(better, others=(*better.others, claim.secret))
    return kept


def _is_another(winner: Claim, claim: Claim) -> bool:
    """True for a second secret of a kind: a detector does not find the same one twice, in base64 and in plain."""
    return winner.secret.type == claim.secret.type and winner.plain != claim.plain


def _overlap(first: str, second: str) -> bool:
    return first in second or second in first


def _order(claim: Claim) -> tuple[int, bool, int, str, str, bool]:
    """Sort: what knows a structure, what knows a name, what knows nothing; the longer value; what names a cell."""
    kind = kind_of(claim.secret.type)
    unsure = kind.confidence is not Confidence.HIGH
    return kind.vagueness, unsure, -len(claim.value), kind.rule, claim.value, not claim.within
