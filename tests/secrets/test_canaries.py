"""Canaries: each form, reason and detector of the secrets engine that is switched off is missed by an example.

A part that no example needs could be gone, and nobody would know.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from gate.secrets.decoders import (
    below,
    commands,
    inserts,
    kubernetes,
    notebooks,
    pairs,
    sequences,
    stored_logins,
    tables,
)
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.engine.text import decode
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.detectors import detector_of
from gate.secrets.kinds.token import Token
from gate.secrets.triage import false_positives, verdict
from gate.secrets.triage.candidate_in_line import CandidateInLine, Check
from tests.secrets.test_kinds import ABOVE_IT, PATHS, positive
from tests.secrets.test_seen_in_infrastructure import ENCRYPTED, NAMES, PUBLIC, REFERENCES
from tests.secrets.triage.test_triage import judged, test_dropped_with_a_reason

PASSWORD = "k3Jx9vQpZ7Lw2xRt"
"""Of no format of its own."""
ENCODED = base64.b64encode(PASSWORD.encode()).decode()

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": ["password", " = ", f"'{PASSWORD}'\n"]}]}, indent=1)

FORMS: dict[Any, tuple[str, str]] = {
    kubernetes: ("secret.yaml", f"kind: Secret\ndata:\n  DB_PASSWORD: >-\n    {ENCODED[:8]}\n    {ENCODED[8:]}\n"),
    notebooks: ("a.ipynb", NOTEBOOK),
    pairs: ("deploy.yaml", f"env:\n  - name: DB_PASSWORD\n    value: {PASSWORD}\n"),
    below: ("app.ts", f'const dbPassword: string =\n  "{PASSWORD}";\n'),
    commands: ("run.sh", f"curl \\\n  --silent \\\n  -u anna:{PASSWORD} \\\n  https://packages.example/\n"),
    sequences: ("app.yaml", f"api_keys:\n  - {PASSWORD}\n"),
    tables: ("users.csv", f"user,password,city\nanna,{PASSWORD},Rome\n"),
    stored_logins: ("etc/openvpn/auth.txt", f"anna\n{PASSWORD}\n"),
    inserts: ("dump.sql", f"INSERT INTO users (id, password) VALUES\n(1, '{PASSWORD}'),\n(2, '');\n"),
}


def found(path: str, content: str) -> set[tuple[str, str, str]]:
    return {(one.hash, one.redacted, one.within) for one in examine(content.encode(), path, scanner(GATE)).secrets}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__.rpartition(".")[2])
def test_a_form_that_is_switched_off_is_missed(form: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path, content = FORMS[form]
    whole = found(path, content)
    assert whole

    monkeypatch.setattr(form, "parts", lambda *_: iter(()))

    assert whole - found(path, content)


ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
EXAMPLES = (
    ("Bitcoin private key (WIF)", "5JQ3mVx8RnB4yHd6KsF7cGa9UeTwZ2WiMqLpXvYbNtDrEhSfAjC", "key = VALUE"),
    ("Secret Keyword", "RC4-SHA", "password = ALL:!SRP:VALUE:!MD5"),
    ("Base64 High Entropy String", "q7Zp2Lw9" * 1000, "token = 'VALUE'"),
    ("Base64 High Entropy String", "OrderConfirmationEmailTemplateRenderer", "token = 'VALUE'"),
    ("Slack Token", f"xoxb-{ALPHABET}", "token = 'VALUE'"),
    ("Telegram Bot Token", "1234567890:q7Zp2Lw9xK4mVt8RnB3yHd6JsF1cGa5UeTo", "x = VALUE"),
    (
        "JSON Web Token",
        "eyJhbGciOiJIUzI1NiJ9.eyJzb21lIjoicGF5bG9hZCJ9.Joh1R2dYzkRvDkqv3sygm5YyK8Gi4ShZqbhK2gxcs2U",
        "a = VALUE",
    ),
    ("Key listed as bytes", "0x12, 0x9a, 0x33", "public_key[32] = {VALUE}"),
    ("IBM Cloud IAM Key", "labeling-job-algorithm-specification-and-more", "ibm_key = 'VALUE'"),
    ("Yandex Cloud secret key", "YC8C-eSgocEyj_509pg5qGQwLs1idONesFGuwJzE", "cart.py,sha256=l7-VALUE,7808"),
    ("Secret Keyword", "9ff3b71c849749dbaec4ccdd3cbab62b", "checksum/secret: VALUE"),
    ("Password in .netrc", "${PASSWORD}", "machine a login b password VALUE"),
    ("Password in .netrc", "unset-in-netrc", "machine a login b password ${PASSWORD:?VALUE}"),
    ("Secret Keyword", "k3Jx9vQpZ7Lw", '"AWS::ApiGateway::ApiKey": "VALUE"'),
    ("Secret Keyword", "4f9c2b7e1a6d8035c4e19b7d20f6a853de71b94c", "checksum/db-password: VALUE"),
    ("Secret Keyword", "k3Jx9vQpZ7Lwq7Zp2", "- 'urn:ietf:params:oauth:token:VALUE'"),
)
"""Values of which the labelled sets and the examples of verdicts have none: type, value, line."""
FILES = (("src/guid.cc", "  struct passwd* pwbuf;\n"), *ENCRYPTED, *NAMES, *PUBLIC, *REFERENCES)
"""The same of files whose name counts: path, text."""
CHECKS = sorted(
    {
        *false_positives._FORMAT,
        *false_positives._NAME,
        *false_positives._RANDOM,
        *false_positives._PLACE,
        *(check for checks in false_positives._CHECKS_OF.values() for check in checks),
        false_positives.has_wrong_checksum,
    },
    key=lambda check: check.__name__,
)


@pytest.fixture(scope="module")
def droppers(labelled: list[Any], blind: Callable[[str], list[Any]]) -> Counter[str]:
    """Count by the reason how many values it drops, of the examples of verdicts and of the labelled sets.

    It goes on until each reason has dropped one.
    """
    from labelled_set import BLIND

    counted: Counter[str] = Counter()
    checks_of = false_positives.checks_of

    def counting(hit: CandidateInLine) -> tuple[Check, ...]:
        dropping = next((check for check in checks_of(hit) if check(hit)), None)
        counted[dropping.__name__ if dropping else ""] += 1
        return checks_of(hit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verdict, "checks_of", counting)
        for kind, value, line, *_ in (*test_dropped_with_a_reason.pytestmark[0].args[1], *EXAMPLES):
            judged(kind, value, line)
        for path, text in FILES:
            examine(text.encode(), path, scanner(GATE))
        for one in (*labelled, *(case for name in BLIND for case in blind(name))):
            if all(counted[check.__name__] for check in CHECKS):
                break  # all of them take twenty seconds
            examine(one.text.encode(), one.path, scanner(GATE))
    return counted


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_reason_that_is_switched_off_is_missed(check: Check, droppers: Counter[str]) -> None:
    assert droppers[check.__name__], "nothing is dropped for this reason"


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token.rule)
def test_a_detector_that_is_switched_off_is_missed(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    path = PATHS.get(token.rule, "a.txt")
    text = decode(f"first\n{ABOVE_IT.get(token.rule, '')}{positive(token)}\nlast\n".encode())
    assert text is not None
    assert token.type in {one.type for one in scanner(GATE).find(text, path)}

    monkeypatch.setattr(detector_of(token), "analyze_string", lambda *_, **__: iter(()))

    assert token.type not in {one.type for one in scanner(GATE).find(text, path)}
