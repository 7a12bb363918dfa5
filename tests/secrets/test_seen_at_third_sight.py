"""Lines like those of forty repositories that were read last: what blocked there and is no secret, and its twins."""

import pytest

from gate.core.path_patterns import is_test_path
from gate.model import Confidence, Worth
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.worth import worth_at

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"


def is_doubted(path: str, content: str) -> bool:
    """True if all that is found is of low confidence, or nothing is."""
    found = examine(content.encode(), path, scanner(GATE)).secrets
    return all(secret.confidence is Confidence.LOW for secret in found)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/site.config.ts", 'storageKey: "hub-shop-color-mode",'),
        ("app/site.config.ts", 'localStorageKey: "shop-sidebar-width-v2",'),
        ("src/context.go", 'const BodyBytesKey = "_web-kit/web/bodybyteskey"'),
        ("Jenkinsfile", "secret('AzureAdB2CClientSecret', 'AAD_B2C_CLIENT_SECRET')"),
        ("shared/passkeys.ts", 'OnePassword = "bada5566-a7aa-401f-bd96-45619a55120d",'),
        ("config/realm.json", '"webAuthnPolicyRpEntityNamePasswordless" : "keycloak",'),
    ],
)
def test_a_name_of_something_else_is_no_secret_that_blocks(path: str, line: str) -> None:
    assert is_doubted(path, line)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/site.config.ts", f'storageKey: "{KEY}",'),
        ("src/context.go", f'const SigningKey = "_web-kit/web/{KEY}"'),
        ("shared/vault.ts", f'onePassword = "{KEY}",'),
    ],
)
def test_its_twin_with_a_random_value_is_one(path: str, line: str) -> None:
    assert not is_doubted(path, line)


@pytest.mark.parametrize(
    "path",
    [
        ".env.test",
        ".env.tests",
        "app/phpunit.integration.xml",
        "tls/benchmark-ca.pem",
        "env/.env.ci",
        ".env.test.local",
        "env/.env.devcontainer",
        "grpc-quickstart/tls/server.key",
    ],
)
def test_what_is_for_a_trial_by_its_place_is_worth_little(path: str) -> None:
    assert worth_at("Private Key", path, Confidence.HIGH)[0] is Worth.LOW
    assert worth_at("GitHub Token", path, Confidence.HIGH)[0] is Worth.MEDIUM


@pytest.mark.parametrize("path", [".env", ".env.production", ".env.circle", "env/.env.development"])
def test_other_files_of_an_environment_ship(path: str) -> None:
    assert worth_at("Private Key", path, Confidence.HIGH)[0] >= Worth.MEDIUM


def test_folders_of_tests_as_go_names_them() -> None:
    assert is_test_path("internal/connector/_testdata/ca-key.pem")
    assert is_test_path("shoptest/a.shop.localhost.key")
    assert not any(map(is_test_path, ("latest/a.go", "contest/a.go", "protest/a.go", "greatest/a.go", "fastest/a.go")))
