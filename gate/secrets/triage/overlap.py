"""One credential, one finding: what several detectors found in the same place goes to the one that knows most."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.model import Confidence
from gate.secrets.engine.candidates import Claim
from gate.secrets.kinds.catalogue import kind_of

_VAGUE = (
    "API-TOKEN",
    "KEYWORD",
    "PASSWORD-VARIABLE",
    "ENV-FILE",
    "SERVER-URL",
    "BASIC-AUTH",
    "ENTROPY-BASE64",
    "ENTROPY-HEX",
    "BEARER",
    "SPACED-PASSWORD",
    "TOLD-PASSWORD",
    "SHOWN-PASSWORD",
    "BOLD-PASSWORD",
    "TYPED-PASSWORD",
    "SENT-PASSWORD",
    "EXPECTED-PASSWORD",
    "COMPARED-PASSWORD",
    "HASHED-PASSWORD",
    "SLASHED-LOGIN",
    "LOGIN-PAIR",
    "LOGIN-ARGUMENTS",
    "LOGIN-THIRD-ARGUMENT",
    "URL-KEY",
    "NAMED-KEY",
    "BARE-KEY",
)
"""Rules that know a value's surroundings alone; in the order in which they are asked."""
VAGUENESS = {f"SECRET-{name}": place for place, name in enumerate(_VAGUE)}


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


def _order(claim: Claim) -> tuple[bool, int, bool, int, str, str, bool]:
    """Sort: what knows a structure, what knows a name, what knows nothing; the longer value; what names a cell."""
    kind = kind_of(claim.secret.type)
    vagueness = VAGUENESS.get(kind.rule, -1)
    unsure = kind.confidence is not Confidence.HIGH
    return vagueness >= 0, vagueness, unsure, -len(claim.value), claim.secret.type, claim.value, not claim.within
