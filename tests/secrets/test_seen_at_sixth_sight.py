"""Lines like those of forty repositories of all kinds: what blocked there, what a reader says of it, and its twins."""

import pytest

from gate.model import Confidence, Worth
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.worth import worth_at

KEY = "q7Zp2Lw9xK4mVt8RnB3yHd6J"
OTHER = "Lk8Rt2Vb5Xn7Qw3Zs9Pd4Mc6"
HEX = "9ff3b71c849749dbaec4ccdd3cbab62b"
MAPS = "AI" + "zaSyD4kQ9xLm2VtR7nBw3HcZ8pJfY6gUeT1sK"
GITLAB = "gl" + "pat-x7Kq2ZpLw9Vt4RnB8yHd"
CLIENT = "everyone who runs the program or opens the page has it"
APP = "it is what an app sends along, and who has the app has it"
HALF = "it names the caller, and goes with the secret next to it"
MADE_UP = "its name or its comment says that it is made up or public"
OVER = "its comment says that it is no longer valid"
TESTS = "its user's name says that it is for tests"
COMMENTED = "it is commented out"
ID = "it is the id of a key, which is useless without its secret"


def found(path: str, content: str) -> list[tuple[Confidence, str]]:
    """Return how sure each finding is, and what is said against its worth."""
    return [(one.confidence, one.against) for one in examine(content.encode(), path, scanner(GATE)).secrets]


def sure(path: str, content: str) -> list[str]:
    """Return what is said against each finding that is sure enough to block."""
    return [against for confidence, against in found(path, content) if confidence is not Confidence.LOW]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/map.ts", "export const ORCHARD_STORAGE_KEY = 'tree_2d_layout_v4';"),
        ("apps/secret.yaml", "  data:\n    - secretKey: GX40C_MQTT_PASSWORD\n      remoteRef:\n        key: mqtt"),
        ("src/Codes.java", 'SECRET_CODE_UNSET("KX7PT40L/71AB/2483", Error::new),'),
        ("src/Codes.java", 'static final String TOKEN_EXPIRED_CODE = "ERR_3911_007";'),
        ("src/Codes.java", '.put(WRONG_CREDENTIALS, "KM73201E", "KM73202E")'),
        ("src/Kinds.cs", 'public static readonly AuthKindEnum D_SHA384 = new AuthKindEnum("d_sha384");'),
        ("src/model.go", '"secret_access_key": OrchardSupplierServiceConfigOrchardSecret{}.Type(ctx),'),
        ("src/Digest.java", 'private static final String STATIC_SALT = "kep8wol2nuzoh#r*mYt7";'),
        ("src/Digest.java", 'public static final String HMAC_SALT_BASE64 = "q7Zp2Lw9xK4=";'),
        ("src/keys.ts", f'StrKey.encodeEd25519PublicKey(Buffer.from("{HEX}{HEX}", "hex"))'),
        ("img/a.svg", "<rdf:li>83C1A" + "CCA2B71F0894DE3A05C" + "7F1B</rdf:li>"),
    ],
)
def test_names_codes_salts_and_public_keys_block_nothing(path: str, text: str) -> None:
    assert not sure(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("conf/disk.ini", f"azure_storage_key = {KEY}{KEY}"),
        ("apps/secret.yaml", f"  secretKey: {KEY}"),
        ("src/Codes.java", f'static final String TOKEN_CODE = "{KEY}";'),
        ("src/store.cs", f'static readonly Secret D_SHA384 = new Secret("{KEY}");'),
        ("src/model.go", f'"secret_access_key": "{KEY}{KEY[:16]}"'),
        ("src/keys.ts", f'const privateKey = Buffer.from("{HEX}{HEX}", "hex")'),
    ],
)
def test_a_value_at_the_same_place_blocks(path: str, text: str) -> None:
    assert "" in sure(path, text)


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("src/legacy.ts", f"apiKey: '{MAPS}',\nauthDomain: 'orchard.firebaseapp.com',", CLIENT),
        ("lib/options.dart", f"apiKey: '{MAPS}',\nappId: '1:4815162342108:ios:9ff3b71c8497',", CLIENT),
        ("android/app/src/main/AndroidManifest.xml", f'android:value="{MAPS}" />', CLIENT),
        ("log/page.txt", f"GET https://in.example.de/envelope/?sentry_key={HEX}", CLIENT),
        ("src/Push.java", f'String SECRET="{KEY}";\nString APPKEY="{OTHER}";', HALF),
        ("src/sync.php", f'$apiKey="{OTHER}";\n$apiSecret="{KEY}";', HALF),
        ("src/keys.js", f"SHOP_CONSUMER_KEY: '{OTHER}',\nSHOP_CONSUMER_SECRET:\n  '{KEY}',", HALF),
        ("src/patterns.rs", f'TestValue::Single("{GITLAB}"),', MADE_UP),
        ("src/patterns.rs", f'("pat", "{GITLAB}"), // it was real, and is expired', OVER),
        ("conf/agent.yml", f'signingKey: "{KEY}{OTHER}"\nsigningKeyId: "DUMMY_ID"', MADE_UP),
        ("src/Bank.java", f'AGENT = "Bank/7 CFNetwork/978.0.7 Darwin/18.7.0";\nAPI_SECRET = "{KEY}";', APP),
        ("conf/cover.properties", f"userName=test48151\nuserKey={HEX}", TESTS),
        ("src/User.java", f"/**\n * name : anna\n * password : {HEX}\n */", COMMENTED),
        ("src/Worker.java", f'static final String SEED_APPID = "{HEX}";', ID),
    ],
)
def test_what_lets_no_one_in_says_so(path: str, text: str, said: str) -> None:
    assert said in sure(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/send.java", f'headers.add("Authorization", "key={MAPS}");'),
        ("src/Push.java", f'String SECRET="{KEY}";'),
        ("conf/.env", f"JWT_SECRET={KEY}\nAPI_KEY={OTHER}"),
        ("src/patterns.rs", f'Value::Single("{GITLAB}"), // it has not expired'),
        ("src/Bank.java", f'AGENT = "Bank/7 CFNetwork/978.0.7 Darwin/18.7.0";\nPASSWORD = "{KEY}";'),
        ("conf/cover.properties", f"userName=testament\nuserKey={HEX}"),
        ("conf/db.sh", f"MYSQL_USER=test_web\nMYSQL_PASSWORD={KEY}"),
        ("conf/merchantInfo.properties", f"number=10012\nkey={KEY}{OTHER}"),
        ("conf/mail.properties", "user=anna_k@orchard.de\npassword=zhuguoshu\nto=a\nfrom=b\nsmtp=smtp.orchard.de"),
        (
            "conf/app.yml",
            "---\nspring:\n  config:\n    activate:\n      on-profile: production\n  password: orchard_2015",
        ),
    ],
)
def test_what_lets_someone_in_blocks(path: str, text: str) -> None:
    assert "" in sure(path, text)


def test_a_profile_of_another_document_says_nothing() -> None:
    assert "" not in sure("conf/app.yml", "      on-profile: production\n---\nspring:\n  password: orchard_2015")


def test_values_that_install_a_chart_for_a_test_are_of_low_worth_and_a_folder_of_live_videos_is_no_production() -> None:
    kind = "Private Key"
    assert worth_at(kind, "charts/shop/ci/tls-values.yaml", Confidence.HIGH)[0] is Worth.LOW
    assert worth_at(kind, "charts/shop/values.yaml", Confidence.HIGH)[0] is Worth.MEDIUM
    assert worth_at(kind, "Services/Live/V1/Model/Keys.cs", Confidence.HIGH)[0] is Worth.MEDIUM
    assert worth_at(kind, "deploy/live/keys.yaml", Confidence.HIGH)[0] is Worth.HIGH
