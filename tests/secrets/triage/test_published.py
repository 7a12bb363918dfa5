"""Published test vectors are known by their content, wherever they stand, and by no more than a mark."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.results.worth import worth_at
from gate.secrets.triage.published import PUBLISHED, TABLE, WIDTH, is_published, mark_of

RFC_7515_KEY = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T" + "-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
"""The symmetric key of appendix A.1, which libraries for tokens test with."""
PRINTED = Path(__file__).parents[3] / "benchmarks/secrets_published.txt"
OTHER = RFC_7515_KEY[::-1]


@pytest.mark.parametrize(("key", "is_low"), [(RFC_7515_KEY, True), (OTHER, False)])
@pytest.mark.parametrize("path", ["src/jwks.json", "deploy/prod/keys.json"])
def test_a_key_of_an_rfc_does_not_block_wherever_it_stands(path: str, key: str, is_low: bool) -> None:
    found = examine(f'{{"kty": "oct", "k": "{key}"}}'.encode(), path, scanner(GATE)).secrets
    assert found
    assert all((one.confidence is Confidence.LOW) is is_low for one in found)


@pytest.mark.parametrize("path", ["src/jwks.json", "tests/jwks.json"])
def test_a_finding_says_that_its_value_was_published(path: str) -> None:
    (found,) = examine(f'{{"kty": "oct", "k": "{RFC_7515_KEY}"}}'.encode(), path, scanner(GATE)).secrets
    assert found.against == PUBLISHED
    assert PUBLISHED in worth_at(found.type, path, found.confidence, found.against)[1]


def test_how_its_lines_are_broken_does_not_matter() -> None:
    assert mark_of(f"{RFC_7515_KEY[:20]}\n  {RFC_7515_KEY[20:]}") == mark_of(RFC_7515_KEY)


SP_800_38A = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
"""The key of 256 bits of appendix F."""


@pytest.mark.parametrize(
    "written",
    [
        SP_800_38A.hex(),
        SP_800_38A.hex().upper(),
        "0x" + SP_800_38A.hex(),
        SP_800_38A.hex(":"),
        b64encode(SP_800_38A).decode(),
        urlsafe_b64encode(SP_800_38A).decode().rstrip("="),
        ", ".join(f"0x{byte:02X}" for byte in SP_800_38A),
        ", ".join(map(str, SP_800_38A)),
        ",\n".join(str(byte - 256 if byte > 127 else byte) for byte in SP_800_38A),
    ],
)
def test_the_same_bytes_are_known_in_whichever_way_they_are_written(written: str) -> None:
    assert is_published(written)
    assert not is_published(written.replace("d", "a").replace("1", "2"))


@pytest.mark.parametrize("line", PRINTED.read_text().splitlines())
def test_what_standards_print_is_in_the_table(line: str) -> None:
    assert not line or line.startswith("#") or is_published(line)


@pytest.mark.parametrize(
    "text",
    [
        'const PRIVATE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";',
        "AES_KEY=2b7e151628aed2a6abf7158809cf4f3c",
        'encryption_key = "K34VFiiu0qar9xWICc9PPA=="',
    ],
)
def test_a_key_that_everybody_has_is_of_low_confidence(text: str) -> None:
    found = examine(text.encode(), "deploy/prod/app.conf", scanner(GATE)).secrets
    assert found
    assert {one.confidence for one in found} == {Confidence.LOW}


@pytest.mark.parametrize("value", ["300, " * 15 + "300", "0x" + "0" * 40 + "g", "A" * 23, "1" * 4000 + "g"])
def test_what_means_no_bytes_is_asked_as_it_stands(value: str) -> None:
    assert not is_published(value)


def test_short_values_have_no_mark() -> None:
    assert not is_published("password")


def test_the_header_of_a_key_is_no_vector() -> None:
    assert not is_published("PuTTY-User-Key-File-2: ssh-rsa")


def test_the_table_is_sorted_marks_alone() -> None:
    table = TABLE.read_bytes()
    marks = [table[at : at + WIDTH] for at in range(0, len(table), WIDTH)]
    assert marks == sorted(set(marks))
    assert len(table) % WIDTH == 0
