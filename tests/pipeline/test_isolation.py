"""A worker that was taken over can falsify the answer about its own target, and do nothing else.

Goes through `gate/pipeline/broker_calls/`, `gate/git/brokered.py`.
"""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gate.model import Image, StageError, Tree
from gate.pipeline.broker import Permit
from gate.pipeline.isolation import landlock, seccomp
from gate.pipeline.isolation.sealing import possible
from gate.pipeline.isolation.syscalls import LOOKED_AT, NOT_HERE, PLAIN
from gate.pipeline.worker_view import realm_of, view_of
from gate.pipeline.workers import Pool, PoolStep, WorkerLimits
from gate.settings import Settings, ToolSettings
from tests.pipeline import hostile
from tests.pipeline.hostile import ATTEMPTS, Try
from tests.processes import left_of

pytestmark = [
    pytest.mark.every_python,
    pytest.mark.skipif(
        not possible().is_whole or platform.machine() != "x86_64",
        reason="this system cannot isolate, or has other numbers",
    ),
]

TOKEN = "ghs_" + "x7" * 20
LIMITS = WorkerLimits(jobs=2, timeout_s=20, memory=512 << 20)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    """A target that is a repository, a home with credentials, a neighbour's files, and a token in the environment."""
    place = tmp_path_factory.mktemp("isolation").resolve()
    root, home, outside, cache = (place / name for name in ("target", "home", "outside", "cache"))
    for folder in (root, home / ".docker", outside, cache / "advisories", cache / "secrets"):
        folder.mkdir(parents=True)
    (home / ".docker/config.json").write_text('{"auths": {"registry.example.com": {"auth": "eDp5"}}}')
    (home / ".bashrc").write_text("# mine\n")
    (outside / "private.txt").write_text("a neighbour's\n")
    (root / "app.py").write_text("print(1)\n")
    (root / "run.sh").write_text("#!/bin/sh\ntouch /tmp/owned\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to(outside / "private.txt")
    (root / "folder").symlink_to(outside)
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (
        ["init", "-q"],
        ["add", "app.py"],
        ["commit", "-qm", "first"],
        ["config", "http.https://github.com/.extraheader", f"AUTHORIZATION: basic {TOKEN}"],
        ["config", "remote.origin.url", "https://me:s3cret@example.com/shop.git"],
    ):
        subprocess.run([*git, *words], check=True)
    patched = pytest.MonkeyPatch()
    patched.setenv("HOME", str(home))
    patched.setenv("CI_JOB_TOKEN", TOKEN)
    target = Tree(root=str(root), name=".")
    yield Try("", target, str(home), str(outside), str(cache), os.getpid())
    patched.undo()


def permit_of(scene: Try) -> Permit:
    tools = {"x": ToolSettings(command=("touch", "/tmp/owned"), format="sarif")}
    return Permit(settings=Settings(tools=tools), cache_folder=scene.cache)


@pytest.fixture(scope="module")
def outcomes(scene: Try) -> dict[str, object]:
    """What each attempt comes to."""
    tries = [Try(what, scene.target, scene.home, scene.outside, scene.cache, scene.parent) for what in ATTEMPTS]
    with Pool(LIMITS, permit=permit_of(scene)) as pool:
        return {tries[index].what: outcome for index, outcome in pool.run(hostile.attempt, tries)}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_what_a_worker_tries_is_refused(what: str, outcomes: dict[str, object]) -> None:
    assert str(outcomes[what]).startswith("refused: "), outcomes[what]


def test_nothing_was_changed(scene: Try, outcomes: dict[str, object]) -> None:
    root = Path(scene.target.root)
    assert outcomes
    assert sorted(path.name for path in root.iterdir()) == [".git", "app.py", "folder", "link", "run.sh"]
    assert (root / "app.py").read_text() == "print(1)\n"
    assert not (root / ".git/hooks/post-commit").exists()
    assert Path(scene.home, ".bashrc").read_text() == "# mine\n"
    assert os.listdir(scene.outside) == ["private.txt"]
    assert not Path("/tmp/owned").exists()


def ask(scene: Try, function: object, *items: object) -> list[object]:
    with Pool(LIMITS, permit=permit_of(scene)) as pool:
        found = dict(pool.run(function, list(items)))  # type: ignore[arg-type]
    return [found[index] for index in range(len(items))]


def test_what_it_is_there_for_works(scene: Try) -> None:
    read = Try("works: read", scene.target, scene.home, scene.outside, scene.cache, scene.parent)
    assert ask(scene, works, read) == [
        ["print(1)\n", "app.py", "folder", "link", "run.sh", "https://example.com/shop.git"]
    ]


def works(one: Try) -> list[str]:
    from gate.git import Repository

    repository = Repository(one.target.root)
    content = Path(one.target.root, "app.py").read_text()
    names = sorted(name.decode() for name in repository.list_files(one.target.root))
    return [content, *names, repository.address_of("origin") or ""]


def test_the_environment_is_forgotten(scene: Try) -> None:
    (told,) = ask(scene, hostile.environment, scene)
    assert isinstance(told, dict)
    assert TOKEN not in str(told)
    assert told["getenv"] == "None"
    assert "PATH" in told["os.environ"]


def test_no_token_is_in_a_workers_memory(scene: Try) -> None:
    """The whole of it, as only root can look from outside."""
    if os.geteuid() != 0:
        pytest.skip("only root may look")
    seen: list[int] = []

    def look(step: PoolStep | None) -> None:
        if step is not None and step.text.isdecimal():
            seen.append(memory_of(int(step.text)).count(secret.encode()))

    secret = "q9w8" + os.urandom(12).hex()
    program = f"""
import os, sys
sys.path[:0] = {sys.path!r}
from gate.pipeline.workers import Pool, WorkerLimits
from tests.pipeline import hostile
from tests.pipeline.test_isolation import LIMITS, memory_of
token = os.environb[b"CI_JOB_TOKEN"]
found = []
def look(step):
    if step is not None and step.text.isdecimal():
        found.append(memory_of(int(step.text)).count(token[2:]))
with Pool(LIMITS, look) as pool:
    list(pool.run(hostile.wait_there, [hostile.Try("", hostile.Tree(root="/nowhere", name="."), "", "", "", 0)]))
print(found)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "CI_JOB_TOKEN": secret},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[0]\n", done.stderr


def memory_of(process: int) -> bytes:
    """Return all that a process could read of its own memory."""
    found = bytearray()
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            start, end = (int(part, 16) for part in place.split("-"))
            if rights.startswith("r") and "w" in rights and start < 1 << 47:
                memory.seek(start)
                try:
                    found += memory.read(end - start)
                except OSError:
                    continue
    return bytes(found)


def test_no_capability_is_left(scene: Try) -> None:
    status: list[str] = []

    def look(step: PoolStep | None) -> None:
        if step is not None and step.text.isdecimal():
            status.append(Path(f"/proc/{step.text}/status").read_text())

    with Pool(LIMITS, look, permit_of(scene)) as pool:
        list(pool.run(hostile.wait_there, [scene]))
    lines = dict(line.split(":\t", 1) for line in status[0].splitlines() if ":\t" in line)
    assert {lines[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert (lines["NoNewPrivs"], lines["Seccomp"]) == ("1", "2")


@pytest.mark.parametrize("how", ["32 bits", "x32"])
def test_calls_of_another_kind_end_the_worker(scene: Try, how: str) -> None:
    (outcome,) = ask(scene, hostile.die_of, how)
    assert isinstance(outcome, StageError)
    assert "SIGSYS" in outcome.title


LIES = {
    "two answers": "said what it was not asked",
    "another type": "answered what it was not asked",
    "no message": "said what it was not asked",
    "a giant": "said what it was not asked",
    "half a message": "took longer",
    "another kind": "said what it was not asked",
    "no items": "said what it was not asked",
    "without an end": "took longer",
    "help that is not taken": "took longer",
    "help while it waits": "said what it was not asked",
    "nothing any more": "hung up",
    "an exit": "ended with status 0",
}


@pytest.mark.parametrize("how", LIES)
def test_what_a_worker_says_out_of_turn_is_the_error_of_its_own_item(scene: Try, how: str) -> None:
    with Pool(WorkerLimits(jobs=2, timeout_s=2, memory=512 << 20), permit=permit_of(scene)) as pool:
        found = dict(pool.run(hostile.lie, [how, "well"]))
    assert isinstance(found[0], StageError)
    assert LIES[how] in found[0].title
    assert found[1] == "unread"


def test_a_call_of_anything_is_done_by_a_worker_of_the_same_target_if_at_all(scene: Try) -> None:
    assert ask(scene, hostile.lie, "a call of anything", "well")[1] == "unread"
    assert not Path("/tmp/owned").exists()


def test_a_worker_whose_threads_go_on_ends_with_the_pool(scene: Try) -> None:
    with Pool(LIMITS, permit=permit_of(scene)) as pool:
        assert dict(pool.run(hostile.lie, ["a thread that goes on"])) == {0: "answered"}
        (worker,) = pool._workers
    assert worker.process.exitcode is not None


def test_workers_and_broker_end_with_a_pool_that_is_killed() -> None:
    program = f"""
import os, sys
sys.path[:0] = {sys.path!r}
from tests.pipeline import hostile
from tests.pipeline.test_isolation import LIMITS
from gate.pipeline.workers import Pool
def look(step):
    if step is not None and step.text.isdecimal():
        print(step.text, pool._broker.process, flush=True)
        os.kill(os.getpid(), 9)
with Pool(LIMITS, look) as pool:
    list(pool.run(hostile.wait_there, [hostile.Try("", hostile.Tree(root="/nowhere", name="."), "", "", "", 0)]))
"""
    folder = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    processes = [int(word) for word in done.stdout.split()]
    assert len(processes) == 2, done.stderr
    assert left_of(processes) == []


def test_a_worker_works_for_one_target_alone(tmp_path: Path) -> None:
    trees = [Tree(root=str(tmp_path / name), name=name) for name in "ab"]
    with Pool(LIMITS) as pool:
        first = dict(pool.run(process_of, trees))
        second = dict(pool.run(process_of, trees))
    assert first[0] != first[1]
    assert (first[0], first[1]) == (second[0], second[1])


def process_of(_: Tree) -> int:
    return os.getpid()


def test_a_worker_that_cannot_be_sealed_although_the_system_can_is_an_error(
    scene: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landlock, "restrict", lambda *_: False)
    (outcome,) = ask(scene, hostile.back, "x")
    assert isinstance(outcome, StageError)
    assert "could not be isolated" in outcome.title


def test_what_is_computed_for_no_target_comes_back_or_says_why_not() -> None:
    assert alone(hostile.back, "x") == "x"
    eaten = alone(eat, "x", memory=256 << 20)
    assert isinstance(eaten, StageError)
    assert eaten.title == "memory limit reached"
    hung = alone(hang, "x", timeout_s=0.5)
    assert isinstance(hung, StageError)
    assert "took longer" in hung.title


def alone(function: Callable[[str], str], item: str, *, memory: int = 512 << 20, timeout_s: float = 20.0) -> object:
    with Pool(WorkerLimits(jobs=1, timeout_s=timeout_s, memory=memory)) as pool:
        ((_, outcome),) = pool.run(function, [item])
    return outcome


def eat(_: str) -> str:
    return "x" * (1 << 30)


def hang(_: str) -> str:
    time.sleep(60)
    return ""


def test_the_view_of_a_repository_leaves_out_its_configuration_and_hooks(scene: Try) -> None:
    view = view_of(realm_of(scene.target, ()), Settings(), scene.cache)
    own = {os.path.relpath(path, scene.target.root) for path in view.readable if path.startswith(scene.target.root)}
    assert {"app.py", ".git/objects", ".git/index"} <= own
    assert not own & {".", ".git", ".git/config", ".git/hooks"}


def test_the_view_of_an_image_holds_no_repository(scene: Try) -> None:
    image = Image(source="archive", reference=f"{scene.outside}/image.tar", name="image.tar")
    view = view_of(realm_of(image, ()), Settings(), scene.cache)
    assert not view.listable
    assert not [path for path in view.readable if path.startswith(scene.target.root)]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_fits_and_jumps_forward_within_itself(machine: str) -> None:
    steps = seccomp.program(machine, 1)
    count = len(steps) // 8
    assert count < 4096
    for place in range(count):
        code, on_true, on_false = steps[8 * place], steps[8 * place + 2], steps[8 * place + 3]
        assert code in (0x20, 0x15, 0x35, 0x54, 0x06)
        assert code == 0x06 or place + 1 + max(on_true, on_false) < count


@pytest.mark.parametrize("column", [0, 1])
def test_no_number_stands_twice_in_the_table(column: int) -> None:
    numbers = [
        row[column] for table in (PLAIN, LOOKED_AT, NOT_HERE) for row in table.values() if row[column] is not None
    ]
    assert len(numbers) == len(set(numbers))
