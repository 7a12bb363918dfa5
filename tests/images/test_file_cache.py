"""What was told of a file is told again of that content in that place, and of nothing else.

Goes through `gate/trees/memo.py`.
"""

from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from gate.core.errors import LimitError
from gate.images.image_cache import ImageCache
from gate.images.layers.blob import Layer
from gate.images.layers.merged import LayeredTree
from gate.images.layers.span import Span
from gate.images.limits import Budget, Limits
from gate.trees.memo import Analysis, analysed


def in_upper_case(content: bytes) -> str:
    return content.decode().upper()


NAMES = Analysis("names", str, in_upper_case)


class Layers:
    """Layers that are read, or of which only the headers are known: whoever reads them fails the test."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self._folder = folder
        self._opened = opened

    def tree(self, diff_id: str, content: bytes, *, entries: int = 1000) -> LayeredTree:
        path = self._folder / "layer.tar"
        path.write_bytes(content)
        span = Span.of_file(self._opened.enter_context(path.open("rb")), "layer")
        return self._tree(diff_id, span, entries)

    def known(self, diff_id: str, *, entries: int = 1000) -> LayeredTree:
        return self._tree(diff_id, _Closed(), entries)

    def keep(self, tree: LayeredTree) -> None:
        tree.file_cache.flush()
        self._cache.store([])

    def _tree(self, diff_id: str, span: Span, entries: int) -> LayeredTree:
        self._cache = ImageCache(self._folder / "cache")
        return LayeredTree([Layer(diff_id=diff_id, archive=span)], Budget(Limits(1 << 20, entries)), self._cache)


class _Closed(Span):
    """Bytes that nobody may read."""

    name = "closed"

    def __init__(self) -> None:
        pass

    def peek(self, start: int, size: int) -> bytes:
        pytest.fail("the layer was read")


@pytest.fixture
def layers(tmp_path: Path):  # type: ignore[no-untyped-def]
    with ExitStack() as opened:
        yield Layers(tmp_path, opened)


def upper(tree: LayeredTree, path: str, analysis: Analysis[str] = NAMES, limit: int = 100) -> str:
    return analysed(tree, path, analysis, limit)


def test_a_known_layer_is_listed_and_told_of_without_its_bytes(make, layers) -> None:
    entries = [make.folder("etc"), make.file("etc/a", b"one"), make.link("b", "etc/a"), make.file("etc/.wh.c")]
    read = layers.tree("sha256:1", make.layer(*entries))
    assert (upper(read, "etc/a"), upper(read, "b")) == ("ONE", "ONE")
    layers.keep(read)
    known = layers.known("sha256:1")
    assert list(known.walk()) == list(read.walk())
    assert (upper(known, "etc/a"), upper(known, "b")) == ("ONE", "ONE")


@pytest.mark.parametrize(
    ("path", "analysis"),
    [
        ("other", NAMES),
        ("a", Analysis("sizes", str, in_upper_case)),
        ("a", Analysis("names", str, in_upper_case, ("v2",))),
    ],
)
def test_what_was_not_asked_before_is_read(make, layers, path: str, analysis: Analysis[str]) -> None:
    read = layers.tree("sha256:1", make.layer(make.file("a", b"one"), make.file("other", b"two")))
    upper(read, "a")
    layers.keep(read)
    with pytest.raises(pytest.fail.Exception, match="was read"):
        upper(layers.known("sha256:1"), path, analysis)


def test_two_files_of_one_path_are_told_apart(make, layers) -> None:
    tree = layers.tree("sha256:1", make.layer(make.file("a", b"one"), make.file("a", b"two")))
    (hidden,) = tree.hidden_files()
    assert tree.analysed_hidden(hidden, NAMES) == "ONE"
    assert upper(tree, "a") == "TWO"


def test_bounds_hold_for_what_is_known(make, layers) -> None:
    read = layers.tree("sha256:1", make.layer(*(make.file(f"long/{number}", b"one") for number in range(9))))
    upper(read, "long/1")
    layers.keep(read)
    with pytest.raises(LimitError, match="at most 2 are read"):
        upper(layers.known("sha256:1"), "long/1", limit=2)
    assert layers.known("sha256:1", entries=10).size == read.size
    with pytest.raises(LimitError, match="more than 9 entries"):
        layers.known("sha256:1", entries=9)


def test_what_cannot_be_told_is_asked_again(make, layers) -> None:
    def refuse(_: bytes) -> str:
        raise LimitError("is too much")

    for content in (b"one", b"two"):
        tree = layers.tree("sha256:1", make.layer(make.file("a", content)))
        with pytest.raises(LimitError, match="too much"):
            analysed(tree, "a", Analysis("names", str, refuse))
        layers.keep(tree)


def test_entries_of_all_parts_are_known(make, layers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.images.layers.header_cache._AT_ONCE", 2)
    read = layers.tree("sha256:1", make.layer(*(make.file("d" * 150 + str(number)) for number in range(5))))
    layers.keep(read)
    known = layers.known("sha256:1", entries=15)
    assert (list(known.walk()), known.size) == (list(read.walk()), read.size), "a long name takes headers of its own"


def test_what_takes_less_than_a_digest_is_known_of_its_layer_alone(make, layers) -> None:
    cheap = Analysis("first", str, lambda content: content[:1].decode(), is_cheap=True)
    other = Analysis("first", str, lambda content: "asked again", is_cheap=True)
    first = layers.tree("sha256:1", make.layer(make.file("a", b"one")))
    assert upper(first, "a", cheap) == "o"
    layers.keep(first)
    assert upper(layers.known("sha256:1"), "a", other) == "o"
    assert upper(layers.tree("sha256:2", make.layer(make.file("a", b"one"))), "a", other) == "asked again"


@pytest.mark.parametrize(("path", "content", "asked"), [("a", b"one", 0), ("a", b"two", 1), ("b", b"one", 1)])
def test_a_file_of_the_same_path_and_content_in_a_new_layer_is_not_analysed_again(
    make, layers, path: str, content: bytes, asked: int
) -> None:
    seen: list[bytes] = []

    def see(content: bytes) -> str:
        seen.append(content)
        return in_upper_case(content)

    first = layers.tree("sha256:1", make.layer(make.file("a", b"one")))
    upper(first, "a")
    layers.keep(first)
    built_again = layers.tree("sha256:2", make.layer(make.file("new", b"0"), make.file(path, content)))
    assert upper(built_again, path, Analysis("names", str, see)) == in_upper_case(content)
    assert len(seen) == asked


def test_what_is_kept_by_content_can_be_read_on_this_machine_alone(make, layers, monkeypatch) -> None:
    """A digest of a short text would tell it to whoever guesses, so it stands nowhere else."""
    monkeypatch.setattr("gate.images.image_cache.seal", lambda packed: None)
    first = layers.tree("sha256:1", make.layer(make.file("a", b"one")))
    upper(first, "a")
    layers.keep(first)
    built_again = layers.tree("sha256:2", make.layer(make.file("a", b"one")))
    other = Analysis("names", str, lambda content: "other")
    assert upper(built_again, "a", other) == "other"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_built_again_the_answers_are_those_of_an_empty_cache(make, layers, seed: int) -> None:
    random = Random(seed)
    for number in range(12):
        files = {random.choice("abcd"): random.choice([b"one", b"two", b"three"]) for _ in range(3)}
        entries = [make.file(path, content) for path, content in files.items()]
        tree = layers.tree(f"sha256:{random.choice([number, 0])}-{sorted(files.items())}", make.layer(*entries))
        for path, content in files.items():
            assert upper(tree, path) == in_upper_case(content)
        layers.keep(tree)
