"""Signatures and sealed envelopes (`gate/core/dsse.py`): one key's word, of which no byte can be changed."""

import subprocess
from pathlib import Path

import pytest

from gate.core.dsse import seal, signed_bytes, unseal
from gate.core.errors import ConfigError, UnreadableError
from gate.core.signing import public_key, public_part, sign, verifier_of, verify


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with pairs of keys: `a.pem` and `a.pub`, `b.…`, and `p256.…` of another kind."""
    folder = tmp_path_factory.mktemp("keys")
    kinds = {"a": ["ed25519"], "b": ["ed25519"], "p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}
    for name, kind in kinds.items():
        private = folder / f"{name}.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", *kind, "-out", private], check=True, capture_output=True)
        public = ["openssl", "pkey", "-in", private, "-pubout", "-out", folder / f"{name}.pub"]
        subprocess.run(public, check=True, capture_output=True)
    return folder


def test_a_signature_is_of_its_message_and_its_key(keys: Path) -> None:
    signature = sign(b"word", f"{keys}/a.pem")
    verify(b"word", signature, f"{keys}/a.pub", "shown")
    assert public_part(f"{keys}/a.pem") == public_key(f"{keys}/a.pub") != public_key(f"{keys}/b.pub")
    for message, other, key in ((b"words", signature, "a"), (b"word", signature, "b"), (b"word", b"x" * 64, "a")):
        with pytest.raises(UnreadableError, match="another key, or was changed"):
            verify(message, other, f"{keys}/{key}.pub", "shown")
    with pytest.raises(UnreadableError, match="is not signed"):
        verify(b"word", None, f"{keys}/a.pub", "shown")


@pytest.mark.parametrize("name", ["a", "p256"])
def test_both_kinds_of_keys_verify_what_their_own_have_signed(keys: Path, name: str) -> None:
    message = keys / "message"
    message.write_bytes(b"word")
    digest = ["-rawin"] if name == "a" else ["-rawin", "-digest", "sha256"]
    command = ["openssl", "pkeyutl", "-sign", "-inkey", keys / f"{name}.pem", *digest, "-in", message]
    signature = subprocess.run(command, check=True, capture_output=True).stdout
    has_signed = verifier_of(f"{keys}/{name}.pub")
    assert has_signed(b"word", signature)
    assert not has_signed(b"words", signature)
    assert not has_signed(b"word", b"")


@pytest.mark.parametrize("name", ["none.pub", "a.pem", "text.pub"])
def test_what_is_no_public_key_is_an_error_of_the_settings(keys: Path, name: str) -> None:
    (keys / "text.pub").write_text("no key\n")
    with pytest.raises(ConfigError):
        verifier_of(f"{keys}/{name}")


def test_an_envelope_is_opened_as_it_was_sealed_and_no_byte_of_it_can_be_changed(keys: Path) -> None:
    sealed = seal(b'{"a": 1}', f"{keys}/a.pem")
    assert unseal(sealed + b"\n", f"{keys}/a.pub", "shown") == b'{"a": 1}'
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(UnreadableError):
            unseal(changed, f"{keys}/a.pub", "shown")
    with pytest.raises(UnreadableError):
        unseal(sealed, f"{keys}/b.pub", "shown")
    with pytest.raises(UnreadableError, match="was changed after"):
        unseal(sealed.replace(b":", b": ", 1), f"{keys}/a.pub", "shown")


def test_type_and_body_are_kept_apart_by_their_lengths() -> None:
    assert signed_bytes(b"body", "type") == b"DSSEv1 4 type 4 body"
    assert signed_bytes(b"a", "b 1 c") != signed_bytes(b"c a", "b")
