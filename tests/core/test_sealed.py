"""What is sealed is opened with this machine's key, for its scope, and otherwise nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core import machine_key
from gate.core.sealed import seal, unseal

KEY, OTHER = "a" * 40, "b" * 40


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine_key.VARIABLE, KEY)


def test_what_is_sealed_is_opened() -> None:
    sealed = seal(b"a finding", b"image")
    assert sealed is not None
    assert b"finding" not in sealed
    assert unseal(sealed, b"image") == b"a finding"
    assert seal(b"a finding", b"image") != sealed


def test_another_scope_another_key_and_no_key_open_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sealed = seal(b"a finding", b"image") or b""
    assert unseal(sealed, b"other") is None
    monkeypatch.setenv(machine_key.VARIABLE, OTHER)
    assert unseal(sealed, b"image") is None
    monkeypatch.setenv(machine_key.VARIABLE, "short")
    assert (unseal(sealed, b"image"), seal(b"a finding")) == (None, None)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_damage_is_seen(place: int, change: int) -> None:
    sealed = bytearray(seal(b"a finding") or b"")
    sealed[place % len(sealed)] ^= change
    assert unseal(bytes(sealed)) is None


@given(st.binary(max_size=40))
def test_other_bytes_are_nothing(content: bytes) -> None:
    assert unseal(content) is None
