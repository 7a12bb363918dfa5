"""Layers can be read while they are unpacked and checked; nothing holds before they are."""

from contextlib import ExitStack

import pytest

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.images.layers.blob import LayerBlob
from gate.images.layers.scratch import GrowingSpan
from gate.images.layers.tar import members
from gate.images.layers.unpack import Unpacking
from gate.images.limits import Budget
from gate.images.sources import open_image
from gate.model import Image


def test_readers_of_a_growing_file_wait_for_what_is_not_written_yet() -> None:
    with ExitStack() as opened:
        span = GrowingSpan("layer", opened)
        seen = []

        def pieces():  # type: ignore[no-untyped-def]
            yield b"first"
            seen.append(span.read(0, 5))  # is there already
            yield b"second"

        span.fill(pieces())
        assert (seen, span.read(0, 11), span.size) == ([b"first"], b"firstsecond", 11)
        assert (span.reaches(11), span.reaches(12), span.peek(9, 100)) == (True, False, b"nd")


def test_what_ends_the_filling_is_raised_where_more_is_read_and_only_there() -> None:
    def pieces():  # type: ignore[no-untyped-def]
        yield b"some"
        raise UnreadableError("is damaged")

    with ExitStack() as opened:
        span = GrowingSpan("layer", opened)
        with pytest.raises(UnreadableError):
            span.fill(pieces())
        assert span.read(0, 4) == b"some"
        for read in (lambda: span.read(0, 5), lambda: span.size, lambda: list(span.windows(memoryview(bytearray(3))))):
            with pytest.raises(UnreadableError, match="is damaged"):
                read()


def test_windows_are_all_bytes_in_their_order(span) -> None:
    content = bytes(range(256)) * 41
    for size in (1, 7, 4096, 1 << 20):
        assert b"".join(bytes(window) for window in span(content).windows(memoryview(bytearray(size)))) == content


@pytest.mark.parametrize("pack", ["gzip", "zstd", "none"])
def test_headers_are_read_before_all_is_checked(make, span, pack) -> None:
    packer = {"gzip": make.gzip, "zstd": make.zstd, "none": bytes}[pack]
    plain = make.layer(*(make.file(f"f{number}", bytes(number)) for number in range(300)))
    with ExitStack() as opened, Unpacking(make.budget(), opened) as unpacking:
        layer = unpacking.begin(LayerBlob(span=span(packer(plain)), diff_id=make.digest(plain)))
        assert len(list(members(layer.archive, make.budget()))) == 300


def test_that_the_bytes_were_changed_is_said_rather_than_the_damage_it_did(make, tmp_path) -> None:
    files = make.docker_files([make.base()])
    name = next(name for name in files if name.endswith("/layer.tar"))
    files[name] = b"no tar archive at all".ljust(1024, b"!")
    image = Image(source="archive", reference=make.archive(tmp_path / "a.tar", files), name="a")
    with pytest.raises(UnreadableError, match="damaged or was changed"), open_image(image, make.budget()):
        pass


def test_what_was_read_of_changed_bytes_ends_in_an_error_when_the_image_is_left(make, tmp_path) -> None:
    files = make.docker_files([make.base()])
    name = next(name for name in files if name.endswith("/layer.tar"))
    files[name] = make.layer(make.file("etc/os-release", b"ID=alpine\n"))
    image = Image(source="archive", reference=make.archive(tmp_path / "a.tar", files), name="a")
    opening = open_image(image, make.budget())
    assert opening.__enter__().tree.read("etc/os-release") == b"ID=alpine\n"
    with pytest.raises(UnreadableError, match="damaged or was changed"):
        opening.__exit__(None, None, None)


def unpack_all(blobs: list[LayerBlob], budget: Budget, trouble: GateError | None = None) -> None:
    with ExitStack() as opened, Unpacking(budget, opened) as unpacking:
        for blob in blobs:
            unpacking.begin(blob)
        if trouble:
            raise trouble


def test_a_limit_ends_the_work_on_all_layers(make, span) -> None:
    large = make.layer(make.file("large", bytes(8 << 20)))
    blobs = [LayerBlob(span=span(make.gzip(large)), diff_id=make.digest(large)) for _ in range(20)]
    with pytest.raises(LimitError, match="max_size"):
        unpack_all(blobs, make.budget(size=9 << 20))


def test_another_trouble_is_not_hidden_by_what_the_layers_are(make, span) -> None:
    blob = LayerBlob(span=span(make.gzip(b"x")), diff_id=make.digest(b"y"))
    with pytest.raises(LimitError, match="of mine"):
        unpack_all([blob], make.budget(), LimitError("of mine"))
