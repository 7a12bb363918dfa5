"""Go: which functions are in a program, and what that says of an advisory that names some."""

import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Finding, InUse, Location, Package, Severity, Vulnerability
from gate.reachability.runtimes.judge import with_functions
from gate.reachability.runtimes.languages.go import Functions, functions_in, numbers_of, spellings
from tests.inventory.installed.test_programs import elf
from tests.reachability.runtimes.conftest import SmallTree

NAMES = (
    "runtime.main",
    "main.main",
    "net/http.(*Server).Serve",
    "gopkg.in/yaml%2ev3.(*Node).Decode.func1",
    "a/b.Map[...].Get",
)


def table(names: tuple[str, ...], mark: int = 0xFFFFFFF1, words: int = 3) -> bytes:
    """Write a table of functions as Go's linker does: a header, the names, and what follows them."""
    text = b"".join(name.encode() + b"\0" for name in names)
    start = 8 + 8 * (words + 2)
    head = struct.pack("<IHBB", mark, 0, 1, 8) + struct.pack(f"<{words}Q", *[0] * words)
    return head + struct.pack("<2Q", start, start + len(text)) + text + b"later.Name\0"


def functions(*names: str, **shape: int) -> Functions:
    numbers = numbers_of(elf({".gopclntab": table(names, **shape)}), "app")
    assert numbers is not None
    return Functions(numbers)


@pytest.mark.parametrize(
    ("linked", "name"),
    [
        ('a/b.(*Cache[go.shape.string,go.shape.struct { X int "json:\\"x y\\"" }]).Get', "a/b.Cache.Get"),
        ("a/b.Map[go.shape.struct { F func([]int) }]", "a/b.Map"),
        ("a/b.Map[github.com/x/y.T].func1", "a/b.Map"),
        ("a/b.(*Node).Walk-fm", "a/b.Node.Walk"),
    ],
)
def test_what_a_generic_function_is_made_for_is_no_part_of_its_name(linked, name):
    assert functions("runtime.main", linked).has(name)


def test_a_table_without_the_runtime_says_nothing():
    assert numbers_of(elf({".gopclntab": table(("a1b2.Xy", "main.main"))}), "app") is None


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("net/http.Server.Serve", True),
        ("net/http", True),
        ("gopkg.in/yaml.v3.Node.Decode", True),
        ("gopkg.in/yaml.v3", True),
        ("a/b.Map", True),
        ("main.main", True),
        ("net/http.Server.Close", False),
        ("net", False),
        ("http.Server.Serve", False),
        ("later.Name", False),
    ],
)
@pytest.mark.parametrize("shape", [{}, {"mark": 0xFFFFFFF0}, {"mark": 0xFFFFFFFA, "words": 2}])
def test_a_function_is_there_if_the_table_names_it(name, is_there, shape):
    assert functions(*NAMES, **shape).has(name) is is_there


def test_the_names_of_old_programs_lie_anywhere_in_the_table():
    names = b"\x01\x02\0runtime.main\0net/http.Get\0\x05"
    content = elf({".gopclntab": struct.pack("<IHBB", 0xFFFFFFFB, 0, 1, 8) + names})
    assert Functions(numbers_of(content, "app") or b"").has("net/http.Get")


@pytest.mark.parametrize(
    ("linked", "names"),
    [
        ("net/http.Get", ["net/http", "net/http.Get"]),
        ("x/y.T.M", ["x/y", "x/y.T", "x/y.T.M"]),
        ("x/y.(*T).M-fm", ["x/y", "x/y.T", "x/y.T.M"]),
        ("vendor/golang.org/x/net/idna.New", ["golang.org/x/net/idna", "golang.org/x/net/idna.New"]),
        ("go:buildid", []),
    ],
)
def test_names_of_the_linker_are_spelt_as_advisories_do(linked, names):
    assert list(spellings(linked)) == names


@pytest.mark.parametrize(
    "content",
    [b"#!/bin/sh", elf({}), elf({".gopclntab": b""}), elf({".gopclntab": b"\0" * 80}), elf({".gopclntab": table(())})],
)
def test_a_program_without_the_table_tells_nothing(content):
    assert numbers_of(content, "app") is None
    assert functions_in(["app"], SmallTree({"app": content})) == {}


def test_a_program_that_cannot_be_read_tells_nothing_and_the_others_do():
    contents = {"broken": b"\x7fELF", "app": elf({".gopclntab": table(NAMES)})}
    assert set(functions_in(contents, SmallTree(contents))) == {"app"}


def finding(*symbols: str) -> Finding:
    package = Package(name="stdlib", version="1.20", ecosystem="Go", purl="pkg:golang/stdlib@1.20", path="app")
    return Finding(
        stage="image", rule="GO-1", severity=Severity.HIGH, title="t", message="m", fingerprint="f",
        location=Location(target="i"), package=package, vulnerability=Vulnerability(id="GO-1", symbols=symbols),
        in_use=InUse.YES, in_use_evidence=("runs app",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("symbols", "in_use", "evidence"),
    [
        (("net/http.Get",), InUse.NO, "the advisory names net/http.Get, and none of it is in app"),
        (
            ("net/http.Get", "net/http.Server.Serve"),
            InUse.YES,
            "net/http.Server.Serve, which the advisory names, is in app",
        ),
        (
            ("p.a", "p.b", "p.c", "p.d"),
            InUse.NO,
            "the advisory names p.a, p.b, p.c and 1 more, and none of it is in app",
        ),
    ],
)
def test_a_vulnerability_is_not_in_use_if_none_of_its_functions_is_there(symbols, in_use, evidence):
    judged = with_functions(finding(*symbols), functions(*NAMES))
    assert (judged.in_use, judged.in_use_evidence[-1]) == (in_use, evidence)


def test_without_names_or_table_the_answer_stays():
    unnamed = finding()
    assert with_functions(unnamed, functions(*NAMES)) is unnamed
    named = finding("net/http.Get")
    assert with_functions(named, None) is named


@given(st.binary(max_size=200), st.sampled_from([0xFFFFFFF1, 0xFFFFFFFA, 0xFFFFFFFB]))
def test_any_table_is_read(tail, mark):
    numbers_of(elf({".gopclntab": struct.pack("<I", mark) + tail}), "app")


@given(st.binary(max_size=300))
def test_any_damage_is_read_or_refused(tail):
    contents = {"broken": b"\x7fELF" + tail, "app": elf({".gopclntab": table(NAMES)})}
    assert "app" in functions_in(contents, SmallTree(contents))


def test_numbers_cross_the_border_of_processes():
    numbers = numbers_of(elf({".gopclntab": table(NAMES)}), "app")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(numbers), type=bytes) == numbers
