"""Packages alone, and what of a run is kept for the next one."""

from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import UnreadableError
from gate.images import package_list
from gate.images.access import Access
from gate.images.limits import Limits
from gate.images.package_list import ImagePackages, ListOptions, list_packages
from gate.images.reference import parse_image
from gate.images.scan import ImageOptions, scan_image

LIMITS = Limits(1 << 30, 10_000)


@pytest.fixture
def listed(make: Any, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that lists the packages of an image of one layer with the cache of earlier calls."""
    make.archive(tmp_path / "app.tar", make.docker_files([make.base()]))
    target = parse_image("archive:app.tar", str(tmp_path))
    assert target is not None

    def look(memory: str | None = str(tmp_path / "memory"), **options: Any) -> ImagePackages:
        return list_packages(target, ListOptions(LIMITS, **options), Access(), memory)

    look.target = target  # type: ignore[attr-defined]
    return look


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows with each inventory that is made."""
    made: list[str] = []
    real = package_list.read_installed
    monkeypatch.setattr(package_list, "read_installed", lambda *given: made.append("read") or real(*given))
    return made


def test_the_packages_of_known_layers_are_not_looked_for_again(listed, reads) -> None:
    first = listed()
    assert [package.name for package in first.packages] == ["bash"]
    assert listed() == first
    assert len(reads) == 1


def test_without_a_folder_nothing_is_kept(listed, reads) -> None:
    assert listed(None) == listed(None)
    assert len(reads) == 2


def test_other_paths_are_another_question(listed, reads) -> None:
    listed()
    assert listed(ignore=("var/**",)).packages == ()
    assert len(reads) == 2


def test_a_scan_and_a_list_share_what_they_know(listed, reads, tmp_path) -> None:
    scan = scan_image(listed.target, ImageOptions(LIMITS, memory_folder=str(tmp_path / "memory")))
    assert listed().packages == scan.packages
    assert len(reads) == 1


def test_a_layer_that_is_damaged_is_an_error_though_its_packages_are_known(listed, make, tmp_path) -> None:
    listed()
    files = make.docker_files([make.base()])
    name = next(name for name in files if name.endswith("/layer.tar"))
    make.archive(tmp_path / "app.tar", files | {name: files[name].replace(b"bash", b"dash")})
    with pytest.raises(UnreadableError):
        listed()
