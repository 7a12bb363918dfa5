"""Every rule on its own example, and on the cases that are easily got wrong."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import LimitError
from gate.images.rules import Hit, Subject, all_rules
from gate.images.rules.credentials import assignments
from gate.model import Severity, Worth
from gate.rules import StageRule
from gate.secrets.results.worth import SHIPS

BY_ID = {rule.description.id: rule for rule in all_rules()}


def hits(id: str, example: str) -> list[Hit]:
    return list(BY_ID[id].check(msgspec.json.decode(example, type=Subject)))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.description.id)
def test_examples(rule: StageRule) -> None:
    about = rule.description
    assert hits(about.id, about.bad)
    assert not hits(about.id, about.good)
    assert about.why
    assert about.mend
    assert about.stage == "image"


def test_ids_are_distinct_and_in_order() -> None:
    assert [rule.description.id for rule in all_rules()] == sorted(BY_ID)
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
    ("GI011", '{"history": [{"created_by": "RUN /bin/sh -c apt update && apt -y full-upgrade"}]}'),
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
    (hit,) = hits("GI007", msgspec.json.encode({"modes": {"privileged": files}}).decode())
    assert "12 setuid or setgid files" in hit.message
    assert hit.message.endswith("usr/bin/09 and 2 more")
    assert hit.evidence == ()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_can_be_a_history(texts: list[str]) -> None:
    for pair in assignments(texts):
        assert pair.key in texts[pair.place - 1]
        assert pair.value in texts[pair.place - 1]


MORE = [
    ("GI009", '{"runtime": {"ExposedPorts": {"10250": {}}}}', True),
    ("GI009", '{"runtime": {"ExposedPorts": {"2375/udp": {}}}}', False),
    ("GI010", '{"runtime": {"Volumes": {"/": {}}}}', True),
    ("GI010", '{"runtime": {"Volumes": {"/etc/": {}}}}', True),
    ("GI010", '{"runtime": {"Volumes": {"/run/docker.sock": {}}}}', True),
    ("GI010", '{"runtime": {"Volumes": {"/usr/share/nginx/html": {}, "/data": {}}}}', False),
    ("GI011", '{"history": [{"created_by": "RUN apt-get update && apt dist-upgrade -y"}]}', True),
    ("GI011", '{"history": [{"created_by": "RUN echo no dist-upgrade"}]}', False),
    ("GI012", '{"history": [{"created_by": "/bin/sh -c #(nop) ADD file:4b03b5 in /app "}]}', True),
    ("GI012", '{"history": [{"created_by": "ADD rootfs.tar.xz / # buildkit"}]}', False),
    ("GI012", '{"history": [{"created_by": "COPY . /app # buildkit"}]}', False),
    ("GI013", '{"history": [{"created_by": "RUN /bin/sh -c apt-get install -y sudo # buildkit"}]}', False),
    ("GI013", '{"history": [{"created_by": "RUN /bin/sh -c cd /x && sudo make"}]}', True),
    ("GI023", '{"accounts": [{"name": "a", "uid": "1", "shell": "/usr/sbin/nologin", "is_open": true}]}', False),
    ("GI025", '{"accounts": [{"name": "a", "uid": "1"}, {"name": "a", "uid": "2"}]}', True),
    ("GI026", '{"releases": [["python", "3.7.17", "usr/local/bin/python3.7"]], "today": "2026-01-01"}', True),
    ("GI026", '{"releases": [["python", "3.7.17", "usr/local/bin/python3.7"]]}', False),
]


@pytest.mark.parametrize(("id", "example", "is_caught"), MORE)
def test_configuration_history_and_files(id: str, example: str, is_caught: bool) -> None:
    assert bool(hits(id, example)) == is_caught


def secrets_in(*places: tuple[str, str, str | None], steps: tuple[str, ...] = ()) -> str:
    """A subject of three layers whose files at `places` (path, layer, hidden by) hold one secret."""
    secret = {"type": "GitHub Token", "spots": [{"line": 3}], "hash": "5f", "listed_as": "5f", "redacted": "ghp_…"}
    found = [
        {"path": path, "layer": layer, "hidden_by": hidden_by, "secret": {**secret, "confidence": "high"}}
        for path, layer, hidden_by in places
    ]
    history = [{"created_by": "ENV A=1", "empty_layer": True}, *({"created_by": step} for step in steps)]
    return msgspec.json.encode({"layers": ["a", "b", "c"], "secrets": found, "history": history}).decode()


STEPS = ("ADD rootfs.tar / # buildkit", "COPY . /app # buildkit", "RUN rm /app/.env # buildkit")


def test_a_secret_tells_the_steps_that_brought_and_removed_it() -> None:
    (hit,) = hits("GI027", secrets_in(("app/.env", "b", "c"), steps=STEPS))
    assert hit.message == (
        "GitHub Token (ghp_…) in app/.env: layer 2 of 3 (COPY . /app # buildkit) brought it, layer 3 of 3 "
        "(RUN rm /app/.env # buildkit) deletes or replaces the file, and it can still be read"
    )
    assert (hit.path, hit.line, hit.layer) == ("app/.env", 3, "b")


def test_a_history_that_does_not_fit_the_layers_names_no_step() -> None:
    (hit,) = hits("GI027", secrets_in(("app/.env", "b", None), steps=STEPS[:2]))
    assert hit.message == "GitHub Token (ghp_…) in app/.env: layer 2 of 3 brought it"


def test_one_secret_in_several_files_is_one_hit_at_the_place_that_a_container_sees() -> None:
    (hit,) = hits("GI027", secrets_in(("a", "a", "b"), ("z", "b", None), steps=STEPS))
    assert (hit.path, hit.places) == ("z", (("a", "a"),))
    assert hit.message.endswith("; 1 more places")


@pytest.mark.parametrize(
    ("more", "inner", "worth", "evidence"),
    [
        ({}, "", Worth.MEDIUM, (SHIPS,)),
        ({"published": "demo 2.0"}, "a.py", Worth.LOW, ("it is public: a part of the published package demo 2.0",)),
        ({}, "a.py", Worth.MEDIUM, (SHIPS,)),
    ],
)
def test_public_code_is_not_worth_stopping_for(
    more: dict[str, str], inner: str, worth: Worth, evidence: object
) -> None:
    secret = {"type": "Secret Keyword", "spots": [{"line": 3}], "hash": "5f", "listed_as": "5f", "redacted": "…"}
    found = {"path": "srv/shop.whl", "layer": "a", "secret": {**secret, "confidence": "high", "inner": inner}, **more}
    (hit,) = hits("GI027", msgspec.json.encode({"layers": ["a"], "secrets": [found]}).decode())
    assert (hit.worth, hit.worth_evidence) == (worth, evidence)


def test_a_step_that_holds_a_secret_itself_is_not_shown() -> None:
    steps = (STEPS[0], "RUN |1 NPM_TOKEN=Tr0ub4dor-and-3 /bin/sh -c npm ci", STEPS[2])
    (hit,) = hits("GI027", secrets_in(("app/.npmrc", "b", None), steps=steps))
    assert "Tr0ub" not in hit.message
    assert "a step that holds a secret itself" in hit.message


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_a_step_of_the_build(text: str) -> None:
    for id in ("GI011", "GI012", "GI013"):
        assert len(hits(id, msgspec.json.encode({"history": [{"created_by": text}]}).decode())) <= 1
