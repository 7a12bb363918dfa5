"""Whether an attestation speaks for what is to be deployed: the same bytes, the right policy, recent, and passed."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from gate.attestation.statement import Statement


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What an attestation has to say."""

    digests: Mapping[str, str]
    """What is to be deployed; one of them has to be among a subject's."""
    policies: tuple[str, ...] = ()
    """SHA-256 of every policy that has to have been a layer."""
    longest: timedelta | None = None
    """Largest age of the verdict."""
    now: datetime


def objections(statement: Statement, demand: Demand) -> Iterator[str]:
    """Yield what speaks against it, in words; nothing if it holds."""
    if not is_about(statement, demand.digests):
        names = ", ".join(f"{kind}:{digest}" for kind, digest in sorted(demand.digests.items()))
        yield f"it is about something else than {names}"
    summary = statement.predicate
    if summary.verification_result != "PASSED":
        yield f"the verdict was {summary.gate.verdict.value}: {', '.join(summary.gate.reasons) or 'no reason given'}"
    known = {policy.digest.get("sha256") for policy in summary.gate.policies}
    for policy in demand.policies:
        if policy not in known:
            yield f"it was not judged by the policy sha256:{policy}"
    yield from _too_old(summary.time_verified, demand)


def is_about(statement: Statement, digests: Mapping[str, str]) -> bool:
    """True if one of the digests is a subject's."""
    return any(digests.items() & subject.digest.items() for subject in statement.subject)


def _too_old(moment: str, demand: Demand) -> Iterator[str]:
    try:
        judged = datetime.fromisoformat(moment)
    except ValueError:
        yield "it does not say when it was made"
        return
    age = demand.now - (judged if judged.tzinfo else judged.replace(tzinfo=UTC))
    if demand.longest is not None and age > demand.longest:
        yield f"it was made on {moment}, longer ago than is allowed"
    if age < -timedelta(minutes=5):
        yield f"it says that it was made on {moment}, which is still to come"
