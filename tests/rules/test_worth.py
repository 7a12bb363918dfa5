"""What is worth stopping a change for, by what is known of the finding."""

import msgspec
import pytest

from gate.model import (
    Confidence,
    Finding,
    InUse,
    Location,
    Secret,
    Severity,
    StageResult,
    Tree,
    Vulnerability,
    Worth,
)
from gate.rules.vulnerability_worth import LIKELY
from gate.rules.worth import with_worth
from gate.secrets.results.worth import worth_at
from gate.stages.base import result_of

JUST_BELOW = LIKELY - 0.001


def found(**parts: object) -> Finding:
    whole = {
        "stage": "dependencies",
        "rule": "GHSA-1",
        "severity": Severity.CRITICAL,
        "title": "…",
        "message": "…",
        "fingerprint": "0" * 32,
        "location": Location(target="app", path="poetry.lock"),
    }
    return msgspec.convert({**whole, **parts}, Finding)


def vulnerable(in_use: InUse = InUse.UNKNOWN, path: str = "poetry.lock", layer: str | None = None, **known: object):
    return found(
        vulnerability=Vulnerability(id="GHSA-1", **known),
        in_use=in_use,
        location=Location(target="app", path=path, layer=layer),
    )


@pytest.mark.parametrize(
    ("finding", "worth"),
    [
        (vulnerable(known_exploited=True, epss=0.0), Worth.HIGH),
        (vulnerable(malicious=True), Worth.HIGH),
        (vulnerable(InUse.YES, epss=LIKELY), Worth.HIGH),
        (vulnerable(InUse.YES, epss=JUST_BELOW), Worth.MEDIUM),
        (vulnerable(InUse.YES), Worth.MEDIUM),
        (vulnerable(epss=LIKELY), Worth.MEDIUM),
        (vulnerable(epss=JUST_BELOW), Worth.LOW),
        (vulnerable(InUse.NO, epss=0.9), Worth.LOW),
        (vulnerable(InUse.NO, known_exploited=True), Worth.HIGH),
        (vulnerable(path="tests/fixtures/poetry.lock", epss=0.9), Worth.LOW),
        (vulnerable(path="tests/fixtures/poetry.lock", known_exploited=True), Worth.HIGH),
        (vulnerable(path="app/tests/lib/METADATA", layer="sha256:0a", epss=0.9), Worth.MEDIUM),
    ],
)
def test_a_vulnerability_is_worth_what_its_exploitation_and_use_say(finding: Finding, worth: Worth) -> None:
    assert with_worth(finding).worth is worth
    assert with_worth(finding).worth_evidence


def test_a_vulnerability_of_which_nobody_knows_the_likelihood_is_not_of_low_worth() -> None:
    assert with_worth(vulnerable()).worth is Worth.MEDIUM


@pytest.mark.parametrize(
    ("path", "worth"),
    [
        ("Dockerfile", Worth.MEDIUM),
        ("services/api/Dockerfile", Worth.MEDIUM),
        ("tests/Dockerfile", Worth.LOW),
        ("examples/web/Dockerfile", Worth.LOW),
        ("third_party/zlib/Dockerfile", Worth.LOW),
        ("latest/Dockerfile", Worth.MEDIUM),
        ("contest/Dockerfile", Worth.MEDIUM),
    ],
)
def test_configuration_is_worth_less_where_nothing_ships(path: str, worth: Worth) -> None:
    assert with_worth(found(location=Location(target="app", path=path))).worth is worth


@pytest.mark.parametrize(
    ("type", "path", "worth"),
    [
        ("Private Key", "deploy/id_rsa", Worth.MEDIUM),
        ("Private Key", "deploy/production/id_rsa", Worth.HIGH),
        ("Private Key", "tests/id_rsa", Worth.LOW),
        ("Private Key", "tests/production/id_rsa", Worth.LOW),
        ("Secret Keyword", "docs/setup.md", Worth.LOW),
        ("Secret Keyword", "src/setup.py", Worth.MEDIUM),
        ("GitHub Token", "tests/test_client.py", Worth.MEDIUM),
        ("GitHub Token", "README.md", Worth.MEDIUM),
        ("GitHub Token", "node_modules/x/index.js", Worth.LOW),
        ("Private Key", "packages/ldap-3.4-py3-none-any.whl!/slapdtest/client.key", Worth.LOW),
        ("Private Key", "app.tar.gz!/client.key", Worth.MEDIUM),
        ("Secret Keyword", ".yarn/releases/yarn-4.cjs", Worth.LOW),
        ("Secret Keyword", "public/app.min.js", Worth.MEDIUM),
        ("Secret Keyword", "public/index.html", Worth.MEDIUM),
        ("Secret Keyword", "docs/index.html", Worth.LOW),
        ("Secret Keyword", "README.html", Worth.LOW),
        ("Secret Keyword", "products/live.py", Worth.HIGH),
        ("Secret Keyword", "deliver/product.py", Worth.MEDIUM),
        ("Secret Keyword", ".github/workflows/deploy.yml", Worth.MEDIUM),
        ("Google API Key", "app/google-services.json", Worth.LOW),
        ("Google API Key", "app/services.json", Worth.MEDIUM),
    ],
)
def test_a_secret_is_worth_what_its_place_says_unless_a_service_issued_it(type: str, path: str, worth: Worth) -> None:
    assert worth_at(type, path, Confidence.HIGH)[0] is worth


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_client.py",
        ".github/workflows/deploy.yml",
        "infra/deploy.gitlab-ci.yml",
        ".circleci/config.yml",
        "azure-pipelines.yml",
    ],
)
def test_where_passwords_are_made_up_only_what_is_certain_is_worth_stopping_for(path: str) -> None:
    assert worth_at("GitHub Token", path, Confidence.HIGH)[0] is Worth.MEDIUM
    assert worth_at("GitHub Token", path, Confidence.MEDIUM)[0] is Worth.LOW
    assert worth_at("GitHub Token", "src/client.py", Confidence.MEDIUM)[0] is Worth.MEDIUM


def test_what_a_stage_knows_of_the_worth_stands() -> None:
    secret = Secret(type="GitHub Token", hash="0", redacted="ghp_…")
    finding = found(
        secret=secret,
        location=Location(target="app", path="tests/a.py"),
        worth=Worth.MEDIUM,
        worth_evidence=("a service issued it",),
    )
    assert with_worth(finding) is finding


def test_a_secret_that_its_service_accepts_is_of_high_worth_in_a_test_too() -> None:
    secret = Secret(type="GitHub Token", hash="0", redacted="ghp_…", verified=True)
    assert with_worth(found(secret=secret, location=Location(target="app", path="tests/a.py"))).worth is Worth.HIGH


def test_every_result_of_a_stage_has_findings_with_their_worth() -> None:
    result: StageResult = result_of(
        "dependencies",
        Tree(root=".", name="app"),
        findings=(vulnerable(epss=JUST_BELOW),),
        silenced=(vulnerable(epss=JUST_BELOW),),
    )
    assert [one.worth for one in (*result.findings, *result.silenced)] == [Worth.LOW, Worth.LOW]


@pytest.mark.parametrize(
    "path",
    [
        *("docker/develop/jammy/Dockerfile", "docker/dummy/Dockerfile", "api/dev_env/postgres.Dockerfile"),
        *("Dockerfile.dev", "docker/Dockerfile-local-build", "Dockerfile.ci", "web/Containerfile_test"),
        *(".devcontainer/Dockerfile", "docker-compose.local.yml", "compose.e2e.yaml", "api-dockerfile.coverage"),
        *("docker/dev.Dockerfile", "docker/app-test.dockerfile"),
    ],
)
def test_an_image_for_tests_or_development_does_not_ship(path: str) -> None:
    known = with_worth(found(stage="dockerfile", rule="GD004", location=Location(target="app", path=path)))
    assert (known.worth, len(known.worth_evidence)) == (Worth.LOW, 1)


@pytest.mark.parametrize(
    "path",
    [
        *("Dockerfile", "dev/Dockerfile", "Dockerfile.prod", "Dockerfile.device", "docker-compose.yml"),
        *("Dockerfile.latest", "Dockerfile.alpine", "devices.Dockerfile", "local.conf", "src/dockerfile/testing.py"),
    ],
)
def test_other_images_do(path: str) -> None:
    known = with_worth(found(stage="dockerfile", rule="GD004", location=Location(target="app", path=path)))
    assert known.worth is Worth.MEDIUM


@pytest.mark.parametrize(
    ("path", "worth"),
    [
        (".github/workflows/chained_e2e.yml", Worth.MEDIUM),
        (".github/actions/test/action.yml", Worth.MEDIUM),
        (".tekton/e2e-test.yaml", Worth.MEDIUM),
        (".gitlab/ci/tests.yml", Worth.MEDIUM),
        ("pkg/testdata/.tekton/run.yaml", Worth.LOW),
        ("tests/action.yml", Worth.LOW),
        ("docs/examples/.github/workflows/a.yml", Worth.LOW),
    ],
)
def test_a_pipeline_that_a_system_starts_is_no_test_by_its_name(path: str, worth: Worth) -> None:
    finding = found(stage="ci", rule="GC101", severity=Severity.HIGH, location=Location(target="app", path=path))
    assert with_worth(finding).worth is worth


@pytest.mark.parametrize(
    ("path", "worth"),
    [(".devcontainer/devcontainer.json", Worth.MEDIUM), ("examples/.devcontainer/devcontainer.json", Worth.LOW)],
)
def test_what_starts_on_a_developers_machine_is_what_the_stage_is_about(path: str, worth: Worth) -> None:
    finding = found(stage="workspace", rule="GW002", severity=Severity.HIGH, location=Location(target="app", path=path))
    assert with_worth(finding).worth is worth
