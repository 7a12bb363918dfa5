"""Compressed layers are unpacked within bounds, and every byte is checked."""

import contextlib
import gzip
import sys
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.images.layers.blob import LayerBlob
from gate.images.layers.compression import unpacked
from gate.images.layers.unpack import Unpacking

pytestmark = pytest.mark.every_python

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def unpack(make, span):  # type: ignore[no-untyped-def]
    """Return a function that unpacks a blob; by default all digests are right."""
    with ExitStack() as opened:

        def of(packed: bytes, plain: bytes, *, digest: str | None = None, diff_id: str | None = None, size=1 << 30):  # type: ignore[no-untyped-def]
            blob = LayerBlob(
                span=span(packed), digest=digest or make.digest(packed), diff_id=diff_id or make.digest(plain)
            )
            with Unpacking(make.budget(size=size), opened) as unpacking:
                archive = unpacking.begin(blob).archive
            return archive.read(0, archive.size)

        yield of


@pytest.fixture(params=["isal", "zlib"])
def gzip_engine(request, monkeypatch) -> str:
    """Both readers of gzip: zlib is what there is where ISA-L has no wheel."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal", None)
    return request.param


@QUICK
@given(parts=st.lists(st.binary(max_size=3000), min_size=1, max_size=3), cut=st.integers(1, 8))
def test_both_readers_of_gzip_see_whole_cut_and_changed_streams(make, span, gzip_engine, parts, cut) -> None:
    packed = b"".join(map(make.gzip, parts))
    assert b"".join(unpacked(span(packed)) or ()) == b"".join(parts)
    with pytest.raises(UnreadableError, match="truncated"):
        list(unpacked(span(packed[:-cut])) or ())
    changed = bytearray(packed)
    changed[-cut] ^= 1  # in the checksum or the length, with which a member ends
    with pytest.raises(UnreadableError, match="damaged"):
        list(unpacked(span(bytes(changed))) or ())


@pytest.mark.parametrize("pack", ["gzip", "zstd", "none"])
@QUICK
@given(parts=st.lists(st.binary(min_size=1, max_size=3000), min_size=1, max_size=3))
def test_unpacks_one_or_several_streams(make, unpack, pack, parts) -> None:
    packer = {"gzip": make.gzip, "zstd": make.zstd, "none": bytes}[pack]
    plain = b"\0" + b"".join(parts) if pack == "none" else b"".join(parts)
    packed = plain if pack == "none" else b"".join(map(packer, parts))
    assert unpack(packed, plain) == plain


def test_a_layer_larger_than_a_chunk(make, unpack) -> None:
    plain = bytes(range(256)) * 20_000
    for pack in (make.gzip, make.zstd):
        assert unpack(pack(plain), plain) == plain


def test_zstd_skippable_frames_are_passed_over(make, unpack) -> None:
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    assert unpack(skippable + make.zstd(b"content") + skippable, b"content") == b"content"


def test_an_uncompressed_layer_is_read_where_it_lies(make, span) -> None:
    source = span(make.base())
    with ExitStack() as opened:
        blob = LayerBlob(span=source, diff_id=make.digest(make.base()))
        with Unpacking(make.budget(), opened) as unpacking:
            assert unpacking.begin(blob).archive is source


@pytest.mark.parametrize("pack", ["gzip", "zstd", "none"])
def test_refuses_tampered_bytes(make, unpack, pack) -> None:
    packer = {"gzip": make.gzip, "zstd": make.zstd, "none": bytes}[pack]
    good, bad = make.base(), make.layer(make.file("x", b"tampered"))
    with pytest.raises(UnreadableError, match="damaged or was changed"):
        unpack(packer(bad), good, digest=make.digest(packer(good)))
    with pytest.raises(UnreadableError, match="damaged or was changed"):
        unpack(packer(bad), good)


@pytest.mark.parametrize("kind", [0x51, 0x5F])
def test_every_kind_of_skippable_frame_begins_a_zstd_stream(make, unpack, kind: int) -> None:
    skippable = bytes([kind]) + b"\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    assert unpack(skippable + make.zstd(b"content"), b"content") == b"content"


@pytest.mark.parametrize("is_packed", [False, True])
def test_waiting_for_the_layers_says_which_is_not_what_its_digest_says(make, span, is_packed: bool) -> None:
    plain = make.base()
    source = span(make.gzip(plain) if is_packed else plain)
    wrong = LayerBlob(span=source, diff_id=make.digest(b"another"))
    right = LayerBlob(span=source, diff_id=make.digest(plain), digest=make.digest(source.read(0, source.size)))
    with ExitStack() as opened:
        with Unpacking(make.budget(), opened) as unpacking:
            unpacking.verify(right)
            unpacking.settle()
        unpacking = Unpacking(make.budget(), opened)
        unpacking.verify(wrong)
        with pytest.raises(UnreadableError, match="damaged or was changed"):
            unpacking.settle()


@pytest.mark.parametrize("pack", ["gzip", "zstd"])
@pytest.mark.parametrize("keep", [1, 12, 40, -1])
def test_refuses_truncated_streams(make, unpack, pack, keep) -> None:
    packed = getattr(make, pack)(make.base())
    with pytest.raises(UnreadableError):
        unpack(packed[: max(keep, 4) if keep > 0 else keep], make.base())


def test_refuses_garbage_after_a_gzip_stream(make, unpack) -> None:
    with pytest.raises(UnreadableError, match=r"damaged|does not end"):
        unpack(make.gzip(b"content") + b"garbage", b"content")


@pytest.mark.parametrize(
    ("magic", "name"), [(b"BZh91AY", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"\x04\x22\x4d\x18", "lz4")]
)
def test_refuses_unknown_compressions(unpack, magic, name) -> None:
    with pytest.raises(UnreadableError, match=name):
        unpack(magic + bytes(100), b"")


@pytest.mark.parametrize("digest", ["sha256:abc", "md5:" + "0" * 32, "", "sha256:" + "A" * 64, "../../etc/passwd"])
def test_refuses_what_is_no_digest(unpack, digest) -> None:
    with pytest.raises(UnreadableError, match="neither sha256 nor sha512"):
        unpack(b"content", b"content", diff_id=digest or "sha256:")


def test_a_gzip_bomb_meets_the_ratio_limit(make, unpack) -> None:
    bomb = gzip.compress(bytes(100 << 20), 9, mtime=0)
    with pytest.raises(LimitError, match="ratio limit"):
        unpack(bomb, b"")


def test_a_zstd_bomb_meets_the_ratio_limit(make, unpack) -> None:
    with pytest.raises(LimitError, match="ratio limit"):
        unpack(make.zstd(bytes(100 << 20)), b"")


def test_a_large_layer_meets_the_size_limit(make, unpack) -> None:
    for pack in (make.gzip, bytes):
        with pytest.raises(LimitError, match="max_size"):
            unpack(pack(bytes(2 << 20)), b"", size=1 << 20)


def test_a_zstd_frame_with_a_huge_window_is_refused(unpack) -> None:
    header = b"\x28\xb5\x2f\xfd" + b"\x00" + bytes([(31 - 10) << 3])
    with pytest.raises(UnreadableError, match="damaged"):
        unpack(header + b"\x01\x00\x00", b"")


@QUICK
@given(st.sampled_from([b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x52\x2a\x4d\x18"]), st.binary(max_size=200))
def test_any_bytes_are_unpacked_or_an_error_of_ours(span, magic, rest) -> None:
    with contextlib.suppress(GateError):
        list(unpacked(span(magic + rest)) or ())
