"""What was found out about layers is found again, unless something that it depends on has changed."""

import contextlib
import os
from pathlib import Path

import pytest

from gate.core.errors import UnreadableError
from gate.images.image_cache import ImageCache
from gate.images.sources import open_image
from gate.model import Image

LONG_AGO = 1_600_000_000


@pytest.fixture
def archive(make, tmp_path: Path):  # type: ignore[no-untyped-def]
    """An archive on disk that was written long ago, gzip inside."""
    return Path(make.archive(tmp_path / "app.tar", make.docker_files([make.base()], pack=make.gzip)))


class Later:
    """The cache of a run that begins long after all files were written."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch

    def __call__(self) -> ImageCache:
        import time

        now = time.time_ns()
        with self._monkeypatch.context() as patched:
            patched.setattr(time, "time_ns", lambda: now + 10**10)
            return ImageCache(self._folder)


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(tmp_path / "cache", monkeypatch)


def opened(archive: Path, make, cache: ImageCache) -> tuple[list[int | None], int]:  # type: ignore[no-untyped-def]
    """Return the sizes of the layers that were believed, and that of the image."""
    with open_image(Image(source="archive", reference=str(archive), name="app"), make.budget(), cache=cache) as image:
        known = cache.known_layers(image.found.layers)
        return [layer.size if layer and layer.is_believed else None for layer in known], image.size


def test_a_layer_that_was_checked_is_known_while_its_file_is_unchanged(make, archive, later) -> None:
    size = len(make.base())
    assert opened(archive, make, later()) == ([None], size)
    assert opened(archive, make, later()) == ([size], size)


def test_a_known_layer_can_be_read(make, archive, later) -> None:
    opened(archive, make, later())
    image = Image(source="archive", reference=str(archive), name="app")
    with open_image(image, make.budget(), cache=later()) as content:
        assert b"bookworm" in content.tree.read("etc/os-release")


def test_a_file_that_was_written_just_now_is_not_believed(make, archive, tmp_path) -> None:
    for _ in range(2):
        assert opened(archive, make, ImageCache(tmp_path / "cache"))[0] == [None]


def test_other_bytes_in_the_same_place_are_checked_even_with_the_old_times(make, archive, later) -> None:
    os.utime(archive, (LONG_AGO, LONG_AGO))
    opened(archive, make, later())
    content = bytearray(archive.read_bytes())
    content[content.index(b"\x1f\x8b") + 60] ^= 1
    with archive.open("r+b") as file:
        file.write(content)
    os.utime(archive, (LONG_AGO, LONG_AGO))
    with pytest.raises(UnreadableError):
        opened(archive, make, later())


def test_what_ends_in_an_error_is_not_kept(make, tmp_path, later) -> None:
    files = make.docker_files([make.base(), make.layer(make.file("x"))])
    name = list(files)[2]
    files[name] = make.layer(make.file("y"))
    path = Path(make.archive(tmp_path / "bad.tar", files))
    for _ in range(2):
        with pytest.raises(UnreadableError, match="damaged or was changed"):
            opened(path, make, later())


def test_without_a_folder_nothing_is_kept(make, archive) -> None:
    for _ in range(2):
        assert opened(archive, make, ImageCache()) == ([None], len(make.base()))


def cached_result(folder: Path, key: tuple[str, ...], value: object, *, is_kept: bool = True) -> object:
    """Return what a run that would find `value` says."""
    cache = ImageCache(folder)
    found = cache.get_or_compute(key, type(value), lambda: value, lambda _: is_kept)
    cache.store([])
    return found


@pytest.mark.parametrize(("key", "expected"), [(("a", "b"), 1), (("a", "c"), 2), (("ab",), 2), (("b", "a"), 2)])
def test_a_result_is_found_again_under_all_that_it_depends_on(tmp_path, key, expected) -> None:
    assert cached_result(tmp_path, ("a", "b"), 1) == 1
    assert cached_result(tmp_path, key, 2) == expected


def test_an_outcome_that_is_not_to_be_kept_is_looked_for_each_time(tmp_path) -> None:
    assert [cached_result(tmp_path, ("a",), number, is_kept=False) for number in (1, 2)] == [1, 2]


def test_an_outcome_of_another_shape_is_looked_for_anew(tmp_path) -> None:
    cached_result(tmp_path, ("a",), 1)
    assert cached_result(tmp_path, ("a",), "new") == "new"


def test_what_was_found_in_changed_bytes_is_never_found_again(make, tmp_path, later) -> None:
    good = make.docker_files([make.base()])
    name = next(name for name in good if name.endswith("/layer.tar"))
    changed = good | {name: make.layer(make.file("etc/os-release", b"ID=alpine\n"))}
    releases = []
    for number, files in enumerate((changed, good)):
        path = make.archive(tmp_path / f"{number}.tar", files)
        with contextlib.suppress(UnreadableError):
            releases.append(release_in(path, make, later()))
    assert releases == [make.release]


def release_in(archive: str, make, cache: ImageCache) -> bytes:  # type: ignore[no-untyped-def]
    with open_image(Image(source="archive", reference=archive, name="a"), make.budget(), cache=cache) as image:
        key = ("release", *image.config.rootfs.diff_ids)
        return cache.get_or_compute(key, bytes, lambda: image.tree.read("etc/os-release"))
