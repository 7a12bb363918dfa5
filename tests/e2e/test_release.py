"""A release is built, and the gate installed by its lock file, with real pip and nothing fetched.

Runs `.ci/release` and `actions/setup-gate/locked.sh`.
"""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
LOCK = (PROJECT / "requirements.lock").read_text()
BUILDER_BY_CHANCE = """\
#!/bin/sh
# Stands for python3, and for that of the environment which it makes: each wheel is another one.
for last; do :; done
case " $* " in
    *" -m venv "*) mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
    *" -m hatchling build "*) od -N 16 -x /dev/urandom >"$last/gate.whl" ;;
esac
"""


@pytest.fixture
def checkout(make_repository):
    """Return a repository with the sources as they stand here, committed."""
    repository = make_repository({})
    listed = subprocess.run(
        ["git", "ls-files", "-z", "."], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    parts = ("gate/", "actions/", ".ci/", "container/")
    files = ("pyproject.toml", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "requirements.lock")
    for name in listed.split("\0"):
        if (name.startswith(parts) or name in files) and (PROJECT / name).is_file():
            (repository.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, repository.folder / name)
    repository.commit({})
    return repository


def test_two_builds_of_a_commit_are_the_same_and_their_bill_names_what_is_locked(checkout, run, pip_offline, tmp_path):
    done = run("bash", ".ci/release", "build", tmp_path / "dist", cwd=checkout.folder, env=pip_offline)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert "gate/__main__.py" in zipfile.ZipFile(wheel).namelist()
    sums = (tmp_path / "dist/SHA256SUMS").read_text()
    assert all(path.name in sums for path in (tmp_path / "dist").iterdir() if path.name != "SHA256SUMS")
    assert '"msgspec"' in (tmp_path / "dist/bill.cdx.json").read_text()


def test_a_build_that_depends_on_chance_stops_the_release(checkout, run, environment, tmp_path):
    python = tmp_path / "bin/python3"
    python.parent.mkdir()
    python.write_text(BUILDER_BY_CHANCE)
    python.chmod(0o755)
    path = {"PATH": f"{python.parent}:{environment['PATH']}"}
    done = run("bash", ".ci/release", "build", tmp_path / "dist", cwd=checkout.folder, env=path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "two builds of one commit differ" in done.stderr
    assert not list((tmp_path / "dist").glob("*.whl"))


def test_a_package_with_another_hash_is_not_installed(checkout, run, pip_offline, tmp_path):
    lock = checkout.folder / "requirements.lock"
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", lock.read_text()))
    script = checkout.folder / "actions/setup-gate/locked.sh"
    done = run("sh", script, checkout.folder, tmp_path / "program", cwd=tmp_path, env=pip_offline)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_a_job_of_gitlab_installs_the_gate_of_a_commit_with_the_locked_packages_and_no_others(
    checkout, run, pip_offline, tmp_path
):
    """The part of the template that installs, by `locked.sh`, with the repository at a `file:` address."""
    template = (PROJECT / "gitlab-templates/gate.gitlab-ci.yml").read_text()
    script = re.search(r"( {8}case \$GATE_CI_PACKAGE in\n.*? {8}esac\n)", template, re.DOTALL)
    assert script is not None
    commit = checkout.git("rev-parse", "HEAD")
    package = f"git+file://{checkout.folder}@{commit}"
    text = script[1].replace("/tmp/gate-", f"{tmp_path}/gate-")
    done = run("bash", "-e", "-c", text, cwd=tmp_path, env={**pip_offline, "GATE_CI_PACKAGE": package})
    assert done.returncode == 0, done.stdout + done.stderr
    assert run(str(tmp_path / "gate-program/bin/gate"), "--version", cwd=tmp_path).stdout.startswith("gate ")
    frozen = run(str(tmp_path / "gate-program/bin/python"), "-m", "pip", "freeze", cwd=tmp_path).stdout
    installed = {str(canonicalize_name(line.split("==")[0])) for line in frozen.splitlines() if "==" in line}
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.split("# Only to build")[0], re.MULTILINE))
    assert installed - {"security-gate"} <= locked
    assert {"msgspec", "cryptography"} <= installed
