"""What stands in files that are packed: own code may unpack them."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.strings.packed_texts import text_of
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

TEXT = b'{"tool": "memcached"}'


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


PACKED = {
    "zip": zipped(settings=TEXT),
    "gz": gzip.compress(TEXT, mtime=0),
    "z": zlib.compress(TEXT),
    "bz2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
}


@pytest.mark.parametrize("packed", PACKED)
def test_what_a_packed_file_of_the_image_s_own_names_is_never_unused(packed):
    name = f"settings.{packed}"
    own = make_elf(needed=["libc.so.6"], calls="execv", strings=[f"/srv/{name}"])
    found = states({**TREE, "!usr/local/bin/own": own, f"srv/{name}": PACKED[packed]}, Runtime(cmd=["own"]))
    assert [found[each].in_use for each in ("memcached", "libevent")] == [InUse.UNKNOWN] * 2
    assert found["idle"].in_use is InUse.NO


@pytest.mark.parametrize(
    "content",
    [b"plain", b"PK\3\4 damaged", PACKED["z"] + b"more", PACKED["bz2"][:-3], b"\x1f\x8b"],
)
def test_what_cannot_be_unpacked_is_left_as_it_is(content):
    assert text_of("x", content) == content


def test_texts_alone_are_read_and_archives_of_java_are_searched_elsewhere():
    content = zipped(text=b"memcached", data=b"\0memcached")
    assert text_of("x.zip", content) == b"memcached"
    assert text_of("x.jar", content) == content
    assert len(text_of("x.gz", gzip.compress(b" " * (20 << 20)))) < 1 << 20
