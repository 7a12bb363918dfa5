"""From a machine that has seen no gate to a judged push through each door: what a new user does in the first hour.

Each step is done with what the step before printed, so that a message that leads nowhere fails the walk.
"""

import re
from collections.abc import Callable

import pytest

from tests.e2e.first_hour.conftest import BAD_DOCKERFILE, REVISION, SOURCE, TOKEN, Done, Newcomer

NEW_PROBLEM = {"jobs/Dockerfile": BAD_DOCKERFILE}
ANOTHER_PACKAGE = {
    "tool/index.js": "require('b')();\n",
    "tool/package.json": '{"name": "tool", "version": "1.0.0", "dependencies": {"b": "^1.0.0"}}\n',
    "tool/package-lock.json": '{"name": "tool", "lockfileVersion": 3, "packages": {'
    '"": {"dependencies": {"b": "^1.0.0"}}, "node_modules/b": {"version": "1.0.0"}}}\n',
}
SUGGESTION = "`gate baseline` records what is there today, so that only new findings block"


def _adopt(newcomer: Newcomer) -> None:
    """Do what `gate init` writes and says to do next, word by word, and commit it."""
    init = newcomer.gate("init", "--yes", "--source", f"{SOURCE}@{REVISION}")
    assert init.returncode == 0, init.stderr
    include = re.search(r"add to it:\n\n(.*?)\n\n", init.stdout + "\n", re.DOTALL)
    assert include, init.stdout
    pipeline = newcomer.folder / ".gitlab-ci.yml"
    pipeline.write_text(pipeline.read_text() + include[1] + "\n")
    steps = init.stdout.partition("\nNext:\n")[2].splitlines()
    commands = [re.split(r"   |, and commit", step.strip())[0] for step in steps]
    assert [command.split()[:2] for command in commands] == [["gate", "baseline"], ["git", "add"]]
    for command in (*commands, "git commit --quiet --all --message 'Adopt the gate'"):
        done = newcomer.shell(command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert newcomer.repository.git("status", "--porcelain") == "", "what the gate wrote is committed"


def _fingerprint(refused: Done, path: str) -> str:
    """Return the short fingerprint that the hook prints for a finding in a file."""
    found = re.search(rf"{path}:\d+.*?  ([0-9a-f]{{12}})\b", refused.stderr)
    assert found, refused.stderr
    return found[1]


def _is_refused(done: Done) -> bool:
    return done.returncode != 0 and "failed to push some refs" in done.stderr and "gate: FAIL" in done.stderr


def test_from_an_empty_machine_to_a_judged_push_through_each_door(
    newcomer: Newcomer,
    mirror: str,
    in_github: Callable[[str], Done],
    in_gitlab: Callable[[str], Done],
) -> None:
    newcomer.env["GATE_ADVISORIES"] = mirror
    repository = newcomer.repository

    # Look, without consequences
    doctor = newcomer.gate("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "gate hook install" in doctor.stdout
    first = newcomer.gate("run")
    assert first.returncode == 1, first.stdout + first.stderr
    assert all(old in first.stdout for old in ("Dockerfile:2", "conf/old.env:1", "GHSA-1")), first.stdout
    assert TOKEN not in first.stdout + first.stderr
    assert SUGGESTION in first.stderr
    assert repository.git("status", "--porcelain") == "", "nothing is written"

    # Adopt it
    refusal = newcomer.gate("init")
    assert (refusal.returncode, "--yes" in refusal.stderr) == (2, True)
    assert repository.git("status", "--porcelain") == "", "nothing is written without consent"
    _adopt(newcomer)
    assert newcomer.gate("hook", "install").returncode == 0
    adopted = newcomer.push()
    assert (adopted.returncode, "gate: PASS" in adopted.stderr) == (0, True), adopted.stderr
    base = newcomer.pushed()
    assert base == repository.git("rev-parse", "HEAD")

    # Be stopped, by every door
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({**NEW_PROBLEM, "conf/new.env": f"OTHER_TOKEN={TOKEN[:-4]}Zq3x\n"})
    refused = newcomer.push("change")
    assert _is_refused(refused), refused.stderr
    assert newcomer.pushed("change") == ""
    for job in (in_github(base), in_gitlab(base)):
        assert job.returncode == 1, job.stdout + job.stderr
        assert re.search(r"FAIL: \d+ findings? block", job.stdout), job.stdout + job.stderr
        assert "jobs/Dockerfile:2" in job.stdout

    # Fix one, waive the other, carry on
    accepted = _fingerprint(refused, "jobs/Dockerfile")
    repository.git("rm", "--quiet", "conf/new.env")
    waived = newcomer.gate("waive", accepted, "--owner", "team", "--reason", "scratch space", "--until", "14d")
    assert waived.returncode == 0, waived.stderr
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--amend", "--message", "Jobs")
    passed = newcomer.push("change")
    assert (passed.returncode, "gate: PASS" in passed.stderr) == (0, True), passed.stderr
    assert newcomer.pushed("change") == repository.git("rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("words", "cause"),
    [(["--offline"], "offline forbids to fetch them from"), ([], "did not send them")],
    ids=["offline is set", "the source cannot be reached"],
)
def test_without_advisories_one_message_names_the_source_and_three_ways_out(
    newcomer: Newcomer, words: list[str], cause: str
) -> None:
    newcomer.env["GATE_ADVISORIES"] = "http://127.0.0.1:9"  # the discard service, which no machine of today offers
    run = newcomer.gate("run", "--stage", "dependencies", *words)
    said = " ".join(run.stdout.split())
    assert run.returncode == 3, run.stdout
    assert cause in said
    for part in ("127.0.0.1:9", "`gate db update`", "`gate db import FILE`", "--advisories"):
        assert part in said, said
    assert said.count("the advisories are not on this machine") == 1


def test_a_machine_without_network_is_carried_the_advisories_and_judges_pushes(newcomer: Newcomer, mirror: str) -> None:
    elsewhere = {**newcomer.env, "HOME": f"{newcomer.env['HOME']}/elsewhere", "GATE_ADVISORIES": mirror}
    offline = {**newcomer.env, "GATE_OFFLINE": "true", "GATE_ADVISORIES": mirror, "GATE_STAGE": "dependencies"}

    # What touches no lockfile is judged without advisories
    newcomer.env = offline
    assert newcomer.gate("hook", "install").returncode == 0
    newcomer.repository.commit({"readme.txt": "hello\n"})
    untouched = newcomer.push()
    assert (untouched.returncode, "gate: PASS" in untouched.stderr) == (0, True), untouched.stderr

    # What touches one is not, and the hook says what to do
    newcomer.repository.commit(ANOTHER_PACKAGE)
    unjudged = newcomer.push()
    assert unjudged.returncode != 0
    assert "gate: INCOMPLETE" in unjudged.stderr
    assert "gate db import FILE" in " ".join(unjudged.stderr.split())

    # The second way out: from a machine with network, by file
    newcomer.env = elsewhere
    for command in ("gate db update", "gate db export ../advisories.zip"):
        assert newcomer.shell(command).returncode == 0
    newcomer.env = offline
    carried = newcomer.shell("gate db import ../advisories.zip")
    assert carried.returncode == 0, carried.stderr
    judged = newcomer.push()
    assert _is_refused(judged), judged.stderr
    assert "GHSA-2" in judged.stderr
