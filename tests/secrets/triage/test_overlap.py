"""Detectors that found the same value: the one that knows most speaks."""

from base64 import b64encode

import pytest

from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.kinds.catalogue import KINDS

TOKEN = "ghp_" + "8zQw3rT5yU7iO9pA1sD2fG4hJ6kL0mN3bV5c"


def test_no_two_kinds_are_as_vague() -> None:
    vague = [kind.vagueness for kind in KINDS.values() if kind.vagueness]
    assert len(vague) == len(set(vague))


@pytest.mark.parametrize("line", [f"api_token = '{TOKEN}'", f"password: {TOKEN}", f"https://ada:{TOKEN}@git.example"])
def test_a_structure_beats_a_name(line: str) -> None:
    examined = examine(line.encode(), "a.yaml", scanner(GATE))
    assert [one.type for one in examined.secrets] == ["GitHub Token"]


def test_a_key_in_base64_that_a_secret_of_kubernetes_encodes_again_is_one() -> None:
    key = b64encode(b"9ff3b71c849749dbaec4ccdd3cbab62b9ff3b71c849749db")
    text = f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: jwt\ndata:\n  secret: {b64encode(key).decode()}\n"
    assert len(examine(text.encode(), "k8s/jwt.yml", scanner(GATE)).secrets) == 1
