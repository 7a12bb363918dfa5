"""What comments silence in a comparison: only the findings that they silenced at the base.

A comment that the change adds has no effect on its own judgement: what it would silence counts, and the comment is
reported as a finding of the gate. A comment at the base still silences what it silenced there; one for a whole file
still silences the file.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.model import Finding, Loosened, Silence, StageResult, Trust
from gate.policy.copies import identity, paths_of
from gate.policy.preexisting import EarlierResult, take_match

RULE = "GATE-COMMENT"


def settled(
    results: Sequence[StageResult], before: Sequence[EarlierResult], trust: Trust
) -> tuple[list[StageResult], list[Loosened]]:
    """Return the results with what the comments of the change would silence among the findings, and those comments.

    With `head` every comment counts as it stands, with `machine` none does.
    """
    if trust.mode == "machine":
        return [_without_comments(result) for result in results], []
    settled_results: list[StageResult] = []
    loosened: list[Loosened] = []
    for result in results:
        bases = trust.bases_of(result.target)
        if bases and (result.silenced or result.silences or any(one.comment for one in result.findings)):
            earlier = [
                seen.result for seen in before if (seen.target, seen.result.stage) == (result.target, result.stage)
            ]
            result, added = _settled(result, earlier)
            loosened += added
        settled_results.append(result)
    return settled_results, loosened


def _without_comments(result: StageResult) -> StageResult:
    if not (result.silenced or any(one.comment for one in result.findings)):
        return result
    findings = tuple(_uncommented(one) for one in (*result.findings, *result.silenced))
    return msgspec.structs.replace(result, findings=findings, silenced=(), silences=())


def _uncommented(finding: Finding) -> Finding:
    return finding if finding.comment is None else msgspec.structs.replace(finding, comment=None)


def _settled(result: StageResult, earlier: Sequence[StageResult]) -> tuple[StageResult, list[Loosened]]:
    added = [one for one in result.silences if not _stands_in_all(one, earlier)]
    everywhere = {(one.path, one.rule) for one in result.silences} - {(one.path, one.rule) for one in added}
    commented = [finding for finding in result.findings if finding.comment is not None]
    accepted = _accepted_before([*commented, *result.silenced], earlier)
    counting = {id(one) for one in accepted}
    counting |= {id(one) for one in result.silenced if (one.location.path, one.rule) in everywhere}
    refused = [one for one in (*commented, *result.silenced) if id(one) not in counting]
    kept = msgspec.structs.replace(
        result,
        findings=(
            *(one if one.comment is None or id(one) in counting else _uncommented(one) for one in result.findings),
            *(_uncommented(one) for one in result.silenced if id(one) not in counting),
        ),
        silenced=tuple(one for one in result.silenced if id(one) in counting),
    )
    return kept, [*_about_files(added, refused, result.target), *_about(refused, added)]


def _stands_in_all(silence: Silence, earlier: Sequence[StageResult]) -> bool:
    return bool(earlier) and all(_stands_in(silence, result) for result in earlier)


def _stands_in(silence: Silence, result: StageResult) -> bool:
    return any((one.path, one.rule) == (silence.path, silence.rule) for one in result.silences)


def _accepted_before(findings: Sequence[Finding], earlier: Sequence[StageResult]) -> list[Finding]:
    """Return the findings that a comment accepted in every one of the trees before, as often as they were there."""
    left = list(findings) if earlier else []
    for result in earlier:
        pool: dict[tuple[str, ...], list[Finding]] = {}
        for one in (*result.findings, *result.silenced):
            if one.comment is not None:
                pool.setdefault(identity(one), []).append(one)
        left = [finding for finding in left if _take(finding, pool.get(identity(finding), []))]
    return left


def _take(finding: Finding, pool: list[Finding]) -> bool:
    """Take what stands for the finding out of the pool; false if there is nothing."""
    if finding.secret:
        return paths_of(finding) <= frozenset(path for one in pool for path in paths_of(one))
    return take_match(finding, pool) is not None


def _about_files(added: Iterable[Silence], refused: Sequence[Finding], target: str) -> Iterator[Loosened]:
    for silence in added:
        found = [one for one in refused if (one.location.path, one.rule) == (silence.path, silence.rule)]
        yield Loosened(
            rule=RULE,
            target=target,
            path=silence.path,
            line=silence.line,
            what=f"a comment silences {silence.rule} in the whole file",
            passes=tuple(one.fingerprint for one in found),
        )


def _about(refused: Iterable[Finding], added: Sequence[Silence]) -> Iterator[Loosened]:
    reported = {(silence.path, silence.rule) for silence in added}
    for finding in refused:
        if (finding.location.path, finding.rule) not in reported:
            yield Loosened(
                rule=RULE,
                target=finding.location.target,
                path=finding.location.path or "",
                line=finding.location.line,
                what=f"a comment silences {finding.rule}",
                passes=(finding.fingerprint,),
            )
