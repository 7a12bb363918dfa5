"""Which archives are those of published packages, and which files in them are as they were published."""

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.images.contents.published import published_distribution, published_part

METADATA = "Name: demo\nVersion: 2.0\nHome-page: https://packages.example/demo\nLicense: MIT\n"
CODE = b"PASSWORD = 'correct-horse-battery'\n"  # pragma: allowlist secret
STATED = base64.urlsafe_b64encode(hashlib.sha256(CODE).digest()).decode().rstrip("=")
RECORD = f"demo/a.py,sha256={STATED},34\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return content.getvalue()


def wheel(metadata: str = METADATA, record: str = RECORD, **more: str) -> bytes:
    return zipped(
        {"demo/a.py": CODE, "demo-2.0.dist-info/METADATA": metadata, "demo-2.0.dist-info/RECORD": record, **more}
    )


def packed(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as opened:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            opened.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(content.getvalue())


@pytest.mark.parametrize(
    ("content", "inner", "package"),
    [
        (wheel(), "demo/a.py", "demo 2.0"),
        (wheel(), "demo/b.py", ""),
        (wheel(record=RECORD.replace("sha256=", "sha256=A")), "demo/a.py", ""),
        (wheel(record=RECORD.replace("sha256", "md5")), "demo/a.py", ""),
        (wheel(record=""), "demo/a.py", ""),
        (wheel(METADATA + "Classifier: Private :: Do Not Upload\n"), "demo/a.py", ""),
        (wheel("Name: demo\nVersion: 2.0\n"), "demo/a.py", ""),
        (zipped({"demo/a.py": CODE}), "demo/a.py", ""),
        (zipped({"demo/a.py": CODE, "x-1.dist-info/METADATA": METADATA}), "demo/a.py", ""),
        (wheel(**{"other-1.dist-info/METADATA": METADATA}), "demo/a.py", ""),
        (packed({"demo-2.0/PKG-INFO": METADATA}), "demo-2.0/a.py", "demo 2.0"),
        (packed({"demo-2.0/PKG-INFO": METADATA}), "own/a.py", ""),
        (packed({"package/package.json": '{"name":"d","version":"1","license":"MIT"}'}), "package/a.js", ""),
        (
            packed({"package/package.json": '{"name":"d","version":"1","license":"MIT","homepage":"x"}'}),
            "package/a.js",
            "d 1",
        ),
        (
            packed({"package/package.json": '{"name":"d","version":"1","license":"UNLICENSED","homepage":"x"}'}),
            "package/a.js",
            "",
        ),
        (
            packed({"d-1/Cargo.toml": 'name = "d"\nversion = "1"\nlicense = "MIT"\nrepository = "x"\n'}),
            "d-1/src/a.rs",
            "d 1",
        ),
        (b"PK\3\4 broken", "a", ""),
        (b"\x1f\x8b broken", "a", ""),
        (b"text", "a", ""),
    ],
)
def test_a_part_of_a_published_package(content: bytes, inner: str, package: str) -> None:
    assert published_part(content, inner) == package


@pytest.mark.parametrize("line", ["License-Expression: MIT", "Classifier: License :: OSI Approved"])
def test_a_licence_is_stated_in_one_of_three_ways(line: str) -> None:
    fields = METADATA.replace("License: MIT", line)
    assert published_distribution(fields) == "demo 2.0"
    assert published_distribution(f"Name: demo\nVersion: 2.0\nHome-page: x\n\n{line}\n") == ""


@settings(max_examples=50, deadline=None)
@given(st.sampled_from([b"PK\3\4", b"\x1f\x8b", wheel()[:200], packed({"d/PKG-INFO": METADATA})[:60]]), st.binary())
def test_any_bytes_are_an_archive_or_none(start: bytes, rest: bytes) -> None:
    assert published_part(start + rest, "demo/a.py") == ""
