"""Lines of packages and of systems' files: what a reader sees at once is no secret, and what was overlooked."""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
HEX = "f16ce59f45714194371b48fe362072dc3b019da7861558cd4ad29e4d6fb13851"
NAMES_IN_CODE = [
    ("a.js", '{ token: "keyword.tag-while", open: "While", close: "EndWhile" },'),
    ("a.js", '[/(\\.)(@helpKeywords)/, { token: "comment.keyword.$2" }],'),
    ("a.js", '{ token: "tag.id.pug", foreground: "4F76AC" },'),
    ("a.js", "const credentials = await this.getCredentials('msg91Api');"),
    ("a.js", "const credentials = await this.getCredentials('snowflakeOAuth2Api');"),
    ("a.py", "'bgp_md5_auth_key': 'bgpMd5AuthKey',"),
    ("a.py", "'o_auth2_client_credentials': 'oAuth2ClientCredentials'"),
    ("a.py", "'password_secret': 'SensitiveAttribute'"),
    ("a.py", "'db_credentials': 'list[UserExtDbCredentials]',"),
    ("a.py", "'bypass_codes': 'list[UserExtBypassCodes]',"),
    ("a.py", "'exclude_credentials': 'bool',"),
    ("a.py", "'Slack Token': 'CKV_SECRET_14',"),
    ("a.py", '"adls.sas-token": "azure_storage_sas_key",'),
    ("a.php", r"'/user-password' => 'PhpMyAdmin\\Controllers\\UserPasswordController',"),
    ("a.php", "'$userPassword' => '@user_password',"),
    ("a.js", "LOGIN_WEBAUTHN: '/auth/webauthn/login',"),
    ("a.js", 'const storageKey = "peekViewLayout";'),
    ("a.py", 'self.setdefault("id_token_encrypted_response_enc", "A128CBC-HS256")'),
    ("a.lua", 'elseif type(password) == "table" and password[1] == "scram" then'),
    ("a.pl", "my $db_passwd = undef;"),
    ("bin/db_auth", "my $db_passwd = undef;"),
    ("bin/db_auth", "my ($user, $password) = split;"),
    ("app.conf", "mod_authorize = radiusd_test"),
    ("dovecot.conf", "#  default_password_scheme = crypt"),
    ("a.d.ts", f'export declare const DEFAULT_FUZZ_SEED = "0x{"7c27ea51bf0d41c2" * 4}";'),
    (
        "a.conf",
        "#ssl_cipher_list = ALL:!kRSA:!SRP:!aNULL:!eNULL:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH",
    ),
    ("a.min.js", r'var c="PuTTY-User-Key-File-2: ssh-rsa\r\n";c+="Encryption: "+a'),
    ("a.rst", '"x-goog-encryption-key-sha256": "B25Y4hgVlNXDliAklsNz9ykLk7qvgqDrSbdds5iu8r4=",'),
    ("tests/a.py", "client = self.session.create_client('s3', 'myregion')"),
    ("tests/a.py", "client = self.session.create_client('s3', 'us-west-111')"),
    ("tests/a.py", '"Key": "myprefix/myobject",'),
]
TEMPLATES = [
    ("bootstrap", "openssl pkcs12 -export -in a.crt -passin pass:`grep output_password server.cnf` || exit 1"),
    ("mysqld", "MY_PWD=`dirname $0`"),
    ("sst", 'WSREP_SST_OPT_AUTH="$WSREP_SST_OPT_USER:$WSREP_SST_OPT_PSWD"'),
    ("sst", 'AUTH="-u$WSREP_SST_OPT_USER"'),
]
PROSE = [
    ("a.conf", "#\t\t\tfrom an external ACL user= and password= result tags"),
    ("ftpasswd", r'die "$program: --passwd: missing required argument: --name\n"'),
    ("ftpasswd", "# now check for the --change-password option.  If present, look up"),
    ("a.py", '"Password authentication is not enabled. Start it with --password option.",'),
    ("share/localization/es/labels.inc", "$labels['password'] = 'Contraseña';"),
    ("share/localization/nb/labels.inc", "$labels['password'] = 'Passord';"),
    ("share/doc/changelog", '  were used in the "fastcgi_pass" or "proxy_pass" directives and host'),
    ("share/doc/changelog", "\t* NEWS, RELEASE_NOTES, contrib/ftpasswd: Bug#3994 - ftpasswd utility"),
    ("a.js", "password: 'not-needed',"),
    ("a.js", '\'{ "apiKey": "my-n8n-api-key" }\''),
]
MADE_UP = [
    ("tests/a.js", f"'secret_hex': '{'0' * 62}1E',"),
    ("tests/a.py", 'api_key="sk_test_1234",'),
    ("tests/a.py", 'return dict(key="asdf", secret="qwer")'),
    ("tests/a.py", 'assert self.get_argument("oauth_token") == "hjkl"'),
    ("a.py", '# "token": "xoxb-4426949411-aEM7...",'),
    ("a.yaml", "example: otpauth://totp/Example:alice@orchard.dev?secret=JBSWY3DPEHPK3PXP&issuer=Example"),
    ("a.py", "grant_type=password&username=johndoe&password=A3ddj3w"),
]
PUBLIC = [
    (
        "README.md",
        '<img src="https://img.shields.io/codecov/c/github/a/b?logo=codecov&style=for-the-badge&token=bhEzGkDUaw"',
    ),
    ("a.rst", '    "LockToken":"e3db7e2c-d58b-4ee6-8346-6aec5511c6fb"'),
    ("a.rst", "    --lock-token 447e55ac-2396-4c6d-b9f9-86b67c17f8b5"),
    ("a.json", '"ChangeToken": "4752b573-40a6-4eac-a8a4-a72058761219"'),
    ("a.rst", "arn:aws:sqs:eu-west-2:123456789012:AmazonSecurityLake-a1b2c3d4-5678-90ab-cdef-Main-Queue"),
]
CREDENTIALS = [
    ("a.php", f"$cfg['blowfish_secret'] = sodium_hex2bin('{HEX}');"),
    ("a.cs", f'var apiSecret = Convert.FromBase64String("{KEY}");'),
    ("a.rb", f'SECRET_KEY = Base64.strict_decode64("{KEY}")'),
    ("a.js", f'  apiKey:\n    "{KEY}",'),
    ("theme.css", f'@import url("https://fonts.orchard.dev/a.css?api_key={KEY}");'),
    ("plan.svg", f"<!-- apiKey: '{KEY}' -->"),
    (".settings/db.prefs", f"db.password={KEY}"),
    (".idea/shop.iws", f'<option name="password" value="{KEY}" />'),
    ("a.hcl", 'role_id = "shop"\nsecret_id = "841771dc-11c9-bbc7-bcac-6a3945a69cd9"'),
]


def is_named(path: str, line: str) -> bool:
    """True if a line of the file at `path` would block by default."""
    return any(one.confidence is not Confidence.LOW for one in examine(line.encode(), path, scanner(GATE)).secrets)


@pytest.mark.parametrize(("path", "line"), [*NAMES_IN_CODE, *TEMPLATES, *PROSE, *MADE_UP, *PUBLIC])
def test_what_is_none_does_not_block(path: str, line: str) -> None:
    assert not is_named(path, line)


@pytest.mark.parametrize(("path", "line"), CREDENTIALS)
def test_what_is_one_blocks(path: str, line: str) -> None:
    assert is_named(path, line)


@pytest.mark.parametrize(
    ("line", "is_digest"),
    [
        ("shop/cart.py,sha256=l7-{}YC8C-eSgocEyj_509pg5qGQwLs1idONesFGuwJzE,7808", True),
        ("shop/cart.py,sha256=l-{}YC8C-eSgocEyj_509pg5qGQwLs1idONesFGuwJzE,7808", False),
        ("storage_secret = l7-{}YC8C-eSgocEyj_509pg5qGQwLs1idONesFGuwJzE", False),
    ],
)
def test_a_keys_form_within_a_digest_of_just_that_length_is_chance(line: str, is_digest: bool) -> None:
    content = line.format("").encode()
    found = examine(content, "security_gate.dist-info/RECORD", scanner(GATE)).secrets
    assert is_digest == (not any(secret.type == "Yandex Cloud secret key" for secret in found))
