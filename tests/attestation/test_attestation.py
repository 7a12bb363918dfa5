"""The verdict as evidence: what is signed, and that nothing of it can be changed, borrowed or outlived."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.attestation.check import Demand, check_report, objections
from gate.attestation.statement import check_attestable, read_statement, state
from gate.core.dsse import seal, unseal
from gate.core.errors import ConfigError, GateError, UnreadableError
from gate.model import (
    ComparedWith,
    Evidence,
    Input,
    Isolation,
    Part,
    PolicyUsed,
    Report,
    StageStatus,
    StageSummary,
    Tool,
    Verdict,
    VerdictStatus,
    Work,
)
from gate.model.share import Share

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DIGEST = "a" * 64
POLICY = "b" * 64


class Keys:
    """A key pair in files."""

    def __init__(self, folder: Path, name: str) -> None:
        key = Ed25519PrivateKey.generate()
        self.private = str(folder / f"{name}.key")
        self.public = str(folder / f"{name}.pub")
        Path(self.private).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        Path(self.public).write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"), "own")


def stage(finished: datetime) -> StageSummary:
    moment = finished.isoformat(timespec="seconds")
    return StageSummary(
        name="image",
        status=StageStatus.OK,
        reason=None,
        duration_s=1,
        targets=("archive:api.tar",),
        counts={},
        facts={},
        started_at=moment,
        finished_at=moment,
    )


WORK = (Work(stage="image", targets=("archive:api.tar",)),)
EVIDENCE = Evidence(settings="e" * 64, planned=WORK, ran=WORK)


def report(finished: datetime = NOW, **parts: Any) -> Report:
    whole = {
        "tool": Tool(name="gate", version="1.0"),
        "verdict": Verdict(status=VerdictStatus.PASS),
        "stages": (stage(finished),),
        "findings": (),
        "packages": 0,
        "inputs": (Input(target="archive:api.tar", digests={"sha256": DIGEST, "imageId": "c" * 64}),),
        "evidence": EVIDENCE,
        "policies": (PolicyUsed(source="org.yaml", sha256=POLICY), PolicyUsed(source="gate.yaml", sha256="d" * 64)),
    }
    return Report(**{**whole, **parts})


def changed(**parts: Any) -> Evidence:
    return msgspec.structs.replace(EVIDENCE, **parts)


def narrowed(least: float) -> dict[str, Any]:
    """Return the parts of a report of which a stage looked at a share; of one of its targets at the least."""
    share = Share(files=98, of_files=100, lines=98, of_lines=100, least=least)
    looked = msgspec.structs.replace(stage(NOW), share=share)
    return {"stages": (looked,), "evidence": changed(chosen={"stages.image.ignore": "0"})}


def demand(**parts: Any) -> Demand:
    return Demand(**{"digests": {"sha256": DIGEST}, "now": NOW, **parts})


def said(about: Report, wanted: Demand) -> list[str]:
    return list(objections(read_statement(state(about, b"report"), "a.json"), wanted))


def test_a_statement_is_an_in_toto_statement_with_a_verification_summary() -> None:
    statement = json.loads(state(report(), b"report"))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/verification_summary/v1"
    assert statement["subject"] == [{"name": "archive:api.tar", "digest": {"imageId": "c" * 64, "sha256": DIGEST}}]
    predicate = statement["predicate"]
    assert predicate["verifier"] == {"id": "security-gate", "version": {"gate": "1.0"}}
    assert predicate["policy"] == {"uri": "org.yaml", "digest": {"sha256": POLICY}}
    assert (predicate["verificationResult"], predicate["slsaVersion"]) == ("PASSED", "1.0")
    assert predicate["timeVerified"] == "2026-11-24T12:00:00+00:00"


def test_what_was_sealed_is_unsealed_with_the_public_key(keys: Keys) -> None:
    assert unseal(seal(b"payload", keys.private), keys.public, "a.json") == b"payload"
    envelope = json.loads(seal(b"payload", keys.private))
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert base64.b64decode(envelope["payload"]) == b"payload"


def test_another_key_is_refused(keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"a\.json: is signed with another key, or was changed"):
        unseal(seal(b"payload", keys.private), Keys(tmp_path, "other").public, "a.json")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_anywhere_fails_it(keys: Keys, place: int, change: int) -> None:
    envelope = bytearray(seal(state(report(), b"report"), keys.private))
    envelope[place % len(envelope)] ^= change
    with pytest.raises(UnreadableError, match=r"a\.json"):
        unseal(bytes(envelope), keys.public, "a.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'{"payload"', b'{ "payload"'),
        lambda text: text.replace(b'"signatures"', b'"more":1,"signatures"'),
        lambda text: text + b" ",
        lambda text: text[:-1],
        lambda text: text.replace(b'"sig":"', b'"sig":"\\n'),
        lambda text: b"",
        lambda text: b"[]",
        lambda text: b"[" * 100_000,
        lambda text: b"\xff",
    ],
)
def test_what_is_not_as_it_was_written_is_refused(keys: Keys, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(UnreadableError, match=r"a\.json"):
        unseal(change(seal(b"payload", keys.private)), keys.public, "a.json")


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_without_a_key_is_a_wrong_setting(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "k.pem"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="is no private ed25519 key"):
        seal(b"payload", str(file))


def test_it_holds_for_what_was_judged() -> None:
    assert said(report(), demand(policies=(POLICY,), longest=timedelta(days=7))) == []
    assert said(report(), demand(digests={"imageId": "c" * 64})) == []
    assert (
        said(report(), demand(shares={"image": 100}, targets=(("image", "api.*"), ("image", "archive:api.tar")))) == []
    )
    assert said(report(**narrowed(80)), demand(shares={"image": 60}, stages=("image",))) == []
    whole = Isolation(network=True, files=True, programs=True)
    assert said(report(isolation=whole), demand(is_isolated=True)) == []
    fixed = demand(stages=("image",), settings={"stages.image.ignore": "0"})
    assert said(report(**narrowed(50)), fixed) == []


@pytest.mark.parametrize(
    ("about", "wanted", "objection"),
    [
        ({}, {"digests": {"sha256": "e" * 64}}, f"it is about something else than sha256:{'e' * 64}"),
        ({}, {"digests": {"imageId": DIGEST}}, f"it is about something else than imageId:{DIGEST}"),
        ({}, {"policies": ("f" * 64,)}, f"it was not judged by the policy sha256:{'f' * 64}"),
        (narrowed(50), {"shares": {"image": 60}}, "image looked at 50%, and has to look at 60%"),
        (narrowed(50), {"stages": ("image",)}, "image looked at 50%, and has to look at 80%"),
        ({}, {"targets": (("image", "registry:*"),)}, "image has to have looked at registry:* and did not"),
        (
            {"isolation": Isolation(network=True, files=True)},
            {"is_isolated": True},
            "its workers were not kept from all that a policy requires (programs)",
        ),
        (
            {},
            {"is_isolated": True},
            "its workers were not kept from all that a policy requires (it does not say from what)",
        ),
        (
            {},
            {"now": NOW + timedelta(days=8), "longest": timedelta(days=7)},
            "it was made on 2026-11-24T12:00:00+00:00, longer ago than is allowed",
        ),
        (
            {},
            {"now": NOW - timedelta(days=1)},
            "it says that it was made on 2026-11-24T12:00:00+00:00, which is still to come",
        ),
        (
            {"finished": NOW - timedelta(days=8)},
            {"longest": timedelta(days=7)},
            "it was made on 2026-11-16T12:00:00+00:00, longer ago than is allowed",
        ),
        ({"part": Part(index=2, count=3)}, {}, "it is about part 2/3 of a run; `gate merge` joins the parts"),
        (
            {"inputs": (Input(target="api", digests={"sha256": DIGEST}, folder="services/api"),)},
            {},
            "it is about another part of that commit: services/api, not all",
        ),
        ({}, {"folder": "services/api"}, "it is about another part of that commit: all, not services/api"),
        (
            {"evidence": None},
            {},
            "it does not say what it rests on; a version of the gate that does has to judge again",
        ),
        ({}, {"stages": ("image", "secrets")}, "secrets has to have run and did not"),
        ({}, {"settings": {"offline": "aa"}}, "it was judged with another value of offline than the policy fixes"),
        (
            {"evidence": changed(chosen={"stages.secrets.ignore": "aa"})},
            {"settings": {"stages.secrets.ignore": None}},
            "it was judged with another value of stages.secrets.ignore than the policy fixes",
        ),
        ({}, {"trust": ("base",)}, "it was judged under the trust None, not base"),
        ({}, {"min_version": "1.0.1"}, "it was judged by the gate 1.0, older than 1.0.1"),
        (
            {"tool": Tool(name="gate", version="1.0rc1")},
            {"min_version": "1.0"},
            "it was judged by the gate 1.0rc1, older than 1.0",
        ),
        (
            {"tool": Tool(name="gate", version="new")},
            {"min_version": "1.0"},
            "it was judged by the gate new, older than 1.0",
        ),
        (
            {"evidence": changed(bases=(ComparedWith(target="api", revisions=("f" * 40,)),))},
            {"may_compare": False},
            "only what a change adds was judged (--since), and all of it has to be",
        ),
        (
            {"evidence": changed(bases=(ComparedWith(target="api", revisions=(DIGEST,)),))},
            {},
            "it was compared with itself, so that nothing in it was judged",
        ),
        (
            {
                "evidence": changed(
                    advisories=("npm: 3, newest unknown",), advisories_checked="2026-11-20T12:00:00+00:00"
                )
            },
            {"advisories_longest": timedelta(days=3)},
            "the advisories were of 2026-11-20T12:00:00+00:00, longer ago than is allowed",
        ),
        (
            {"evidence": changed(advisories=("npm: 3, newest unknown",))},
            {"advisories_longest": timedelta(days=3)},
            "the advisories were of an unknown time, longer ago than is allowed",
        ),
        ({"verdict": Verdict(status=VerdictStatus.FAIL)}, {}, "the verdict was fail: no reason given"),
        ({"verdict": Verdict(status=VerdictStatus.INCOMPLETE)}, {}, "the verdict was incomplete: no reason given"),
    ],
)
def test_it_does_not_hold_for_anything_else(about: dict[str, Any], wanted: dict[str, Any], objection: str) -> None:
    assert said(report(**about), demand(**wanted)) == [objection]


def test_a_folder_of_a_commit_holds_for_that_folder() -> None:
    about = report(inputs=(Input(target="api", digests={"gitCommit": "f" * 40}, folder="services/api"),))
    assert said(about, demand(digests={"gitCommit": "f" * 40}, folder="services/api")) == []


@pytest.mark.parametrize("inputs", [(), (Input(target="shop", digests={}),)])
def test_what_has_no_digest_cannot_be_attested(inputs: tuple[Input, ...]) -> None:
    with pytest.raises(GateError, match="nothing to attest"):
        state(report(inputs=inputs), b"report")


def test_a_report_of_which_a_part_has_no_digest_cannot_be_attested() -> None:
    more = (*report().inputs, Input(target="shop", digests={}))
    with pytest.raises(GateError, match="shop has no digest"):
        state(report(inputs=more), b"report")


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", msgspec.json.encode({"_type": "x"})])
def test_another_statement_is_refused(payload: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"a\.json"):
        read_statement(payload, "a.json")


def test_a_report_is_known_by_its_attestation(keys: Keys) -> None:
    envelope = seal(state(report(), b"report"), keys.private)
    check_report(b"report", "1.json", envelope, keys.public)
    with pytest.raises(UnreadableError, match=r"1\.json: is not the report that its attestation is about"):
        check_report(b"another", "1.json", envelope, keys.public)


@pytest.mark.parametrize(
    ("version", "oldest", "is_allowed"),
    [
        ("1.0", "1.0.0", True),
        ("1.0.0", "1.0", True),
        ("1.10", "1.9", True),
        ("2", "1.9.9", True),
        ("1.0.post1", "1.0", True),
        ("1.0+local", "1.0", True),
        ("1.0.dev1", "1.0", False),
        ("0.9.9", "1", False),
        ("", "1", False),
    ],
)
def test_versions_are_compared_as_versions(version: str, oldest: str, is_allowed: bool) -> None:
    about = report(tool=Tool(name="gate", version=version))
    assert (said(about, demand(min_version=oldest)) == []) is is_allowed


@pytest.mark.parametrize(
    ("path", "value", "objection"),
    [
        (("verificationResult",), "FAILED", "it contradicts itself: FAILED, and the verdict was pass"),
        (("gate", "verdict"), "fail", "it contradicts itself: PASSED, and the verdict was fail"),
        (("gate", "reasons"), ["secrets"], "it contradicts itself: the verdict was pass, and it says what blocks"),
        (
            ("gate", "reasons"),
            ["secrets", "edited-pipeline"],
            "it contradicts itself: the verdict was pass, and it says what blocks",
        ),
        (("gate", "counts"), {"blocking": 1}, "it contradicts itself: the verdict was pass, and it says what blocks"),
        (
            ("gate", "stages"),
            [{"name": "image", "status": "error", "targets": ["archive:api.tar"]}],
            "it contradicts itself: the verdict was pass, and a stage could not finish",
        ),
        (("gate", "policies"), [], "it contradicts itself: it names another policy than the highest that judged"),
        (("resourceUri",), "archive:web.tar", "it contradicts itself: what it verified is no subject of it"),
    ],
)
def test_a_statement_that_contradicts_itself_is_refused(path: tuple[str, ...], value: object, objection: str) -> None:
    statement = json.loads(state(report(), b"report"))
    place = statement["predicate"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert objection in objections(read_statement(json.dumps(statement).encode(), "a.json"), demand())


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"evidence": None}, "does not say what it rests on"),
        ({"evidence": changed(runs=2)}, "joins 2 runs"),
        ({"stages": ()}, "no stage looked at anything"),
    ],
)
def test_what_is_no_evidence_is_not_attested(about: dict[str, Any], said: str) -> None:
    with pytest.raises(GateError, match=said):
        check_attestable(report(**about))
