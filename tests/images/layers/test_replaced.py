"""The files of layers as they were before later layers hid them: the hidden one counts, the others are as they are."""

import pytest

from gate.core.errors import UnreadableError
from gate.images.layers.replaced import ReplacedTree
from gate.trees import EntryKind


@pytest.fixture
def tree(make, layered):  # type: ignore[no-untyped-def]
    """Three layers: a file that is replaced, a folder that is removed, a file that stays."""
    merged = layered(
        make.layer(make.file("etc/app.conf", b"first"), make.file("old/deep/key", b"secret"), make.file("kept", b"k")),
        make.layer(make.file("etc/app.conf", b"second"), make.file(".wh.old", b"")),
        make.layer(make.file("etc/app.conf", b"third")),
    )
    return ReplacedTree(merged, merged.hidden_files())


def test_of_several_hidden_files_the_last_one_counts(tree) -> None:  # type: ignore[no-untyped-def]
    assert tree.read("etc/app.conf") == b"second"
    assert tree.look_up("etc/app.conf").size == len(b"second")


def test_what_no_layer_hid_is_as_containers_see_it(tree) -> None:  # type: ignore[no-untyped-def]
    assert tree.read("kept") == b"k"
    with pytest.raises(UnreadableError):
        tree.read("nowhere")
    assert tree.look_up("nowhere") is None


def test_a_removed_folder_is_one_again(tree) -> None:  # type: ignore[no-untyped-def]
    assert tree.read("old/deep/key") == b"secret"
    assert [tree.look_up(path).kind for path in ("old", "old/deep")] == [EntryKind.FOLDER] * 2
    assert tree.look_up("etc").kind is EntryKind.FOLDER


def test_each_path_is_walked_once(tree) -> None:  # type: ignore[no-untyped-def]
    files = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]
    assert sorted(files) == ["etc/app.conf", "kept", "old/deep/key"]
