"""The door that other parts use: bytes and a path to secrets without their values."""

import pytest

from gate.model import Confidence
from gate.secrets import find_secrets
from gate.secrets.results.detected import MAX_SPOTS, Spot, redact
from gate.secrets.triage.placeholders import is_placeholder
from tests.hangs import must_end

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"


def test_an_environment_variable() -> None:
    (found,) = find_secrets(f"PATH=/bin\nAWS_ACCESS_KEY_ID={AWS}\n".encode(), "ENV")
    assert (found.type, found.line, found.column, found.redacted) == ("AWS Access Key", 2, 19, "AKIA…")
    assert found.confidence is Confidence.HIGH


def test_the_same_secret_once_with_its_lines() -> None:
    (found,) = find_secrets(f"{AWS}\n\nkey {AWS}\n".encode(), "a.txt")
    assert found.spots == (Spot(1, 1), Spot(3, 5))
    (found,) = find_secrets(f"{AWS}\n".encode() * (MAX_SPOTS + 1), "a.txt")
    assert (len(found.spots), found.count) == (MAX_SPOTS, MAX_SPOTS + 1)


@pytest.mark.parametrize(
    ("body", "confidence"),
    [("MIIEpAIB" * 8, Confidence.HIGH), ("MIIEpAIB\n" * 8, Confidence.HIGH), ("MIIE...", Confidence.LOW)],
)
def test_a_key_without_its_body_is_hardly_one(body: str, confidence: Confidence) -> None:
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n"
    assert [found.confidence for found in find_secrets(key.encode(), "deploy.pem")] == [confidence]


@pytest.mark.parametrize("path", ["a", "a.png", "package-lock.json", "app.min.js.map", "a.woff"])
def test_no_name_and_no_byte_hides_a_secret(path: str) -> None:
    assert [found.line for found in find_secrets(b"\0\xff\n" + bytes(range(256)) * 9 + AWS.encode(), path)] == [11]
    assert [found.line for found in find_secrets(AWS.encode(), path)] == [1]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("short", "…"), ("elevenchars", "…"), ("twelve chars", "twel…"), ("a\nbcdefghijkl", "…"), ("ünderscored12", "…")],
)
def test_redacted(value: str, shown: str) -> None:
    assert redact(value) == shown


PLACEHOLDERS = """
changeme CHANGE_ME <password> ${PASSWORD} {{password}} %(password)s xxxxxxxx ******** example my-example-key
your-key-here password None todo aaaa not-a-secret
"""


@pytest.mark.parametrize("value", PLACEHOLDERS.split())
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["hunter2hunter2", "Tr0ub4dor&3", "p4ssw0rd!", "x" * 50 + "y" * 60, "<a"])
def test_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)


HOSTILE = {
    "circle.yaml": "a: &a [*a, {k: *a}]\nb: {password: hunter2hunter2}\n",
    "bomb.yaml": "a0: &a0 {password: hunter2hunter2}\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)),
    "deep.yaml": "password: hunter2hunter2\nx: " + "[" * 5000 + "]" * 5000 + "\n",
    "date.yaml": "when: 2001-99-99\npassword: hunter2hunter2\n",
    "surrogate.yaml": 'a: "\\ud800"\npassword: hunter2hunter2\n',
    "spaces.yaml": "password: hunter2hunter2\nb: x" + " " * 50_000 + "y\n",
    "spaces.py": "password = 'hunter2hunter2'\n" + " " * 500_000 + "x\n",
    "backslashes.env": "password = 'hunter2hunter2'\n" + "\\" * 100_000 + "\n",
    "assignments.env": "".join(f"KEY{n}=value{n}\n" for n in range(50_000))
    + "TOKEN=q7Zp2Lw9xK4mVt8RnB3yHd6JsF1cGa5UeTo0WiMl\n",
    "comments.ini": "#\n;\n" * 50_000 + "[a]\npassword = hunter2hunter2\n",
}


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_files_take_no_time_and_hide_nothing(path: str) -> None:
    with must_end():
        found = find_secrets(HOSTILE[path].encode(), path)
        assert "Secret Keyword" in {secret.type for secret in found}
