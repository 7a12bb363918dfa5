"""The statement: in-toto Statement v1 with a SLSA verification summary (slsa.dev/verification_summary/v1)."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from gate.core.errors import GateError, UnreadableError
from gate.model import (
    NO_RUN,
    Input,
    Isolation,
    PolicyUsed,
    Report,
    StageStatus,
    StageSummary,
    VerdictStatus,
    Work,
)

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/verification_summary/v1"
_LOOKED_AT_NOTHING = "See `paths` and `ignore` of the stages, and what the run was given"
RESULTS = {VerdictStatus.PASS: "PASSED", VerdictStatus.FAIL: "FAILED", VerdictStatus.INCOMPLETE: "FAILED"}
"""The verdict in the words of the predicate, which knows only two."""


class AttestedSubject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A target that was judged."""

    name: str
    digest: dict[str, str]
    """in-toto digest set: `sha256` of an image's manifest, `gitCommit`, …"""
    annotations: dict[str, str] = {}
    """`folder`: the folder of the commit, if not all of it was judged."""

    @property
    def folder(self) -> str:
        return self.annotations.get("folder", "")


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the verdict rests on, such as a policy."""

    uri: str
    digest: dict[str, str]


class Verifier(msgspec.Struct, frozen=True, kw_only=True):
    """The program that judged."""

    id: str = "security-gate"
    version: dict[str, str]


class AttestedStage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage that was to run."""

    name: str
    status: StageStatus
    targets: list[str]
    """What it was to look at."""
    looked_at: list[str] = []
    """What of it it did look at."""
    share: float | None = None
    """Per cent of the files, or lines, that it looked at of what it would without `paths` and `ignore`, of the target
    of which it is the smallest; None where the statement does not say."""


class AttestedVerdict(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The details of the verdict and what it rests on; the predicate's field `gate`."""

    verdict: VerdictStatus
    reasons: list[str]
    counts: dict[str, int]
    policies: list[Resource]
    """Every layer of the policy, the highest first."""
    advisories_newest: str | None = None
    report: str = ""
    """SHA-256 of the report's bytes, by which `gate merge --key` checks that it is unchanged."""
    part: str | None = None
    """The part of a run that the report covers, as `2/3`; None: the whole run."""
    settings: str = ""
    """SHA-256 of the settings in force."""
    chosen: dict[str, str] = {}
    """Keys of settings that differ from the defaults, each with a digest of its value."""
    stages: list[AttestedStage] = []
    left_out: list[str] = []
    """Stages of the gate that were not enabled."""
    compared_with: dict[str, list[str]] = {}
    """By target: the commits that it was compared with; only findings that these do not have could fail it."""
    trust: str | None = None
    """The trust mode: `base`, `head` or `machine`."""
    advisories: list[str] = []
    advisories_checked: str | None = None
    isolation: Isolation | None = None
    """What the workers of the run were kept from; None of reports that do not say."""
    read_at: str = ""
    """When the content was read, if what was read was judged again later; empty: for this verdict."""


class Summary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The predicate: a SLSA verification summary with our field `gate`."""

    verifier: Verifier
    time_verified: str
    resource_uri: str
    policy: Resource
    input_attestations: list[Resource] = []
    verification_result: str
    verified_levels: list[str] = []
    slsa_version: str = "1.0"
    gate: AttestedVerdict


class InTotoStatement(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The whole statement."""

    type: str = msgspec.field(name="_type")
    subject: list[AttestedSubject]
    predicate_type: str
    predicate: Summary


def state(report: Report, content: bytes) -> bytes:
    """Return the statement about a report, as JSON; `content` are the report's bytes.

    Its time is that of the verdict, so attesting an old report does not make it newer. Raises GateError if the report
    does not state the digests of what it judged.
    """
    subjects = [subject for judged in report.inputs for subject in _subjects(judged)]
    if not subjects:
        raise GateError(
            "the report names nothing by its digest, so there is nothing to attest",
            hint="Judge an image, or a git working tree without uncommitted changes",
        )
    bare = [judged.target for judged in report.inputs if not judged.digests]
    if bare:
        raise GateError(f"{bare[0]} has no digest", hint="Commit the changes, then judge and attest that")
    policies = [_policy(used) for used in report.policies]
    summary = Summary(
        verifier=Verifier(version={report.tool.name: report.tool.version}),
        time_verified=report.finished_at,
        resource_uri=subjects[0].name,
        policy=policies[0],
        verification_result=RESULTS[report.verdict.status],
        gate=_said(report, content, policies),
    )
    statement = InTotoStatement(type=STATEMENT, subject=subjects, predicate_type=PREDICATE, predicate=summary)
    return msgspec.json.encode(statement, order="sorted")


def _subjects(judged: Input) -> Sequence[AttestedSubject]:
    if not judged.digests:
        return []
    annotations = {"folder": judged.folder} if judged.folder else {}
    return [AttestedSubject(name=judged.target, digest=dict(judged.digests), annotations=annotations)]


def _policy(used: PolicyUsed) -> Resource:
    return Resource(uri=used.source, digest={"sha256": used.sha256})


def _said(report: Report, content: bytes, policies: list[Resource]) -> AttestedVerdict:
    newest = [str(stage.facts["advisories_newest"]) for stage in report.stages if "advisories_newest" in stage.facts]
    counts: dict[str, int] = {}
    for finding in report.findings:
        kind = "blocking" if finding.blocking else finding.status.value
        counts[kind] = counts.get(kind, 0) + 1
    evidence = report.evidence or NO_RUN
    part = f"{report.part.index}/{report.part.count}" if report.part else None
    return AttestedVerdict(
        verdict=report.verdict.status,
        reasons=[reason.rule for reason in report.verdict.reasons],
        counts=counts,
        policies=policies,
        advisories_newest=max(newest, default=None),
        report=hashlib.sha256(content).hexdigest(),
        part=part,
        settings=evidence.settings,
        chosen=evidence.chosen,
        stages=[_ran(work, report.stages) for work in evidence.ran],
        left_out=list(evidence.left_out),
        compared_with={base.target: list(base.revisions) for base in evidence.bases},
        trust=report.trust.mode if report.trust else None,
        advisories=list(evidence.advisories),
        advisories_checked=evidence.advisories_checked,
        isolation=report.isolation,
    )


def _ran(work: Work, stages: Sequence[StageSummary]) -> AttestedStage:
    found = next((stage for stage in stages if stage.name == work.stage), None)
    if found is None:
        return AttestedStage(name=work.stage, status=StageStatus.ERROR, targets=list(work.targets))
    return AttestedStage(
        name=work.stage,
        status=found.status,
        targets=list(work.targets),
        looked_at=list(found.targets),
        share=100.0 if found.share is None else found.share.least_per_cent,
    )


def check_attestable(report: Report) -> None:
    """Raise GateError for a report that proves nothing: it states no evidence, or says pass without having looked."""
    evidence = report.evidence
    if evidence is None:
        raise GateError(
            "the report does not say what it rests on", hint="Attest one that this version's `gate run` wrote"
        )
    if evidence.runs != 1:
        raise GateError(f"the report joins {evidence.runs} runs", hint="Attest the report of each")
    looked = [stage.name for stage in report.stages if stage.status is StageStatus.OK and stage.targets]
    if report.verdict.status is VerdictStatus.PASS and report.part is None and not looked:
        raise GateError("no stage looked at anything, so there is nothing to attest", hint=_LOOKED_AT_NOTHING)


def read_statement(payload: bytes, shown: str) -> InTotoStatement:
    """Decode a statement. Raises UnreadableError, which names `shown`, for any other content."""
    try:
        statement: Any = msgspec.json.decode(payload, type=InTotoStatement)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise UnreadableError(f"holds no verification summary: {error}", path=shown) from error
    if (statement.type, statement.predicate_type) != (STATEMENT, PREDICATE):
        raise UnreadableError("holds a statement of another kind", path=shown)
    return statement  # type: ignore[no-any-return]
