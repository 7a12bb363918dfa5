"""Every rule on its own example, and on the cases that are easily got wrong."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import LimitError
from gate.images.rules import RULES, Hit, Rule, Subject
from gate.images.rules.credentials import assignments
from gate.model import Severity

BY_ID = {rule.description.id: rule for rule in RULES}


def hits(id: str, example: str) -> list[Hit]:
    return list(BY_ID[id].check(msgspec.json.decode(example, type=Subject)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.description.id)
def test_examples(rule: Rule) -> None:
    about = rule.description
    assert hits(about.id, about.bad)
    assert not hits(about.id, about.good)
    assert about.why
    assert about.mend
    assert about.stage == "image"


def test_ids_are_distinct_and_in_order() -> None:
    assert [rule.description.id for rule in RULES] == sorted(BY_ID)
    assert BY_ID["GI002"].description.severity is Severity.HIGH


CATCHES = [
    ("GI001", '{"runtime": {}}'),
    ("GI001", '{"runtime": {"User": "0:1000"}}'),
    ("GI001", '{"runtime": {"User": "root:root"}}'),
    ("GI002", '{"runtime": {"Env": ["MYSQL_ROOT_PASSWORD=Tr0ub4dor"]}}'),
    ("GI002", '{"runtime": {"Env": ["A=1", "client-secret=dGhpcyBpcyBpdA"]}}'),
    ("GI002", '{"runtime": {"Env": ["PASSWORD=123456"]}}'),
    ("GI002", '{"runtime": {"Env": ["THING=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"]}}'),
    ("GI003", '{"history": [{"created_by": "ENV DB_PASSWORD=Tr0ub4dor"}]}'),
    ("GI003", '{"history": [{"created_by": "RUN /bin/sh -c tool --api-key=Tr0ub4dor-and-3"}]}'),
    ("GI003", '{"history": [{"created_by": "RUN curl -H \'x: 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\'"}]}'),
    ("GI004", '{"names": ["registry.example.com:5000/app"]}'),
    ("GI005", '{"runtime": {"ExposedPorts": {"80/tcp": {}}, "Healthcheck": {"Test": ["NONE"]}}}'),
    ("GI008", '{"runtime": {"ExposedPorts": {"22": {}}}}'),
]
PASSES = [
    ("GI001", '{"runtime": {"User": "app"}}'),
    ("GI002", '{"runtime": {"Env": ["PATH=/usr/bin", "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305"]}}'),
    (
        "GI002",
        '{"runtime": {"Env": ["PYTHON_SHA256=40f868bcbdeb8149a3149580bb9bfd407b3321cd48f0be631af955ac92c0e041"]}}',
    ),
    ("GI002", '{"runtime": {"Env": ["API_TOKEN=changeme", "A_SECRET=", "B_SECRET=${B}", "C_TOKEN=$C", "D_TOKEN"]}}'),
    ("GI002", '{"runtime": {"Env": ["MAX_TOKEN=4096", "AUTH_TOKEN=/run/secrets/token", "PASSWORD_MIN=12345"]}}'),
    ("GI003", '{"history": [{"created_by": "ARG NPM_TOKEN"}, {"created_by": null}]}'),
    ("GI003", '{"runtime": {"Env": ["A_TOKEN=Tr0ub4dor"]}, "history": [{"created_by": "ENV A_TOKEN=Tr0ub4dor"}]}'),
    ("GI004", '{"names": []}'),
    ("GI004", '{"names": ["app@sha256:0000000000000000000000000000000000000000000000000000000000000000"]}'),
    ("GI005", '{"runtime": {"ExposedPorts": null}}'),
]


@pytest.mark.parametrize(("id", "example"), CATCHES)
def test_catches(id: str, example: str) -> None:
    assert hits(id, example)


@pytest.mark.parametrize(("id", "example"), PASSES)
def test_passes(id: str, example: str) -> None:
    assert not hits(id, example)


@pytest.mark.parametrize("id", ["GI002", "GI003", "GI006"])
def test_no_value_is_told(id: str) -> None:
    value = "Tr0ub4dor-and-3-horses"
    example = {
        "runtime": {"Env": [f"DB_PASSWORD={value}"], "Labels": {"password": value}} if id != "GI003" else {},
        "history": [{"created_by": f"ENV DB_PASSWORD={value}"}],
    }
    (hit,) = hits(id, msgspec.json.encode(example).decode())
    assert value[5:] not in repr(hit)
    assert hit.secret is not None
    assert hit.secret.redacted == "Tr0u…"


def test_evidence_names_the_secret_whatever_its_place() -> None:
    one = '{"runtime": {"Env": ["A_TOKEN=Tr0ub4dor"]}}'
    two = '{"runtime": {"Env": ["PATH=/bin", "A_TOKEN=Tr0ub4dor"]}}'
    assert hits("GI002", one)[0].evidence == hits("GI002", two)[0].evidence


def test_a_detected_secret_is_told_once() -> None:
    token = "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"
    assert len(hits("GI002", f'{{"runtime": {{"Env": ["GITHUB_TOKEN={token}"]}}}}')) == 1


def test_a_flood_of_secrets_is_an_error() -> None:
    history = [{"created_by": " ".join(f"A{number}_TOKEN=Tr0ub4dor{number}" for number in range(1001))}]
    with pytest.raises(LimitError, match="more than 1,000 secrets"):
        hits("GI003", msgspec.json.encode({"history": history}).decode())


def test_long_lists_are_counted() -> None:
    files = [f"usr/bin/{number:02}" for number in range(12)]
    (hit,) = hits("GI007", msgspec.json.encode({"privileged_files": files}).decode())
    assert "12 setuid or setgid files" in hit.message
    assert hit.message.endswith("usr/bin/09 and 2 more")
    assert hit.evidence == ()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_can_be_a_history(texts: list[str]) -> None:
    for pair in assignments(texts):
        assert pair.key in texts[pair.place - 1]
        assert pair.value in texts[pair.place - 1]
