"""Running a package manager: what it sees, what it cannot do, and which of its answers are not taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.app.fixes import running
from gate.app.fixes.resolvers.resolver import Folder, PackageRaise, RaiseRequest, RefusedError, Resolver
from gate.app.fixes.running import Machine, resolve
from gate.core.programs import Bounds
from gate.model import Tree
from gate.trees import open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
LOCK = '{\n  "lockfileVersion": 3,\n  "resolved": "https://packages.example/a.tgz"\n}\n'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> Path:
    """A folder that is alone on PATH, but for the system's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def program(place: Path, script: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def resolver(*files: str, settings: tuple[str, ...] = ()) -> Resolver:
    return Resolver(
        program="packer",
        files=lambda request: {name: request.folder.read(name) or b"" for name in files},
        commands=lambda _: [["packer", "up"]],
        settings=settings,
        environment={"PACKER_SCRIPTS": "off"},
    )


def asked(tree: Tree) -> RaiseRequest:
    one = PackageRaise(path="a.lock", line=1, name="left-pad", version="1.0.0", to="1.0.1")
    return RaiseRequest(Folder(open_tree(tree), ""), "a.lock", (one,))


def test_it_works_on_a_copy_and_only_the_answer_comes_back(make_tree: MakeTree, programs: Path) -> None:
    tree = make_tree({"a.lock": "old", ".packerrc": "script=evil"})
    program(programs / "packer", "ls -A > seen; cat seen > a.lock; pwd >> a.lock")
    answer = resolve(resolver("a.lock"), asked(tree), Machine(tree.root))["a.lock"].decode()
    assert ".packerrc" not in answer
    assert tree.root not in answer
    assert Path(tree.root, "a.lock").read_text() == "old"
    assert not Path(answer.split()[-1]).exists(), "the copy is left behind"


def test_it_gets_the_machines_settings_and_no_other_secret(
    make_tree: MakeTree, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = make_tree({"a.lock": "old"})
    monkeypatch.setenv("PACKER_INDEX", "https://packages.example/")
    monkeypatch.setenv("DEPLOY_KEY", "not for it")
    program(programs / "packer", "env > a.lock")
    answer = resolve(resolver("a.lock", settings=("PACKER_",)), asked(tree), Machine(tree.root))["a.lock"].decode()
    assert "PACKER_INDEX=https://packages.example/" in answer
    assert "PACKER_SCRIPTS=off" in answer
    assert "DEPLOY_KEY" not in answer


def test_a_program_of_the_repository_is_never_started(
    make_tree: MakeTree, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = make_tree({"a.lock": LOCK})
    program(Path(tree.root, "bin", "packer"), "echo evil > a.lock")
    for path in (f"{tree.root}/bin:/usr/bin:/bin", ".:bin:/usr/bin:/bin"):
        monkeypatch.setenv("PATH", path)
        monkeypatch.chdir(tree.root)
        machine = Machine(tree.root)
        assert not machine.has("packer")
        with pytest.raises(RefusedError, match="packer is not installed"):
            resolve(resolver("a.lock"), asked(tree), machine)


def test_its_own_words_are_the_reason_without_warnings_and_logins(make_tree: MakeTree, programs: Path) -> None:
    tree = make_tree({"a.lock": LOCK})
    words = "echo 'npm warn old'; echo 'npm error code ERESOLVE https://me:pw@packages.example/x' >&2; exit 1"
    program(programs / "packer", words)
    with pytest.raises(RefusedError) as raised:
        resolve(resolver("a.lock"), asked(tree), Machine(tree.root))
    assert raised.value.message == "packer says: code ERESOLVE https://packages.example/x"


def test_it_is_stopped_after_its_time(make_tree: MakeTree, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_BOUNDS", Bounds(seconds=0.3, output=1 << 20))
    tree = make_tree({"a.lock": LOCK})
    program(programs / "packer", "sleep 30")
    with pytest.raises(RefusedError, match="took more than"):
        resolve(resolver("a.lock"), asked(tree), Machine(tree.root))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("rm a.lock", "it wrote no a.lock"),
        ("rm a.lock; ln -s /etc/passwd a.lock", "it wrote no a.lock"),
        ("sed -i 's/: 3/: 2/' a.lock", "in another format"),
        ("sed -i 's/packages/mirror/' a.lock", "another server, mirror.example"),
    ],
)
def test_an_answer_that_is_not_taken(make_tree: MakeTree, programs: Path, script: str, reason: str) -> None:
    tree = make_tree({"a.lock": LOCK})
    program(programs / "packer", script)
    with pytest.raises(RefusedError, match=reason):
        resolve(resolver("a.lock"), asked(tree), Machine(tree.root))


def test_a_file_that_was_not_there_is_not_made(make_tree: MakeTree, programs: Path) -> None:
    tree = make_tree({"b.txt": ""})
    program(programs / "packer", "echo x > a.lock")
    with pytest.raises(RefusedError, match="would be a new file"):
        resolve(resolver("b.txt"), asked(tree), Machine(tree.root))
