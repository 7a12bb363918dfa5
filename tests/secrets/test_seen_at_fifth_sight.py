"""Lines like those of forty repositories that a rule chose: what blocked there and is no secret, and its twins."""

import json
from base64 import b64encode, urlsafe_b64encode

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
HEX = "9ff3b71c849749dbaec4ccdd3cbab62b"
SIGNATURE = "c2lnbmVkLWJ5LXRoZS1zaG9wLW9mLW9yY2hhcmRz"
CLIENT = "everyone who runs the program or opens the page has it"
TEST_MODE = "it is a key of the provider's test mode"
DEVELOPMENT = "its words say that it is for development"


def found(path: str, content: str) -> list[tuple[Confidence, str]]:
    """Return how sure each finding is, and what is said against its worth."""
    return [(one.confidence, one.against) for one in examine(content.encode(), path, scanner(GATE)).secrets]


def token(**claims: object) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    texts = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join([*texts, SIGNATURE])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "    py3.12-tiktoken-latest: orchard-sdk==0.4.2"),
        ("tox.ini", "    py3.12-auth-latest: SQLOrchard~=2.0.51"),
        ("requirements.py", "TOKEN_REQUIREMENT = 'basket==2026.7.19'"),
        ("environment.yml", "token: pyfruit1_modules>=0.4.2,<0.5"),
        ("setup.sh", "AUTH_PACKAGE=libpear3=3.0.2-0+deb12u1"),
        ("src/net.ts", f"tokenContractAddress:\n  '0x{HEX}{HEX}',"),
        ("src/net.ts", f"authAddr: '0x{HEX}{HEX}',"),
        ("src/net.ts", f"token: '0x{HEX}84d2f1a9',"),
        ("backup.sh", ': "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD missing}"'),
        ("compose.yml", "  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is required}"),
        ("backup.sh", ': "${API_TOKEN:?Xk2-9sQ-unset}"'),
        ("backup.sh", "run ${MYSQL_PASSWORD:+--with-password7}"),
        ("kernel.config", 'BUILD_SALT="6.1.177-amzn2023.x86_64"'),
        ("server.conf", 'nkey = "ODGZK3Q7TLXW2MVJ5RNHYBF4SEPAC6UIDOKW3ZQ7XTLM2JV5RNHYB4SG"'),
        ("push.py", 'SECRET_PARTS = {\n    ".netrc",\n    "id_ed25519",\n    "id_rsa",\n}'),
    ],
)
def test_a_pin_an_address_a_message_and_a_key_files_name_are_no_secrets(path: str, text: str) -> None:
    assert not found(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", f"token: {KEY}=="),
        ("src/net.ts", f"walletPrivateKey: '0x{HEX}{HEX}',"),
        ("backup.sh", f': "${{API_TOKEN:={KEY}}}"'),
        ("compose.yml", f"  POSTGRES_PASSWORD: ${{POSTGRES_PASSWORD:-{KEY}}}"),
        ("push.py", f'SECRET_PARTS = {{\n    ".netrc",\n    "{KEY}",\n}}'),
    ],
)
def test_a_value_in_their_place_is_one(path: str, text: str) -> None:
    assert any(confidence is not Confidence.LOW for confidence, _ in found(path, text))


FEED = "https://feed.shop.dev/api"
TEST_LOGIN = b64encode(f"test_{KEY}:test_{KEY}".encode()).decode()
LIVE_LOGIN = b64encode(f"live_{KEY}:live_{KEY}".encode()).decode()


@pytest.mark.parametrize(
    ("path", "text", "against"),
    [
        ("src/client.ts", f"const dataKey = '{token(role='anon', iss='orchard', exp=4102444800)}';", CLIENT),
        ("page.html", f'<script src="{FEED}?v=2&key={HEX}&plugin=search"></script>', CLIENT),
        ("page.php", f"echo '<iframe width=2 src=\"{FEED}?token={HEX}\">';", CLIENT),
        ("quote.ps1", f'$auth = "Basic {TEST_LOGIN}"', TEST_MODE),
        ("pgbouncer/userlist.txt", '"app_owner"  "dev_owner"', DEVELOPMENT),
        ("deploy/userlist.txt", '"app_owner"  "shop-local-password2"', DEVELOPMENT),
    ],
)
def test_it_says_whom_it_lets_in(path: str, text: str, against: str) -> None:
    assert against in [reason for _, reason in found(path, text)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/admin.ts", f"const dataKey = '{token(role='service_role', iss='orchard', exp=4102444800)}';"),
        ("src/pay.py", f'requests.get("{FEED}?v=2&key={HEX}")'),
        ("quote.ps1", f'$auth = "Basic {LIVE_LOGIN}"'),
        ("pgbouncer/userlist.txt", '"app_owner"  "devotedOwner77"'),
        ("pgbouncer/userlist.txt", f'"app_owner"  "dev_{KEY}"'),
    ],
)
def test_its_twin_does_not(path: str, text: str) -> None:
    assert "" in [reason for _, reason in found(path, text)]
