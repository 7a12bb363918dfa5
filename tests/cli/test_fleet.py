"""`gate store` and `gate fleet` as commands, and `gate run --store` (`gate/cli/store_options.py`)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.cli import fleet, parser_of
from tests.cli.conftest import Gate
from tests.conftest import GitRepository

LOCK = {
    "name": "web",
    "lockfileVersion": 3,
    "packages": {"": {"dependencies": {"lodash": "4"}}, "node_modules/lodash": {"version": "4.17.15"}},
}


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "package-lock.json").write_text(json.dumps(LOCK))
    (tmp_path / "advisories").mkdir()
    return folder


def run(gate: Gate, code: Path, *words: str, advisories: Path | None = None) -> int:
    place = str((advisories or code.parent) / "advisories")
    done = gate("run", ".", "--stage", "dependencies", "--advisories", place, "-q", *words, cwd=str(code))
    return done.returncode


def test_the_settings_of_rejudge_are_made_for_rejudge_alone() -> None:
    """They take longer than finding does; descriptions of all commands have them."""
    for words, knows in ((["find", "rule:GD012"], False), (["rejudge", "--changed"], True), (None, True)):
        assert parser_of("fleet", fleet, words=words).knows("--changed") is knows


def test_what_a_run_read_is_found(gate: Gate, code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_STORE", str(code.parent / "store"))
    where = {"cwd": str(code.parent)}
    assert run(gate, code) == 3, "there is no store yet"
    assert gate("store", "init", "--organisation", "example", **where).returncode == 0
    run(gate, code)
    done = gate("fleet", "find", "pkg:npm/lodash@<5", "--format", "json", "--accept-unread", "100", **where)
    assert done.returncode == 0
    (row,) = json.loads(done.stdout)["found"]
    assert (row["package"], row["where"]) == ("pkg:npm/lodash@4.17.15", "package-lock.json")
    done = gate("fleet", "find", "pkg:npm/lodash@<5", **where)
    assert done.returncode == 3, "no advisories were there, so it is known that something was not judged"
    assert "could not be read completely" in done.stderr
    done = gate("store", "info", "--organisation", "another", **where)
    assert (done.returncode, "not of 'another'" in done.stderr) == (2, True)
    assert "records: 1" in gate("store", "info", **where).stdout
    assert gate("store", "verify", **where).returncode == 0
    assert gate("store", "prune", **where).returncode == 0
    assert "generation 2" in gate("store", "index", "--again", **where).stdout


def test_a_report_alone_is_added_and_what_it_lacks_is_said(gate: Gate, code: Path) -> None:
    run(gate, code, "--report", "json=report.json")
    store = ("--store", str(code.parent / "store"))
    gate("store", "init", *store)
    (code / "broken.json").write_text("{")
    done = gate("store", "add", "broken.json", "report.json", *store, cwd=str(code))
    assert done.returncode == 3
    assert "broken.json" in done.stderr
    done = gate("fleet", "find", "pkg:npm/lodash", *store)
    assert (done.returncode, "by a report alone" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    "words",
    [
        ("store", "info"),
        ("store", "info", "--store", ""),
        ("store", "info", "--store", "nowhere"),
        ("fleet", "find", "pkg:npm/lodash", "--store", "nowhere"),
        ("fleet", "find", "lodash", "--store", "nowhere"),
        ("fleet", "find", "pkg:npm/lodash", "--store", "nowhere", "--accept-unread", "101"),
        ("run", ".", "--store", ""),
        ("fleet", "rejudge", "--webhook", "chat.example.com", "--store", "nowhere"),
        ("console", "serve", "--store", "nowhere", "--team-header", ""),
        ("console", "build", "-o", "site"),
    ],
)
def test_wrong_usage(gate: Gate, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert gate(*words, cwd=str(tmp_path)).returncode == 2


def test_judging_again_says_what_became_fail(gate: Gate, code: Path) -> None:
    place = code.parent / "advisories"
    (place / "npm").mkdir()
    store = ("--store", str(code.parent / "store"))
    gate("store", "init", *store)
    write_advisory(place, "CVE-2020-1", fixed="4.17.10")
    assert run(gate, code, *store) == 0
    words = ("fleet", "rejudge", *store, "--advisories", str(place))
    done = gate(*words, cwd=str(code))
    assert (done.returncode, "0 became fail" in done.stdout) == (0, True), done.stderr
    write_advisory(place, "CVE-2026-1", fixed="4.17.21")
    done = gate(*words, "--changed", "--format", "jsonl", "--output", "night.jsonl", cwd=str(code))
    assert done.returncode == 1, done.stderr
    change = json.loads((code / "night.jsonl").read_text())
    assert (change["before"], change["after"], change["blocking"][0]["what"]) == ("pass", "fail", "CVE-2026-1")
    (place / "npm/all.zip").unlink()
    done = gate(*words, cwd=str(code))
    assert (done.returncode, "not judged: npm/all.zip" in done.stderr) == (3, True)


def write_advisory(place: Path, id: str, fixed: str) -> None:
    import zipfile

    ranges = [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    affected = [{"package": {"ecosystem": "npm", "name": "lodash"}, "ranges": ranges}]
    severity = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    advisory = {"id": id, "modified": "2026-11-28T00:00:00Z", "affected": affected, "severity": severity}
    with zipfile.ZipFile(place / "npm/all.zip", "w") as archive:
        archive.writestr(f"{id}.json", json.dumps(advisory))


def test_what_runs_is_kept_by_source_and_found(gate: Gate, code: Path) -> None:
    store = ("--store", str(code.parent / "store"))
    gate("store", "init", *store)
    run(gate, code, *store)
    listing = code.parent / "records.jsonl"
    listing.write_text(json.dumps({"where": "prod/web", "image": "web:1"}))
    done = gate("fleet", "context", "--source", "prod", str(listing), *store)
    assert (done.returncode, "1 workload" in done.stdout + done.stderr) == (0, True)
    assert gate("fleet", "context", *store).stdout.startswith("prod: 1 workload, listed at 20")
    assert json.loads(gate("fleet", "find", "pkg:npm/lodash", "--format", "json", *store).stdout)["sources"]
    listing.write_text("{")
    assert gate("fleet", "context", "--source", "prod", str(listing), *store).returncode == 3
    assert "1 workload" in gate("fleet", "context", *store).stdout, "what was kept stays"
    for words in (
        ["--source", ""],
        ["--source", "prod"],
        [str(listing)],
        ["--source", "a", "--listed-at", "soon", "x"],
    ):
        assert gate("fleet", "context", *words, *store).returncode == 2, words
    assert gate("fleet", "context", "--source", "prod", "--remove", *store).returncode == 0
    assert gate("fleet", "context", *store).stdout == ""


def test_a_policy_asks_what_is_deployed_and_only_the_store_answers(
    gate: Gate, code: Path, make_repository: Callable[..., GitRepository]
) -> None:
    (code.parent / "advisories/npm").mkdir()
    write_advisory(code.parent / "advisories", "CVE-2026-1", fixed="4.17.21")
    rules = [
        {"id": "runs", "why": "It runs.", "when": {"deployed": "yes"}},
        {"id": "serious-and-fixable", "why": "It does not.", "when": {"severity": "low"}, "effect": "warn"},
    ]
    repository = make_repository()
    head = repository.commit({"package-lock.json": json.dumps(LOCK)})
    policy = code.parent / "policy.json"
    policy.write_text(json.dumps({"rules": rules}))
    store = ("--store", str(code.parent / "store"))
    gate("store", "init", *store)
    report = code.parent / "report.json"
    words = ("--policy", str(policy), *store, "--report", f"json={report}")
    assert run(gate, repository.root, *words, advisories=code.parent) == 0, "nothing is known to run"
    (code.parent / "prod.jsonl").write_text(json.dumps({"where": "web", "commit": head}))
    gate("fleet", "context", "--source", "prod", str(code.parent / "prod.jsonl"), *store)
    assert run(gate, repository.root, *words, advisories=code.parent) == 1
    (finding,) = json.loads(report.read_text())["findings"]
    assert (finding["deployed"], finding["decided_by"]) == ("yes", "runs")
    assert "prod: web" in finding["deployed_evidence"][0]
