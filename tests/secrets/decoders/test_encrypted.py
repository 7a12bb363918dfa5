"""Files and lines that are safe to keep because they are encrypted, and by what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders.encrypted import encrypted_by, encrypted_lines
from gate.secrets.engine.text import decode


def lines(content: str) -> dict[int, str]:
    text = decode(content.encode())
    assert text is not None
    return encrypted_lines(text)


RANDOM = bytes(range(128, 192))
AGE = b"age-encryption.org/v1\n-> X25519 %b\n%b\n--- %b\n" % (b"a" * 43, b"b" * 43, b"c" * 43)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\0GITCRYPT\0" + RANDOM, "git-crypt"),
        (b"\0GITCRYPT\0PASSWORD=hunter2-hunter2\n", None),
        (b"$ANSIBLE_VAULT;1.1;AES256\n3134\n", "Ansible Vault"),
        (b"$ANSIBLE_VAULT;1.2;AES256;my-label\r\n3134\r\n3135", "Ansible Vault"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n3134\npassword: hunter2\n", None),
        (AGE + RANDOM, "age"),
        (AGE + b"PASSWORD=hunter2-hunter2\n", None),
        (b"age-encryption.org/v1\nPASSWORD=hunter2\n", None),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\nLQ==\n-----END AGE ENCRYPTED FILE-----\n", "age"),
        (b"-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nYWdl\n=YWdl\n-----END PGP MESSAGE-----\n", "OpenPGP"),
        (b"-----BEGIN PGP MESSAGE-----\n\nYWdl\n-----END PGP MESSAGE-----\nPASSWORD=hunter2\n", None),
        (b"-----BEGIN PGP MESSAGE-----\npassword: hunter2\n-----END PGP MESSAGE-----\n", None),
        (b"-----BEGIN PGP MESSAGE-----\n", None),
        (b"password: $ANSIBLE_VAULT;", None),
        (b"", None),
    ],
)
def test_whole_files(content: bytes, name: str | None) -> None:
    assert encrypted_by(content) == name


@pytest.mark.parametrize(
    ("content", "numbers", "name"),
    [
        ("a: 1\npassword: ENC[AES256_GCM,data:x,tag:y]\nb: 2\n", [2], "SOPS"),
        ("a: ENC[AES256_GCM,x]\nsops:\n  mac: ENC[AES256_GCM,z]\n  fp: 85D77\nb: 1\n", [1, 3, 4], "SOPS"),
        ("spec:\n  encryptedData:\n    a: AgBx\n    b: AgBy\n  template:\n    c: d\n", [2, 3, 4], "Sealed Secrets"),
        ("a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3134\n  6162\nb: c\n", [2, 3, 4], "Ansible Vault"),
        ("enc: |\n  -----BEGIN PGP MESSAGE-----\n  x\n  -----END PGP MESSAGE-----\ny: z\n", [2, 3, 4], "OpenPGP"),
        ('k = "-----BEGIN PGP MESSAGE-----\\n"\n  "YWdl\\n"\n"-----END PGP MESSAGE-----"\nx\n', [1, 2, 3], "OpenPGP"),
        ("# -----BEGIN PGP MESSAGE-----\npassword: hunter2\n", [1], "OpenPGP"),
        ("password: hunter2\n", [], ""),
    ],
)
def test_lines(content: str, numbers: list[int], name: str) -> None:
    assert lines(content) == dict.fromkeys(numbers, f"encrypted by {name}")


PIECES = [
    "encryptedData:\n",
    "  a: b\n",
    "$ANSIBLE_VAULT;\n",
    "31\n",
    "-----BEGIN PGP MESSAGE-----\n",
    "x\n",
    "ENC[AES256_GCM,",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_every_text_is_read(pieces: list[str]) -> None:
    content = "".join(pieces)
    assert lines(content).keys() <= set(range(1, content.count("\n") + 2))


def test_many_beginnings_without_an_end_are_read_once() -> None:
    content = "-----BEGIN PGP MESSAGE-----\n" * 200_000
    assert len(lines(content)) == 200_000


BEGINNINGS = [b"\0GITCRYPT\0", b"$ANSIBLE_VAULT;1.1;AES256\n", AGE, b"-----BEGIN PGP MESSAGE-----\n"]
READABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1).filter(str.strip)


@given(st.sampled_from(BEGINNINGS), st.lists(READABLE, min_size=1, max_size=5))
def test_no_beginning_hides_what_can_be_read(beginning: bytes, rows: list[str]) -> None:
    readable = [f"password: {row}" for row in rows]
    assert encrypted_by(beginning + "\n".join(readable).encode()) is None


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=200))
def test_whatever_follows_is_judged(beginning: bytes, content: bytes) -> None:
    assert encrypted_by(beginning + content) in (None, "git-crypt", "Ansible Vault", "age", "OpenPGP")
