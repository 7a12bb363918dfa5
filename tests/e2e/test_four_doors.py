"""One commit, judged on the command line, in a GitHub job, in a GitLab job and by git push: one verdict."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.machine_key import MARK_SIZE

PROJECT = Path(__file__).parents[2]
TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe0Jc5IE"
OLD = {"old.env": f"GITHUB_TOKEN={TOKEN}\n", "old/Dockerfile": "FROM debian:latest\nRUN chmod 777 /srv\n"}
BAD = {
    "Dockerfile": "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n",
    "conf/a.env": "PASSWORD=correct-horse-battery-Staple9\n",  # pragma: allowlist secret
}
BROKEN = {"package-lock.json": "{broken"}
STAND_IN = 'name: s\ndescription: d\nruns: {using: composite, steps: [{run: "true", shell: bash}]}\n'
CHECKOUT = "actions/checkout@v4"
ACTION = "example/security-gate@v1"
CACHE = "actions/cache@5a3ec84eff668545956fd18022155c47e93e2684"
KEEP = "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a"
UPLOAD = "github/codeql-action@ff0a06e83cb2de871e5a09832bc6a81e7276941f"


@pytest.fixture
def repository(make_repository, warm_cache, tmp_path):
    """Return a repository that all four doors lead to, with findings that were there before."""
    inputs = {"install": "false", "reports": f"{tmp_path}/github", "offline": "true"}
    steps = [{"uses": CHECKOUT}, warm_cache, {"uses": "example/security-gate/actions/gate@v1", "with": inputs}]
    workflow = {"on": "pull_request", "jobs": {"gate": {"runs-on": "ubuntu-latest", "steps": steps}}}
    template = PROJECT / "gitlab-templates/gate.gitlab-ci.yml"
    return make_repository(
        {
            **OLD,
            "gate.yaml": "offline: true\n",
            ".github/workflows/gate.yml": json.dumps(workflow),
            ".gitlab-ci.yml": "include: [{local: ci/gate.yml}]\n",
            "ci/gate.yml": template.read_text(),
        }
    )


@pytest.fixture
def doors(repository, make_repository, compiled, gitlab_cache, run, require, tmp_path) -> dict[str, Callable[[], Path]]:
    """Return the ways to judge HEAD against its parent; each gives the JSON report that came of it."""
    for program in ("act", "gitlab-ci-local", "rsync"):
        require(program)
    folder = repository.folder

    def command_line() -> Path:
        run("gate", "run", "--since", "HEAD^", "--report", f"json={tmp_path}/command.json", cwd=folder)
        return tmp_path / "command.json"

    def github() -> Path:
        stand_in = make_repository(
            {"action.yml": STAND_IN, "upload-sarif/action.yml": STAND_IN}, name="stand-in"
        ).folder
        shutil.copytree(PROJECT / "actions", tmp_path / "action/actions")
        event = tmp_path / "event.json"
        base = repository.git("rev-parse", "HEAD^")
        event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": base}}}))
        places = {CHECKOUT: stand_in, CACHE: stand_in, KEEP: stand_in, UPLOAD: stand_in, ACTION: tmp_path / "action"}
        words = [word for name, place in places.items() for word in ("--local-repository", f"{name}={place}")]
        options = ("-P", "ubuntu-latest=-self-hosted", "--pull=false", "--eventpath", event)
        run("act", "pull_request", *options, *words, cwd=folder)
        return tmp_path / "github/gate.json"

    def gitlab() -> Path:
        repository.git("remote", "add", "origin", "git@gitlab.example:team/project.git")
        merge_request = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "HEAD^"),
        }
        variables = [f"--variable={name}={value}" for name, value in merge_request.items()]
        unchecked = "--json-schema-validation=false"  # it takes twice the time of all else
        options = ("--force-shell-executor", unchecked, gitlab_cache(folder))
        done = run("gitlab-ci-local", *options, *variables, cwd=folder)
        assert (folder / "gate-reports").exists(), done.stdout + done.stderr
        return folder / "gate-reports/gate.json"

    def push() -> Path:
        bare = tmp_path / "bare.git"
        repository.git("clone", "--quiet", "--bare", folder, bare)
        repository.git("remote", "add", "bare", bare)
        repository.git("push", "--quiet", "--force", "bare", "HEAD^:refs/heads/main")
        run("gate", "hook", "install", cwd=folder)
        shutil.copytree(compiled, tmp_path / "cache/gate/secrets")
        run("git", "push", "bare", "main", cwd=folder, env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
        (kept,) = (tmp_path / "cache/gate/reports").glob("*.json")
        report = tmp_path / "push.json"
        report.write_bytes(kept.read_bytes()[MARK_SIZE:])
        return report

    return {"push": push, "command line": command_line, "GitHub": github, "GitLab": gitlab}


def _judged(report: Path) -> tuple[str, frozenset[tuple[str, bool]]]:
    """Return the verdict, and the fingerprints of what is new, each with whether it blocks.

    A push is not searched for secrets that the remote has already, so what is existing is no matter of comparison.
    """
    content = json.loads(report.read_text())
    new = [one for one in content["findings"] if one["status"] == "new"]
    return content["verdict"]["status"], frozenset((one["fingerprint"], one["blocking"]) for one in new)


@pytest.mark.parametrize(("files", "verdict"), [(BAD, "fail"), (BROKEN, "incomplete")], ids=["fail", "incomplete"])
def test_all_doors_give_the_same_verdict_and_fingerprints(repository, doors, files, verdict):
    repository.commit(files)
    judged = {name: _judged(door()) for name, door in doors.items()}
    assert {name: one[0] for name, one in judged.items()} == dict.fromkeys(doors, verdict)
    assert len(set(judged.values())) == 1, judged
    assert any(is_blocking for _, is_blocking in judged["push"][1]) is (verdict == "fail")
