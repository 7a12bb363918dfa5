"""Credentials that were overlooked: in strings of JSON, behind Basic, in sequences, as bytes, in credential files."""

import base64

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
OTHER = "Wk4tX9cQ2vLs7Jm5Rz8pNf3D"
LONG = "g-fOvbku6CkL1xUsOgumN-yXrxSUfA933oo5hFPunBE1ho4X4R4Jq0zCgkv0zAXn"
HEX56 = "f16ce59f45714194371b48fe362072dc3b019da7861558cd4ad29e4d"
UUID = "841771dc-11c9-4bc7-bcac-6a3945a69cd9"
BASIC = base64.b64encode(b"anna:Kranix-73ven~").decode()
DECIMALS = "18, 154, 243, 68, 139, 193, 2, 119, 250, 33, 91, 12, 7, 201, 66, 180"


def found(path: str, content: str) -> dict[int, Confidence]:
    """Return the highest confidence on each line on which something is found."""
    lines: dict[int, Confidence] = {}
    for secret in examine(content.encode(), path, scanner(GATE)).secrets:
        for spot in secret.spots:
            lines[spot.line] = max(lines.get(spot.line, Confidence.LOW), secret.confidence, key=lambda one: one.rank)
    return lines


OVERLOOKED = [
    ("deploy.sh", f"""export SHOP_CREDENTIALS='{{"shop": "{KEY}", "type": "service"}}'"""),
    ("app.json", f'"dbSecret": "{{\\"value\\": \\"{KEY}\\"}}"'),
    ("notes.txt", f"call it with Basic {BASIC}"),
    ("src/a.ts", f'headers.set("X-Proxy", "Basic " + "{BASIC}")'),
    ("log.txt", f"proxy-authenticate=basic%20{BASIC}"),
    ("src/keys.js", f"const key = {{ kty: 'EC', crv: 'P-256', d: '{LONG}' }}"),
    ("keys.yaml", f"- kty: oct\n  k: {KEY}\n"),
    ("src/a.go", f"var key = []byte{{{DECIMALS}}}"),
    ("src/A.java", f"private static final byte[] AES_KEY = {{ {DECIMALS} }};"),
    ("app.yaml", f"auth_ticket: {KEY}"),
    ("web.config", f'<machineKey validationKey="{HEX56}AB12CD34" />'),
    ("src/a.py", f'VALIDATION_KEY = "{KEY}"'),
    ("src/a.py", f'encryption_key = "{KEY}"'),
    ("src/a.py", f'consumer_key = "{KEY}"'),
    ("request.txt", f'OAuth oauth_signature="{KEY}%26{OTHER}"'),
    (".netrc", "machine shop.orchard.dev login anna password secret"),
    (".netrc", "machine shop.orchard.dev login anna@orchard.dev password p@ss"),
    (".pgpass", "db.orchard.dev:5432:shop:anna@orchard:orchard"),
    (".pgpass", r"db.orchard.dev:5432:shop:an\:na:pass word:1"),
    (".git-credentials", "https://anna:orchard@git.orchard.dev"),
    (".git-credentials", f"https://{KEY}@git.orchard.dev"),
    (".esmtprc", "password = orchard"),
    ("FileZilla/sitemanager.xml", '<Pass encoding="base64">b3JjaGFyZA==</Pass>'),
    ("FileZilla/recentservers.xml", "<Pass>orchard</Pass>"),
    (".dbeaver/data-sources.json", '"password": "orchard"'),
    (".vscode/sftp.json", '"password": "orchard"'),
    (".ftppass", '{"shop": {"username": "anna", "password": "orchard"}}'),
    (".idea/webServers.xml", '<fileTransfer host="h" password="dff9dfb9df8fdf84" port="21">'),
]
PREFIXED = [
    f"rel-{UUID}",
    f"secret-{KEY}{OTHER[:16]}",
    f"dvc_server_{KEY}",
    f"configcat-sdk-1/{KEY[:22]}/{OTHER[:22]}",
    f"ser.{KEY[:22]}",
    f"shop:production.{HEX56}",
    f"cxtp_{KEY}{OTHER[:6]}",
    f"bkaj_{KEY}{OTHER}",
    f"depot_org_{HEX56}19a7f03c",
    f"SB-Mid-server-{KEY}",
    f"xnd_development_{KEY}{OTHER}",
    f"APP_USR-1234509876543210-072801-{HEX56[:32]}-918273645",
    f"polar_oat_{KEY}{OTHER}",
    f"npg_{KEY[:12]}",
    f"xau_{KEY}{OTHER}",
    f"AstraCS:{KEY}:{HEX56}19a7f03c",
]


@pytest.mark.parametrize(("path", "content"), OVERLOOKED)
def test_it_is_found(path: str, content: str) -> None:
    assert any(one is not Confidence.LOW for one in found(path, content).values())


@pytest.mark.parametrize("token", PREFIXED)
def test_a_providers_token_is_found_in_prose(token: str) -> None:
    assert list(found("notes.txt", f"it was {token} then\n").values()) not in ([], [Confidence.LOW])


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("app.yaml", f"api_keys:\n  - {KEY}\n  - {OTHER}\nother: 1\n"),
        ("src/a.py", f'TOKENS = [\n    "{KEY}",\n    "{OTHER}",  # spare\n]\n'),
        ("src/a.go", f'var passwords = []string{{\n\t"{KEY}",\n\t"{OTHER}",\n}}\n'),
        ("app.json", f'"secrets": [\n  "{KEY}",\n  "{OTHER}"\n]\n'),
    ],
)
def test_each_of_a_sequence_under_a_plural_name_is_found(path: str, content: str) -> None:
    assert set(found(path, content)) == {2, 3}


def test_all_of_a_sequence_on_one_line_are_found() -> None:
    content = f'passwords = ["{KEY}", "{OTHER}"]\n'
    assert len(examine(content.encode(), "a.py", scanner(GATE)).secrets) == 2


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("src/a.ts", f'const tokens = ["comma", "colon", "{"end-of-line"}"]'),
        ("app.yaml", "secrets:\n  - shop-database\n  - shop-mail\n"),
        ("notes.txt", "a basic authentication header"),
        ("src/a.go", "var key = []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}"),
        ("src/a.go", "var keys = []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31}"),
        (".netrc", "machine shop.orchard.dev login anna password ${PASSWORD}"),
        (".netrc", "machine shop.orchard.dev login anna password your-password"),
        (".git-credentials", "https://anna@git.orchard.dev"),
        ("deploy.sh", """export SHOP_CREDENTIALS='{"type": "service_account", "project_id": "shop-1234"}'"""),
        ("src/keys.js", "const box = { kid: 'a', d: 'M10 10h4v4' }"),
        ("app.yaml", "ticket: SHOP-12345"),
    ],
)
def test_what_only_looks_like_it_does_not_block(path: str, content: str) -> None:
    assert all(one is Confidence.LOW for one in found(path, content).values())
