"""Files whose very format is credentials, in which a weak word is one as well, and keys that stand over several lines.

Goes through `gate/secrets/kinds/files.py`.
"""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.kinds.catalogue import KINDS
from gate.secrets.results.worth import worth_at


def rules_and_lines(path: str, content: str) -> set[tuple[str, int]]:
    return {(KINDS[one.type].rule, one.line) for one in examine(content.encode(), path, scanner(GATE)).secrets}


RECORDS = "K 8\npassword\nV 6\n{}\nK 8\nusername\nV 3\njoe\nEND\n"
WEAK = [
    (".subversion/auth/svn.simple/9ff3b71c849749dbaec4ccdd3cbab62b", RECORDS, "SUBVERSION-LOGIN", 4),
    ("ci/auth/svn.simple/9ff3", "K 8\npasstype\nV 6\nsimple\n" + RECORDS, "SUBVERSION-LOGIN", 8),
    ("auth/svn.ssl.client-passphrase/77", "K 10\npassphrase\nV 6\n{}\nEND\n", "SUBVERSION-LOGIN", 4),
    (".ncftp/bookmarks", "NcFTP bookmark-file version: 8\nshop,ftp.orchard.dev,joe,{},,/pub,I,21", "NCFTP-BOOKMARK", 2),
    (".ncftp/bookmarks", "shop,ftp.orchard.dev,joe,*encoded*{},,/pub,I,21", "NCFTP-BOOKMARK", 1),
    ("etc/openvpn/client/auth.txt", "joe\n{}\n", "OPENVPN-USER-PASS", 2),
    ("shop/auth-user-pass", "joe\n{}", "OPENVPN-USER-PASS", 2),
    ("shop.ovpn", "client\n<auth-user-pass>\njoe\n{}\n</auth-user-pass>\n", "OPENVPN-USER-PASS", 4),
    (".curlrc", 'user = "joe:{}"', "CURLRC", 1),
    (".curlrc", "-u joe:{}", "CURLRC", 1),
    (".wgetrc", "user=joe\nhttp_password={}", "SETTINGS-FILE", 2),
    (".mailrc", "set smtp-auth-password={}", "ESMTPRC", 1),
    (".muttrc", 'set smtp_url="smtps://joe:{}@mail.orchard.dev/"', "CLIENT-URL", 1),
    (".lftp/bookmarks", "shop ftp://joe:{}@ftp.orchard.dev/", "CLIENT-URL", 1),
    (".vscode/ftp-sync.json", '{{"username": "joe",\n "password": "{}"}}', "FTP-CONFIG", 2),
    (".ftp-deploy.json", '{{"user": "joe",\n "pass": "{}"}}', "FTP-CONFIG", 2),
    ("auth.json", '{{"http-basic": {{"repo.orchard.dev":\n {{"password": "{}"}}}}}}', "COMPOSER-AUTH", 2),
    (".m2/settings.xml", "<server>\n<password>{}</password>", "CLIENT-XML", 2),
    (".purple/accounts.xml", "<account><password>{}</password>", "CLIENT-XML", 1),
    ("Properties/shop.pubxml", "<UserPWD>{}</UserPWD>", "CLIENT-XML", 1),
    ("shop.PublishSettings", '<publishProfile userPWD="{}" />', "CLIENT-XML", 1),
    (".davfs2/secrets", "https://dav.orchard.dev joe {}", "DAVFS-SECRETS", 1),
    (".kube/config", "user:\n    password: {}", "SETTINGS-FILE", 2),
    (".vault_pass", "{}", "PASSWORD-FILE", 1),
    ("ansible/vault-password.txt", "{}\n", "PASSWORD-FILE", 1),
]


@pytest.mark.parametrize(("path", "text", "rule", "line"), WEAK)
@pytest.mark.parametrize("word", ["rabbit", "welcome"])
def test_a_word_is_a_credential_in_a_file_for_credentials(
    path: str, text: str, rule: str, line: int, word: str
) -> None:
    found = examine(text.format(word).encode(), path, scanner(GATE)).secrets
    assert [(KINDS[one.type].rule, one.line) for one in found] == [(f"SECRET-{rule}", line)]
    assert found[0].confidence is not Confidence.LOW


@pytest.mark.parametrize(("path", "text", "rule", "line"), WEAK)
def test_what_a_template_fills_in_is_none(path: str, text: str, rule: str, line: int) -> None:
    for filled in ("${{PASSWORD}}", "{{{{ password }}}}"):
        assert rules_and_lines(path, text.format(filled.format())) == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lang/en/auth.json", '{"password": "rabbit"}'),
        ("src/settings.xml", "<password>rabbit</password>"),
        ("vault_pass.py", "rabbit"),
        (".vault_pass", "#!/bin/sh\nexec pass show vault"),
    ],
)
def test_the_same_elsewhere_is_not_sure(path: str, text: str) -> None:
    found = examine(text.encode(), path, scanner(GATE)).secrets
    assert all(one.confidence is Confidence.LOW for one in found)


BYTES = "44, 7, 15, 116, 28, 200, 199, 6, 3, 171, 15, 88, 9, 207, 4, 93"
HALVES = "44, 7, 15, 116, 28, 200, 199, 6,\n  3, 171, 15, 88, 9, 207, 4, 93"
HEXADECIMAL = "0x2c, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,\n  0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c"


@pytest.mark.parametrize(
    ("path", "text", "rule", "line"),
    [
        ("a.rs", f"static SECRET_KEY: [u8; 16] = [{BYTES}];", "LISTED-DECIMALS", 1),
        ("a.rs", f"const SIGNING_KEY: &[u8] = &[{BYTES}];", "LISTED-DECIMALS", 1),
        ("a.rs", f"let signing_key: [u8; 16] = [\n  {HALVES},\n];", "LISTED-DECIMALS", 2),
        ("a.swift", f"let encryptionKey: [UInt8] = [{BYTES}]", "LISTED-DECIMALS", 1),
        ("a.kt", f"val secretKey: ByteArray = byteArrayOf({BYTES})", "LISTED-DECIMALS", 1),
        ("a.json", '{"secretKey": [\n' + BYTES.replace(" ", "\n  ") + "\n]}", "LISTED-DECIMALS", 2),
        ("a.c", f"static const uint8_t hmac_key[] = {{ {HEXADECIMAL[:46]} }};", "LISTED-BYTES", 1),
        ("a.c", f"unsigned char master_key[16] = {{\n  {HEXADECIMAL}\n}};", "LISTED-BYTES", 2),
    ],
)
def test_bytes_of_a_key(path: str, text: str, rule: str, line: int) -> None:
    assert rules_and_lines(path, text) == {(f"SECRET-{rule}", line)}
    (found,) = examine(text.encode(), path, scanner(GATE)).secrets
    assert found.against == ""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.rs", f"let lengths: [u8; 16] = [\n  {HALVES},\n];"),
        ("a.c", f"unsigned char monkeys[16] = {{\n  {HEXADECIMAL}\n}};"),
        ("a.json", '{"keyframes": [\n' + BYTES.replace(" ", "\n  ") + "\n]}"),
        ("a.js", "const keyCodes = [\n  8, 9, 13, 16, 17, 18, 19, 20, 27, 32, 33, 34, 35, 36, 37, 38,\n]"),
    ],
)
def test_other_numbers_are_none(path: str, text: str) -> None:
    assert rules_and_lines(path, text) == set()


ONE, OTHER = "f7Xk2Qm9Lw4Zr8Tb1Vn6Yc3H", "Jd5Gs8Pe2Wq7Ua4Ki9Mo1Rz6"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yml", f"passwords: [{ONE}, {OTHER}]"),
        ("a.rb", f"API_KEYS = %w[{ONE} {OTHER}]"),
        ("a.go", f'var apiKeys = []string{{"{ONE}", "{OTHER}"}}'),
    ],
)
def test_every_value_of_a_sequence_without_quotes_or_behind_its_type(path: str, text: str) -> None:
    found = examine(text.encode(), path, scanner(GATE)).secrets
    assert {one.redacted[:4] for one in found} == {ONE[:4], OTHER[:4]}


def test_names_in_a_list_of_code_are_no_values() -> None:
    assert rules_and_lines("a.js", f"const x = {{passwords: [{ONE}, {OTHER}]}}") == set()


def test_a_word_in_such_a_file_is_worth_a_stop() -> None:
    (found,) = examine(b"rabbit", ".vault_pass", scanner(GATE)).secrets
    assert worth_at(found.type, ".vault_pass", found.confidence, found.against)[0].value != "low"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docker-compose.yml", "environment:\n  POSTGRES_PASSWORD: changeme"),
        ("deploy/app.env", "MYSQL_ROOT_PASSWORD=change-me"),
        ("deploy/app.env", 'export KEYCLOAK_ADMIN_PASSWORD="changeit"'),
        ("docker-compose.yml", "environment:\n  - MINIO_ROOT_PASSWORD=${MINIO_PASSWORD:-changeme}"),
        ("redis.conf", "requirepass changeme"),
    ],
)
def test_a_guessed_password_of_a_server_itself_is_said_and_never_sure(path: str, text: str) -> None:
    found = examine(text.encode(), path, scanner(GATE)).secrets
    assert [(KINDS[one.type].rule, one.confidence) for one in found] == [("SECRET-SERVER-DEFAULT", Confidence.LOW)]


@pytest.mark.parametrize(
    "text",
    [
        "POSTGRES_PASSWORD=${DB_PASSWORD}",
        "POSTGRES_PASSWORD=<your password>",
        "SMTP_PASSWORD=changeme",
        "POSTGRES_PASSWORD_FILE=/run/secrets/password",
    ],
)
def test_what_is_filled_in_later_or_no_servers_own_is_not(text: str) -> None:
    assert "SECRET-SERVER-DEFAULT" not in {rule for rule, _ in rules_and_lines("deploy/app.env", text)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".subversion/auth/svn.simple/9ff3", "K 8\npasstype\nV 8\nwincrypt\n" + RECORDS.format("cmFiYml0")),
        (".subversion/auth/svn.username/9ff3", "K 8\nusername\nV 3\njoe\nEND\n"),
        (".subversion/auth/svn.simple/9ff3", "K 8\nusername\nV 3\njoe\nEND\n"),
        (".ncftp/bookmarks", "NcFTP bookmark-file version: 8\nshop,ftp.orchard.dev,,,,/pub,I,21"),
        ("etc/openvpn/auth.txt", "How to log in\nto the network\n"),
        ("etc/openvpn/auth.txt", "one\nline\nmore\n"),
        ("shop.ovpn", "client\nauth-user-pass login.txt\n"),
    ],
)
def test_a_file_of_logins_without_a_password_holds_none(path: str, text: str) -> None:
    assert not rules_and_lines(path, text)


KEY_LINES = "9ff3b71c849749dbaec4ccdd3cbab62b\n4f9c2b7e1a6d8035c4e19b7d20f6a853\n"


@pytest.mark.parametrize("kind", ["Static key V1", "tls-crypt-v2 client key", "tls-crypt-v2 server key"])
def test_a_key_within_a_configuration_of_openvpn(kind: str) -> None:
    block = f"-----BEGIN OpenVPN {kind}-----\n{KEY_LINES}-----END OpenVPN {kind}-----\n"
    text = f"client\n<tls-crypt-v2>\n{block}</tls-crypt-v2>\n"
    assert rules_and_lines("shop.ovpn", text) == {("SECRET-OPENVPN-STATIC-KEY", 3)}
