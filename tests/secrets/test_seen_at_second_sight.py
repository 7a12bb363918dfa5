"""Lines like those of the second half of the corpus of truth: what blocked there and is no secret, and what is one."""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

HEX32 = "9ff3b71c849749dbaec4ccdd3cbab62b"
HEX40 = "4F9C2B7E1A6D8035C4E19B7D20F6A853DE71B94C"
HEX64 = "f16ce59f45714194371b48fe362072dc3b019da7861558cd4ad29e4d6fb13851"
KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
ZEROS = "A" * 76
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ/0123456789+abcdefghijklmnopqrstuvwxyz"
PICTURE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAzqPcOM6j3JzOo90YzqPdqM6j3hzOo950zqPeuM6j3tjOoK+8eQ7Gw"


def confidence_of(path: str, content: str) -> Confidence | None:
    """Return the highest confidence of what is found; None if nothing is."""
    found = [secret.confidence for secret in examine(content.encode(), path, scanner(GATE)).secrets]
    return max(found, key=lambda one: one.rank, default=None)


NAMES_OF_THINGS = [
    ("src/Flags.cs", 'public const string UnlockWithPassword = "sh-1822-unlock-with-password";'),
    ("src/Flags.cs", 'public const string EnableV2PasswordRegistration = "enable-shop-v2-password-registration";'),
    ("src/Flags.cs", 'public const string DeviceAuthKey = "sh-27581-device-auth-key";'),
    ("src/Claims.cs", 'public const string ClientB64HashedPassword = "password_hash_b64";'),
    ("src/const.go", 'extensionPwdModify = "1.3.6.1.4.1.4203.1.11.1"'),
    ("src/const.go", 'const directoryPasswordComplexityCode = "0000052D."'),
    ("api/openapi.yml", "- 'urn:ietf:params:oauth:request_uri:lXtUUGsLrMxI5cogDk6Zk1pc5-Zw95lT4fzY0eAbdiU'"),
    ("src/sheets.py", 'test_spreadsheet_key = "1Q0mld7LNbUae8LYmo13Ps9f7eOjw57NqVC0YjCd1Kit"'),
    ("src/naming.cs", 'new Rule(stub: "disc", token: "hddvd"),'),
    ("src/naming.cs", 'new Rule(stub: "disc", token: "brrip"),'),
    ("src/naming.cs", 'new Rule(preceding: "3d", token: "hsbs"),'),
    ("src/naming.cs", 'new Rule(stub: "tv", token: "bd25"),'),
    ("Jenkinsfile", "usernameVariable: 'REGISTRYUSER', passwordVariable: 'REGISTRYPASS'"),
    ("src/filters.cs", 'var scaleFilterFirstPass = "vpp_rkrga=format=bgra:afbc=1";'),
    ("build.xml", '<replace file="build/load.php" token="X.Y.Z" value="${_version}"/>'),
    ("Dockerfile", f'ARG NGINX_GPGKEY="{HEX40}"'),
    ("src/keys.py", f"_DEFAULT_JWT_KEY_HASHES = {{\n    '{HEX64}',  # public\n}}"),
    ("src/Limits.java", '@Value("${server.rate_limits.reset_password_per_user:5:3600}")'),
    ("package.json", '"@nuxtjs/auth-next": "5.0.0-1667386184.dfbbb54",'),
    ("package.json", '"next-auth": "npm:next-auth@^4.24.11",'),
    ("src/zones.rb", '"PW"=>"Melekeok",'),
]
CODE = [
    ("src/guid.cc", "  struct passwd* pwbuf;"),
    ("schema.json", '"refresh_token": {"default": "720h"},'),
    ("clients.json", '"device_grant_access_token": "31h0m0s",'),
    ("i18n/locales/sv.json", '"E2EE_password": "E2EE-lösenord",'),
    ("start.sh", "DB_PASSWORD=\"$(grep -oP 'SA_PASSWORD=[\"'\"'\"']?\\K[^\"'\"'\"'\\s]+' $DIR/.env)\""),
    ("src/Builder.cs", '.AddExecutable("setup-secrets", "pwsh", "../dev", "-File", builder.Required("Scripts:Setup"),'),
    ("src/socks.c", '    Shop_creds_has_service(creds) ?\n    Shop_creds_sasl_service(creds) : "rcmd";'),
    ("src/Upgrade.php", "$lang = Preferences::getForUser($user, 'language', 'en_US');"),
    ("src/Basic.swift", 'let credentials = "\\(basic.username):\\(basic.password)"'),
    ("src/Label.vue", '<ShopLabel for="password" :value="$t(\'Confirm Password\')" />'),
    ("src/Label.vue", '<ShopLabel for="password" v-bind:value="labels.shown(\'Password 2\')" />'),
    ("Dockerfile", "RUN echo -n 'shop ALL=(root) NOPASSWD:SETENV: ' > /etc/sudoers.d/shop"),
]
TEXTS = [
    ("config/locales/devise/devise.en_1337.yml", "change_password: CH4NG3 MY *****"),
    ("config/locales/devise/devise.en_1337.yml", "forgot_password: F0RG07 Y0UR *****?"),
    ("config/locales/shop/en_1337.yml", "current_password: CURR3N7 *****"),
    (
        "conf/locale/locale_zh-TW.ini",
        'two_factor=使用者名稱及密碼。請建立並使用<a href="%[1]s">個人</a>，範例：<code>%[3]s</code>。',
    ),
]
OPEN_BY_DESIGN = [
    ("config/hashids.php", f"'salt' => env('APP_HASHID_SALT', '{KEY}{KEY}'),"),
    ("dns.ini", "dns_token = 0000111122223333444455556666777788889999aaaabbbbccccddddeeeeffff"),
    (
        "secrets.yml",
        f"signingKey: |\n  -----BEGIN PRIVATE KEY-----\n  {LETTERS}\n  {LETTERS}\n  -----END PRIVATE KEY-----",
    ),
    ("src/Form.resx", f"        {ZEROS}\n        {PICTURE}\n        {ZEROS}"),
]
ALL_THE_SAME = [
    ("src/Auth.cs", 'public const string JWT_SECRET_KEY = "SecretKeyOfShopThatMustBeLongEnough";'),
    ("src/main/resources/shop.yml", 'tokenSigningKey: "${JWT_TOKEN_SIGNING_KEY:orchardShopDefaultSigningKey}"'),
    ("README.md", "- **Password:** hT7kLm92xQ"),
    ("src/Flags.cs", f'public const string DeviceAuthKey = "{KEY}";'),
    ("src/Flags.cs", 'public const string ShopPassword = "shop-hT7kLm92xQ-kept";'),
    ("src/naming.cs", f'new Client(url: "x", token: "{KEY}"),'),
    ("Jenkinsfile", "password: 'hT7#kLm92xQ'"),
    ("src/filters.cs", 'var adminPass = "hT7#kLm92xQ";'),
    ("start.sh", 'DB_PASSWORD="$(hT7#kLm92xQ"'),
    ("src/socks.c", 'login(creds, "x"); password = "hT7#kLm92xQ";'),
    ("src/Label.vue", '<ShopField name="password" value="hT7#kLm92xQ" />'),
    ("conf/locale/locale_zh-TW.ini", "smtp_password=hT7#kLm92xQ"),
    ("config/dev.exs", f'secret_key_base: "{KEY}{KEY}{KEY}",'),
    ("package.json", '"shop-auth-token": "q7Zp2Lw9xK4mVt8RnB3yHd6J"'),
    ("src/keys.py", f"JWT_KEYS = [\n    '{HEX64}',\n]"),
    (
        "src/x.py",
        'bearer = "AAAAAAAAAAAAAAAAAAAAA' + "q7Zp2Lw9xK4mVt8RnB3yHd6Jq7Zp2Lw9xK4mVt8RnB3yHd6JsF1cGa5UeTo0WiMl" + '"',
    ),
]


@pytest.mark.parametrize(("path", "content"), NAMES_OF_THINGS + CODE + TEXTS + OPEN_BY_DESIGN)
def test_what_is_no_secret_blocks_nobody(path: str, content: str) -> None:
    assert confidence_of(path, content + "\n") in (None, Confidence.LOW)


@pytest.mark.parametrize(("path", "content"), ALL_THE_SAME)
def test_a_secret_in_the_same_place_is_one(path: str, content: str) -> None:
    assert confidence_of(path, content + "\n") in (Confidence.MEDIUM, Confidence.HIGH)
