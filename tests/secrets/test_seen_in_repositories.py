"""Lines of public repositories that nobody had looked at: what blocked and is none, and what must go on blocking."""

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
HEX32 = "9ff3b71c849749dbaec4ccdd3cbab62b"
HEX64 = "f16ce59f45714194371b48fe362072dc3b019da7861558cd4ad29e4d6fb13851"
BCRYPT = "$2b$12$UhEcCvPlSlJVHub8.RgQlY5JnmK5f5Z1MNmRpii270nNZeXSb1Iya"
PERL = "#!/usr/bin/env perl\n"


def confidence_of(path: str, content: str) -> Confidence | None:
    """Return the highest confidence of what is found; None if nothing is."""
    found = [secret.confidence for secret in examine(content.encode(), path, scanner(GATE)).secrets]
    return max(found, key=lambda one: one.rank, default=None)


WORDS_OF_PROGRAMS = [
    ("src/lexer.ts", "if (token === 'comma') { return next() }"),
    ("src/lexer.ts", 'while (token !== "end-of-line") {}'),
    ("src/hash.go", '(password[:4] == "$2y$" ||'),
    ("src/auth.php", "if ($settings['authsource'] != \"keycloak\") {"),
    ("etc/nsswitch.conf", "passwd:         files systemd"),
    ("schema.gql", "setPassword(user: JID!, password: NonEmptyString!): Payload"),
    ("schema.gql", "passwordProtected: Boolean!,"),
    ("flow.puml", "Shop -> Shop : shopper(token):shop-id@desk"),
    ("templates/login.twig", "payload = {password: newPw, password2: newPw2};"),
    ("src/app.kt.raw", "Requires(condition = ShopCredentialsProviderCondition::class),"),
    ("mvnw.cmd", "$webclient.Credentials = new-object System.Net.NetworkCredential('%A_USER%', '%A_PASSWORD%');"),
    ("bin/sync", PERL + "$sync->{showpasswords} = defined $sync->{showpasswords} ? $sync->{showpasswords} : 0 ;"),
    ("bin/sync", PERL + "$sync->{password1} = firstline ( $sync->{ passfile1 } ) ;"),
    ("src/client.php", "$options['curl'][\\CURLOPT_USERPWD] = \"$value[0]:$value[1]\";"),
    ("src/feature.java", 'slack.put("bot-token", "xoxb-" + UUID.randomUUID());'),
    ("run", "export PASSWORD=`head -1 /run/secrets/db_root_password`"),
    ("run.sh", 'openssl req -password "pass:${password}"'),
]
CONFIGURATION = [
    ("deploy/cr.yaml", "credentialsSecret: my-cluster-name-backup-s3"),
    ("deploy/cr.yaml", "existingSecret: shop-postgres-credentials"),
    ("bin/start", 'gcloud secrets versions access latest --secret="shop-sandbox-creds" --project shop'),
    ("unit/full.json", '"pass": "upstreams/orders"'),
    ("config/application.yml", "password-keys-algo: PBEWithHmacSHA256AndAES_128"),
    ("dovecot/passdb.conf", "pass_attrs = mail=user,userPassword=password"),
    ("src/rules.php", "'mail_password' => 'required_unless:mail_driver,log',"),
    ("src/rules.php", "'one_time_password' => 'bail|required|string',"),
    ("src/table.php", '"password" => "VARCHAR(255) NOT NULL",'),
    ("migrations/a.php", "$this->renameIndex($schema, 'api_token_history', 'fk_61d8dc4441dee7b9');"),
    ("package.json", '"passport-secret": "1.x.x"'),
    ("composer.json", '"shop/change_pwd": "<2.0.5|>=3,<3.0.3",'),
    ("i18n.lock", f"Shop/create/fields/apiSecret: {HEX32}"),
    ("deploy/shop.yaml", f"checksum/secret: {HEX64}"),
    ("src/user.php", "$actions['resetpassword'] = \"<a class='resetpassword' href='\" . $link"),
    ("src/settings.py", 'AUTH_LDAP_BIND_PASSWORD = "(&(objectClass=person)(uid=%(user)s))"'),
    ("Dockerfile", "ENV SECRET_KEY=build-key"),
    ("dump.sql", "-- alter user 'SHOP' in order to be identified as 'CN=connect,C=US'"),
]
TEXTS = [
    ("web/messages/es.json", '"passphrase": "Frase de contraseña",'),
    ("web/es.json", '"passphrase": "Introduce la frase de tu cartera",'),
    ("src/wallet.ts", 'const passphrase = "Enter the passphrase of your wallet";'),
    ("src/a.py", '_KNOWN_PASSWORDS = "monday tuesday pbkdf2? wednesday thursday"'),
    ("run", 'echo "PASS: operator did not recreate the certificates"'),
    ("src/bind.php", "// Bind to the server with the specified username and password otherwise."),
]
BESIDE_CIPHERTEXT = [
    ("src/box.go", f'nonce, _ := hex.DecodeString("{HEX32}")'),
    ("src/box.py", f'iv = bytes.fromhex("{HEX32}")'),
    ("src/box.json", f'{{"iv": "{HEX32}", "tag": "{KEY}", "encrypted_key": "{KEY}"}}'),
    ("src/request.txt", f'oauth_nonce="{HEX32}"'),
    ("src/user.php", f"$salt = '{KEY}';"),
    ("src/box.c", "uint8_t iv[16] = {0x12, 0x9a, 0xf3, 0x44, 0x8b, 0xc1, 0x02, 0x77};"),
    ("key.pem", "DEK-Info: AES-128-CBC,2B7E151628AED2A6ABF7158809CF4F3C"),
    ("src/page.php", "$page_nonce = wp_create_nonce( 'page_nonce' );"),
]
IDENTIFIERS = [
    ("seed.php", f"['id' => 2, 'provider' => 'Orchard', 'key' => '{HEX32}'],"),
    ("src/a.php", f"$gateway->key = '{HEX32}';"),
    ("src/a.php", f"$company_gateway->gateway_key = '{HEX32}';"),
    ("api.md", '"key":"9ac46ad9a1dcda79dd87dae418fce0e7955c68da"'),
]
WEAK = [
    ("compose.yaml", "POSTGRES_PASSWORD: airflow"),
    ("values.yaml", "rootPassword: rootpass123"),
    ("src/demo.ts", 'export const PASSWORD = "P@ssword123";'),
    ("shop.env", "SECRET_KEY_BASE=stubbed"),
    ("Makefile", "DB_PASSWORD=build-only python manage.py collectstatic"),
    ("src/user.ts", "password: 'DEPRECATED',"),
    ("src/ftp.php", '$this->_password = "anon@ftp.orchard.dev";'),
    ("src/ftp.php", '# e.g. "ftp_password": "q7Zp2Lw9"'),
]
HASHES = [
    ("config/users.yaml", f'hash: "{BCRYPT}"'),
    ("src/other.py", f"user.api_secret_hash = '{BCRYPT}'"),
    ("config/users.yaml", "password: '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$" + KEY + "'"),
]
HEADERS = [
    (
        "key.pem",
        "-----BEGIN RSA "
        + f"PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{HEX32.upper()}\n\n-----END",
    ),
    ("web/bundle.js", r'"var key = \"-----BEGIN RSA PRIVATE KEY-----\\n\";\n key += wrap(body)"'),
    (
        "web/page.md",
        f'Authorization: "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkFubmEifQ.{KEY}"',
    ),
]
NOT_BLOCKING = [
    *WORDS_OF_PROGRAMS,
    *CONFIGURATION,
    *TEXTS,
    *BESIDE_CIPHERTEXT,
    *IDENTIFIERS,
    *WEAK,
    *HASHES,
    *HEADERS,
]
BLOCKING = [
    ("src/lexer.ts", f"if (token === '{KEY}') {{ return next() }}"),
    ("src/lexer.ts", "if (password == 'k3Jx9v') { return next() }"),
    ("deploy/cr.yaml", f"credentialsSecret:\n  token: {KEY}"),
    ("src/user.php", f"define('AUTH_SALT', '{KEY}');"),
    ("src/settings.py", f'SIGNING_SALT = "{KEY}"'),
    ("src/box.py", f'key = "{HEX32}"'),
    ("kaggle.json", f'{{"username": "anna", "key": "{HEX32}"}}'),
    ("compose.yaml", "POSTGRES_PASSWORD: xkqvmd"),
    ("compose.yaml", "POSTGRES_PASSWORD: Winter2023!"),
    (".htpasswd", f"anna:{BCRYPT}"),
    ("dump.sql", f"INSERT INTO users (name, password) VALUES ('anna', '{BCRYPT}');"),
    ("src/app.py", f"# export API_KEY={KEY}"),
    ("src/db.php", '$link = mysqli_connect("db.orchard.dev", "anna", "Kranix-73ven~", "shop");'),
    ("src/wallet.ts", f'const passphrase = "{KEY}";'),
]


@pytest.mark.parametrize(("path", "content"), NOT_BLOCKING)
def test_what_is_none_does_not_block(path: str, content: str) -> None:
    assert confidence_of(path, content) in (None, Confidence.LOW)


@pytest.mark.parametrize(("path", "content"), BLOCKING)
def test_what_is_one_goes_on_blocking(path: str, content: str) -> None:
    assert confidence_of(path, content) not in (None, Confidence.LOW)


@pytest.mark.parametrize(("path", "content"), [*WEAK, *HASHES])
def test_what_is_weak_is_reported_all_the_same(path: str, content: str) -> None:
    assert confidence_of(path, content) is Confidence.LOW


def test_a_key_in_base64_is_one_finding() -> None:
    import base64
    import textwrap

    body = base64.b64encode(HEX64.encode() * 12).decode()
    armoured = "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *textwrap.wrap(body, 64), "-----END RSA PRIVATE KEY-----"])
    manifest = f"kind: Secret\ndata:\n  tls.key: {base64.b64encode(armoured.encode()).decode()}\n"
    assert len(examine(manifest.encode(), "secret.yaml", scanner(GATE)).secrets) == 1


OF_PEOPLE_AND_PLACES = [
    ("app/i18n/locales/cs.json", '"E2EE_password": "E2EE heslo",'),
    ("app/i18n/locales/nl.json", '"Save_E2E_Password": "Bewaar jouw E2E-wachtwoord",'),
    ("public/countries.json", '"PW": "Palau",'),
    ("src/states.ts", '"RU-PSK": "Pskov",'),
    ("src/two-factor.tsx", "const label = method === 'password' ? 'Label_Input_Two_Factor_Password' : 'Code'"),
    ("src/keys.ts", "export const E2E_PRIVATE_KEY = 'RC_E2E_PRIVATE_KEY';"),
    ("src/Constants.java", 'public static final String TRUST_PWD = ".tls.certPrivateKeyPassword";'),
    ("src/res.cc", "      psk = psk_cstr;"),
    ("setup.ins", 'setup.exe /S /CLIENTPASSWORD="$daemon_full_password$"'),
    ("reset.sh", "curl -X POST -d '{ \"password\": \"'$2'\" }'"),
    ("hc/settings.py", 'S3_SECRET_KEY = envsecret("S3_SECRET_KEY")'),
]
PASSWORDS_ALL_THE_SAME = [
    ("app/i18n/locales/cs.json", '"smtp_password": "hT7#kLm92xQ",'),
    ("public/login.json", '"PW": "hT7#kLm92xQ",'),
    ("src/guid.cc", 'const char* password = "hT7#kLm92xQ";'),
    ("src/keys.ts", f"export const PRIVATE_KEY = '{KEY}';"),
    ("src/App.java", 'String password = "Sommer_Nacht7_Kx";'),
    ("reset.sh", 'curl -d \'{ "password": "hT7#kLm92xQ" }\' https://api.shop.example/login'),
]


@pytest.mark.parametrize(("path", "content"), OF_PEOPLE_AND_PLACES)
def test_texts_places_and_code_block_nobody(path: str, content: str) -> None:
    assert confidence_of(path, content + "\n") in (None, Confidence.LOW)


@pytest.mark.parametrize(("path", "content"), PASSWORDS_ALL_THE_SAME)
def test_a_password_in_the_same_place_is_one(path: str, content: str) -> None:
    assert confidence_of(path, content + "\n") in (Confidence.MEDIUM, Confidence.HIGH)
