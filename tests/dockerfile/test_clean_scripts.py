"""The memory of scripts that ShellCheck has nothing to say of: what goes in, what never does, what damage does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.machine_key import MARK_SIZE
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile import clean_scripts
from gate.dockerfile.clean_scripts import SIZE, CleanScripts
from gate.dockerfile.shellcheck import Checked, ScriptBatch, check_batch
from gate.model import Tree

CLEAN = "FROM a:1\nRUN a | b\nRUN c | d\n"
MakeTree = Callable[[dict[str, str]], Tree]


@pytest.fixture
def memory(tmp_path: Path) -> CleanScripts:
    return CleanScripts(str(tmp_path / "cache"), "1.0")


@pytest.fixture
def shellcheck(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that makes a ShellCheck which counts its calls and gives this answer."""

    def make(answer: str) -> str:
        fake = tmp_path / "shellcheck"
        fake.write_text(f"#!/bin/sh\necho called >> {tmp_path}/calls\necho '{answer}'\n")
        fake.chmod(0o755)
        return str(fake)

    return make


def checked_with(memory: CleanScripts, make_tree: MakeTree, program: str, text: str = CLEAN) -> Checked:
    tree = make_tree({"Dockerfile": text})
    checked = check_batch(ScriptBatch(("Dockerfile",)), tree, DockerfileSettings(), program, memory)
    memory.remember(checked.clean)
    return checked


def test_a_clean_script_is_asked_about_once(
    memory: CleanScripts, make_tree: MakeTree, shellcheck: Callable[[str], str], tmp_path: Path
) -> None:
    program = shellcheck('{"comments": []}')
    first = checked_with(memory, make_tree, program)
    again = checked_with(memory, make_tree, program)
    assert (first.scripts, again.scripts) == (2, 2)
    assert again.findings == first.findings == ()
    assert (tmp_path / "calls").read_text() == "called\n"


def test_another_version_asks_again(memory: CleanScripts) -> None:
    memory.remember([memory.digest("a")])
    later = CleanScripts(memory.folder, "1.1")
    assert memory.digest("a") in memory.known()
    assert later.digest("a") not in later.known()


def test_a_script_with_a_remark_is_asked_about_every_time(
    memory: CleanScripts, make_tree: MakeTree, shellcheck: Callable[[str], str]
) -> None:
    remark = '{"comments":[{"file":"0","line":3,"column":1,"level":"info","code":2086,"message":"hunter2"}]}'
    first = checked_with(memory, make_tree, shellcheck(remark), "FROM a:1\nRUN a hunter2 | b\n")
    again = checked_with(memory, make_tree, shellcheck(remark), "FROM a:1\nRUN a hunter2 | b\n")
    assert [one.rule for one in again.findings] == ["SC2086"]
    assert first == again
    assert first.clean == ()


def test_what_failed_is_not_clean(memory: CleanScripts, make_tree: MakeTree, shellcheck: Callable[[str], str]) -> None:
    checked = checked_with(memory, make_tree, shellcheck("no json"))
    assert checked.errors
    assert memory.known() == frozenset()


def test_nothing_of_a_script_is_kept(memory: CleanScripts) -> None:
    memory.remember([memory.digest("echo hunter2")])
    (file,) = (path for path in Path(memory.folder).rglob("*") if path.is_file())
    assert len(file.read_bytes()) == SIZE + MARK_SIZE


def test_the_memory_is_bounded_and_the_last_runs_stay(memory: CleanScripts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean_scripts, "MOST", 3)
    memory.remember(memory.digest(name) for name in "abc")
    memory.remember([memory.digest("d")])
    assert memory.digest("d") in memory.known()
    assert len(memory.known()) == 3


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 40])
def test_damage_makes_work_and_nothing_else(memory: CleanScripts, damage: bytes) -> None:
    memory.remember([memory.digest("a")])
    (file,) = (path for path in Path(memory.folder).rglob("*") if path.is_file())
    file.write_bytes(damage)
    assert memory.digest("a") not in memory.known()
    memory.remember([memory.digest("a")])
    assert memory.digest("a") in memory.known()


def test_a_memory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = CleanScripts(str(tmp_path / "file"), "1.0")
    memory.remember([memory.digest("a")])
    assert memory.known() == frozenset()
