"""What says that a secret is hardly worth stopping for: one line for each reason, and its like that says nothing.

Goes through `gate/secrets/triage/surroundings.py`.
"""

import pytest

from gate.model import Confidence, Worth
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.worth import worth_at

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
HEX = "9ff3b71c849749dbaec4ccdd3cbab62b"
SHA256 = "f16ce59f45714194371b48fe362072dc3b019da7861558cd4ad29e4d6fb13851"
BCRYPT = "$2b$12$UhEcCvPlSlJVHub8.RgQlY5JnmK5f5Z1MNmRpii270nNZeXSb1Iya"
GITHUB = "gh" + "p_" + "9Zk3vQ2xLmT7pWc1RbYs8HdJ4nKf6AeGu0Xi"
PEM = "-----BEGIN " + "PRIVATE KEY-----"
BODY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPNtjq6YsYC9qgqXR\nAZevfVt61zK8lkkMkgx9Vh2CPH2hRANCAAQingxZkEmP"
END = "-----END " + "PRIVATE KEY-----"


def against(path: str, content: str) -> list[str]:
    """Return what is said against each secret of a file that would block for its confidence."""
    secrets = examine(content.encode(), path, scanner(GATE)).secrets
    return [secret.against for secret in secrets if secret.confidence is not Confidence.LOW]


MADE_UP = "its name or its comment says that it is made up or public"
CLIENT = "everyone who runs the program or opens the page has it"
HASH = "it is a hash, from which the password has to be guessed first"
COMMENTED = "it is commented out"
SHOWN = "it is shown as an example"
FILL_IN = "a comment asks to put another in its place"
YOURS = "it belongs to `your-app`, which a reader has to name"
LOCAL = "it gives access to something on the same machine"
DEVELOPMENT = "it is in settings for development"
JOB = "it is in a pipeline's definition, where jobs define credentials for their own services"
NO_OWNER = "its name says no more than `key` or `token`, and not of what"
KEY_ID = "it is the id of a key, which is useless without its secret"
UUID = "it is a UUID, as identifiers and samples are"
NO_END = "it is a web token without an expiry time, like samples and tokens signed for clients"
WEB_TOKEN = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{}.c2lnbmVkLWJ5LXRoZS1zaG9wLW9mLW9yY2hhcmRz"
WITHOUT_END = WEB_TOKEN.format("eyJpYXQiOjE3MDAwMDAwMDAsInNob3AiOiJvcmNoYXJkIn0")
WITH_END = WEB_TOKEN.format("eyJleHAiOjQxMDI0NDQ4MDAsInNob3AiOiJvcmNoYXJkIn0")
UNIT_TEST = "it is in a module that is compiled for tests alone"
WORDS = "it is made of words, and nothing shows that it gives access from outside"
FILE = "it names a file in a store, which asks for more than that"
ID = "19e35231-c49e-4444-86f9-6fec3a96705a"
BACK = "its users come back to the same machine, so it is for development"
LITTLE = [
    ("src/db.py", f'"fileKey": "{KEY}"', FILE),
    ("src/seed.json", '{"s3_key": "x/Qk7tZwb/upload_84613"}', FILE),
    ("src/keys.rs", f'const TEST_FAKE_KEY: &str = "{PEM}\n{BODY}\n{END}";', MADE_UP),
    ("src/setup.go", f'const clientSecret = "{KEY}" // Public secret of the command line, not confidential.', MADE_UP),
    ("src/setup.py", f'# A sample, for the tour.\napi_token = "{KEY}"', MADE_UP),
    ("site.config.js", f"algolia: {{\n  appId: 'SHOP1',\n  apiKey: '{HEX}',\n  indexName: 'shop'\n}}", CLIENT),
    ("src/analytics/send.rs", f'const SEGMENT_API_KEY: &str = "{KEY}";', CLIENT),
    ("src/app.yaml", f"token: phc_{KEY}{KEY}", CLIENT),
    ("db/dump.sql", f"INSERT INTO users (email, password) VALUES ('anna@shop.dev', '{BCRYPT}');", HASH),
    ("shop.env", f"ADMIN_SHA256_PASSWORD={SHA256}", HASH),
    ("shop.ini", f"# used for signing\n;secret_key = {KEY}", COMMENTED),
    ("src/cert.kt", f"/**\n * {PEM}\n * {BODY.split()[0]}\n * {END}\n */", COMMENTED),
    ("src/spec.rs", f'#[schema(example = json!({{\n  "uid": 7,\n  "secret_key": "{KEY}"\n}}))]', SHOWN),
    ("lib/token.ex", f'iex> secret = "{KEY}{KEY}"', SHOWN),
    ("src/Text.java", f'"```\\n" +\n"  \\"deviceSecret\\":\\"{KEY}\\"\\n" +\n"```"', SHOWN),
    ("dns.ini", f"# Replace with your values\n# The zone\nzone = shop\ndns_api_token = {KEY}", FILL_IN),
    ("lib/endpoint.ex", f'config :your_app, Endpoint,\n  secret_key_base: "{KEY}{KEY}"', YOURS),
    ("demo.js", f"init({{\n  secretKey: '{HEX}',\n  url: 'http://localhost:5931'\n}})", LOCAL),
    ("config/secrets.yml", f"development:\n  secret_key_base: {HEX}{HEX}{HEX}{HEX}", DEVELOPMENT),
    ("config/dev.exs", f'secret_key_base: "{KEY}{KEY}{KEY}"', DEVELOPMENT),
    ("app/.env", f"APP_ENV=local\nAPP_KEY={KEY}{KEY}", DEVELOPMENT),
    ("src/server.js", "const mqttPassword = 'orchard2019';", WORDS),
    ("src/app.json", '"SwaggerClientSecret": "1q2w3e*"', WORDS),
    ("src/gitea.go", 'adminUser = "gtea9x"\nadminPassword = "gtea9x"', "it is the same as the user name"),
    ("config/application-local.yml", f"datasource:\n  password: {KEY}", DEVELOPMENT),
    ("dev/api/requests/update.json", f'"password": "{KEY}"', DEVELOPMENT),
    ("src/tls/localhost.key", f"{PEM}\n{BODY}\n{END}", DEVELOPMENT),
    (".env", f"VITE_SHOP_API_KEY={KEY}", CLIENT),
    ("src/Tmdb/Utils.cs", f'public const string ApiKey = "{HEX}";', CLIENT),
    ("mobile/src/search.ts", f"const shopApiKey = '{HEX}';", CLIENT),
    (".envs/.production/.db", "MYSQL_PASSWORD=!!!SET MYSQL_PASSWORD!!!", WORDS),
    (".github/workflows/test.yml", f"env:\n  SECRET_KEY_BASE: {KEY}", JOB),
    (".gitlab-ci.yml", f"variables:\n  RAILS_MASTER_KEY: {HEX}", JOB),
    ("video/application.conf", "youtube {\n  key = 7d1f56a6058b93c1386f0a5e\n}", NO_OWNER),
    ("src/mail.json", f'"token": "{KEY}"', NO_OWNER),
    ("k8s/video.jsonnet", '  MINIO_ACCESS_KEY: "k7QHC1XOSPZdYb3CBDUJ",', KEY_ID),
    ("design/shop.pen", '"fileToken": "19e35231-c49e-4444-86f9-6fec3a96705a"', UUID),
    ("src/Bet.java", 'bet.setSessionToken("cd4f3cab-4ec1-495b-ab12-55dba281c51b");', UUID),
    ("supported.json", f'"signed": "{WITHOUT_END}"', NO_END),
    ("src/shop.json", '"password": "soknad1234"', WORDS),
    ("compose.yml", "web:\n  build: .\ndb:\n  environment:\n    POSTGRES_PASSWORD: Orchard2022!", WORDS),
    ("src/urls.py", 'url = "https://anna%40mail.eu:a%20secret@shop:1234/"', WORDS),
    ("users.json", '"email": "anna@orchard.com",\n"password": "hunter2000"', WORDS),
    ("src/pay.py", "key = 'sk_te" + "st_4eC39HqLyjWDarjtT1zdp7dc'", "it is a key of the provider's test mode"),
    ("lib/endpoint.ex", 'signing_salt: "NOcCmerj",', "it is a salt, which is useless on its own"),
    ("src/app.yaml", f"server: http://localhost:9080\nrealm: shop\nlogin:\n  secret: {KEY}", LOCAL),
    ("conf/orders-uat.properties", "spring.datasource.password=plum19", WORDS),
    ("shop/uat.py", "password = 'orchard@pp#1301'", WORDS),
    ("app.env", f"SMTP_HOST=sandbox.smtp.mailtrap.io\nSMTP_PASS={KEY}", "it is a key of the provider's test mode"),
    ("src/auth.rs", f'#[cfg(test)]\nmod tests {{\n    const RELAY_SECRET: &str = "{HEX}{HEX}";', UNIT_TEST),
    ("compose.yml", f'OPS_SIGNING_SALT: "{KEY}{KEY}"', "it is a salt, which is useless on its own"),
    ("src/Info-Debug.plist", f"<key>API_KEY</key>\n<string>AIza{'SyB3' + KEY}{KEY[:7]}</string>", CLIENT),
    (
        "src/config.py",
        f'github_client_secret: str = (\n    "{KEY}"\n)\ngithub_return_url: str = "http://localhost/in"',
        BACK,
    ),
    (
        "src/smoke.sh",
        f'"host": "files.shop.invalid",\n"password": "{KEY}",',
        "it belongs to a host in `.invalid`, which does not exist",
    ),
    ("src/jobs.js", "stage: {\n  SHOP_USER: 'anna@orchard.dev',\n  SHOP_PASS: '25969',\n}", WORDS),
    ("conf/shop.properties", f"pay.url=http://localhost/in\npay.appKey={ID}", LOCAL),
    ("conf/shop.properties", f"mail.url=https://pay.orchard.dev\npay.appKey={ID}", UUID),
    ("src/share.sh", 'SHARE_PASSWORD="smb-dev-password-1234"', "its words say that it is for development"),
]
NOT_LITTLE = [
    ("src/config.py", f'github_client_secret: str = "{KEY}"\ngithub_return_url: str = "https://shop.orchard.dev/in"'),
    ("src/jobs.js", "prod: {\n  SHOP_USER: 'anna@orchard.dev',\n  SHOP_PASS: '25969',\n}"),
    ("conf/shop.properties", f"pay.url=https://pay.orchard.dev/v1\npay.shopId=12\npay.appKey={ID}"),
    ("src/keys.rs", f'const SIGNING_KEY: &str = "{PEM}\n{BODY}\n{END}";'),
    ("src/auth.rs", f'#[cfg(test)]\nmod tests {{\n}}\nconst RELAY_SECRET: &str = "{HEX}{HEX}";'),
    ("src/auth.rs", f'#[cfg(test)]\nuse rand::Rng;\nconst RELAY_SECRET: &str = "{HEX}{HEX}";'),
    ("wp-config.php", f"define('AUTH_SALT', '{KEY}{KEY}');"),
    ("src/setup.py", f'# SECURITY WARNING: keep the secret key used in production secret!\nSECRET_KEY = "{KEY}{KEY}"'),
    ("config/initializers/devise.rb", f"# Make sure that your secret key is random\nconfig.pepper = '{SHA256}'"),
    ("site.config.js", f"billing: {{\n  apiKey: '{HEX}',\n  region: 'eu'\n}}"),
    ("prisma/migrations/01/migration.sql", f"INSERT INTO users (name, password) VALUES ('admin', '{BCRYPT}');"),
    (".htpasswd", f"anna:{BCRYPT}"),
    (".npmrc", f"//npm.shop.example/:_authToken={KEY}"),
    (".npmrc", "//npm.shop.example/:_authToken=19e35231-c49e-4444-86f9-6fec3a96705a"),
    ("shop.yaml", f"# DB_PASSWORD={KEY}"),
    ("shop.ini", f"# used for signing\nsecret_key = {KEY}"),
    ("src/old.py", f'# token = "{GITHUB}"'),
    ("shop/maps/sync.ts", f"const apiKey = '{GITHUB}';"),
    ("src/agent.rb", f"<code>\n'uri' => 'mqtt://shop:{KEY}@m10.cloudmqtt.com:13858'"),
    ("src/page.php", f"git clone https://deploy:{KEY}@git.example.com/x.git"),
    ("src/page.php", f"curl https://api.orchard.dev -H 'Authorization: Token {KEY}'"),
    ("config/secrets.yml", f"production:\n  secret_key_base: {HEX}{HEX}{HEX}{HEX}"),
    ("src/appsettings.Development.json", f'"MailApiKey": "{KEY}"'),
    ("compose.yml", "POSTGRES_PASSWORD: Orchard2022!"),
    ("compose.yml", f"web:\n  build: .\ndb:\n  environment:\n    POSTGRES_PASSWORD: {KEY}"),
    ("shop/appsettings.Production.json", '"Db": "Server=db;User=sa;Password=!OurStrongPassword"'),
    (
        "src/db.js",
        "host: 'db-live5.cloudapp.net',\nport: 280,\ndb: 'shop',\nuser: 'live',\npassword: 'sh0pProduct1v3Orchardl1v3'",
    ),
    (".github/workflows/deploy.yml", f"env:\n  DEPLOY_HOST: shop.orchard.dev\n  DEPLOY_PASSWORD: {KEY}"),
    (".github/workflows/deploy.yml", f"run: psql postgres://shop:{KEY}@db.orchard.dev/shop"),
    (".github/workflows/deploy.yml", f"env:\n  KEY: |\n    {PEM}\n    {BODY}\n    {END}"),
    (".env", f"VITE_SHOP_SECRET={KEY}"),
    ("mobile/src/search.ts", f"const signingKey = '{HEX}';"),
    ("android/app/build.gradle", f'storePassword "{KEY}"'),
    ("usr/local/etc/shop.ini", f"password = {KEY}"),
    (".env.local", f"MAIL_API_KEY={KEY}"),
    ("config/shop-local.properties", f"push_buyer_app_key={KEY}\npush_buyer_master_secret={KEY[::-1]}"),
    ("src/app.yaml", f"server: http://localhost:9080\nhost: auth.orchard.dev\nlogin:\n  secret: {KEY}"),
    ("conf/orders-uat.properties", "spring.datasource.password=orchard@pp#1301"),
    (".env.staging", "DB_PASSWORD=orchard@pp#1301"),
    ("src/mail.json", f'"mandrillKey": "{KEY}"'),
    ("src/mail.json", f'"host": "mail.orchard.dev",\n"token": "{KEY}"'),
    ("k8s/video.jsonnet", f'  MINIO_SECRET_KEY: "{KEY}{KEY}",'),
    ("src/shop.json", f'"session_token": "{WITH_END}"'),
    ("src/Auth.cs", 'const string JWT_SECRET_KEY = "SecretKeyOfShopThatMustBeLongEnough";'),
    ("src/settings.py", 'amqp_url = "amqp://shop:Orchard21@broker/"'),
    ("config/database.php", "'password' => 'xkdwmq7',"),
    ("mailer.ini", f"host = smtp.shop.example\npassword = {KEY}\nsender = orders@shop.example"),
    ("conf/orders-product.properties", "spring.datasource.password=orchard@product#1301"),
    (
        "scripts/create-env-local.js",
        "DATABASE_URL=postgresql://shop:C%40ptain.Orchard2021%21@db.ferret.supabase.co:5432/a",
    ),
    ("clusters/home/unifi/deployment.yaml", "- name: UP_UNIFI_PASS\n  value: orchardLOL21!"),
    ("horizon/values.yaml", "horizon_secret_key: 7bfe52c0-6153-4b86-b289-d0eb71fb402d"),
    ("fastlane/Appfile", 'ENV["FASTLANE_APPLE_APPLICATION_SPECIFIC_PASSWORD"] = "kduh-fnqh-pkoc-mxwb"'),
]


@pytest.mark.parametrize(("path", "content", "reason"), LITTLE)
def test_what_speaks_against_its_worth_is_said(path: str, content: str, reason: str) -> None:
    assert reason in against(path, content + "\n")


@pytest.mark.parametrize(("path", "content"), NOT_LITTLE)
def test_nothing_is_said_against_what_opens_something(path: str, content: str) -> None:
    assert "" in against(path, content + "\n")


def test_one_place_that_counts_is_enough() -> None:
    assert against("shop.ini", f"# api_token = {KEY}\n") == [COMMENTED]
    assert against("shop.ini", f"# api_token = {KEY}\napi_token = {KEY}\n") == [""]


def test_what_is_said_against_it_lowers_the_worth_and_nothing_else() -> None:
    assert worth_at("Secret Keyword", "src/a.py", Confidence.HIGH, COMMENTED) == (Worth.LOW, (COMMENTED,))
    assert worth_at("Secret Keyword", "src/a.py", Confidence.HIGH)[0] is Worth.MEDIUM


@pytest.mark.parametrize(
    "path",
    [
        "priv/repo/seeds.exs",
        "server/seeders/01-user.js",
        "lib/shop/factory.ex",
        "internal/suites/pki/key.pem",
        "client/.snapshots/create.json",
        "storage/conformance/keys.go",
        "shop-rest-example/conf/application.conf",
        "config/sample-secrets.yml",
        "phpunit.xml",
        "bench/tls/server.key",
        "shop/fuzz/corpus/key.pem",
        "requests/login.http",
        "collections/shop.postman_collection.json",
        "rest-quick-start/realm.json",
        "Vagrantfile",
        "pki/test-ca.key",
        "demo-shop/conf/application.conf",
        "prisma/seed.bucket.ts",
        "myapp/config/initializers/secret_token.rb",
        "docker-compose.Development.Infrastructure.yaml",
        "api/openapi.yml",
        "resources/views/api-docs/start.php",
    ],
)
def test_what_a_file_is_for_speaks_against_what_nobody_issued(path: str) -> None:
    assert worth_at("Private Key", path, Confidence.HIGH)[0] is Worth.LOW
    assert worth_at("GitHub Token", path, Confidence.HIGH)[0] is Worth.MEDIUM
    assert worth_at("Private Key", "src/planted/seedling.js", Confidence.HIGH)[0] is Worth.MEDIUM
    assert worth_at("Private Key", "src/hackers/benchpress.js", Confidence.HIGH)[0] is Worth.MEDIUM
