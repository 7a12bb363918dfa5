"""What a run judged, named by its bytes."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import Image, ImageLayer, StageResult, Tree
from gate.pipeline.inputs import inputs_of


@pytest.fixture
def tree(make_tree: Callable[..., Tree]) -> Tree:
    """A committed folder."""
    made = make_tree({"a": "a"})
    git(made, "init", "-q")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "one")
    return made


def git(tree: Tree, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *who, *words], cwd=tree.root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def digests(target: Tree | Image, **facts: str) -> dict[str, str]:
    result = StageResult(stage="image", target=target.name, facts=dict(facts))
    (judged,) = inputs_of([target], [result])
    return judged.digests


def test_a_clean_working_tree_is_its_commit_and_a_changed_one_is_nobodys(tree: Tree) -> None:
    assert digests(tree) == {"gitCommit": git(tree, "rev-parse", "HEAD")}
    Path(tree.root, "a").write_text("changed")
    assert digests(tree) == {}


def test_a_revision_is_a_commit_or_a_tree(tree: Tree) -> None:
    for name, kind in (("HEAD", "gitCommit"), ("HEAD^{tree}", "gitTree")):
        revision = git(tree, "rev-parse", name)
        assert digests(Tree(root=tree.root, name="t", revision=revision)) == {kind: revision}


def test_a_part_of_a_repository_says_where_it_is(tree: Tree, tmp_path: Path) -> None:
    for below in (".github", "services/api"):
        folder = Path(tree.root, below)
        folder.mkdir(parents=True)
        assert [one.folder for one in inputs_of([Tree(root=str(folder), name="t")], [])] == [below]
    outside = Tree(root=str(tmp_path), name="t")
    assert [one.folder for one in inputs_of([tree, outside], [])] == ["", ""]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("git@git.example.com:shop/api.git", "git.example.com/shop/api"),
        ("ssh://git@git.example.com:2222/shop/api.git", "git.example.com/shop/api"),
        ("https://ci:hunter2@git.example.com/shop/api/", "git.example.com/shop/api"),
        ("https://git.example.com/shop/api.git?token=abc", "git.example.com/shop/api"),
        ("https://git.example.com:8443/shop/api.git", "git.example.com:8443/shop/api"),
        ("https://git.example.com:443/shop/api.git", "git.example.com/shop/api"),
        ("/srv/git/api.git", ""),
        ("../api", ""),
        ("file:///srv/git/api.git", ""),
    ],
)
def test_a_working_tree_names_its_repository_without_the_login(tree: Tree, address: str, shown: str) -> None:
    git(tree, "remote", "add", "origin", address)
    assert [one.repository for one in inputs_of([tree], [])] == [shown]


def test_a_working_tree_names_its_branch_and_a_job_the_one_of_its_variables(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"):
        monkeypatch.delenv(name, raising=False)
    git(tree, "checkout", "-q", "-b", "topic/one")
    assert [one.branch for one in inputs_of([tree], [])] == ["topic/one"]
    git(tree, "checkout", "-q", "--detach")
    assert [one.branch for one in inputs_of([tree], [])] == [""]
    monkeypatch.setenv("GITHUB_HEAD_REF", "")
    monkeypatch.setenv("GITHUB_REF_NAME", "topic/two")
    assert [one.branch for one in inputs_of([tree], [])] == ["topic/two"]


def test_a_token_in_a_branchs_name_is_not_shown(tree: Tree) -> None:
    token = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
    git(tree, "checkout", "-q", "-b", f"fix/{token}")
    (branch,) = (one.branch for one in inputs_of([tree], []))
    assert token not in branch
    assert branch.startswith("fix/")


def test_an_image_is_its_manifest_and_its_id() -> None:
    image = Image(source="archive", reference="a.tar", name="archive:a.tar")
    told = digests(image, manifest=f"sha256:{'a' * 64}", image_id=f"sha256:{'b' * 64}")
    assert told == {"sha256": "a" * 64, "imageId": "b" * 64}


def test_the_indexes_of_an_image_are_not_among_its_digests() -> None:
    image = Image(source="registry", reference="a", name="registry:a")
    facts = {"manifest": f"sha256:{'a' * 64}", "indexes": [f"sha256:{'c' * 64}"], "created": "2026-01-05T00:00:00Z"}
    (one,) = inputs_of([image], [StageResult(stage="image", target=image.name, facts=facts)])
    assert (one.digests, one.indexes) == ({"sha256": "a" * 64}, ("c" * 64,))
    assert one.created == "2026-01-05T00:00:00Z"


def test_an_image_has_its_layers() -> None:
    layers = (ImageLayer(diff_id=f"sha256:{'a' * 64}", size=1024, files=1, hidden=0),)
    image = Image(source="archive", reference="a.tar", name="archive:a.tar")
    results = [
        StageResult(stage="image", target=image.name, layers=layers),
        StageResult(stage="tool", target=image.name),
    ]
    assert [one.layers for one in inputs_of([image], results)] == [layers]
