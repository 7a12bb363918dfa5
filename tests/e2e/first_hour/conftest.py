"""A machine that has seen no gate yet: a Python of its own, an empty home, no cache, and a repository with a past."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.advisory_mirror import advisory, publish, serving
from tests.e2e.conftest import PROJECT, GitRepository

Done = subprocess.CompletedProcess[str]
TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
BAD_DOCKERFILE = "FROM debian:12\nRUN chmod 777 /srv\nUSER 10001\n"
PAST = {
    "Dockerfile": BAD_DOCKERFILE,
    "conf/old.env": f"GITHUB_TOKEN={TOKEN}\n",
    "index.js": "const a = require('a');\na();\n",
    "package.json": '{"name": "shop", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}\n',
    "package-lock.json": '{"name": "shop", "lockfileVersion": 3, "packages": {'
    '"": {"dependencies": {"a": "^1.0.0"}}, "node_modules/a": {"version": "1.0.0"}}}\n',
    ".github/dependabot.yml": "version: 2\nupdates: []\n",
    ".gitlab-ci.yml": 'build: {script: ["true"]}\n',
}
"""A repository that is built in both CI systems, with an old problem for each stage."""
CRITICAL = {"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}
SOURCE = "https://gitlab.example/team/security-gate"
REVISION = "v0.1.0"
OF_THE_GATE = ("actions", "gate", "gitlab-templates", "pyproject.toml", "README.md", "LICENSE", "requirements.lock")
"""What the repository of the gate has to hold for jobs that fetch it."""


class Newcomer:
    """A person with a clone, on a machine whose only gate was just installed."""

    def __init__(self, repository: GitRepository, bare: Path, run: Callable[..., Done], env: Mapping[str, str]) -> None:
        self.repository = repository
        self.folder = repository.folder
        self.bare = bare
        self.env = dict(env)
        self._run = run
        self._gate = shutil.which("gate", path=env["PATH"]) or ""

    def gate(self, *words: str) -> Done:
        """Run the installed gate in the clone, without a terminal."""
        return self._run(self._gate, *words, cwd=self.folder, env=self.env)

    def shell(self, line: str) -> Done:
        """Run a command line as it was printed."""
        return self._run("sh", "-c", line, cwd=self.folder, env=self.env)

    def push(self, branch: str = "main") -> Done:
        """Push the current branch."""
        return self._run("git", "push", "origin", branch, cwd=self.folder, env=self.env)

    def pushed(self, branch: str = "main") -> str:
        """Return the commit that the remote has, or nothing."""
        return self.repository.git("ls-remote", self.bare, f"refs/heads/{branch}").partition("\t")[0]


@pytest.fixture(scope="session")
def installed(
    tmp_path_factory: pytest.TempPathFactory, pip_offline: dict[str, str], environment: dict[str, str]
) -> str:
    """Return a PATH whose gate is the built wheel's, in a Python that has nothing else."""
    python = tmp_path_factory.mktemp("machine") / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", python], check=True, timeout=300)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", f"{python}/bin/python"]
    command = [*pip, "install", "--no-compile", "security-gate"]
    done = subprocess.run(command, env={**environment, **pip_offline}, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return f"{python}/bin{os.pathsep}{environment['PATH']}"


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a mirror with critical advisories, one on the package that the repository uses."""
    folder = tmp_path / "mirror"
    publish(folder, advisory("GHSA-1", "npm", "a", **CRITICAL), advisory("GHSA-2", "npm", "b", **CRITICAL))
    with serving(folder) as address:
        yield address


@pytest.fixture
def newcomer(
    tmp_path: Path,
    make_repository: Callable[..., GitRepository],
    run: Callable[..., Done],
    compiled: Path,
    installed: str,
) -> Newcomer:
    """Return a person with a clone of the repository with a past.

    The first run would compile the pre-filters for secrets, as the GitHub job does: here they are there already.
    """
    repository = make_repository(PAST, name="shop")
    bare = tmp_path / "forge/team/shop.git"
    repository.git("clone", "--quiet", "--bare", repository.folder, bare)
    repository.git("remote", "add", "origin", "git@gitlab.example:team/shop.git")
    repository.git("fetch", "--quiet", bare, "main:refs/remotes/origin/main")
    home = shutil.copytree(compiled.parents[2], tmp_path / "home")
    identity = "[user]\nname = Newcomer\nemail = newcomer@example.com\n"
    # For pushes alone, as gitlab-ci-local reads the host from the remote's address; it fetches includes by ssh.
    names = "pushInsteadOf = git@gitlab.example:\ninsteadOf = ssh://git@gitlab.example:22/\n"
    forge = f'[url "{tmp_path}/forge/"]\n{names}'
    (home / ".gitconfig").write_text(identity + forge)
    return Newcomer(repository, bare, run, {"PATH": installed, "HOME": str(home)})


@pytest.fixture
def gate_repository(tmp_path: Path, make_repository: Callable[..., GitRepository]) -> Path:
    """Return a clone of the gate's own repository at a tag, where `newcomer`'s forge has it."""
    (tmp_path / "forge/team").mkdir(parents=True, exist_ok=True)
    repository = make_repository({}, name="forge/team/security-gate.git")
    for name in OF_THE_GATE:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, repository.folder / name)
    repository.commit({}, "the gate")
    repository.git("tag", REVISION)
    return repository.folder


@pytest.fixture
def in_github(
    newcomer: Newcomer,
    gate_repository: Path,
    make_repository: Callable[..., GitRepository],
    pip_offline: dict[str, str],
    run: Callable[..., Done],
    tmp_path: Path,
) -> Callable[[str], Done]:
    """Return a function that runs the workflow that `gate init` wrote, for a pull request onto a commit."""
    stand_in = 'name: s\ndescription: d\nruns: {using: composite, steps: [{run: "true", shell: bash}]}\n'
    places = ("", "upload-sarif/", "restore/", "save/")
    others = make_repository({f"{place}action.yml": stand_in for place in places}, name="others").folder

    def judge(base: str) -> Done:
        workflow = (newcomer.folder / ".github/workflows/gate.yml").read_text()
        action = (gate_repository / "actions/gate/action.yml").read_text()
        used = re.findall(r"uses: ([^/\s]+/[^/@\s]+)[^@\s]*(@\S+)", workflow + action)
        named = {name + revision for name, revision in used}
        ours = f"team/security-gate@{REVISION}"
        local = {name: gate_repository if name == ours else others for name in named}
        assert ours in named
        event = tmp_path / "event.json"
        event.write_text(f'{{"pull_request": {{"base": {{"sha": "{base}"}}, "head": {{"sha": "{base}"}}}}}}')
        variables = {**pip_offline, "GATE_ADVISORIES": newcomer.env["GATE_ADVISORIES"]}
        return run(
            *("act", "pull_request", "-P", "ubuntu-24.04=-self-hosted", "--pull=false", "--eventpath", event),
            *(word for name, place in local.items() for word in ("--local-repository", f"{name}={place}")),
            *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
            cwd=newcomer.folder,
            env=newcomer.env,
        )

    return judge


@pytest.fixture
def in_gitlab(
    newcomer: Newcomer,
    gate_repository: Path,
    gitlab_cache: Callable[..., str],
    require: Callable[[str], str],
    run: Callable[..., Done],
) -> Callable[[str], Done]:
    """Return a function that runs the pipeline with what `gate init` said to add, for a merge request onto a commit.

    The job's image has the gate: it is the one on the PATH.
    """
    require("rsync")

    def judge(base: str) -> Done:
        merge_request = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
            "GATE_ADVISORIES": newcomer.env["GATE_ADVISORIES"],
        }
        variables = [f"--variable={name}={value}" for name, value in merge_request.items()]
        unchecked = "--json-schema-validation=false"  # it takes twice the time of all else
        return run(
            *(
                "gitlab-ci-local",
                "--force-shell-executor",
                "gate",
                unchecked,
                gitlab_cache(newcomer.folder),
                *variables,
            ),
            cwd=newcomer.folder,
            env=newcomer.env,
        )

    return judge
