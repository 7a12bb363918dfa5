"""Programs of Go and Rust, as small ELF files made here; real ones are read the same."""

import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.inventory.installed import cargo_auditable, programs

GUARD = b"0123456789abcdef"
MODULES = (
    "path\texample.com/shop\n"
    "mod\texample.com/shop\t(devel)\t\n"
    "dep\tgolang.org/x/net\tv0.7.0\th1:00=\n"
    "dep\texample.com/old\tv1.0.0\n"
    "=>\texample.com/new\tv1.5.0\th1:00=\n"
    "build\tCGO_ENABLED=0\n"
)
AUDIT = {
    "packages": [
        {"name": "shop", "version": "0.1.0", "source": "local", "dependencies": [1, 3], "root": True},
        {"name": "serde", "version": "1.0.0", "source": "crates.io", "dependencies": [2]},
        {"name": "libc", "version": "0.2.0", "source": "crates.io"},
        {"name": "cc", "version": "1.0.1", "source": "crates.io", "kind": "build"},
        {"name": "own", "version": "1", "source": "git"},
    ]
}
BASE = 0x400000


def elf(sections: dict[str, bytes], order: str = "<", *, wide: bool = True, named: bool = True) -> bytes:
    """Write an ELF file with one writable segment that is the whole file at address `BASE`."""
    head_size, segment_size, section_size = (64, 56, 64) if wide else (52, 32, 40)
    names = b"\0" + b"".join(name.encode() + b"\0" for name in sections) + b".names\0"
    body, places = b"", []
    start = head_size + segment_size
    start += -start % 16
    for content in sections.values():
        places.append(start + len(body))
        body += content + b"\0" * (-len(content) % 16)
    body += b"\0" * max(0, programs._SMALLEST - start - len(body))
    names_at = start + len(body)
    table_at = names_at + len(names)
    word = "Q" if wide else "I"

    def section(name: str, type: int, offset: int, size: int) -> bytes:
        where = names.find(name.encode() + b"\0") if name else 0
        row = struct.pack(order + "II" + 4 * word, where, type, 1, BASE + offset, offset, size)
        return row + b"\0" * (section_size - len(row))

    rows = [section("", 0, 0, 0)]
    rows += [section(name, 1, at, len(sections[name])) for name, at in zip(sections, places, strict=True)]
    rows.append(section(".names", 3, names_at, len(names)))
    table = b"".join(rows) if named else b""
    size = table_at + len(table)
    if wide:
        segment = struct.pack(order + "IIQQQQQQ", 1, 6, 0, BASE, BASE, size, size, 4096)
    else:
        segment = struct.pack(order + "IIIIIIII", 1, 0, BASE, BASE, size, size, 6, 4096)
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + b"\0" * 9
    head = ident + struct.pack(
        order + "HHI" + 3 * word + "IHHHHHH",
        2, 62, 1, 0, head_size, table_at if named else 0,
        0, head_size, segment_size, 1, section_size, len(rows) if named else 0, len(rows) - 1 if named else 0,
    )  # fmt: skip
    return (head + segment).ljust(start, b"\0") + body + names + table


def counted(text: bytes) -> bytes:
    size, varint = len(text), b""
    while size >= 0x80:
        varint += bytes([size & 0x7F | 0x80])
        size >>= 7
    return varint + bytes([size]) + text


def inline(go: str = "go1.21.5", modules: str = MODULES) -> bytes:
    """Write what Go notes since 1.18."""
    header = b"\xff Go buildinf:" + bytes([8, 2]) + b"\0" * 16
    return header + counted(go.encode()) + counted(GUARD + modules.encode() + GUARD if modules else b"")


def pointed(order: str, wide: bool) -> bytes:
    """Write what Go noted before 1.18, for a section that is the first of its file."""
    kind, size = ("Q", 8) if wide else ("I", 4)
    start = 128 if wide else 96
    go, modules = b"go1.16.3", GUARD + MODULES.encode() + GUARD
    texts = BASE + start + 32 + 4 * size
    pointers = struct.pack(order + 2 * kind, BASE + start + 32, BASE + start + 32 + 2 * size)
    rows = struct.pack(order + 4 * kind, texts, len(go), texts + len(go), len(modules))
    header = b"\xff Go buildinf:" + bytes([size, 1 if order == ">" else 0]) + pointers
    return header.ljust(32, b"\0") + rows + go + modules


def rust(audit: Any = AUDIT) -> bytes:
    return zlib.compress(json.dumps(audit).encode())


def told(content: bytes) -> list[tuple[str, str]]:
    return [(package.name, package.version) for package in programs.read(content, "bin/app", None)]


OF_GO = [("golang.org/x/net", "v0.7.0"), ("example.com/new", "v1.5.0")]


def test_a_program_of_go() -> None:
    assert told(elf({".go.buildinfo": inline()})) == [("stdlib", "1.21.5"), *OF_GO]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("wide", [True, False])
def test_an_old_program_of_go_has_pointers(order: str, wide: bool) -> None:
    assert told(elf({".go.buildinfo": pointed(order, wide)}, order, wide=wide)) == [("stdlib", "1.16.3"), *OF_GO]


def test_a_program_without_sections_is_searched() -> None:
    assert told(elf({"x": inline()}, named=False)) == [("stdlib", "1.21.5"), *OF_GO]


def test_a_program_without_modules_is_still_of_go() -> None:
    assert told(elf({".go.buildinfo": inline(modules="")})) == [("stdlib", "1.21.5")]


@pytest.mark.parametrize(
    ("go", "version"), [("go1.22", "1.22.0"), ("go1.21rc2", "1.21.0-rc.2"), ("go1.20.1 X:boringcrypto", "1.20.1")]
)
def test_versions_of_go(go: str, version: str) -> None:
    assert told(elf({".go.buildinfo": inline(go)}))[0] == ("stdlib", version)


def test_the_main_module_counts_where_it_has_a_version() -> None:
    modules = "mod\texample.com/tool\tv1.2.3+dirty\th1:00=\n"
    assert told(elf({".go.buildinfo": inline(modules=modules)}))[1:] == [("example.com/tool", "v1.2.3")]


def test_a_program_of_rust() -> None:
    found = list(programs.read(elf({".dep-v0": rust()}), "bin/app", None))
    assert [(p.name, p.version, p.scope.value, p.direct, p.via) for p in found] == [
        ("serde", "1.0.0", "runtime", True, ()),
        ("libc", "0.2.0", "runtime", False, ("serde",)),
    ]


def test_only_what_may_be_executed_is_looked_into(make_tree, tmp_path: Path) -> None:
    from gate.inventory.installed.inventory import read_installed
    from gate.trees import open_tree

    content = elf({".go.buildinfo": inline()})
    tree = make_tree({"bin/app": content, "lib/app.o": content, "bin/script": "#!/bin/sh\n" * 10_000})
    for name in ("bin/app", "bin/script"):
        os.chmod(tmp_path / "tree" / name, 0o755)
    found = read_installed(open_tree(tree))
    assert {package.path for package in found.packages} == {"bin/app"}
    assert found.errors == ()


def test_a_real_library_of_go() -> None:
    dockerfile = pytest.importorskip("dockerfile", reason="no library of Go is installed")
    found = dict(told(Path(dockerfile.__file__).read_bytes()))
    assert found["stdlib"].startswith("1.")
    assert found["github.com/moby/buildkit"].startswith("v0.")


def test_a_program_that_the_distribution_owns_is_judged_as_the_distributions(make_tree, tmp_path: Path) -> None:
    from gate.inventory.installed.inventory import read_installed
    from gate.trees import open_tree

    content = elf({".go.buildinfo": inline()})
    tree = make_tree(
        {
            "etc/os-release": "ID=debian\nVERSION_ID=12\n",
            "var/lib/dpkg/status": "Package: tool\nVersion: 1-1\n",
            "var/lib/dpkg/info/tool.list": "/usr/bin/tool\n",
            "var/lib/dpkg/info/tool.md5sums": f"{'0' * 32}  usr/bin/tool\n",
            "usr/bin/tool": content,
            "opt/tool": content,
        }
    )
    for name in ("usr/bin/tool", "opt/tool"):
        os.chmod(tmp_path / "tree" / name, 0o755)
    found = read_installed(open_tree(tree))
    assert {package.path for package in found.packages} == {"opt/tool", "var/lib/dpkg/status"}
    assert found.owned == 0


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n" * 10_000, b"\x7fELF", elf({".text": b"x"})])
def test_other_programs_say_nothing(content: bytes) -> None:
    assert told(content) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x7fELF" + b"\xff" * (64 << 10), "a program whose tables are not where its header says"),
        (elf({".go.buildinfo": inline("devel")}), "does not say by which version it was built"),
        (elf({".go.buildinfo": inline()[:40]}), "reaches beyond its place"),
        (elf({".go.buildinfo": inline(modules="=>\ta\tv1\n")}), "list of modules is broken"),
        (elf({".go.buildinfo": inline(modules="dep\ta\x1b\tv1\n")}), "empty, too long or not printable"),
        (elf({".dep-v0": b"rubbish"}), "is not packed by zlib"),
        (elf({".dep-v0": zlib.compress(b"{}")}), "missing required field `packages`"),
        (elf({".dep-v0": rust({"packages": [{"name": "a", "version": "1", "dependencies": [9]}]})}), "does not list"),
    ],
)
def test_a_damaged_program_is_an_error(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        told(content)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(LimitError, match=r"more than 8,388,608 bytes in the section \.dep-v0"):
        told(elf({".dep-v0": zlib.compress(b" " * (cargo_auditable.MAX_BYTES + 1))}))


PROGRAMS = [elf({".go.buildinfo": inline(), ".dep-v0": rust()}), elf({".go.buildinfo": pointed("<", True)})]


@settings(max_examples=150, deadline=None)
@given(
    program=st.integers(0, 1),
    places=st.lists(st.integers(0, 900) | st.integers(-400, -9), min_size=1, max_size=3),
    noise=st.binary(min_size=1, max_size=8),
)
def test_any_damage_is_packages_or_an_error(program: int, places: list[int], noise: bytes) -> None:
    damaged = bytearray(PROGRAMS[program])
    for place in places:
        damaged[place : place + len(noise)] = noise
    try:
        told(bytes(damaged))
    except GateError:
        return
