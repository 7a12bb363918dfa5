"""What tests share: trees made from a dict of files, git repositories, and a context that stays in the process."""

import fcntl
import gc
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from gate.core.cache import Cache
from gate.core.machine_key import MARK_SIZE
from gate.model import CommitRange, Package, Tree
from gate.pipeline.context import LocalContext
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import scanner
from gate.settings import Settings
from tests.compiled import compile_once

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MakeOnce = Callable[[str, Callable[[Path], None]], Path]
COMPILED = "GATE_TESTS_COMPILED"
"""A variable for tests that run tests: the folder of `compiled_patterns`."""

# A machine that does much else makes a property slow, and not wrong.
# In CI the examples of a test are always the same: what fails there has to be the change's own. Elsewhere they vary,
# and are more, as it is there that faults are looked for.
settings.register_profile(
    "gate",
    settings.get_profile("default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize=bool(os.environ.get("CI")),
    max_examples=40 if os.environ.get("CI") else 100,
)
settings.load_profile("gate")
if os.environ.get("CI"):
    # The constants of all modules that are imported by then are examples too: it takes seconds to collect them, and the
    # examples would be others with each change. Inside of Hypothesis; another version of it may take longer.
    with suppress(ImportError, AttributeError):
        from hypothesis.internal.conjecture import providers

        nothing = providers._local_constants
        providers._get_local_constants = lambda: nothing


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--one-in`, for the run on a second Python: docs/decisions/0028-the-second-python.md."""
    text = "run one test in N of each file, each with one row of its table, and all of those marked every_python"
    parser.addoption("--one-in", type=int, metavar="N", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """With `--one-in`, a property gets few examples too; in CI tests are compiled before processes begin to collect."""
    if os.environ.get("CI") and config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        _compile_tests(config)
    if config.getoption("--one-in"):
        settings.register_profile("few", settings.get_profile("gate"), max_examples=10)
        settings.load_profile("few")


def _compile_tests(config: pytest.Config) -> None:
    """Compile the tests as pytest does, which each process of xdist would do by itself: it takes eight seconds.

    Inside of pytest; with another version of it each process does it by itself.
    """
    with suppress(ImportError, AttributeError, TypeError):
        from _pytest.assertion import rewrite

        _rewrite_all(config, rewrite)


def _rewrite_all(config: pytest.Config, rewrite: Any) -> None:
    for file in sorted(Path(__file__).parent.rglob("test_*.py")):
        folder = rewrite.get_cache_dir(file)
        compiled = folder / f"{file.stem}{rewrite.PYC_TAIL}"
        if not compiled.exists():
            source, code = rewrite._rewrite_test(file, config)
            rewrite.try_makedirs(folder)
            rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source, compiled)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--one-in`, leave out most tests that are not marked `every_python`."""
    share = config.getoption("--one-in")
    if not share:
        return
    kept = {item for item in items if item.get_closest_marker("every_python")}
    files: defaultdict[Path, dict[str, pytest.Item]] = defaultdict(dict)
    for item in items:
        if item not in kept:
            files[item.path].setdefault(item.nodeid.partition("[")[0], item)
    for tests in files.values():
        by_chance = sorted(tests, key=lambda name: crc32(name.encode()))  # a new test changes little of it
        kept.update(tests[name] for name in by_chance[: -(-len(tests) // share)])
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave what collection makes out of every search for garbage: 17,000 tests are most of a process's objects."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Tree]:
    """Return a function that writes files (path to content) into a new folder and names it as a target."""

    def make(files: dict[str, str | bytes]) -> Tree:
        root = tmp_path / "tree"
        root.mkdir(exist_ok=True)
        for path, content in files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return Tree(root=str(root), name="tree")

    return make


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the tests' own for the key of the cache (`$XDG_STATE_HOME`), for what they start too."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        patch.delenv("GATE_CACHE_KEY", raising=False)
        yield folder


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Return a function from a name and a way to fill a folder to that folder, which all processes of a run share.

    The first that asks calls it, with the folder that it is to make; the others wait until it has.
    """
    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def once(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = common / f"once-{name}", common / f"once-{name}.done"
        with (common / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session", autouse=True)
def patterns_compiled_once(make_once: MakeOnce) -> None:
    """Let the first process of the run that needs the secrets stage's pre-filter compile it."""
    compile_once(make_once)


@pytest.fixture(scope="session")
def compiled_patterns(tmp_path_factory: pytest.TempPathFactory, own_state: Path, make_once: MakeOnce) -> Path:
    """A cache folder that has nothing but the secrets stage's compiled pre-filters, which take seconds to make.

    One process compiles them. Each writes them with the mark of its own key, as no other is believed.
    """
    given = os.environ.get(COMPILED)
    first = Path(given) if given else make_once("patterns", lambda made: scanner(GATE, str(made)).load())
    folder = tmp_path_factory.mktemp("compiled")
    for file in (first / "secrets").iterdir():
        Cache(folder).write(f"secrets/{file.name}", file.read_bytes()[MARK_SIZE:])
    scanner(GATE, str(folder)).load()
    return folder


def link_patterns(compiled: Path, cache: Path) -> None:
    """Put the compiled pre-filter into a cache folder. What is written there later changes no other folder's."""
    place = cache / "secrets"
    place.mkdir(parents=True, mode=0o700)
    for file in (compiled / "secrets").glob("*"):
        os.link(file, place / file.name)


def cache_home(folder: Path, compiled: Path) -> Path:
    """Make a folder for `$XDG_CACHE_HOME` that has the compiled pre-filter already, and nothing else."""
    link_patterns(compiled, folder / "gate")
    return folder


@pytest.fixture
def own_cache(tmp_path: Path, compiled_patterns: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, which is the test's own."""
    folder = cache_home(tmp_path / "cache-home", compiled_patterns)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def make_context(tmp_path: Path, compiled_patterns: Path) -> Callable[..., LocalContext]:
    """Return a function that makes a context; keywords are parts of `Settings`. Its cache is the test's own."""

    def make(**parts: object) -> LocalContext:
        folder = tmp_path / "cache"
        if not folder.exists():
            link_patterns(compiled_patterns, folder)
        return LocalContext(Settings(**parts), NOW, folder)  # type: ignore[arg-type]

    return make


class GitRepository:
    """A git repository that tests add commits to; author and time are given, so that ids are always the same."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str, when: str = "2026-01-02T03:04:05+00:00") -> str:
        """Run git here and return what it prints."""
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
        identity += ("-c", "maintenance.auto=false")  # a process of its own after each commit
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.root,
            env=os.environ | dates,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str | bytes | None], when: str = "2026-01-02T03:04:05+00:00") -> str:
        """Write files (None: remove it), commit everything and return the commit's id."""
        for name, content in files.items():
            place = self.root / name
            if content is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change", when=when)
        return self.git("rev-parse", "HEAD")

    @property
    def tree(self) -> Tree:
        """The working tree as a target."""
        return Tree(root=str(self.root), name="tree")

    def range(self, head: str, *exclude: str) -> CommitRange:
        """What a push of `head` adds to `exclude`."""
        return CommitRange(root=str(self.root), name="push", head=head, exclude=exclude)


@pytest.fixture
def make_repository(tmp_path: Path) -> Callable[..., GitRepository]:
    """Return a function that makes a git repository in a folder of this name; options are those of `git init`."""

    def make(name: str = "repository", *options: str) -> GitRepository:
        return GitRepository(tmp_path / name, *options)

    return make


@pytest.fixture
def package() -> Callable[..., Package]:
    """Return a function that makes a package: `package("npm", "lodash", "4.17.15", path="package-lock.json")`."""

    def make(ecosystem: str, name: str, version: str, **more: Any) -> Package:
        return Package(ecosystem=ecosystem, name=name, version=version, purl=f"pkg:generic/{name}@{version}", **more)

    return make
