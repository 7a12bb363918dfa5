"""An image's configuration: absent parts, null parts, and what is no configuration."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.images.config import decode_config

ROOTFS = b'"rootfs": {"type": "layers", "diff_ids": []}'


def test_everything_may_be_absent_or_null() -> None:
    assert decode_config(b"{%s}" % ROOTFS, "config").runtime.env is None
    content = (
        b'{"config": {"Env": null, "ExposedPorts": null, "Labels": null, "Healthcheck": null}, "history": null, %s}'
    )
    assert decode_config(content % ROOTFS, "config").runtime.user is None


@pytest.mark.parametrize("layers", [b"", b', "diff_ids": null', b', "diff_ids": []'])
def test_an_image_may_have_no_layers(layers: bytes) -> None:
    content = b'{"rootfs": {"type": "layers"%s}}' % layers
    assert decode_config(content, "config").rootfs.diff_ids == []


def test_platform() -> None:
    content = b'{"os": "linux", "architecture": "arm", "variant": "v7", %s}'
    assert decode_config(content % ROOTFS, "config").platform == "linux/arm/v7"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"rootfs": {"type": "ostree", "diff_ids": []}}',
        b'{"rootfs": {"type": "layers", "diff_ids": [5]}}',
        b'{"config": {"Env": [5]}, "rootfs": {"type": "layers", "diff_ids": []}}',
        b'{"a": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_configuration(content: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode_config(content, "blobs/sha256/0")
    assert caught.value.path == "blobs/sha256/0"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_refused_or_decoded(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode_config(content, "config")
