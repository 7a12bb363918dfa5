"""Lines like those of forty applications: what blocked there and is no secret, or lets no one in, and its twins."""

import pytest

from gate.model import Confidence, Worth
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.worth import worth_at

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
HEX = "9ff3b71c849749dbaec4ccdd3cbab62b"
POINT = "BK" + "q7Zp2Lw9xK4mVt8RnB3yHd6J" * 3 + "q7Zp2Lw9xK4mV"
MAPS = "AI" + "zaSyD4kQ9xLm2VtR7nBw3HcZ8pJfY6gUeT1sK"


def sure(path: str, content: str) -> list[str]:
    """Return what is said against each finding that is sure enough to block."""
    secrets = examine(content.encode(), path, scanner(GATE)).secrets
    return [one.against for one in secrets if one.confidence is not Confidence.LOW]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("composer.json", f'"orchard/oauth-server-bundle": "dev-master#{HEX}9ff3b71c"'),
        ("db/Version2024.php", "$this->renameKey('oauth2_refresh_tokens', 'FK_20C9FB24A76ED395', 'user');"),
        ("db/Version2024.php", "$this->renameIndex('oauth2_access_tokens', 'UNIQ_368A42095F37A13B', 'token');"),
        ("src/push.js", f"subscribe(messaging, {{ vapidKey: '{KEY}{KEY}' }})"),
        ("src/push.ts", f"const pushToken = '{POINT}'"),
        ("src/colours.ts", "pass:    'rgba(47,122,74,0.08)',"),
        ("sonar.properties", f"sonar.projectKey=orchard_{HEX}"),
        ("conf/genesis.json", f'{{"signature":"{HEX}{HEX}{HEX}{HEX}","signingKey":"{KEY}{KEY}{KEY}=="}}'),
        ("conf/app.yml", "ai:\n  api-key: ${AI_API_KEY:sk-1234}"),
    ],
)
def test_what_is_no_secret_blocks_nothing(path: str, text: str) -> None:
    assert len(POINT) == 87
    assert not sure(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("composer.json", f'"oauth_token": "{KEY}"'),
        ("src/push.js", f"vapidPrivateKey: '{KEY}{KEY}'"),
        ("sonar.properties", f"sonar.projectSecret={HEX}"),
        ("conf/genesis.json", f'{{"signature":"{HEX}"}}, {{"signingKey":"{KEY}{KEY}"}}'),
        ("conf/app.json", f'{{"access_token": "{HEX}", "expires_in": 31536000}}'),
    ],
)
def test_a_value_at_the_same_place_blocks(path: str, text: str) -> None:
    assert "" in sure(path, text)


def test_a_key_for_maps_in_a_page_is_everyones_however_the_page_writes_it() -> None:
    page = f"return `https://www.google.com/maps/embed/v1/place?key={MAPS}&q=${{where}}`"
    assert sure("src/views/Agency.vue", page) == ["everyone who runs the program or opens the page has it"]


def test_a_key_in_the_sources_of_a_flutter_app_is_in_every_copy_of_it() -> None:
    line = f'const String postcodeApiKey = "{KEY}";'
    assert sure("lib/pages/search.dart", line) == ["everyone who runs the program or opens the page has it"]
    assert sure("bin/server.dart", line) == [""]


@pytest.mark.parametrize(
    ("line", "blocks"),
    [
        (f'resValue("string", "orchardScanKey", "{KEY}")', False),
        (f'buildConfigField("String", "ORCHARD_API_KEY", "\\"{KEY}\\"")', False),
        (f'val orchardApiKey = "{KEY}{KEY}"', False),
        (f'resValue("string", "orchardClientSecret", "{KEY}")', True),
        (f'storePassword = "{KEY}"', True),
    ],
)
def test_what_gradle_writes_into_an_app_is_in_every_copy_but_for_secrets(line: str, blocks: bool) -> None:
    assert ("" in sure("app/build.gradle.kts", line)) == blocks


def test_a_digest_as_long_as_sha512_under_a_password_is_a_hash() -> None:
    said = sure("db/users.json", f'{{"login": "anna", "password": "{HEX * 4}"}}')
    assert said == ["it is a hash, from which the password has to be guessed first"]
    assert sure("db/users.json", f'{{"login": "anna", "password": "{HEX}"}}') == [""]


def test_an_id_of_aws_within_a_run_of_capitals_is_chance() -> None:
    id = "AKIA" + "4TANM8KZ5J6E2Q3Z"
    assert not sure("app/build.gradle", f'etherscanKey = "YK4KE{id}YDM8TEABM"')
    assert sure("app/build.gradle", f'etherscanKey = "{id}"')


def test_what_a_service_answers_is_valid_for_seconds() -> None:
    said = sure("src/page.twig", f'"access_token": "{KEY}{KEY}",\n"expires_in": 3600,')
    assert said == ["it is in a service's answer, which says for how many seconds it is valid"]


@pytest.mark.parametrize(
    "path",
    [
        "app/Console/DemoSeederCommand.php",
        "templates/howto_app.html",
        "internal/entity/auth_session_fixtures.go",
        "shop/.next/server/server-reference-manifest.json",
    ],
)
def test_a_file_that_is_made_to_try_a_program_or_by_a_build_is_of_low_worth(path: str) -> None:
    assert worth_at("API key or token in the code", path, Confidence.HIGH)[0] is Worth.LOW
    assert worth_at("API key or token in the code", "app/Console/Command.php", Confidence.HIGH)[0] is Worth.MEDIUM


def test_a_key_of_rails_in_a_pipelines_folder_is_the_jobs() -> None:
    (said,) = sure(".github/workflows/check/master.key", f"{HEX}\n")
    assert said == "it is in a pipeline's definition, where jobs define credentials for their own services"
    assert sure("config/master.key", f"{HEX}\n") == [""]
