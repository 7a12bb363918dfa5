"""Real programs for the end-to-end tests: a Docker daemon, a registry, git repositories, the CI runners.

Everything listens on loopback addresses or sockets in a temporary folder, and is stopped by the id it was started
under. A program that is not there skips the test on a laptop and fails it in CI, where `.ci/run` installs them all.
"""

import gc
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import MakeOnce

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
TOOLS = Path(os.environ.get("GATE_E2E_TOOLS") or Path.home() / ".cache" / "gate-e2e").absolute()
"""Where `.ci/run` and `make e2e-tools` put what is not packaged by the system, and where costly files are kept."""
TOOL_PATH = os.pathsep.join(
    [
        str(Path(sys.executable).parent),
        str(TOOLS / "node/node_modules/.bin"),
        str(TOOLS / "venv/bin"),
        os.environ["PATH"],
    ]
)
NIGHTLY = os.environ.get("GATE_NIGHTLY") == "true"
"""Whether all is compared, and killed, that can be: docs/decisions/0030-nightly-counts.md."""
BASE_IMAGE = "gate-test/base:1"
COSTLY_FIXTURE = "docker_host"
"""A fixture of the session that takes seconds: tests that share it run in the same process."""
SPREAD = frozenset(
    f"test_{name}" for name in ("ci_examples", "four_doors", "git_push", "github_action", "gitlab_ci", "version_orders")
)
"""Files whose tests share nothing that takes long to make: whichever process is free runs the next of them."""
LONGEST_FIRST = (COSTLY_FIXTURE, "test_fix_resolvers", "test_html_report")
"""Groups in the order of their start: what takes longest does not begin when the other processes have ended."""
COMPILE = """
import sys
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import scanner
scanner(GATE, sys.argv[1]).load()
"""
MARK = """
import sys
from pathlib import Path
from gate.core.cache import Cache
from gate.core.machine_key import MARK_SIZE
for file in Path(sys.argv[1]).iterdir():
    Cache(Path(sys.argv[2])).write(f"secrets/{file.name}", file.read_bytes()[MARK_SIZE:])
"""
CACHE_KEY = "k" * 32
"""For `GATE_CACHE_KEY`."""
START_TIME_LIMIT = 60
"""Seconds that a daemon may take to answer."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark all that is in this folder as `e2e`, and group what one process of xdist runs: a file, or a shared fixture.

    Groups start before what is spread, which fills the time until the longest of them has ended.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            group = _group_of(item)
            if group and config.getoption("loadgroup", None):
                _name_group(item, group)
    items.sort(key=_rank_of)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_to_later_files() -> Iterator[None]:
    """Collect what the tests of a file leave, so that an open socket or file fails there and not in a later file."""
    yield
    gc.collect()


def _name_group(item: pytest.Item, group: str) -> None:
    """Let xdist run the item in the process that runs its group, which it knows by the name that it gets.

    The mark `xdist_group` does nothing any more: xdist 3.8 writes the name where pytest 9.2 does not read it.
    """
    name = f"{item.nodeid}@{group}"
    item._nodeid = name
    with suppress(ImportError):
        from _pytest.nodeid import NodeId

        item._id = NodeId.parse(name)


def _rank_of(item: pytest.Item) -> int:
    group = _group_of(item)
    return LONGEST_FIRST.index(group) if group in LONGEST_FIRST else len(LONGEST_FIRST) + (not group)


def _group_of(item: pytest.Item) -> str:
    """Return the name of an item's group; nothing if any process can run it."""
    if COSTLY_FIXTURE in getattr(item, "fixturenames", ()):
        return COSTLY_FIXTURE
    return "" if item.path.stem in SPREAD else item.path.stem


def _require(program: str) -> str:
    found = shutil.which(program, path=TOOL_PATH)
    if found is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(f"{program} is not installed")
    return found


@pytest.fixture(scope="session")
def require() -> Callable[[str], str]:
    """Return a function from a program's name to its path; it skips (in CI: fails) the test if there is none."""
    return _require


@pytest.fixture(scope="session")
def tools() -> Path:
    """Return the folder of what `.ci/e2e-tools` installs."""
    return TOOLS


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment for programs: the tools on PATH, an empty home, git with a name and no other settings."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\nname = Test\nemail = test@example.com\n[init]\ndefaultBranch = main\n")
    kept = {name: value for name, value in os.environ.items() if name in ("LANG", "TMPDIR", "DOCKER_CONFIG")}
    return {**kept, "PATH": TOOL_PATH, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


@pytest.fixture(scope="session")
def compiled(environment: dict[str, str], make_once: MakeOnce) -> Path:
    """Return a folder with the compiled pre-filters for secrets, which each new cache would take two seconds to make.

    They are believed where the home's key is. The home's own cache begins with them too.
    """

    def compile_in(home: Path) -> None:
        _in_python(COMPILE, home / ".cache/gate", env={**environment, "HOME": str(home)})

    first = make_once("compiled", compile_in)
    shutil.copytree(first, environment["HOME"], dirs_exist_ok=True)
    return first / ".cache/gate/secrets"


@pytest.fixture(scope="session", autouse=True)
def own_user(own_state: Path, compiled: Path, environment: dict[str, str]) -> Iterator[None]:
    """What is started with the environment of this process has the cache and the key of the tests' home too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", f"{environment['HOME']}/.cache")
        patch.setenv("XDG_STATE_HOME", f"{environment['HOME']}/.local/state")
        yield


@pytest.fixture(scope="session")
def compiled_with_key(compiled: Path, environment: dict[str, str], make_once: MakeOnce) -> Path:
    """Return a folder with the same as it is believed where `CACHE_KEY` is set."""
    settings = {**environment, "GATE_CACHE_KEY": CACHE_KEY}
    return make_once("with-key", lambda cache: _in_python(MARK, compiled, cache, env=settings)) / "secrets"


def _in_python(program: str, *words: Path, env: Mapping[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", program, *words], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def run(environment: dict[str, str], compiled: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a program in a folder with `environment`; keywords are more of `subprocess.run`'s."""

    def call(
        *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 300, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_require(str(command[0])), *map(str, command[1:])],
            cwd=cwd,
            env={**environment, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return call


@pytest.fixture
def warm_cache(compiled: Path) -> dict[str, str]:
    """Return a step of a GitHub job that puts the compiled pre-filters where the action has its cache."""
    return warming(compiled)


def warming(compiled: Path) -> dict[str, str]:
    """Return such a step for a folder of pre-filters."""
    cache = '"$RUNNER_TEMP/gate-cache/gate/"'
    return {"shell": "bash", "run": f"mkdir -p {cache} && cp -a '{compiled}' {cache}"}


@pytest.fixture
def gitlab_cache(compiled: Path, compiled_with_key: Path) -> Callable[..., str]:
    """Return a function that makes the cache of a GitLab job in a folder, and gives the option that says where it is.

    It begins with the compiled pre-filters. Without the option `gitlab-ci-local` has one in `/builds` of this machine,
    for all jobs of projects of one name.
    """

    def make(folder: Path, *, has_key: bool = False) -> str:
        cache = folder / ".gate-cache"
        if not cache.exists():
            shutil.copytree(compiled_with_key if has_key else compiled, cache / "gate/secrets")
            (cache / ".gitignore").write_text("*\n")
        return f"--variable=XDG_CACHE_HOME={cache}"

    return make


class GitRepository:
    """A working tree to write, commit and push in."""

    def __init__(self, folder: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
        self.folder = folder
        self._run = run

    def git(self, *arguments: str | Path) -> str:
        """Run git, which must succeed, and return its standard output."""
        done = self._run("git", *arguments, cwd=self.folder)
        assert done.returncode == 0, f"git {arguments[0]}: {done.stderr}"
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | None], message: str = "change") -> str:
        """Write files (None removes one), commit, and return the commit's id."""
        for path, content in files.items():
            place = self.folder / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def make_repository(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> Callable[..., GitRepository]:
    """Return a function that makes a repository `name` below `tmp_path` and commits `files` (path to text)."""

    def make(files: Mapping[str, str | None], name: str = "project") -> GitRepository:
        folder = tmp_path / name
        folder.mkdir()
        repository = GitRepository(folder, run)
        repository.git("init", "--quiet")
        repository.commit(files, "start")
        return repository

    return make


@pytest.fixture(scope="session")
def base_image_tar() -> Path:
    """Return a tar file with Debian's smallest root file system that has a package manager, kept between runs."""
    tar = TOOLS / "base-trixie.tar"
    if not tar.exists():
        mmdebstrap = _require("mmdebstrap")
        TOOLS.mkdir(parents=True, exist_ok=True)
        unfinished = TOOLS / f"base-trixie-{os.getpid()}.tar"
        leave_out = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "locale", "man")]
        command = [mmdebstrap, "--quiet", "--variant=minbase", *leave_out, "trixie", str(unfinished)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"mmdebstrap: {done.stderr}"
        unfinished.replace(tar)
    return tar


@pytest.fixture(scope="session")
def published_wheels(make_once: MakeOnce) -> Path:
    """Return a folder with what others publish and the lock file names, to build and to run; kept between runs."""
    lock = PROJECT / "requirements.lock"
    folder = TOOLS / f"wheels-{hashlib.sha256(sys.version.encode() + lock.read_bytes()).hexdigest()[:16]}"

    def download(unfinished: Path) -> None:
        if folder.exists():
            return
        from_index = ("--only-binary", ":all:", "--require-hashes", "--requirement", lock)
        done = _pip("download", *from_index, "--dest", unfinished)
        assert done.returncode == 0, done.stderr
        TOOLS.mkdir(parents=True, exist_ok=True)
        shutil.move(unfinished, folder)

    make_once("published", download)
    return folder


@pytest.fixture(scope="session")
def pip_offline(
    published_wheels: Path, make_once: MakeOnce, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Return the settings by which pip finds the wheel that is built of this checkout, and needs no index."""

    def build(folder: Path) -> None:
        offline = ("--no-index", "--find-links", published_wheels)
        done = _pip("wheel", "--no-deps", *offline, "--wheel-dir", folder, PROJECT)
        assert done.returncode == 0, done.stderr
        (wheel,) = folder.iterdir()
        _add_bytecode(wheel, tmp_path_factory.mktemp("unpacked"))

    folder = make_once("wheel", build)
    links = f"{folder} {published_wheels}"
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": links, "PIP_COMPILE": "0"}  # most modules are never imported


def _add_bytecode(wheel: Path, folder: Path) -> None:
    """Put the compiled modules into a wheel: sealed workers cannot keep them, so that each would compile its own."""
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode=checked-hash", folder / "gate"]
    subprocess.run(command, check=True, timeout=120)
    with ZipFile(wheel, "a") as archive:
        for file in sorted(folder.rglob("*.pyc")):
            archive.write(file, file.relative_to(folder))


def _pip(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="session")
def another_gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the PATH whose program `gate` is not this checkout's: a test that starts it fails."""
    program = tmp_path_factory.mktemp("another") / "gate"
    program.write_text("#!/bin/sh\necho this is another gate >&2\nexit 9\n")
    program.chmod(0o755)
    return program.parent


@pytest.fixture(scope="session")
def docker_host(base_image_tar: Path) -> Iterator[str]:
    """Yield the address (`unix://…`) of a Docker daemon which holds the image `gate-test/base:1`."""
    docker = _require("docker")
    given = os.environ.get("GATE_E2E_DOCKER_HOST")
    if given:
        _import_base_image(docker, given, base_image_tar)
        yield given
        return
    dockerd = _require("dockerd")
    if os.geteuid() != 0:
        pytest.skip("dockerd needs root; name a running daemon in GATE_E2E_DOCKER_HOST")
    folder = Path(tempfile.mkdtemp(prefix="gate-e2e-"))
    daemon = _start_dockerd(docker, dockerd, folder)
    try:
        host = f"unix://{folder}/docker.sock"
        _import_base_image(docker, host, base_image_tar)
        yield host
    finally:
        _stop(daemon)
        shutil.rmtree(folder)


def _start_dockerd(docker: str, dockerd: str, folder: Path) -> subprocess.Popen[bytes]:
    for driver in ("overlay2", "vfs"):
        log = folder / f"dockerd-{driver}.log"
        daemon = _spawn([dockerd, f"--storage-driver={driver}", *_dockerd_options(folder)], log)
        if _answers(docker, f"unix://{folder}/docker.sock", daemon):
            return daemon
        _stop(daemon)
    pytest.fail(f"dockerd does not start: {log.read_text()[-2000:]}")


def _dockerd_options(folder: Path) -> list[str]:
    return [
        "--iptables=false",
        "--ip6tables=false",
        "--bridge=none",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--pidfile={folder}/pid",
        f"--host=unix://{folder}/docker.sock",
    ]


def _spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> bool:
    """Wait until `holds()`; False if the process ends before, or the time is over."""
    end = time.monotonic() + START_TIME_LIMIT
    while process.poll() is None and time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def _answers(docker: str, host: str, daemon: subprocess.Popen[bytes]) -> bool:
    command = [docker, "--host", host, "version"]
    return _wait_for(lambda: subprocess.run(command, capture_output=True, timeout=30).returncode == 0, daemon)


def _import_base_image(docker: str, host: str, tar: Path) -> None:
    here = subprocess.run([docker, "--host", host, "image", "inspect", BASE_IMAGE], capture_output=True, timeout=30)
    if here.returncode != 0:
        command = [docker, "--host", host, "import", "--change", 'CMD ["/bin/bash"]', str(tar), BASE_IMAGE]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"docker import: {done.stderr}"


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address (`127.0.0.1:PORT`) of an empty container registry that speaks plain HTTP."""
    with _registry(tmp_path_factory.mktemp("registry")) as address:
        yield address


@pytest.fixture
def registry_with_password(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the address of a registry, and the user and password that it asks for."""
    users = tmp_path / "htpasswd"
    users.write_text("ci:$2y$05$abcdefghijklmnopqrstuuZ0Fx87Pb/Aqb0E90lfvCwzXnaFKUHpS\n")  # pragma: allowlist secret
    with _registry(tmp_path, f'auth: {{htpasswd: {{realm: "test", path: "{users}"}}}}\n') as address:
        yield address, "ci", "correct-horse"


@contextmanager
def _registry(folder: Path, more: str = "") -> Iterator[str]:
    program = _require("docker-registry")
    settings = folder / "config.yml"
    settings.write_text(
        f'version: 0.1\nstorage: {{filesystem: {{rootdirectory: "{folder}/store"}}, delete: {{enabled: true}}}}\n'
        f'http: {{addr: "127.0.0.1:0"}}\n{more}'
    )
    log = folder / "log"
    server = _spawn([program, "serve", str(settings)], log)
    try:
        listening = _wait_for(lambda: "listening on 127.0.0.1:" in log.read_text(), server)
        assert listening, f"docker-registry does not start: {log.read_text()[-2000:]}"
        yield re.findall(r"listening on (127\.0\.0\.1:\d+)", log.read_text())[0]
    finally:
        _stop(server)
