"""A whole image, from its archive to findings, errors and facts of its content."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import zstandard

from gate.images.contents import walk
from gate.images.limits import Limits
from gate.images.reference import parse_image
from gate.images.rules import secrets
from gate.images.rules.credentials import credentials
from gate.images.scan import ImageOptions, Scan, scan_image

ELF = b"\x7fELF" + bytes(60)
TOKEN = b'token = "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"\n'  # gate:ignore SECRET-GITHUB -- opens nothing


@pytest.fixture
def scan(make, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that scans an image of these layers."""

    def look(*layers: bytes, **options: Any) -> Scan:
        make.archive(tmp_path / "app.tar", make.docker_files(list(layers)))
        target = parse_image("archive:app.tar", str(tmp_path))
        return scan_image(target, ImageOptions(Limits(1 << 30, 10_000), **options))

    return look


def test_an_image_that_no_package_explains_is_not_verified(make, scan) -> None:
    result = scan(make.layer(make.file("usr/bin/tool", ELF, mode=0o755)), min_explained=0.5)
    (error,) = result.errors
    assert "packages explain only 0 of 1 programs" in error.title
    assert (result.facts["explained"], result.facts["unexplained"]) == ("0.0%", ["usr/bin/tool"])


@pytest.mark.parametrize(
    ("ignore", "errors"), [((), ["there are no advisories for 'Amazon Linux 2023'"]), (("etc/os-release",), [])]
)
def test_packages_that_no_advisories_are_about_are_listed_and_said_not_to_be_judged(make, scan, ignore, errors) -> None:
    release = b"ID=amzn\nVERSION_ID=2023\nPRETTY_NAME='Amazon Linux 2023'\n"
    status = b"Package: libssl3\nVersion: 3.1\nSource: openssl\n"
    result = scan(
        make.layer(make.file("etc/os-release", release), make.file("var/lib/dpkg/status", status)), ignore=ignore
    )
    assert [error.title for error in result.errors] == errors
    assert [(one.name, one.installed_as) for one in result.packages] == [("openssl", "libssl3")]


def test_a_deleted_secret_is_a_finding_with_path_line_and_layer(make, scan) -> None:
    layers = [make.base(), make.layer(make.file("app/x.py", TOKEN)), make.layer(make.file("app/.wh.x.py"))]
    result = scan(*layers)
    (finding,) = [one for one in result.findings if one.rule == "GI027"]
    assert (finding.location.path, finding.location.line) == ("app/x.py", 1)
    assert finding.location.layer == make.digest(layers[1])
    assert finding.secret is not None
    assert "layer 3 of 3 deletes or replaces the file" in finding.message
    assert TOKEN[9:-2].decode() not in repr(result)


def test_a_program_without_a_package_is_one_by_its_version_and_its_release_has_ended(make, scan) -> None:
    node = make.layer(make.file("usr/local/bin/node", ELF + b"\0node.js/v18.20.4\0", mode=0o755))
    result = scan(make.base(), node, min_explained=0.5, today="2026-01-01")
    assert result.errors == ()
    assert ("node", "18.20.4", "Bitnami") in [(one.name, one.version, one.ecosystem) for one in result.packages]
    (finding,) = [one for one in result.findings if one.rule == "GI026"]
    assert (finding.location.path, finding.message) == (
        "usr/local/bin/node",
        "node 18.20.4 gets no fixes since 2025-04-30",
    )


def test_the_same_image_has_the_same_fingerprints_wherever_it_comes_from(make, scan, tmp_path) -> None:
    layers = [make.base(), make.layer(make.file("app/x.py", TOKEN), make.file("usr/bin/sudo", ELF, mode=0o4755))]
    make.folder_of(tmp_path / "oci", make.oci_files(layers))
    target = parse_image("oci-dir:oci", str(tmp_path))
    there = scan_image(target, ImageOptions(Limits(1 << 30, 10_000)))
    here = scan(*layers)
    content = {f"GI{number:03}" for number in range(7, 28)}
    assert [one.fingerprint for one in here.findings if one.rule in content] == [
        one.fingerprint for one in there.findings if one.rule in content
    ]
    assert {"GI007", "GI016", "GI021", "GI027"} <= {one.rule for one in here.findings}


def test_a_secret_that_its_own_layer_overwrites_is_a_finding(make, scan) -> None:
    result = scan(make.base(), make.layer(make.file("app/x.py", TOKEN), make.file("app/x.py", b"token = None\n")))
    (finding,) = [one for one in result.findings if one.rule == "GI027"]
    assert finding.message.endswith(
        "layer 2 of 2 brought it and another file of that path after it, and the first can still be read"
    )


def test_two_scans_come_to_the_same(make, scan) -> None:
    layers = (make.base(), make.layer(make.file("app/x.py", TOKEN), make.file("usr/bin/tool", ELF, mode=0o4755)))
    first = scan(*layers)
    assert scan(*layers) == first
    assert {"GI007", "GI027"} <= {finding.rule for finding in first.findings}


@pytest.mark.parametrize(
    ("variable", "asked", "rules"),
    [("LANG=C.UTF-8", [True, False], set()), ("DB_PASSWORD=correct-horse-battery", [True, True], {"GI002"})],
)
def test_only_a_configuration_without_secrets_is_remembered(
    make, tmp_path, monkeypatch, variable, asked, rules
) -> None:
    files = make.docker_files([make.base()], config={"Env": [variable]})
    make.archive(tmp_path / "app.tar", files)
    target = parse_image("archive:app.tar", str(tmp_path))
    options = ImageOptions(Limits(1 << 30, 10_000), memory_folder=str(tmp_path / "memory"))
    calls: list[str] = []
    monkeypatch.setattr(secrets, "credentials", lambda *given: calls.append("") or credentials(*given))
    seen = []
    for _ in asked:
        calls.clear()
        found = {finding.rule for finding in scan_image(target, options).findings} & {"GI002", "GI003", "GI006"}
        seen.append((bool(calls), found))
    assert seen == [(was_asked, rules) for was_asked in asked]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows with each walk over the files of an image."""
    made: list[str] = []
    real = walk.look_into
    monkeypatch.setattr(walk, "look_into", lambda *given: made.append("look") or real(*given))
    return made


def test_an_image_with_a_secret_is_not_walked_again_and_the_cache_shows_nothing_of_it(
    make, scan, looks, tmp_path
) -> None:
    memory = tmp_path / "memory"
    layers = (make.base(), make.layer(make.file("app/x.py", TOKEN)))
    first, second = (scan(*layers, memory_folder=str(memory)) for _ in range(2))
    assert (len(looks), second.findings) == (1, first.findings)
    (finding,) = [one for one in first.findings if one.rule == "GI027"]
    assert finding.secret is not None
    kept = b"".join(file.read_bytes() for file in memory.rglob("*") if file.is_file())
    unpacked = b"".join(_unpacked(kept))
    words = (finding.secret.hash.encode(), b"GitHub Token", TOKEN[9:-2])
    assert [word for word in words if word in kept + unpacked] == []


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what stands in the frames of zstd in some bytes."""
    for start in [found.start() for found in re.finditer(re.escape(b"\x28\xb5\x2f\xfd"), content)]:
        with suppress(zstandard.ZstdError):
            yield zstandard.ZstdDecompressor().decompressobj().decompress(content[start : start + (1 << 16)])


def test_without_the_key_an_image_with_a_secret_is_walked_again(make, scan, looks, tmp_path, monkeypatch) -> None:
    for key in ("a" * 40, "b" * 40):
        monkeypatch.setenv("GATE_CACHE_KEY", key)
        scan(make.base(), make.layer(make.file("app/x.py", TOKEN)), memory_folder=str(tmp_path / "memory"))
    assert len(looks) == 2


def test_what_looks_at_layers_is_not_loaded_for_an_image_that_is_known() -> None:
    lookers = (
        "gate.images.contents.walk",
        "gate.reachability.runtimes.walk.explore",
        "gate.secrets.sources.files",
        "importlib.metadata",
    )
    code = f"import sys, gate.images.scan; print([name for name in {lookers} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
