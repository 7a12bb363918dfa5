"""Verification of an attestation: it is about what is to be deployed, all required work was done, and it passed."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from gate.attestation.statement import RESULTS, AttestedVerdict, InTotoStatement, read_statement
from gate.core.dsse import unseal
from gate.core.errors import UnreadableError
from gate.model import EDITED_PIPELINE, StageStatus, VerdictStatus
from gate.policy.decide import DEFAULT_SHARE, is_called

_AHEAD = timedelta(minutes=5)
"""How far a statement's time may lie ahead of ours: clocks of machines differ."""
_NUMBER = r"(?:0|[1-9]\d{0,8})"
_VERSION = re.compile(rf"{_NUMBER}(?:\.{_NUMBER})*")


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What is required of an attestation."""

    digests: Mapping[str, str]
    """Digests of what is to be deployed, by kind; a subject has to have one of them."""
    folder: str = ""
    """The folder of that commit that is deployed; empty: all of it."""
    policies: tuple[str, ...] = ()
    """SHA-256 of policies that have to be among the layers."""
    longest: timedelta | None = None
    """Largest age of the verdict; None: any."""
    advisories_longest: timedelta | None = None
    """Largest age of the advisories, since they were last compared with their source; None: any."""
    stages: tuple[str, ...] = ()
    """Stages that have to have run."""
    shares: Mapping[str, int] = {}
    """Per cent that each stage has to have looked at."""
    targets: tuple[tuple[str, str], ...] = ()
    """Stage and name of what it has to have looked at, `*` as wildcard."""
    settings: Mapping[str, str | None] = {}
    """Digests that settings have to have, by key; None: the default."""
    is_isolated: bool = False
    """True: the workers have to have been kept from network, programs and other files."""
    trust: tuple[str, ...] | None = None
    """Trust modes that are accepted; None: any."""
    min_version: str | None = None
    """Oldest version of the gate that is accepted."""
    may_compare: bool = True
    """True if a run with `--since`, which judges only what is new, is accepted."""
    now: datetime


def check_report(content: bytes, path: str, envelope: bytes, key_file: str) -> None:
    """Raise UnreadableError unless `envelope`, signed with the key, attests the report `content` of the file `path`."""
    statement = read_statement(unseal(envelope, key_file, path), path)
    if statement.predicate.gate.report != hashlib.sha256(content).hexdigest():
        hint = "Attest the report that the run wrote"
        raise UnreadableError("is not the report that its attestation is about", path=path, hint=hint)


def objections(statement: InTotoStatement, demand: Demand) -> Iterator[str]:
    """Yield, as texts, why the statement does not meet the demand; nothing if it does."""
    yield from _about_else(statement, demand)
    yield from _contradictions(statement)
    summary = statement.predicate
    if summary.gate.part is not None:
        yield f"it is about part {summary.gate.part} of a run; `gate merge` joins the parts"
    if summary.verification_result != "PASSED":
        yield f"the verdict was {summary.gate.verdict.value}: {', '.join(summary.gate.reasons) or 'no reason given'}"
    known = {policy.digest.get("sha256") for policy in summary.gate.policies}
    for policy in demand.policies:
        if policy not in known:
            yield f"it was not judged by the policy sha256:{policy}"
    yield from _did_less(statement, demand)
    yield from _too_old(summary.time_verified, demand)
    yield from _old_advisories(statement, demand)


def _about_else(statement: InTotoStatement, demand: Demand) -> Iterator[str]:
    about = [subject for subject in statement.subject if demand.digests.items() & subject.digest.items()]
    if not about:
        names = ", ".join(f"{kind}:{digest}" for kind, digest in sorted(demand.digests.items()))
        yield f"it is about something else than {names}"
        return
    if demand.folder not in {subject.folder for subject in about}:
        judged, wanted = about[0].folder or "all", demand.folder or "all"
        yield f"it is about another part of that commit: {judged}, not {wanted}"


def is_about(statement: InTotoStatement, digests: Mapping[str, str]) -> bool:
    """True if one of the digests is a subject's."""
    return any(digests.items() & subject.digest.items() for subject in statement.subject)


def _contradictions(statement: InTotoStatement) -> Iterator[str]:
    """Yield parts of the statement that contradict one another."""
    summary = statement.predicate
    said = summary.gate
    if RESULTS[said.verdict] != summary.verification_result:
        yield f"it contradicts itself: {summary.verification_result}, and the verdict was {said.verdict.value}"
    if said.verdict is VerdictStatus.PASS and (set(said.reasons) - {EDITED_PIPELINE} or said.counts.get("blocking")):
        yield "it contradicts itself: the verdict was pass, and it says what blocks"
    if said.verdict is VerdictStatus.PASS and any(stage.status is StageStatus.ERROR for stage in said.stages):
        yield "it contradicts itself: the verdict was pass, and a stage could not finish"
    if [summary.policy] != said.policies[:1]:
        yield "it contradicts itself: it names another policy than the highest that judged"
    if summary.resource_uri not in {subject.name for subject in statement.subject}:
        yield "it contradicts itself: what it verified is no subject of it"


def _did_less(statement: InTotoStatement, demand: Demand) -> Iterator[str]:
    """Yield what is required and the run did not do."""
    said = statement.predicate.gate
    if not said.settings:
        yield "it does not say what it rests on; a version of the gate that does has to judge again"
        return
    ran = {stage.name for stage in said.stages if stage.targets and stage.status is not StageStatus.ERROR}
    yield from (f"{stage} has to have run and did not" for stage in demand.stages if stage not in ran)
    yield from _saw_less(said, demand)
    if demand.is_isolated and not (said.isolation and said.isolation.is_whole):
        missing = ", ".join(said.isolation.missing) if said.isolation else "it does not say from what"
        yield f"its workers were not kept from all that a policy requires ({missing})"
    for key, wanted in demand.settings.items():
        if said.chosen.get(key) != wanted:
            yield f"it was judged with another value of {key} than the policy fixes"
    if demand.trust is not None and said.trust not in demand.trust:
        yield f"it was judged under the trust {said.trust}, not {' or '.join(demand.trust)}"
    yield from _compared(statement, demand)
    yield from _by_older(statement, demand)


def _saw_less(said: AttestedVerdict, demand: Demand) -> Iterator[str]:
    """Yield of what a stage has looked at less than it has to."""
    for stage in said.stages:
        wanted = demand.shares.get(stage.name, DEFAULT_SHARE if _is_narrowed(stage.name, said, demand) else 0)
        if wanted and stage.share is None:
            yield f"it does not say what share {stage.name} looked at, and {wanted}% is required"
        elif stage.share is not None and stage.share < wanted:
            yield f"{stage.name} looked at {stage.share:.3g}%, and has to look at {wanted}%"
    looked = [(stage.name, target) for stage in said.stages for target in stage.looked_at]
    for name, pattern in demand.targets:
        if not any(stage == name and is_called(pattern, target) for stage, target in looked):
            yield f"{name} has to have looked at {pattern} and did not"


def _is_narrowed(stage: str, said: AttestedVerdict, demand: Demand) -> bool:
    """True of a required stage whose `paths` or `ignore` were not a policy's."""
    keys = (f"stages.{stage}.{key}" for key in ("paths", "ignore"))
    return stage in demand.stages and any(key in said.chosen and key not in demand.settings for key in keys)


def _compared(statement: InTotoStatement, demand: Demand) -> Iterator[str]:
    compared = statement.predicate.gate.compared_with
    if compared and not demand.may_compare:
        yield "only what a change adds was judged (--since), and all of it has to be"
    own = {digest for subject in statement.subject for digest in subject.digest.values()}
    if any(own.intersection(revisions) for revisions in compared.values()):
        yield "it was compared with itself, so that nothing in it was judged"


def _by_older(statement: InTotoStatement, demand: Demand) -> Iterator[str]:
    if demand.min_version is None:
        return
    version = next(iter(statement.predicate.verifier.version.values()), "")
    judged, oldest = _version(version), _version(demand.min_version)
    if judged is None or oldest is None or judged < oldest:
        yield f"it was judged by the gate {version or 'of an unknown version'}, older than {demand.min_version}"


def _version(text: str) -> tuple[list[int], bool] | None:
    """Return a version's sort key: its numbers, and whether it is no pre-release; None if it is no version."""
    found = _VERSION.match(text)
    if found is None:
        return None
    numbers = [int(part) for part in found[0].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    rest = text[found.end() :]
    return numbers, not rest or rest.startswith((".post", "+"))


def _too_old(moment: str, demand: Demand) -> Iterator[str]:
    judged = _moment(moment)
    if judged is None:
        yield "it does not say when it was made"
        return
    age = demand.now - judged
    if demand.longest is not None and age > demand.longest:
        yield f"it was made on {moment}, longer ago than is allowed"
    if age < -_AHEAD:
        yield f"it says that it was made on {moment}, which is still to come"


def _old_advisories(statement: InTotoStatement, demand: Demand) -> Iterator[str]:
    said = statement.predicate.gate
    if demand.advisories_longest is None or not said.advisories:
        return
    text = said.advisories_checked or said.advisories_newest or ""
    moment = _moment(text)
    if moment is None or demand.now - moment > demand.advisories_longest:
        yield f"the advisories were of {text or 'an unknown time'}, longer ago than is allowed"


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
