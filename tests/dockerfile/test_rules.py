"""Every rule catches its bad example and passes its good one; below that, the edges of each rule."""

import re
from collections.abc import Callable

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build import Build
from gate.dockerfile.lint import Linted
from gate.dockerfile.parser import parse
from gate.dockerfile.rules import all_rules
from gate.model import Severity
from gate.rules import StageRule
from tests.dockerfile.test_security_spellings import SPELLINGS
from tests.dockerfile.test_security_twins import TWINS

Lint = Callable[..., Linted]
REGISTRY = "registry.example.com"
LABELS = {
    "authors": "email",
    "created": "rfc3339",
    "licence": "spdx",
    "revision": "hash",
    "source": "url",
    "title": "text",
    "version": "semver",
}
ON_REQUEST = {rule.id: rule.description.severity.value for rule in all_rules() if rule.on_request}
_FROM = re.compile(r"^FROM", re.MULTILINE)


def example(text: str) -> str:
    """Give an example a base image if it has none."""
    return text if _FROM.search(text) else f"FROM {REGISTRY}/image:1\n{text}"


@pytest.fixture
def caught(lint_text: Lint) -> Callable[[str], set[str]]:
    """Return a function that names the rules that catch something in a Dockerfile."""
    terms = {"trusted_registries": (REGISTRY,), "rules": ON_REQUEST, "label_schema": LABELS, "strict_labels": True}
    return lambda text: {one.rule for one in lint_text(example(text), **terms).findings}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_rule_catches_its_bad_example_and_passes_its_good_one(
    rule: StageRule, caught: Callable[[str], set[str]]
) -> None:
    assert rule.id in caught(rule.description.bad)
    assert rule.id not in caught(rule.description.good)


def test_a_rule_finds_nothing_where_it_says_that_it_need_not_be_asked() -> None:
    examples = [text for rule in all_rules() for text in (rule.description.bad, rule.description.good)]
    asked_where = {rule: rule.looks_at.where for rule in all_rules() if rule.looks_at.where}
    own = [text for rule in asked_where for text in (*SPELLINGS.get(rule.id, ()), *TWINS.get(rule.id, ()))]
    own += [text for id, text in (*CAUGHT, *PASSED) if id in {rule.id for rule in asked_where}]
    settings = DockerfileSettings(trusted_registries=(REGISTRY,))
    builds = [Build(parse(example(text).encode()), settings) for text in (*examples, *own)]
    steps = [step for build in builds for step in build.steps()]
    left_out = set()
    for rule, where in asked_where.items():
        for step in steps:
            if step.name in rule.looks_at.names and not where(step):
                left_out.add(rule)
                assert not list(rule.check(step)), (rule.id, step.instruction.text)
    assert left_out == asked_where.keys()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_rule_says_what_it_is(rule: StageRule) -> None:
    text = rule.description
    assert re.fullmatch(r"(DL|GD)\d{3,4}", text.id)
    assert all((text.title, text.why, text.mend))
    assert text.severity < Severity.HIGH or text.references
    assert all(re.fullmatch(r"CWE-\d+|CIS-DI-\d{4}|https://\S+", reference) for reference in text.references)


CAUGHT = [
    ("DL3006", "FROM registry.example.com:5000/team/app"),
    ("DL3006", "ARG B=debian\nFROM $B"),
    ("DL3008", "FROM a:1 AS b\nENV V=1\nFROM c:1\nRUN apt-get install -y curl=$V"),
    ("DL3041", "FROM a:1 AS b\nENV V=1\nFROM c:1\nRUN dnf install -y curl-${V}"),
    ("DL3044", "ENV A=x:$A A=y:$A"),
    ("DL3009", "RUN mv /etc/apt/apt.conf.d/docker-clean /x\nRUN --mount=type=cache,target=/var/lib/apt apt update"),
    ("DL3065", "FROM --platform=${TARGETPLATFORM:-linux/amd64} a:1"),
    ("DL3029", "FROM --platform=linux/arm64/v8 a:1 AS build"),
    ("DL3007", "ARG T=latest\nFROM debian:$T"),
    ("DL3008", "RUN ls && sudo apt-get -y install -t stable curl"),
    ("DL3008", "RUN <<E\napt-get install -y curl\nE"),
    ("DL3008", 'RUN ["apt-get", "install", "-y", "curl"]'),
    ("DL3018", "RUN apk --no-cache add -t .build gcc"),
    ("DL3013", "RUN python3 -m pip install flask"),
    ("DL3013", "RUN pip3 install 'flask[async]'"),
    ("DL3002", "USER 0:0"),
    ("DL3002", "ARG U=root\nFROM a:1\nARG U\nUSER $U"),
    ("DL3002", "FROM a:1 AS b\nUSER root\nFROM b"),
    ("DL3026", "FROM debian:12"),
    ("DL3026", "ARG B\nFROM $B"),
    ("DL3026", "FROM registry.example.com/a:1 AS build_arm\nARG B\nFROM built_$B"),
    ("DL3000", "ENV D=app\nWORKDIR $D"),
    ("DL4006", "RUN a |& b"),
    ("GD001", "ADD http://packages.example/a /a"),
    ("GD001", "ARG V=1\nADD https://packages.example/$V /a"),
    ("GD001", "ADD https://git.example/a.git#main /a"),
    ("GD002", "RUN wget -qO- https://packages.example/i | sudo -E bash -s -- -y"),
    ("GD002", 'RUN sh -c "$(curl -fsSL https://packages.example/i)"'),
    ("GD002", "RUN bash <(curl -s https://packages.example/i)"),
    ("GD002", "RUN eval `wget -O - https://packages.example/i`"),
    ("GD002", "RUN { curl https://packages.example/i; } | tee log | python3 -"),
    ("GD002", "RUN curl https://packages.example/i | (bash)"),
    ("GD002", "ONBUILD RUN curl https://packages.example/i | sh"),
    ("GD002", "RUN <<E\nset -e\ncurl https://packages.example/i | sh\nE"),
    ("GD002", "RUN bash -c 'curl https://packages.example/i | sh'"),
    ("GD003", "RUN chmod -R a+rwx /srv"),
    ("GD003", "RUN chmod o=rw /srv"),
    ("GD003", "RUN chmod 0666 /srv"),
    ("GD013", "RUN chmod 4755 /x"),
    ("GD004", "ARG API_KEY=abcdefgh"),
    ("GD004", "ENV dbPassword hunter2hunter2"),
    ("GD004", "ENV DATABASE_URL=postgres://user:hunter2@db/x"),
    ("GD004", "ARG NPM_TOKEN=abcdefgh\nFROM a:1"),
    ("GD006", "RUN git clone http://git.example/a"),
    ("GD006", "ADD http://packages.example/a /a"),
    ("GD008", "RUN curl -fsSLk https://packages.example"),
    ("GD008", "RUN wget --no-check-certificate https://packages.example"),
    ("GD008", "RUN python3 -m pip install --trusted-host packages.example x==1"),
    ("GD008", "RUN npm config set strict-ssl false"),
    ("GD008", "RUN git -c http.sslVerify=false clone https://git.example/a"),
    ("GD008", "RUN apt-get install -y --allow-unauthenticated x"),
    ("GD009", "EXPOSE 20-25"),
    ("GD010", "ARG P=2375\nEXPOSE $P/tcp"),
    ("GD010", "FROM a:1\nARG P=2375\nEXPOSE $P/tcp"),
]
PASSED = [
    ("DL3006", "FROM scratch"),
    ("DL3029", "FROM --platform=linux/arm64 a:1 AS build-arm64"),
    ("DL3029", "ARG PLATFORM=linux/amd64\nFROM --platform=$PLATFORM a:1"),
    ("DL3065", "FROM --platform=$BUILDPLATFORM a:1"),
    ("DL3041", "FROM a:1 AS b\nENV V=1\nFROM b\nRUN dnf install -y curl-${V}"),
    ("DL3041", "FROM a:1 AS b\nENV V=1\nFROM c:1\nRUN V=2; dnf install -y curl-${V}"),
    ("DL3044", "ENV A=x A=y"),
    ("DL3062", "RUN go install tool && go run server"),
    ("DL3000", 'WORKDIR "D:\\"'),
    ("DL3066", "ARG ACCOUNT\nFROM a:1\nUSER ${ACCOUNT}:0"),
    ("DL3006", "FROM a:1 AS b\nFROM b"),
    ("DL3006", "ARG B\nFROM $B"),
    ("DL3006", "FROM a@sha256:0"),
    ("DL3008", "RUN apt-get update"),
    ("DL3008", "RUN apt-get install -y ./x.deb curl=1"),
    ("DL3008", "RUN echo apt-get install curl"),
    ("DL3013", "RUN pip install -r requirements.txt"),
    ("DL3013", "RUN pip install . ./a.whl git+https://git.example/a@v1"),
    ("DL3020", "ADD a.tar.gz /"),
    ("DL3020", "ADD $X /"),
    ("DL3002", "USER root\nUSER $APP"),
    ("DL3026", "FROM registry.example.com/a:1 AS b\nFROM b\nFROM scratch"),
    ("DL3026", "FROM registry.example.com/a:1 AS build_armv7\nARG A\nARG B\nFROM build_${A}$B"),
    ("DL4006", "RUN set -o pipefail && a | b"),
    ("DL4006", "RUN case x in a|b) c;; esac"),
    ("DL3009", "FROM a:1 AS b\nRUN apt-get update\nFROM c:1"),
    ("DL3009", "RUN --mount=type=cache,target=/var/lib/apt/lists apt-get update"),
    ("GD001", "ADD https://git.example/a.git#0123456789012345678901234567890123456789 /a"),
    ("GD002", "RUN curl https://packages.example/a | tar xz"),
    ("GD002", "RUN curl https://packages.example/a | python3 -m json.tool"),
    ("GD002", "RUN curl https://packages.example/a | sh script.sh"),
    ("GD002", "RUN curl -o a https://packages.example/a; echo x | sh"),
    ("GD002", 'RUN ./build.sh "$(curl https://packages.example/version)"'),
    ("GD003", "RUN chmod 1777 /tmp"),
    ("GD003", "RUN chmod u+w,a+rx /srv"),
    ("GD004", "ENV DB_PASSWORD_FILE=/run/secrets/x TOKEN=$TOKEN PASSWORD= API_KEY=<key> SECRET=none"),
    ("GD004", "ENV PWD=/app TOKEN_TTL=3600 URL=https://packages.example/x"),
    ("GD005", "FROM a:1 AS b\nUSER 1\nFROM b"),
    ("GD006", "RUN curl http://localhost:8080/"),
    ("GD008", "RUN curl -okey https://packages.example"),
    ("GD008", "RUN curl -o k -H kind https://packages.example"),
    ("GD008", "HEALTHCHECK CMD curl -k https://localhost"),
    ("GD009", "EXPOSE 8022"),
]


@pytest.mark.parametrize(("rule", "text"), CAUGHT)
def test_is_caught(rule: str, text: str, caught: Callable[[str], set[str]]) -> None:
    assert rule in caught(text)


@pytest.mark.parametrize(("rule", "text"), PASSED)
def test_is_passed(rule: str, text: str, caught: Callable[[str], set[str]]) -> None:
    assert rule not in caught(text)
