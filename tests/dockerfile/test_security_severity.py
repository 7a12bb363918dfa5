"""How bad a finding is: by what it can do, and milder where it does not reach the image that ships."""

from collections.abc import Callable
from datetime import date

import pytest

from gate.core.end_of_life import built_in
from gate.core.image_references import parse_reference
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.end_of_life import ended_releases
from gate.dockerfile.lint import Linted, lint
from gate.dockerfile.rules import all_rules
from gate.model import Severity

Lint = Callable[..., Linted]


def severities(linted: Linted, rule: str) -> list[str]:
    return [finding.severity.value for finding in linted.findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("end", "severity"),
    [
        ("", "high"),
        ("FROM c:1\n", "medium"),
        ("FROM b\n", "high"),
        ("FROM c:1\nCOPY --from=b /x /x\n", "high"),
        ("FROM c:1\nCOPY --from=0 /x /x\n", "high"),
        ("FROM c:1\nRUN --mount=type=bind,from=b,target=/b cp /b/x /x\n", "high"),
        ("FROM c:1 AS d\nCOPY --from=b /x /x\nFROM d\n", "high"),
        ("FROM c:1 AS d\nCOPY --from=b /x /x\nFROM e:1\n", "medium"),
        ("ARG S=b\nFROM c:1\nARG S=b\nCOPY --from=$S /x /x\n", "high"),
        ("FROM c:1 AS x\nCOPY --from=y /x /x\nFROM c:1 AS y\nCOPY --from=x /x /x\n", "medium"),
    ],
)
def test_what_stays_in_a_stage_that_does_not_ship_is_one_step_milder(end: str, severity: str, lint_text: Lint) -> None:
    assert severities(lint_text(f"FROM a:1 AS b\nRUN chmod 777 /srv\n{end}"), "GD003") == [severity]


@pytest.mark.parametrize(
    ("rule", "text", "shipped", "unshipped"),
    [
        ("GD004", "ENV DB_PASSWORD=correct-horse", "high", "medium"),
        ("GD018", "COPY id_rsa /x", "high", "medium"),
        ("GD049", "RUN echo 'a ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/a", "medium", "low"),
        ("GD050", "RUN usermod -aG docker app", "low", "info"),
        ("GD002", "RUN curl https://packages.example/i | sh", "high", "high"),
        ("GD008", "RUN curl -k https://packages.example", "high", "high"),
        ("GD014", "RUN --security=insecure make", "high", "high"),
    ],
)
def test_what_happens_while_building_is_as_bad_in_any_stage(
    rule: str, text: str, shipped: str, unshipped: str, lint_text: Lint
) -> None:
    assert severities(lint_text(f"FROM a:1\n{text}\n"), rule) == [shipped]
    assert severities(lint_text(f"FROM a:1\n{text}\nFROM b:1\n"), rule) == [unshipped]


HIGH_BY_ITSELF = {
    *("GD001", "GD002", "GD003", "GD004", "GD008", "GD010", "GD011", "GD012", "GD014", "GD016", "GD017", "GD018"),
    *("GD019", "GD023", "GD027", "GD028", "GD034", "GD038", "GD040", "GD041", "GD042", "GD044", "GD045", "GD046"),
    *("GD047", "GD051", "GD052", "GD055", "GD109"),
}


def test_only_what_is_dangerous_by_itself_is_high() -> None:
    high = {rule.id for rule in all_rules() if rule.id.startswith("GD") and rule.description.severity > Severity.MEDIUM}
    assert high == HIGH_BY_ITSELF


def ended(image: str, day: str = "2026-11-24") -> list[str]:
    return [release for release, _ in ended_releases(parse_reference(image), day)]


@pytest.mark.parametrize(
    ("image", "releases"),
    [
        ("python:3.8.19-slim", ["python 3.8"]),
        ("python:3.8-buster", ["python 3.8", "debian 10"]),
        ("python:3.13-alpine3.15", ["alpine 3.15"]),
        ("ubuntu:focal-20240101", ["ubuntu 20.04"]),
        ("centos:stream8", ["centos stream8"]),
        ("quay.example/centos/centos:stream8", ["centos/centos stream8"]),
        ("node:16", ["node 16"]),
        ("node:1", []),
        ("node:22", []),
        ("python:3", []),
        ("python", []),
        ("team/python:2.7", []),
        ("php:7.4.33-fpm", ["php 7"]),
        ("golang:1.2", []),
        ("debian:9999", []),
        ("debian:" + "9" * 5000, []),
    ],
)
def test_releases_are_read_off_the_tag(image: str, releases: list[str]) -> None:
    assert ended(image) == releases


def test_the_day_of_the_run_decides() -> None:
    assert ended("debian:11", "2026-08-31") == []
    assert ended("debian:11", "2026-09-01") == ["debian 11"]


def test_without_a_day_nothing_is_said_about_age() -> None:
    linted = lint(b"FROM python:2.7\n", "Dockerfile", "tree", DockerfileSettings())
    assert not severities(linted, "GD022")
    linted = lint(b"FROM python:2.7\n", "Dockerfile", "tree", DockerfileSettings(), today=date(2026, 1, 1))
    assert severities(linted, "GD022") == ["medium"]


def test_every_day_in_the_table_is_one() -> None:
    days = [day for releases in built_in().images.values() for day in releases.values()]
    assert all(date.fromisoformat(day).isoformat() == day for day in [*days, built_in().as_of])
    assert len(days) > 100


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.id.startswith("GD0")], ids=lambda rule: rule.id)
def test_every_security_rule_names_a_weakness_or_a_benchmark(rule) -> None:  # type: ignore[no-untyped-def]
    assert any(reference.startswith(("CWE-", "CIS-DI-")) for reference in rule.description.references)


SECRET = "correct" + "-horse-battery-staple"


def test_no_message_holds_the_secret(lint_text: Lint) -> None:
    token = "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"
    linted = lint_text(
        f"FROM a:1\nLABEL api.token={SECRET}\nADD https://u:{SECRET}@h.example/a /a\nENV B={token}\n"
        f"RUN export API_KEY={SECRET} && git clone https://{token}@h.example/a && app --token {SECRET}\n"
        f"RUN echo 'password {SECRET}' > .netrc && useradd -p {SECRET} a && docker login -p {SECRET}\n"
        f"RUN MAVEN_OPTS='-Dmaven.wagon.http.ssl.insecure=true -Dp={SECRET}' mvn package\n"
        f"RUN git -c core.sshCommand='sshpass -p {SECRET} ssh -o StrictHostKeyChecking=no' fetch\nENV A {SECRET}\n"
    )
    said = {finding.rule for finding in linted.findings}
    assert {"GD041", "GD042", "GD045", "GD046", "GD047", "GD016", "GD017", "GD008"} <= said
    text = repr(linted.findings)
    assert SECRET not in text
    assert token not in text
