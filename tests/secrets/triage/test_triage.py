"""What stands around a hit decides: kept with a confidence, or dropped with a reason.

Goes through `gate/secrets/triage/doubtful.py`, `gate/secrets/triage/doubts.py`, `gate/secrets/triage/weak_values.py`.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.engine.text import decode
from gate.secrets.triage.candidate_in_line import TriageVerdict
from gate.secrets.triage.evidence import (
    names_a_digest,
    names_a_secret,
    names_what_is_public,
    naming,
    randomness,
)
from gate.secrets.triage.verdict import judge
from tests.hangs import must_end

KEYWORD, HEX, BASE64, KEY = "Secret Keyword", "Hex High Entropy String", "Base64 High Entropy String", "Private Key"
HEX40 = "4f9c2b7e1a6d8035" + "c4e19b7d20f6a853de71b94c"
RANDOM = "q7Zp2Lw9" + "xK4mVt8RnB3yHd6JsF1cGa5UeTo0WiMl"


def judged(secret_type: str, value: str, line: str, path: str = "shop/settings.py") -> TriageVerdict:
    return judge(secret_type, value, line.replace("VALUE", value), path)


@pytest.mark.parametrize(
    ("secret_type", "value", "line", "reason"),
    [
        (HEX, HEX40, '"sha1": "VALUE"', "a digest or an identifier, by its name"),
        (HEX, HEX40, 'COMMIT = "VALUE"', "a digest or an identifier, by its name"),
        (HEX, HEX40, "etag: 'VALUE'", "a digest or an identifier, by its name"),
        (HEX, HEX40, 'colours = ["VALUE"]', "no evidence"),
        (BASE64, RANDOM, 'load("VALUE")', "no evidence"),
        (BASE64, "iVBORw0KGgo" + RANDOM, 'token = "VALUE"', "a file's bytes"),
        (BASE64, RANDOM, 'api_key = "data:font/woff2;base64,VALUE"', "a file's bytes"),
        (BASE64, "MFkwEwYH" + RANDOM, 'auth_key = "VALUE"', "a public key"),
        (KEYWORD, "LGPL-2.1-or-later", 'license_key = "VALUE"', "a name of something public"),
        (KEYWORD, "CVE-2024-12345", "secret: VALUE", "an identifier of a vulnerability"),
        (KEYWORD, "123e4567-e89b-42d3-a456-426614174000", "credential: VALUE", "a UUID"),
        (KEYWORD, "1F5DD-FE0F", "old_key: VALUE", "code points of emoji"),
        (KEYWORD, "https://login.orchard.dev/oauth", 'secret = "VALUE"', "a web address"),
        (KEYWORD, "/run/secrets/db", "password: VALUE", "a file's path"),
        (KEYWORD, "${DB_PASSWORD}", "password: VALUE", "a template's field"),
        (KEYWORD, "{{ db_password }}", "password: 'VALUE'", "a template's field"),
        (KEYWORD, "changeme", "password: VALUE", "a placeholder"),
        (KEYWORD, "scram-sha-256", "password_encryption = VALUE", "a placeholder"),
        (KEYWORD, "your-api-key", "api_key: VALUE", "a placeholder"),
        (KEYWORD, "abcabcabcabc", "api_key: VALUE", "repeated characters"),
        (KEYWORD, "abcdefghijkl", "api_key: VALUE", "an alphabet"),
        (KEYWORD, "challengePassword", 'PASSWORD = "VALUE"', "the name of a secret"),
        (KEYWORD, "Please enter it again", "password: 'VALUE'", "a text for people"),
        (KEYWORD, "com.ha-ios.mtls.p12", 'serviceKey = "VALUE"', "a name in code"),
        (KEYWORD, "shop.params.v2.accounts._person_token", 'person_token: "VALUE"', "a name in code"),
        (KEYWORD, "login#reset_password", 'post "/login/reset_password" => "VALUE",', "a name in code"),
        (KEYWORD, "sessions#create_token", 'post "token", to: "VALUE"', "a name in code"),
        (KEYWORD, "DB_SETTING_9", 'password = os.environ["VALUE"]', "code that reads a secret"),
        (KEYWORD, "get_from(vault)", "password = VALUE", "code that reads a secret"),
        (KEYWORD, "from", "the password VALUE", "a text for people"),
        (KEYWORD, "PrivateKeyTypes", "private_key: VALUE,", "code that reads a secret"),
        ("Password in SQL (IDENTIFIED BY)", "binary", "files identified by VALUE.", "a text for people"),
        (KEYWORD, "string", "password: VALUE", "a placeholder"),
        (KEYWORD, "utf-8", "password = password.encode('VALUE')", "a placeholder"),
        (KEYWORD, "same-origin", "credentials: 'VALUE'", "a placeholder"),
        (KEYWORD, "{0}:{1}", "credentials = 'VALUE'.format(user, passwd)", "a template's field"),
        (KEYWORD, "3.0-", "pwd: VALUE", "a version or a date"),
        (KEYWORD, " --username=", 'creds = "VALUE" + auth', "a text for people"),
        (KEYWORD, "Again:", "confirmedPassword = await read('VALUE')", "a text for people"),
        ("Password on a command line", "password]", 'args += ["--password", VALUE', "a placeholder"),
        ("Password on a command line", "type=str", '"-p", "--password", VALUE', "code that reads a secret"),
        (KEYWORD, "abc", "password: VALUE", "too short to be a secret"),
        (KEYWORD, "1bcdefghij2bcdefghij3bcdefghijABCD", "CSRF_TOKEN = 'VALUE'", "repeated characters"),
        (KEYWORD, "lcccccccX2kcccccccY2jcccccccssIC", "TEST_SECRET = 'VALUE'", "repeated characters"),
        (KEYWORD, "md5$$", 'filter(password__startswith="VALUE")', "a kind of hash"),
        (KEYWORD, "pbkdf2_sha256$", 'password_prefix = "VALUE"', "a kind of hash"),
        (KEY, "BEGIN PRIVATE KEY", "r'VALUE'", "names the header of a key, holds none"),
        (KEY, "BEGIN PRIVATE KEY", r'key="-----VALUE-----\nXXXX\n"', "a placeholder"),
        ("AWS Access Key", "AKIAI" + "OSFODNN7EXAMPLE", "key = VALUE", "a provider's documented example"),
        ("GitHub Token", "ghp", "token = VALUE_" + "x" * 36, "repeated characters"),
        ("AWS Access Key", "AKIA" + "Z7VRSQ5TJN2XMPLQ", "a" * 50 + "VALUE" + "a" * 50, "a file's bytes"),
    ],
)
def test_dropped_with_a_reason(secret_type: str, value: str, line: str, reason: str) -> None:
    assert judged(secret_type, value, line) == TriageVerdict(None, reason)


@pytest.mark.parametrize(
    ("secret_type", "value", "line", "confidence"),
    [
        (KEYWORD, "Krafel_72zor!", 'password = "VALUE"', Confidence.MEDIUM),
        (KEYWORD, RANDOM, 'const apiKey = "VALUE"', Confidence.HIGH),
        (KEYWORD, RANDOM, '"Authorization": "Bearer VALUE"', Confidence.HIGH),
        (KEYWORD, "correct horse battery staple", 'passphrase = "VALUE"', Confidence.MEDIUM),
        (KEYWORD, "login#reset_password", 'password = "VALUE"', Confidence.HIGH),
        (KEYWORD, "postgres", "POSTGRES_PASSWORD: VALUE", Confidence.LOW),
        (KEYWORD, "export-token-cu4lg26ofcziixny", '"ExportToken": "VALUE"', Confidence.LOW),
        (KEYWORD, "token-cu4lg26ofcziixny", '"token": "VALUE"', Confidence.HIGH),
        (HEX, HEX40, 'auth_token = "VALUE"', Confidence.MEDIUM),
        (BASE64, "/" + RANDOM[:39], '"secret_key": "VALUE"', Confidence.MEDIUM),
        ("AWS Access Key", "AKIA" + "Z7VRSQ5TJN2XMPLQ", "key = VALUE", Confidence.HIGH),
        (KEY, "BEGIN RSA PRIVATE KEY", "-----VALUE-----", Confidence.HIGH),
        (KEY, "BEGINRSAPRIVATEKEY-----" + RANDOM, "-----BEGIN RSA " + "PRIVATE KEY-----", Confidence.HIGH),
        (KEY, "BEGIN RSA PRIVATE KEY", 'MARK = "-----VALUE-----"', Confidence.LOW),
    ],
)
def test_kept_with_a_confidence(secret_type: str, value: str, line: str, confidence: Confidence) -> None:
    assert judged(secret_type, value, line).confidence is confidence


@pytest.mark.parametrize("path", ["tests/a.py", "docs/a.md", "examples/a.py", "README.md"])
def test_a_path_lowers_and_never_hides(path: str) -> None:
    assert judged(KEYWORD, "swordfish-77", 'password = "VALUE"', path).confidence is Confidence.LOW
    assert judged(KEYWORD, "dragon7", 'password = "VALUE"', path).confidence is Confidence.LOW
    assert judged(KEYWORD, "k3Jx9", 'password = "VALUE"', path).confidence is Confidence.MEDIUM
    assert judged(KEYWORD, "xkdwm", 'password = "VALUE"', path).confidence is Confidence.MEDIUM
    assert judged(KEYWORD, RANDOM, 'password = "VALUE"', path).confidence is Confidence.MEDIUM
    assert judged("AWS Access Key", "AKIA" + "Z7VRSQ5TJN2XMPLQ", "k = VALUE", path).confidence is Confidence.MEDIUM


@pytest.mark.parametrize("path", ["a.env.example", "api.examples.json", "config.sample.yml"])
def test_in_a_file_that_is_named_an_example_only_a_format_of_its_own_is_told(path: str) -> None:
    assert judged(KEYWORD, RANDOM, 'password = "VALUE"', path).confidence is Confidence.LOW
    assert judged("AWS Access Key", "AKIA" + "Z7VRSQ5TJN2XMPLQ", "k = VALUE", path).confidence is Confidence.MEDIUM


def test_a_text_in_a_translation_and_a_user_as_its_own_password_are_doubtful() -> None:
    assert judged(KEYWORD, "Geheimnis", '"password": "VALUE"', "i18n/errors.json").confidence is Confidence.LOW
    assert judged(KEYWORD, RANDOM, '"password": "VALUE"', "i18n/de.json").confidence is Confidence.HIGH
    url = "mysql://airflow:VALUE@localhost/x"
    assert judged("MySQL or MariaDB URL with password", "airflow", url).confidence is Confidence.LOW


@pytest.mark.parametrize("name", ["DB_PASSWORD", "apiKey", "client-secret", "Authorization", "database_password"])
def test_names_of_secrets(name: str) -> None:
    assert names_a_secret(name)
    assert not names_a_digest(name)


@pytest.mark.parametrize("name", ["token_url", "publicKey", "password_field", "license_key", "tokenizer", "author"])
def test_names_of_what_is_public(name: str) -> None:
    assert names_what_is_public(name)
    assert not names_a_secret(name)


@pytest.mark.parametrize("name", ["sha256", "integrity", "gitCommit", "ETag", "key_id", "password_hash", "base"])
def test_names_of_digests(name: str) -> None:
    assert names_a_digest(name)


def test_the_nearest_name_counts() -> None:
    assert naming('"user": "anna", "password": "').nearest == "password"
    assert naming("const api_key: string = '").nearest == "api_key"
    assert naming('os.environ["').is_argument


def test_randomness_is_measured_against_the_alphabet() -> None:
    assert randomness("0123456789abcdef") == pytest.approx(1)
    assert randomness("aaaaaaaaaaaaaaaa") == 0
    assert randomness("passwordpassword") < randomness(RANDOM)


def test_the_labelled_set_has_as_many_hard_negatives_as_positives(labelled: list[Any]) -> None:
    held = [case.kind for case in labelled if case.is_secret]
    assert len(set(held)) >= 25
    assert sorted(held) == sorted(case.kind for case in labelled if not case.is_secret)
    assert all(held.count(kind) >= 8 for kind in held)
    assert all(case.text.split("\n")[case.line - 1].strip() for case in labelled)


def hits(cases: list[Any]) -> list[tuple[Any, int, TriageVerdict]]:
    """What detect-secrets' own detectors find in the labelled set, judged."""
    judgements = []
    for case in cases:
        text = decode(case.text.encode())
        assert text is not None
        lines = text.lines
        for hit in scanner().find(text, case.path):
            verdict = judge(hit.type, hit.secret_value or "", lines[hit.line_number - 1], case.path)
            judgements.append((case, hit.line_number, verdict))
    return judgements


def test_no_labelled_secret_is_dropped(labelled: list[Any]) -> None:
    found = hits([case for case in labelled if case.is_secret])
    lost = [(case.path, verdict) for case, line, verdict in found if line == case.line and verdict.confidence is None]
    assert len(found) > 100
    assert lost == []


def test_no_hard_negative_is_taken_for_a_secret(labelled: list[Any]) -> None:
    found = hits([case for case in labelled if not case.is_secret])
    blocking = [case.path for case, _, verdict in found if verdict.confidence not in (None, Confidence.LOW)]
    assert len(found) > 30
    assert blocking == []


def test_gate_mode_stays_as_good_as_it_was_measured(labelled: list[Any]) -> None:
    """The floors lie a little under what docs/reference/secrets-quality.md says, and benchmarks/secrets_quality.md."""
    named = {
        (case.path, secret.line)
        for case in labelled
        for secret in examine(case.text.encode(), case.path, scanner(GATE)).secrets
        if secret.confidence is not Confidence.LOW
    }
    wanted = {(case.path, case.line) for case in labelled if case.is_secret}
    assert len(named & wanted) / len(wanted) >= 0.99
    assert len(named & wanted) / len(named) >= 0.99


@settings(max_examples=150, deadline=None)
@given(
    secret_type=st.sampled_from([KEYWORD, HEX, BASE64, KEY, "AWS Access Key", "Basic Auth Credentials", "of tomorrow"]),
    value=st.text(max_size=80) | st.text(alphabet="aA0=+/.${}<>[]-_ \\", max_size=2000),
    before=st.text(alphabet="aA0=+/.${}<>[](),;:'\"-_ \\", max_size=300),
    path=st.text(max_size=60),
)
def test_every_hit_gets_a_verdict(secret_type: str, value: str, before: str, path: str) -> None:
    verdict = judge(secret_type, value, before + value, path)
    assert verdict == judge(secret_type, value, before + value, path)
    assert verdict.reason
    assert not value.strip() or len(value) < 12 or value not in verdict.reason


@pytest.mark.parametrize("unit", ["a", "A", "aA", "a.", "a/", "[a-", "a_", "%s", "${", "<a ", "'", " ", "0-", "Ab:"])
@pytest.mark.parametrize("secret_type", [KEYWORD, BASE64, KEY])
def test_time_is_linear(unit: str, secret_type: str) -> None:
    text = unit * (300_000 // len(unit))
    with must_end():
        assert judge(secret_type, text, "password = " + text, "a.py").reason
        assert judge(secret_type, text[:500], text[:500] + "\0" + text, "a" * 4000).reason


@pytest.mark.parametrize("value", ["123456", "qwerty", "letmein", "postgres"])
def test_a_password_that_everybody_knows_is_told_as_a_weak_claim(value: str) -> None:
    verdict = judged(KEYWORD, value, 'DB_PASSWORD = "VALUE"')
    assert verdict == TriageVerdict(Confidence.LOW, "a password that everyone knows")


@pytest.mark.parametrize("name", ["SECRET_KEY", "signing-key", "apiKey", "clientSecret"])
def test_a_uuid_that_is_named_as_a_key_is_one(name: str) -> None:
    assert judged(KEYWORD, "c4d77c62-6196-4f17-a06b-c462cffae87a", f'{name} = "VALUE"').confidence
