"""CredSweeper's JSON, followed by the number of candidates; `line`, `value`, `variable` and `info` are not read.

Without a candidate it writes no JSON. So the report is its standard output, which always ends with the number.
"""

import re
from collections.abc import Iterator

import msgspec

from gate.model import Confidence
from gate.tools.report import Reported, severity_of

_COUNT = re.compile(rb"Detected Credentials: (\d{1,9})\s+Time Elapsed: [^\n]*\s*\Z")
_SURE = 0.9
_LIKELY = 0.5
"""Least probabilities of its model for high and medium confidence."""
_CONFIDENCE = {"strong": Confidence.HIGH, "moderate": Confidence.MEDIUM, "weak": Confidence.LOW}
"""By the confidence of a rule, for candidates that the model is not asked about."""


class _Line(msgspec.Struct):
    path: str
    line_num: int
    value_start: int = -1


class _Candidate(msgspec.Struct):
    rule: str
    line_data_list: list[_Line]
    severity: str = ""
    confidence: str = ""
    ml_probability: float | None = None


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem for each place; if several rules match one value, that of the highest confidence."""
    best: dict[tuple[str, int, int], Reported] = {}
    for candidate in _candidates(content):
        for line in candidate.line_data_list[:1]:
            place = (line.path, line.line_num, line.value_start)
            reported = _reported(candidate, line)
            if place not in best or best[place].confidence < reported.confidence:
                best[place] = reported
    yield from best.values()


def _candidates(content: bytes) -> list[_Candidate]:
    count = _COUNT.search(content)
    if count is None:
        raise ValueError("it does not end with the count of the candidates")
    candidates = msgspec.json.decode(content[: count.start()].strip() or b"[]", type=list[_Candidate])
    if len(candidates) != int(count[1]):
        raise ValueError(f"{len(candidates)} candidates, and it counts {int(count[1])}")
    return candidates


def _reported(candidate: _Candidate, line: _Line) -> Reported:
    return Reported(
        rule=candidate.rule.lower().replace(" ", "-"),
        title=candidate.rule,
        severity=severity_of(candidate.severity),
        confidence=_confidence(candidate),
        path=line.path,
        line=line.line_num,
        is_secret=True,
    )


def _confidence(candidate: _Candidate) -> Confidence:
    if candidate.ml_probability is None:
        return _CONFIDENCE.get(candidate.confidence, Confidence.MEDIUM)
    if candidate.ml_probability >= _SURE:
        return Confidence.HIGH
    return Confidence.MEDIUM if candidate.ml_probability >= _LIKELY else Confidence.LOW
