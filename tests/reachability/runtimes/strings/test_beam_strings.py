"""Names in compiled modules of Erlang."""

import gzip
import io
import struct
import zipfile
import zlib
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.strings.beam_strings import beam_strings, read_modules
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree

CMD = ("os", "cmd")


def text(value):
    return b"k" + len(value).to_bytes(2, "big") + value.encode()


def binary(value):
    return b"m" + len(value).to_bytes(4, "big") + value.encode()


def put_in_front(letters):
    """The code of `"letters" ++ Rest`."""
    return b"".join(b"E\x09" + letter.encode() + b"\x03\x13" for letter in reversed(letters))


def chunk(name, content):
    return name + len(content).to_bytes(4, "big") + content + bytes(-len(content) % 4)


def beam(literals=(), imports=(), exports=(), atoms=(), code=b"", parts=b"", is_new=False):
    """A module as OTP 24 writes it, or as OTP 28 does."""
    names = list(dict.fromkeys([*atoms, *(name for taken in imports for name in taken), *exports]))
    known = {name: place + 1 for place, name in enumerate(names)}
    size = (lambda name: bytes([len(name) << 4])) if is_new else (lambda name: bytes([len(name)]))
    count = -len(names) if is_new else len(names)
    table = count.to_bytes(4, "big", signed=True) + b"".join(size(name) + name.encode() for name in names)
    terms = struct.pack(">I", len(literals)) + b"".join(b"\0\0\0\x09\x83" + one for one in literals)
    packed = bytes(4) + terms if is_new else len(terms).to_bytes(4, "big") + zlib.compress(terms)
    taken = b"".join(struct.pack(">III", known[module], known[name], 1) for module, name in imports)
    given_away = b"".join(struct.pack(">III", known[name], 0, 7) for name in exports)
    chunks = (
        chunk(b"AtU8", table) + chunk(b"Code", code) + chunk(b"StrT", parts)
        + chunk(b"ImpT", len(imports).to_bytes(4, "big") + taken)
        + chunk(b"ExpT", len(exports).to_bytes(4, "big") + given_away) + chunk(b"LitT", packed)
    )  # fmt: skip
    return b"FOR1" + len(chunks).to_bytes(4, "big") + b"BEAM" + chunks


def archive(entries, begin=b""):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return begin + file.getvalue()


def names(content, *wanted):
    numbers = set(array("I", read_modules(content).numbers))
    return {name for name in wanted if zlib.crc32(name.encode()) in numbers}


@pytest.mark.parametrize(
    "content",
    [
        beam([text("git")]),
        beam([b"h\2" + text("git") + text("other")]),
        beam([binary("/usr/bin/git -C x")]),
        beam([text("git")], is_new=True),
        beam(code=put_in_front("git ")),
        beam(atoms=["git"], imports=[CMD]),
        beam(atoms=["git"], imports=[CMD], is_new=True),
        beam(parts=b"/usr/bin/git clone -q ", imports=[CMD]),
        beam(parts=b"donegit", imports=[CMD]),
        gzip.compress(beam([text("git")]), mtime=0),
        archive({"shop-1/ebin/shop.beam": beam([text("git")])}),
        archive({"shop.beam": beam([text("git")])}, begin=b"#! /usr/bin/env escript\n%%! -hidden\n"),
    ],
)
def test_a_module_names_what_stands_in_its_strings(content):
    assert names(content, "git", "svn") == {"git"}


@pytest.mark.parametrize(
    "content",
    [
        beam(atoms=["git"]),
        beam(imports=[CMD, ("git", "clone")]),
        beam(exports=["git"], imports=[CMD]),
        beam(parts=b"git "),
        beam([text("it was not the git that is meant here")]),
        b"a text that names git\n",
        b"",
    ],
)
def test_atoms_and_parts_count_only_in_modules_that_start_programs_and_functions_never(content):
    assert names(content, "git") == set()


def test_what_a_module_loads_by_its_path_is_a_library_without_ending():
    content = beam([text("/opt/shop/priv/codec"), text("idle")], imports=[("erlang", "load_nif")])
    assert names(content, "codec.so", "codec") == {"codec.so", "codec"}
    assert names(beam([text("/opt/shop/priv/codec")]), "codec.so") == set()


def test_paths_are_kept():
    assert read_modules(beam([text("/usr/lib/shop/helper"), text("/a\0b"), binary("no/path")])).paths == (
        "/usr/lib/shop/helper",
    )


@pytest.mark.parametrize(
    "content",
    [
        beam([text("git")])[:-9],
        gzip.compress(beam(), mtime=0)[:-12],
        beam(imports=[CMD]).replace(struct.pack(">III", 1, 2, 1), struct.pack(">III", 9, 9, 1)),
        archive({"a.beam": beam([text("git")])[:-9]}),
        beam([b"k\x1f\xff" * 20_000]),
        beam([binary("a" * (17 << 20))]),
    ],
)
def test_what_is_damaged_is_not_read(content):
    assert not read_modules(content).is_read


@given(st.integers(0, 150), st.binary(max_size=8), st.booleans())
def test_a_damaged_module_ends_nothing(place, more, is_new):
    content = beam([text("a"), binary("b")], [CMD], code=put_in_front("x "), is_new=is_new)
    assert read_modules(content[:place] + more + content[place:]) is not None


def test_a_module_of_an_image_is_read():
    files = Files(SmallTree({"opt/shop.beam": beam([text("git")])}))
    assert zlib.crc32(b"git") in set(array("I", beam_strings("opt/shop.beam", files).numbers))
