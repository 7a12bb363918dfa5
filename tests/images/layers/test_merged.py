"""Layers become one file tree as the OCI image specification says, and no entry leaves it."""

import hashlib
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.inventory.installed.inventory import read_installed
from gate.trees import EntryKind, resolve


def paths(tree) -> list[str]:  # type: ignore[no-untyped-def]
    return [entry.path for entry in tree.walk()]


def test_reads_files_in_place_with_origin_and_offset(make, layered) -> None:
    below = make.layer(make.file("a/kept", b"1"), make.file("a/changed", b"old"))
    above = make.layer(make.file("a/changed", b"new", mode=0o4755))
    tree = layered(below, above)
    assert paths(tree) == ["a/changed", "a/kept"]
    assert (tree.read("a/kept"), tree.read("a/changed")) == (b"1", b"new")
    changed = tree.look_up("a/changed")
    assert (changed.origin, changed.mode) == (make.digest(above), 0o4755)
    assert changed.place == (make.digest(above), 512)
    assert tree.look_up("a/kept").origin == make.digest(below)
    assert tree.look_up("a").kind is EntryKind.FOLDER


def test_walks_in_the_order_of_whole_paths(make, layered) -> None:
    names = ["b", "a/z", "a-b", "a.c/d", "a/b/c", "é", "a0"]
    assert paths(layered(make.layer(*map(make.file, names)))) == sorted(names)


def test_whiteout_removes_what_is_below(make, layered) -> None:
    below = make.layer(make.file("d/a"), make.file("d/b"), make.file("gone/x/y"))
    above = make.layer(make.file("d/.wh.a"), make.file(".wh.gone"))
    assert paths(layered(below, above)) == ["d/b"]


HIDES = {
    "by a whiteout": lambda make: make.file("d/.wh.key"),
    "by a whiteout of its folder": lambda make: make.file(".wh.d"),
    "by an opaque folder": lambda make: make.file("d/.wh..wh..opq"),
    "by another file": lambda make: make.file("d/key", b"new"),
    "by a file over its folder": lambda make: make.file("d", b"new"),
}


@pytest.mark.parametrize("way", HIDES)
def test_tells_what_a_later_layer_hides(make, layered, way) -> None:
    below, above = make.layer(make.file("d/key", b"old"), make.link("d/link", "key")), make.layer(HIDES[way](make))
    tree = layered(below, make.layer(make.file("else")), above)
    (hidden,) = tree.hidden_files()
    assert (hidden.entry.path, hidden.entry.origin) == ("d/key", make.digest(below))
    assert hidden.hidden_by == make.digest(above)
    assert tree.read_hidden(hidden) == b"old"
    with pytest.raises(LimitError, match="at most 2"):
        tree.read_hidden(hidden, 2)


def test_what_is_not_touched_is_not_hidden(make, layered) -> None:
    tree = layered(make.layer(make.file("d/a")), make.layer(make.folder("d"), make.file("d/b"), make.file("c/.wh.d")))
    assert list(tree.hidden_files()) == []


def test_walks_folders_too_even_empty_ones(make, layered) -> None:
    tree = layered(make.layer(make.file("a/b/c"), make.folder("empty")))
    assert sorted((folder.path, folder.mode) for folder in tree.walk_folders()) == [
        ("a", 0o755),
        ("a/b", 0o755),
        ("empty", 0o755),
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_whiteout_and_opaque_spare_their_own_layer_in_any_order(make, layered, order) -> None:
    below = make.layer(make.file("d/old"), make.file("e/old"))
    entries = [make.file("d/.wh..wh..opq"), make.file("d/new"), make.file("e/.wh.old"), make.file("e/old", b"again")]
    tree = layered(below, make.layer(*entries[::order]))
    assert paths(tree) == ["d/new", "e/old"]
    assert tree.read("e/old") == b"again"


def test_opaque_root_hides_everything(make, layered) -> None:
    assert paths(layered(make.base(), make.layer(make.file(".wh..wh..opq"), make.file("x")))) == ["x"]


@pytest.mark.parametrize("name", ["etc/.wh...", ".wh.", "var/.wh..", "./.wh...", "a/b/.wh..."])
def test_refuses_a_whiteout_that_names_no_file(make, layered, name) -> None:
    with pytest.raises(UnreadableError, match="whiteout that names no file"):
        layered(make.base(), make.layer(make.file(name)))


def test_passes_over_the_bookkeeping_of_aufs(make, layered) -> None:
    layer = make.layer(make.folder(".wh..wh.plnk"), make.file(".wh..wh.plnk/1.2"), make.file(".wh..wh.aufs"))
    assert paths(layered(layer)) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("file over folder", ["a"]),
        ("folder over file", ["a/new", "b/c"]),
        ("folder over folder", ["a/f", "a/new", "b/c"]),
    ],
)
def test_what_a_later_layer_puts_in_the_place_of_something_else(make, layered, second, expected) -> None:
    first = {
        "file over folder": make.layer(make.file("a/b/c")),
        "folder over file": make.layer(make.file("a"), make.file("b/c")),
        "folder over folder": make.layer(make.file("a/f"), make.file("b/c")),
    }
    above = make.file("a") if second == "file over folder" else make.file("a/new")
    assert paths(layered(first[second], make.layer(above))) == expected


def test_folder_entry_replaces_a_database(make, layered) -> None:
    tree = layered(make.base(), make.layer(make.folder("var/lib/dpkg/status")))
    assert tree.look_up("var/lib/dpkg/status").kind is EntryKind.FOLDER


def test_a_folder_hides_a_link_of_a_lower_layer_as_in_overlayfs(make, layered) -> None:
    below = make.layer(make.file("usr/bin/tool"), make.link("bin", "usr/bin"))
    assert paths(layered(below, make.layer(make.file("bin/other")))) == ["bin/other", "usr/bin/tool"]


def test_links_of_the_same_layer_are_followed_while_it_is_unpacked(make, layered) -> None:
    layer = make.layer(make.folder("usr/lib"), make.link("lib", "usr/lib"), make.file("lib/x", b"1"))
    tree = layered(layer)
    assert paths(tree) == ["lib", "usr/lib/x"]
    assert tree.read("lib/x") == b"1"


def test_an_absolute_link_to_a_folder_starts_at_the_root_of_the_image(make, layered) -> None:
    link = make.link("opt/app/data", "/srv/data")
    tree = layered(make.layer(make.folder("srv/data"), link, make.file("opt/app/data/x", b"1")))
    assert paths(tree) == ["opt/app/data", "srv/data/x"]
    assert tree.read("opt/app/data/x") == tree.read("srv/data/x") == b"1"


@pytest.mark.parametrize("name", ["../../../../tmp/PWNED", "a/../../b", "a/.."])
def test_refuses_dots_in_names(make, layered, name) -> None:
    with pytest.raises(UnreadableError, match=r"holds '\.\.'"):
        layered(make.layer(make.file(name, b"x")))


def test_absolute_names_start_at_the_root_of_the_image(make, layered) -> None:
    assert paths(layered(make.layer(make.file("/abs/x"), make.file("./y"), make.file("z//w")))) == ["abs/x", "y", "z/w"]


def test_links_never_leave_the_image(make, layered) -> None:
    tree = layered(
        make.layer(
            make.file("etc/passwd", b"inside"),
            make.link("absolute", "/etc/passwd"),
            make.link("out", "../../../../etc/shadow"),
            make.link("loop/a", "b"),
            make.link("loop/b", "a"),
            make.link("self", "self/x"),
        )
    )
    assert tree.read("absolute") == b"inside"
    for path in ("out", "loop/a", "self", "self/x"):
        assert resolve(tree, path) is None
        with pytest.raises(UnreadableError):
            tree.read(path)


def test_refuses_entries_below_a_file_or_a_loop(make, layered) -> None:
    for first in (make.file("a"), make.link("a", "a"), make.special("a", tarfile.CHRTYPE)):
        with pytest.raises(UnreadableError, match="no folder"):
            layered(make.layer(first, make.file("a/b")))


def test_hard_links_share_content_also_with_lower_layers(make, layered) -> None:
    below = make.layer(make.file("a", b"1"))
    above = make.layer(make.file("b", b"2"), make.hard_link("c", "b"), make.hard_link("d", "/a"), make.file("b", b"3"))
    tree = layered(below, above)
    assert [tree.read(path) for path in "abcd"] == [b"1", b"3", b"2", b"1"]
    assert tree.look_up("d").origin == make.digest(below)


@pytest.mark.parametrize("target", ["../../../../etc/passwd", "nowhere", "folder", "", "later"])
def test_refuses_hard_links_that_lead_nowhere_or_out(make, layered, target) -> None:
    layer = make.layer(make.folder("folder"), make.hard_link("hl", target), make.file("later"))
    with pytest.raises(UnreadableError):
        layered(layer)


def test_devices_and_pipes_are_never_read(make, layered) -> None:
    tree = layered(make.layer(make.special("null", tarfile.CHRTYPE), make.special("pipe", tarfile.FIFOTYPE)))
    assert [entry.kind for entry in tree.walk()] == [EntryKind.OTHER, EntryKind.OTHER]
    with pytest.raises(UnreadableError):
        tree.read("pipe")


def test_names_that_are_not_utf8_can_be_shown_and_read(make, layered) -> None:
    raw = "caf\udce9\\x"
    layer = make.layer(make.file(raw, b"1"))
    tree = layered(layer)
    assert paths(tree) == ["caf\\xe9\\x5cx"]
    assert tree.read("caf\\xe9\\x5cx") == b"1"


def test_reading_is_bounded(make, layered) -> None:
    tree = layered(make.layer(make.file("f", b"12345")))
    assert tree.read("f", 5) == b"12345"
    with pytest.raises(LimitError):
        tree.read("f", 4)


def test_folders_that_paths_imply_are_counted(make, layered) -> None:
    with pytest.raises(LimitError, match="max_entries"):
        layered(make.layer(*(make.file(f"{number}/a/b/c/d/e/f/g/h") for number in range(20))), entries=100)


@pytest.mark.one_python
def test_thousands_of_files_and_as_many_whiteouts(make, layered) -> None:
    count = 10_000
    names = [f"t/{number % 997}/{number}" for number in range(count)]
    below = make.layer(*map(make.file, names))
    above = make.layer(*(make.file(f"t/{number % 997}/.wh.{number}") for number in range(count - 1)))
    assert paths(layered(below, above)) == [names[-1]]


def test_a_file_of_debians_that_a_later_layer_changed_is_judged_as_its_own(make, layered) -> None:
    path = "usr/lib/python3/dist-packages/jinja2-2.10.dist-info/METADATA"
    status = b"Package: python3-jinja2\nVersion: 2.10-1\n"
    metadata = b"Name: Jinja2\nVersion: 2.10\n"
    sums = f"{hashlib.md5(metadata).hexdigest()}  {path}\n".encode()
    below = make.layer(
        make.file("etc/os-release", b"ID=debian\nVERSION_ID=12\n"),
        make.file("var/lib/dpkg/status", status),
        make.file("var/lib/dpkg/info/python3-jinja2.list", f"/{path}\n".encode()),
        make.file("var/lib/dpkg/info/python3-jinja2.md5sums", sums),
        make.file(path, metadata),
    )
    above = make.layer(make.file(path, b"Name: Jinja2\nVersion: 2.11\n"))
    assert {package.ecosystem for package in read_installed(layered(below)).packages} == {"Debian:12"}
    assert {package.ecosystem for package in read_installed(layered(below, above)).packages} == {"Debian:12", "PyPI"}


STEPS = st.sampled_from(["a", "b", ".wh.a", ".wh.b", ".wh..wh..opq", "c"])
ENTRIES = st.tuples(
    st.lists(STEPS, min_size=1, max_size=4).map("/".join), st.sampled_from("fdlh"), st.sampled_from("abc")
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(ENTRIES, max_size=6), max_size=3))
def test_any_layers_are_a_tree_or_an_error(make, layered, layers) -> None:
    kinds = {"f": make.file, "d": lambda name, _: make.folder(name), "l": make.link, "h": make.hard_link}
    packed = [
        make.layer(*(kinds[kind](name, t.encode() if kind == "f" else t) for name, kind, t in entries))
        for entries in layers
    ]
    try:
        tree = layered(*packed)
    except GateError:
        return
    entries = list(tree.walk())
    assert [entry.path for entry in entries] == sorted({entry.path for entry in entries})
    for entry in entries:
        assert tree.look_up(entry.path) == entry
        if entry.kind is EntryKind.FILE:
            assert len(tree.read(entry.path)) == entry.size


def test_of_two_files_with_one_path_in_a_layer_the_last_counts_and_the_first_can_still_be_read(make, layered) -> None:
    layer = make.layer(make.file("./app/key", b"first"), make.file("app/key", b"second"))
    tree = layered(make.base(), layer)
    assert tree.read("app/key") == b"second"
    (hidden,) = tree.hidden_files()
    assert (hidden.entry.path, tree.read_hidden(hidden)) == ("app/key", b"first")
    assert hidden.entry.origin == hidden.hidden_by == make.digest(layer)


def test_a_folder_and_a_file_of_one_path_in_a_layer_hide_one_another(make, layered) -> None:
    tree = layered(make.layer(make.file("a/b/c", b"1"), make.file("a/b", b"2"), make.file("d", b"3"), make.folder("d")))
    assert [entry.path for entry in tree.walk()] == ["a/b"]
    assert sorted((file.entry.path, tree.read_hidden(file)) for file in tree.hidden_files()) == [
        ("a/b/c", b"1"),
        ("d", b"3"),
    ]


def test_a_tree_tells_how_many_entries_and_folders_its_layers_have(make, layered) -> None:
    twice = make.layer(make.file("run", b""), make.file("run", b"1"))
    assert layered(twice, make.layer(make.file("app/x.py", b""))).size == 4
