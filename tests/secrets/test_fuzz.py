"""Gate mode on what nobody would write: no input makes it fail, and no answer holds a value."""

import base64
import gzip
import io
import zipfile
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.secrets.decoders import parts_of
from gate.secrets.decoders.part import DecodedPart
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.gate_mode import candidates_of
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.engine.text import decode
from gate.secrets.results.detected import Examined

PATHS = [
    "a",
    "a.py",
    ".env",
    "a.yaml",
    "a.ipynb",
    "a.ini",
    "a.zip",
    "a.tar.gz",
    "b.gz",
    ".npmrc",
    "id_rsa",
    "a.tfstate",
]
HINTS = [
    b"password=",
    b"kind: Secret\ndata:\n  a: ",
    b'{"cells":[{"source":"',
    b"-----BEGIN RSA PRIVATE KEY-----\n",
    b"PK\x03\x04",
]
SHORTEST = 8
"""Characters of a value that stands in an answer by chance: `password` is in the names of kinds."""


def values(content: bytes, path: str) -> set[str]:
    """What detectors take for secrets in a file."""
    text = decode(content)
    if text is None:
        return set()
    parts = [DecodedPart(text, path), *parts_of(text, path)]
    return {claim.value for part in parts for claim in candidates_of(part, scanner(GATE).find)}


def answer(content: bytes, path: str) -> Examined:
    """Look at a file; whatever it holds, the answer must not repeat it."""
    outcome = examine(content, path, scanner(GATE))
    told = msgspec.json.encode(outcome).decode()
    random = (value for value in values(content, path) if len(value) >= SHORTEST and any(map(str.isdigit, value)))
    assert not [value for value in random if value in told]
    return outcome


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(HINTS), st.sampled_from(PATHS))
def test_arbitrary_bytes(content: bytes, hint: bytes, path: str) -> None:
    assert answer(content, path).size == len(content) or answer(content, path).size == 0
    assert answer(hint + content, path)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="apiKEY_tokenPASSWORDsecret=:\"' \n\t{}[]<>-$(){};,.0123456789Zx+/", max_size=400),
    st.sampled_from(PATHS),
)
def test_texts_of_the_letters_that_matter(content: str, path: str) -> None:
    assert answer(content.encode(), path)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_labelled_files_that_were_changed_somewhere(labelled: list[Any], data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(labelled))
    content = bytearray(case.text.encode())
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        content[place : place + length] = data.draw(st.binary(max_size=12))
    assert answer(bytes(content), case.path)


@pytest.mark.parametrize("wrap", ["zip", "gzip", "utf-16-le", "utf-16", "crlf", "secret manifest"])
def test_labelled_files_in_another_shape(labelled: list[Any], wrap: str) -> None:
    for case in labelled[::16]:
        content, path = wrapped(case.text, case.path, wrap)
        assert answer(content, path)


def wrapped(text: str, path: str, wrap: str) -> tuple[bytes, str]:
    match wrap:
        case "zip":
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(path, text)
            return file.getvalue(), "a.zip"
        case "gzip":
            return gzip.compress(text.encode()), f"{path}.gz"
        case "crlf":
            return text.replace("\n", "\r\n").encode(), path
        case "secret manifest":
            held = base64.b64encode(text.encode()).decode()
            return f"kind: Secret\ndata:\n  {path.rpartition('/')[2]}: {held}\n".encode(), "a.yaml"
        case _:
            return text.encode(wrap), path


def test_a_value_in_a_long_line() -> None:
    """A secret anywhere in a long line is found as in a short one."""
    found = answer(b"x;" * 30_000 + b"k='AKIA" + b"Z7VRSQ5TJN2XMPLQ';" + b"y;" * 30_000, "a.js").secrets
    assert [one.column for one in found] == [60_004]
