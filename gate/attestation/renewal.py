"""A newer statement about a report whose packages and findings were judged again, by today's advisories and policy."""

import msgspec

from gate.attestation.statement import check_attestable, read_statement, state
from gate.core.errors import GateError
from gate.model import PolicyUsed, Report, Verdict, VerdictStatus


class JudgedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """What judging again came to."""

    at: str
    """RFC 3339 time in UTC."""
    status: VerdictStatus
    blocking: tuple[str, ...] = ()
    """Ids of the advisories and rules that block."""
    policies: tuple[PolicyUsed, ...]
    """Every layer of the policy, the highest first."""
    advisories_newest: str | None = None
    advisories_checked: str | None = None


def state_again(report: Report, content: bytes, again: JudgedAgain) -> bytes:
    """Return the statement of `gate.attestation.statement.state` with the newer verdict.

    It says when the content was read (`readAt`), and keeps what the verdict rests on besides: settings, stages, trust,
    and the version of the gate that read. Raises GateError for a report that proves nothing, or judged several targets.
    """
    check_attestable(report)
    if len(report.inputs) != 1 or report.part is not None or report.evidence is None:
        raise GateError("the report judges several targets", hint="Judge each by a run of its own: gate fleet run")
    newer = msgspec.structs.replace(
        report,
        verdict=Verdict(status=again.status),
        policies=again.policies,
        evidence=msgspec.structs.replace(report.evidence, advisories_checked=again.advisories_checked),
    )
    statement = read_statement(state(newer, content), report.inputs[0].target)
    verdict = msgspec.structs.replace(
        statement.predicate.gate,
        reasons=sorted(set(again.blocking)),
        counts={"blocking": len(again.blocking)} if again.blocking else {},
        advisories_newest=again.advisories_newest,
        read_at=report.finished_at,
    )
    summary = msgspec.structs.replace(statement.predicate, time_verified=again.at, gate=verdict)
    return msgspec.json.encode(msgspec.structs.replace(statement, predicate=summary), order="sorted")
