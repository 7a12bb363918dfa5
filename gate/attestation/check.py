"""Whether an attestation speaks for what is to be deployed: the same bytes, the right policy, recent, and passed."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from gate.attestation.statement import Statement, read_statement
from gate.dsse import unseal
from gate.errors import UnreadableError


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What an attestation has to say."""

    digests: Mapping[str, str]
    """What is to be deployed; one of them has to be among a subject's."""
    folder: str = ""
    """Which folder of that commit; empty: all of it."""
    policies: tuple[str, ...] = ()
    """SHA-256 of every policy that has to have been a layer."""
    longest: timedelta | None = None
    """Largest age of the verdict."""
    now: datetime


def check_report(content: bytes, path: str, envelope: bytes, key_file: str) -> None:
    """Raise UnreadableError unless `envelope`, signed with the key, attests the report `content` in the file `path`."""
    statement = read_statement(unseal(envelope, key_file, path), path)
    if statement.predicate.gate.report != hashlib.sha256(content).hexdigest():
        hint = "Attest the report that the run wrote"
        raise UnreadableError("is not the report that its attestation is about", path=path, hint=hint)


def objections(statement: Statement, demand: Demand) -> Iterator[str]:
    """Yield what speaks against it, in words; nothing if it holds."""
    yield from _about_else(statement, demand)
    summary = statement.predicate
    if summary.gate.part is not None:
        yield f"it is about part {summary.gate.part} of a run; `gate merge` joins the parts"
    if summary.verification_result != "PASSED":
        yield f"the verdict was {summary.gate.verdict.value}: {', '.join(summary.gate.reasons) or 'no reason given'}"
    known = {policy.digest.get("sha256") for policy in summary.gate.policies}
    for policy in demand.policies:
        if policy not in known:
            yield f"it was not judged by the policy sha256:{policy}"
    yield from _too_old(summary.time_verified, demand)


def _about_else(statement: Statement, demand: Demand) -> Iterator[str]:
    about = [subject for subject in statement.subject if demand.digests.items() & subject.digest.items()]
    if not about:
        names = ", ".join(f"{kind}:{digest}" for kind, digest in sorted(demand.digests.items()))
        yield f"it is about something else than {names}"
    elif demand.folder not in {subject.folder for subject in about}:
        judged, wanted = about[0].folder or "all", demand.folder or "all"
        yield f"it is about another part of that commit: {judged}, not {wanted}"


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
