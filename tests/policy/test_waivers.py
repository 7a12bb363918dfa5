"""What a waiver has to name, of which findings it is, and whose signature it bears."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from gate.core.errors import ConfigError
from gate.policy.waivers import Waiver, check, is_signed, signed

WHOLE = {"reason": "r", "owner": "o", "until": "2099-01-01"}


@pytest.mark.parametrize(
    "parts",
    [
        {"fingerprint": "f"},
        {"rule": "R", "path": "a"},
        {"rule": "R", "package": "p"},
        {"rule": "R", "path": "a", "package": "p"},
        {"rule": "R", "object": "Pod/a"},
    ],
    ids=str,
)
def test_it_names_a_fingerprint_or_a_rule_in_a_path_or_a_package(parts: dict[str, str]) -> None:
    check(Waiver(**WHOLE, **parts), "waivers.yaml")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"rule": "R"},
        {"path": "a"},
        {"package": "p"},
        {"path": "a", "package": "p"},
        {"fingerprint": "f", "rule": "R"},
        {"fingerprint": "f", "path": "a"},
        {"fingerprint": "f", "package": "p"},
        {"fingerprint": "f", "object": "Pod/a"},
        {"object": "Pod/a"},
        {"fingerprint": "f", "rule": "R", "path": "a"},
    ],
    ids=str,
)
def test_anything_else_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(
        ConfigError, match="either a fingerprint, or a rule with a path, a package or an object"
    ) as caught:
        check(Waiver(**WHOLE, **parts), "waivers.yaml")
    assert caught.value.path == "waivers.yaml"


@pytest.mark.parametrize("until", ["", "tomorrow", "2099-13-01", "2099-02-30", "01.02.2099", "2099-1-1"])
def test_its_last_day_is_a_date(until: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(Waiver(**{**WHOLE, "until": until}, fingerprint="f"), "waivers.yaml")
    assert caught.value.path == "waivers.yaml"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two pairs of ed25519 keys: `ours.pem` and `ours.pub`, `theirs.pem` and `theirs.pub`."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ours", "theirs"):
        private = folder / f"{name}.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", folder / f"{name}.pub"], check=True)
    return folder


@pytest.mark.parametrize(
    ("known", "is_theirs"),
    [(["ours"], True), (["theirs", "ours"], True), (["ours", "theirs"], True), (["theirs"], False), ([], False)],
)
def test_the_signature_of_one_of_the_keys_is_enough(keys: Path, known: list[str], is_theirs: bool) -> None:
    waiver = signed(Waiver(**WHOLE, fingerprint="f"), str(keys / "ours.pem"))
    assert is_signed(waiver, {name: (keys / f"{name}.pub").read_text() for name in known}) is is_theirs


@pytest.mark.parametrize(
    "changes",
    [
        {"until": "2099-01-02"},
        {"owner": "p"},
        {"fingerprint": "g"},
        {"matches": 2},
        {"signature": None},
        {"signature": ""},
        {"signature": "no base64"},
    ],
    ids=str,
)
def test_a_waiver_that_is_changed_or_bears_no_signature_is_not_signed(keys: Path, changes: dict[str, object]) -> None:
    waiver = signed(Waiver(**WHOLE, fingerprint="f"), str(keys / "ours.pem"))
    known = {"ours": (keys / "ours.pub").read_text()}
    assert is_signed(waiver, known)
    assert not is_signed(msgspec.structs.replace(waiver, **changes), known)


def test_a_signature_has_one_spelling(keys: Path) -> None:
    """With other characters in between, two files would be the same waiver and differ."""
    waiver = signed(Waiver(**WHOLE, fingerprint="f"), str(keys / "ours.pem"))
    respelt = msgspec.structs.replace(waiver, signature=f"!{waiver.signature}")
    assert not is_signed(respelt, {"ours": (keys / "ours.pub").read_text()})
