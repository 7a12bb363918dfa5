"""Which files which commits add, in real repositories."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import UnreadableError
from gate.git import ZERO_IDS, Repository
from gate.git.history import added_commits

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A function that runs git in a new repository."""
    root = tmp_path / "repository"
    root.mkdir()

    def run(*arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True
        ).stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def root(git: Git) -> Path:
    return Path(git("rev-parse", "--show-toplevel"))


def commit(git: Git, root: Path, **files: str | None) -> str:
    for name, content in files.items():
        if content is None:
            (root / name).unlink()
        else:
            (root / name).write_text(content)
    git("add", "-A")
    git("commit", "-q", "-m", "a change")
    return git("rev-parse", "HEAD")


def added(root: Path, head: str, *exclude: str) -> list[tuple[str, list[bytes]]]:
    return [
        (commit.id, [path for _, path in commit.added])
        for commit in added_commits(Repository(str(root)), head, exclude)
    ]


def test_a_root_commit_adds_all_its_files(git: Git, root: Path) -> None:
    first = commit(git, root, a="1", b="2")
    assert added(root, "HEAD") == [(first, [b"a", b"b"])]


def test_parents_come_first_and_excluded_commits_not_at_all(git: Git, root: Path) -> None:
    first = commit(git, root, a="1")
    second = commit(git, root, a="2")
    third = commit(git, root, a=None, b="3")
    assert added(root, third, first) == [(second, [b"a"]), (third, [b"b"])]


def test_a_merge_adds_only_what_no_parent_has(git: Git, root: Path) -> None:
    base = commit(git, root, a="1")
    git("checkout", "-q", "-b", "side")
    side = commit(git, root, b="2")
    git("checkout", "-q", "main")
    main = commit(git, root, c="3")
    git("merge", "-q", "--no-commit", "side")
    merge = commit(git, root, c="both", d="4")
    assert dict(added(root, merge, base)) == {side: [b"b"], main: [b"c"], merge: [b"c", b"d"]}
    assert dict(added(root, merge, main)) == {side: [b"b"], merge: [b"c", b"d"]}


def test_an_octopus_merge_adds_only_what_no_parent_has(git: Git, root: Path) -> None:
    base = commit(git, root, a="1")
    for name in ("x", "y"):
        git("checkout", "-q", "-b", name, base)
        commit(git, root, **{name: name})
    git("checkout", "-q", "main")
    commit(git, root, z="z")
    git("merge", "-q", "--no-commit", "x", "y")
    merge = commit(git, root, e="evil")
    assert dict(added(root, merge, base))[merge] == [b"e"]


def test_links_and_submodules_are_left_out(git: Git, root: Path) -> None:
    (root / "link").symlink_to("a")
    first = commit(git, root, a="1")
    git("update-index", "--add", "--cacheinfo", f"160000,{first},module")
    git("commit", "-q", "-m", "module")
    assert added(root, "HEAD") == [(first, [b"a"]), (git("rev-parse", "HEAD"), [])]


def test_names_with_odd_characters(git: Git, root: Path) -> None:
    names = [":colon", "new\nline", "tab\t", 'quote"', "ümlaut", " space "]
    commit(git, root, **dict.fromkeys(names, "x"))
    ((_, paths),) = added(root, "HEAD")
    assert paths == sorted(name.encode() for name in names)


def test_a_file_that_changes_its_mode_or_name_is_the_same_blob(git: Git, root: Path) -> None:
    first = commit(git, root, a="1")
    git("mv", "a", "b")
    git("commit", "-q", "-m", "rename")
    (one,) = added_commits(Repository(str(root)), "HEAD", [first])
    assert list(one.added) == [(git("rev-parse", "HEAD:b"), b"b")]
    assert one.author == "a@example.com"


def test_no_id_is_nothing_to_exclude(git: Git, root: Path) -> None:
    first = commit(git, root, a="1")
    assert added(root, first, ZERO_IDS[0]) == [(first, [b"a"])]


@pytest.mark.parametrize("revision", ["0123456789" * 4, "nowhere", "--all"])
def test_a_revision_that_is_not_there(git: Git, root: Path, revision: str) -> None:
    commit(git, root, a="1")
    with pytest.raises(UnreadableError):
        added(root, revision)
    with pytest.raises(UnreadableError):
        added(root, "HEAD", revision)


def test_size_and_id_of_a_file(git: Git, root: Path) -> None:
    commit(git, root, a="12345")
    repository = Repository(str(root))
    blob_id = repository.blob_id("HEAD", "a")
    assert blob_id == git("rev-parse", "HEAD:a")
    assert repository.blob_size(blob_id) == 5
    assert repository.blob_id("HEAD", "b") is None
    with pytest.raises(UnreadableError):
        repository.blob_size("0123456789" * 4)


def test_the_ids_of_several_commits_are_asked_for_at_once(git: Git, root: Path) -> None:
    first = commit(git, root, a="1")
    second = commit(git, root, a="2")
    git("tag", "-a", "-m", "tag", "named")
    git("tag", "tree", "HEAD^{tree}")
    asked = ["HEAD", "HEAD~", "tree", "named", "nowhere", f"{first}\n{second}", "--all", "", "\udcff", first[:9], "a b"]
    told = [second, first, None, second, None, None, None, None, None, first, None]
    assert Repository(str(root)).commit_ids(asked) == told
    assert [Repository(str(root)).commit_id(one) for one in asked] == told
    assert Repository(str(root / "gone")).commit_ids([first, second]) == [None, None]


@pytest.mark.parametrize("broken", [0, 3])
def test_a_tree_that_is_not_what_its_id_says_is_seen_however_many_commits_there_are(
    git: Git, root: Path, broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.git.history._COMMITS_AT_ONCE", 2)
    commits = []
    for number in range(6):
        (root / f"d{number}").mkdir()
        commits.append(commit(git, root, **{f"d{number}/a": str(number)}))
    assert [found for found, _ in added(root, "HEAD")] == commits

    trees = [git("rev-parse", f"{commits[number]}:d{number}") for number in (broken, broken + 1)]
    damaged, other = (root / ".git/objects" / tree[:2] / tree[2:] for tree in trees)
    damaged.chmod(0o644)
    damaged.write_bytes(other.read_bytes())

    with pytest.raises(UnreadableError):
        added(root, "HEAD")
