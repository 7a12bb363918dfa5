"""Lines of infrastructure that were read at first sight: what blocked and is none, and what must go on blocking."""

import base64
import binascii
import json

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
HEX40 = "D3CB44626EEDC30A513C5BA71A5F6B4C7DA87C71"
BOX = base64.b64encode(bytes(range(90, 122))).decode()
NONCE = base64.b64encode(bytes(range(60, 84))).decode()
SEALED = base64.b64encode(bytes(range(130, 170))).decode()


def _nkey(kind: int) -> str:
    """Return a key as NATS writes it: its kind, 32 bytes and their CRC-16 in base32."""
    raw = bytes((kind << 3, *range(7, 228, 7)))
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


def _token(header: dict[str, object], claims: dict[str, object]) -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), bytes(range(100, 164))]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _of_nats(**claims: object) -> str:
    of_user = {"iat": 1600000000, "name": "shop", "nats": {"type": "user", **claims}}
    return _token({"typ": "JWT", "alg": "ed25519-nkey"}, of_user)


def confidence_of(path: str, content: str) -> Confidence | None:
    """Return the highest confidence of what is found; None if nothing is."""
    found = [secret.confidence for secret in examine(content.encode(), path, scanner(GATE)).secrets]
    return max(found, key=lambda one: one.rank, default=None)


ENCRYPTED = [
    ("app/db.ejson", f'{{"MYSQL_ROOT_PASSWORD": "EJ[1:{BOX}:{NONCE}:{SEALED}]"}}'),
    ("conf/bootstrap.yml", "password: '{cipher}" + "5f1c0b7a94d2e863" * 6 + "'"),
]
REFERENCES = [
    ("tf/main.tf", 'name = "KUMA_PASSWORD"\nvalue = data.vault_secret.home.data["kuma_password"]'),
    ("tf/main.tf", 'name = "db-password"\nvalue = data.azurerm_key_vault_secret.db_password[0].value'),
    ("tf/main.tf", 'name = "redis-password"\nvalue = module.redis_wallet[0].primary_access_key'),
    ("ci/work.yaml", "secrets:\n  - trmf-rt-v3_trmf-feed-secrets\n"),
    ("k8s/settings.yaml", "OAUTH2_PROXY_ITEM: iq4wkvbfhvm4kd2g6slnxlca7y"),
    ("ci/run.sh", 'SERVER_SECRET="${SERVER_SECRET:-ferretmq-tls-direct}"'),
    ("storage.yaml", "adminSecretNameNode: ferret-csi-rbd-node"),
    ("supabase/config.toml", 'auth_token = "env(TWILIO_AUTH_TOKEN)"'),
    ("values/keystone.yaml", "keystone_credential_rotate: quay.io/shop/keystone:2025.1-ubuntu_jammy"),
    ("fastlane/Appfile", 'ENV["APP_STORE_CONNECT_API_KEY_KEY_FILEPATH"] = "./KD7T8WHAQ9.p8"'),
]
PUBLIC = [
    ("conf/accounts.conf", f"nkey: {_nkey(0)}"),
    ("conf/accounts.conf", f'nkey = "{_nkey(14)}"'),
    ("conf/js.conf", f'operator = "{_of_nats()}"'),
    ("dist.sh", "gpg_signing_key=4C8FFE21"),
    ("Makefile", f"UBUNTU_SIGNING_KEY={HEX40}"),
    ("wg.sh", 'PUBKEY="hW3c9TQeZ0nGm1yR7uVbX4aLpD8sKfJ2oE5iCxMvNtU="'),
]
NAMES = [
    ("kernel.config", 'CONFIG_BUILD_SALT="6.1.158-1.182.el9.x86_64"'),
    ("src/types.go", 'const tokenTypeSVID = "JWT-SVID"'),
    ("src/types.go", 'cfg.API.TokenApp = "nomad"'),
    ("src/oidc.py", "            'id_token': 'ghijkl',"),
    ("kiosk.nix", 'user = "nobody:nogroup";'),
    ("sap.xml", '<Property Name="APCGSTAccount" Type="Edm.String"/>'),
    ("sms.properties", "sms.template.find.pwd=SMS_164318420"),
    ("src/airtable.ts", "nameKey: 'fldZQN3b8NsELoRvV',"),
    ("apim.tf", "npg_notifications = local.npg_notifications.display_name"),
    ("cv.pdf", "stream\nGat%`>BALP&;B$5/,$*lJnt/djJg(O1t+-eVXBp\\KIpFT[R;F2C&@5.Z<Wn-pass=K3jf8sK#s9d;XaoMg!nY1\n"),
]
SAMPLES = [
    ("charts/shop/values.yaml", '  # rootPassword: "123SomeDefault321"'),
]


@pytest.mark.parametrize(("path", "content"), [*ENCRYPTED, *REFERENCES, *PUBLIC, *NAMES, *SAMPLES])
def test_it_blocks_nothing(path: str, content: str) -> None:
    assert confidence_of(path, content) in (None, Confidence.LOW)


NEAR = [
    ("app/db.ejson", f'{{"MYSQL_ROOT_PASSWORD": "EJ[1:{KEY}]"}}'),
    ("conf/bootstrap.yml", "password: '{cipher}" + KEY + "'"),
    ("tf/main.tf", f'name = "KUMA_PASSWORD"\nvalue = "{KEY}"'),
    ("ci/run.sh", f'SERVER_SECRET="${{SERVER_SECRET:-{KEY}}}"'),
    ("supabase/config.toml", f'auth_token = "{KEY}"'),
    ("conf/accounts.conf", f"nkey: S{_nkey(20)}".replace("SU", "SUA")),
    ("conf/bearer.conf", f'user = "{_of_nats(bearer_token=True)}"'),
    ("Makefile", f"UBUNTU_SIGNING_KEY={KEY}"),
    ("src/types.go", f'cfg.API.TokenApp = "{KEY}"'),
    ("kiosk.nix", 'user = "kiosk:q7Zp2Lw9xK4m";'),
    ("src/airtable.ts", f"secretKey: '{KEY}',"),
    ("run.sh", "export PGPASSWORD=npg_cR8TeNG3qYJK"),
    ("charts/shop/values.yaml", f'rootPassword: "{KEY}"'),
]


@pytest.mark.parametrize(("path", "content"), NEAR)
def test_what_is_alike_goes_on_blocking(path: str, content: str) -> None:
    found = confidence_of(path, content)
    assert found is not None
    assert found is not Confidence.LOW
