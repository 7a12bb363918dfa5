"""References to images and commits (`gate/ci/references.py`)."""

import pytest

from gate.ci.references import CiImage, image_of, image_party, is_commit, moves
from gate.core.yaml_values import read_values

DIGEST = "sha256:" + "0f" * 32


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("golang:1.24", CiImage("golang", "1.24", False, True)),
        ("golang", CiImage("golang", "", False, True)),
        (f"golang:1.24@{DIGEST}", CiImage("golang", DIGEST, True, True)),
        ("registry.example:5000/team/tool", CiImage("registry.example:5000/team/tool", "", False, True)),
        ("docker://team/tool:2", CiImage("team/tool", "2", False, True)),
        ("team/tool:${VERSION}", CiImage("team/tool", "${VERSION}", False, False)),
    ],
)
def test_an_image_is_taken_apart(text: str, image: CiImage) -> None:
    assert image_of(text) == image


@pytest.mark.parametrize(("text", "is_moving"), [("a", True), ("a:latest", True), ("a:1", False), ("a:$V", False)])
def test_no_tag_and_latest_are_meant_to_move(text: str, is_moving: bool) -> None:
    assert image_of(text).moves is is_moving


@pytest.mark.parametrize(
    ("reference", "is_moving"),
    [("", True), ("main", True), ("refs/heads/release-1", True), ("v1.2.3", False), ("refs/tags/v1", False)],
)
def test_a_branch_moves_and_a_tag_is_not_meant_to(reference: str, is_moving: bool) -> None:
    assert moves(reference) is is_moving


def test_only_a_whole_commit_id_is_a_commit() -> None:
    assert is_commit("0f" * 20)
    assert not is_commit("0f" * 4)


def test_the_owner_of_an_image_is_its_registry_or_account() -> None:
    texts = ("ghcr.io/team/tool:1", "team/tool:1", "golang:1")
    values = [read_values(f"image: {text}", "ci.yml")[0].get("image") for text in texts]
    parties = [image_party(value) for value in values if value]
    assert [party.owner for party in parties if party] == ["ghcr.io", "team", "library"]


@pytest.mark.parametrize("name", ["scratch", "macos-15-xcode-16"])
def test_what_no_registry_has_does_not_move(name: str) -> None:
    assert not image_of(name).moves
