"""Results on images in files that are kept from run to run: of the same files, and of no others."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate import run
from gate.model import Image, Report
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.packages import Asked, Bills, collect
from gate.pipeline.workers import Pool
from gate.settings import Settings
from tests.images.conftest import Make

pytestmark = pytest.mark.skipif(not possible().programs, reason="results are kept where workers are isolated")

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
METADATA = "usr/lib/python3/dist-packages/shop-{0}.dist-info/METADATA"


@pytest.fixture
def asked(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What workers were asked; files that were just written count as settled."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gate.core.file_stamp.SETTLED_NS", 0)
    items: list[Any] = []
    plain = Pool.run

    def noting(self: Pool, function: Callable[..., Any], more: list[Any], *shared: Any) -> Iterator[tuple[int, Any]]:
        items.extend(more)
        return plain(self, function, more, *shared)

    monkeypatch.setattr(Pool, "run", noting)
    return items


def image_with(version: str) -> dict[str, bytes]:
    """Return the files of an image with one package."""
    make = Make()
    metadata = f"Metadata-Version: 2.1\nName: shop\nVersion: {version}\n".encode()
    return make.oci_files([make.layer(make.file(METADATA.format(version), metadata))])


def archive(place: Path, version: str = "1.0") -> str:
    return f"archive:{Make().archive(place / 'app.tar', image_with(version))}"


def folder(place: Path, version: str = "1.0") -> str:
    return f"oci-dir:{Make().folder_of(place / 'app', image_with(version))}"


def listed(image: str, *, in_use: bool = False, **choices: Any) -> Bills:
    source, _, reference = image.partition(":")
    target = Image(source=source, reference=reference, name=image)
    return collect([target], Asked(settings=Settings(**choices), now=NOW, in_use=in_use))


def versions(image: str) -> list[str]:
    return [one.version for inventory in listed(image).inventories for one in inventory.packages]


@pytest.mark.parametrize("written", [archive, folder])
def test_other_files_in_the_place_of_known_ones_are_read(
    asked: list[Any], tmp_path: Path, written: Callable[[Path, str], str]
) -> None:
    image = written(tmp_path, "1.0")
    assert versions(image) == ["1.0"]
    asked.clear()
    assert versions(image) == ["1.0"]
    assert asked == []
    name = tmp_path / image.partition(":")[2]
    times = name.stat()
    shutil.rmtree(name) if name.is_dir() else name.unlink()
    assert written(tmp_path, "2.0") == image
    os.utime(name, ns=(times.st_atime_ns, times.st_mtime_ns))  # as who hides a change would
    assert versions(image) == ["2.0"]


def test_a_link_that_leads_elsewhere_is_another_image(asked: list[Any], tmp_path: Path) -> None:
    link = tmp_path / "app"
    for version in ("1.0", "2.0"):
        Make().folder_of(tmp_path / version, image_with(version))
        link.unlink(missing_ok=True)
        link.symlink_to(version)
        assert versions("oci-dir:app") == [version]


def test_blobs_behind_another_link_are_other_blobs(asked: list[Any], tmp_path: Path) -> None:
    place = tmp_path / "app"
    Make().folder_of(place, image_with("1.0"))
    shutil.copytree(place / "blobs", place / "damaged")
    for blob in (place / "damaged/sha256").iterdir():
        blob.write_bytes(b"\0" + blob.read_bytes()[1:])
    (place / "blobs").rename(place / "whole")
    (place / "blobs").symlink_to("whole")
    assert listed("oci-dir:app").errors == ()
    (place / "blobs").unlink()
    (place / "blobs").symlink_to("damaged")
    assert listed("oci-dir:app").errors != ()


def test_a_file_that_was_just_written_is_not_believed(
    asked: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.core.file_stamp.SETTLED_NS", 3_600_000_000_000)
    image = archive(tmp_path)
    listed(image)
    asked.clear()
    listed(image)
    assert asked


def test_what_is_changed_while_it_is_read_is_not_kept(
    asked: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = archive(tmp_path)
    noting = Pool.run

    def changing(self: Pool, *call: Any) -> Iterator[tuple[int, Any]]:
        yield from noting(self, *call)
        archive(tmp_path, "2.0")

    with monkeypatch.context() as changed:
        changed.setattr(Pool, "run", changing)
        assert versions(image) == ["1.0"]
    assert versions(image) == ["2.0"]


def test_another_question_is_asked(asked: list[Any], tmp_path: Path) -> None:
    image = archive(tmp_path)
    listed(image)
    for choices in ({"in_use": True}, {"cache": False}):
        asked.clear()
        listed(image, **choices)
        assert asked


def judged(image: str, **choices: Any) -> Report:
    return run(image, settings={"offline": True, **choices}, now=NOW)


def rules_of(report: Report) -> list[str]:
    return sorted(one.rule for one in report.findings)


def test_a_verdict_is_kept_and_its_secrets_are_encrypted(asked: list[Any], tmp_path: Path, own_cache: Path) -> None:
    pytest.importorskip("yara_x")
    (tmp_path / "rules").mkdir()
    rule = tmp_path / "rules/shop.yar"
    rule.write_text('rule shop { strings: $a = "nothing like it" condition: $a }')
    choices = {"stages": {"image": {"yara": [str(tmp_path / "rules")]}}}
    make = Make()
    layer = make.layer(make.file("app/settings.py", b'KEY = "AKIAQWERTYUIOPASDFGH"\n'))
    image = f"archive:{make.archive(tmp_path / 'app.tar', make.oci_files([layer]))}"
    first = judged(image, **choices)
    secrets = [one.fingerprint.encode() for one in first.findings if one.secret]
    kept = b"".join(path.read_bytes() for path in own_cache.rglob("*") if path.is_file() and "answers" in str(path))
    assert secrets
    assert kept
    assert not [one for one in secrets if one in kept]
    asked.clear()
    assert rules_of(judged(image, **choices)) == rules_of(first)
    assert asked == []
    rule.write_text('rule shop { strings: $a = "KEY" condition: $a }')
    assert rules_of(judged(image, **choices)) == sorted([*rules_of(first), "GI028"])
