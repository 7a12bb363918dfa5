"""`gate db` as scripts and people meet it: a project, a mirror on this machine, a cache of its own.

Goes through `gate/advisories/update.py`, `gate/pipeline/packages.py`.
"""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gate.cli import main
from gate.cli.meter import Meter, progress_line
from tests.advisory_mirror import advisory, publish, serving

Gate = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    mirror = tmp_path / "mirror"
    publish(mirror, advisory("GHSA-1", "npm", "a"), advisory("PYSEC-1", "PyPI", "b"))
    return mirror


@pytest.fixture
def url(mirror: Path) -> Iterator[str]:
    with serving(mirror) as address:
        yield address


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Gate:
    """Return a function that runs the gate in a project that locks the npm package `a`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "project"
    project.mkdir()
    lock = {"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0"}}}
    (project / "package-lock.json").write_text(json.dumps(lock))
    monkeypatch.chdir(project)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_update_fetches_what_the_project_uses_and_a_run_needs_nothing_more(gate: Gate, url: str) -> None:
    assert gate("db", "update", "--advisories", url) == (
        0,
        "npm: 1 advisories, newest 2026-01-02T00:00:00Z, updated\n",
        "",
    )
    assert "unchanged" in gate("db", "update", "--advisories", url)[1]
    status, out, _ = gate("run", "--stage", "dependencies", "--offline", "--advisories", url, "--report", "json=-")
    assert (status, [finding["rule"] for finding in json.loads(out)["findings"]]) == (0, ["GHSA-1"])


def test_what_was_fetched_is_explained_in_its_own_words(gate: Gate, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_ADVISORIES", url)
    assert "a hole" not in gate("explain", "GHSA-1")[1]
    gate("db", "update")
    status, out, _ = gate("explain", "GHSA-1")
    assert (status, "\nIn a there is \\x1b[31ma hole\\x1b[0m.\n" in out) == (0, True)
    assert out.endswith("\nThe advisory itself: https://osv.dev/vulnerability/GHSA-1\n")


def test_ecosystems_can_be_named(gate: Gate, url: str) -> None:
    assert gate("db", "update", "--ecosystem", "pypi", "--advisories", url)[1].startswith("PyPI: 1 advisories")
    assert [line.partition(":")[0] for line in gate("db", "update", "--all", "--advisories", url)[1].splitlines()] == [
        "PyPI",
        "npm",
    ]
    status, _, error = gate("db", "update", "--ecosystem", "pipy", "--advisories", url)
    assert (status, error) == (2, "gate: there is no ecosystem pipy. Did you mean PyPI?\n")


def test_one_ecosystem_that_fails_leaves_the_others(gate: Gate, url: str, mirror: Path) -> None:
    (mirror / "PyPI" / "all.zip").write_bytes(b"PK no zip")
    status, out, error = gate("db", "update", "--all", "--advisories", url)
    assert (status, out) == (3, "npm: 1 advisories, newest 2026-01-02T00:00:00Z, updated\n")
    assert "PyPI/all.zip: is no zip file or is damaged" in error
    assert "Debian/all.zip: the source has no advisories for it" in error


def test_a_folder_is_a_source_too(gate: Gate, mirror: Path) -> None:
    assert gate("db", "update", "--advisories", str(mirror))[1].startswith("npm: 1 advisories")
    assert "PyPI" in gate("db", "status", "--advisories", mirror.as_uri())[1]


def test_status_for_people_and_programs(gate: Gate, url: str) -> None:
    assert gate("db", "status", "--advisories", url) == (
        3,
        f"source: {url}\nthere is nothing here yet: gate db update\n",
        "",
    )
    gate("db", "update", "--advisories", url)
    status, out, _ = gate("db", "status", "--advisories", url)
    assert status == 0
    assert "npm          1 advisories  checked 2" in out
    told = json.loads(gate("db", "status", "--json", "--advisories", url)[1])
    (npm,) = told["holdings"]
    assert (told["source"], told["max_age"]) == (url, "7d")
    assert (npm["name"], npm["advisories"], npm["newest"], npm["is_too_old"]) == (
        "npm",
        1,
        "2026-01-02T00:00:00Z",
        False,
    )
    assert npm["age_s"] < 600


def test_exported_and_imported_on_a_machine_without_network(
    gate: Gate, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate("db", "update", "--all", "--advisories", url)
    file = str(tmp_path / "advisories.zip")
    assert gate("db", "export", file, "--advisories", url)[1] == f"2 files of {url} are in {file}\n"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    status, out, _ = gate("db", "import", file, "--offline")
    assert (status, [line.rpartition(", ")[2] for line in out.splitlines()]) == (0, ["imported", "imported"])
    status, out, _ = gate("run", "--stage", "dependencies", "--offline", "--report", "json=-")
    assert (status, len(json.loads(out)["findings"])) == (0, 1)
    assert gate("db", "import", file, "--offline")[1].count("is just as new") == 2


@pytest.mark.parametrize("login", ["", "reader:word@"])
def test_end_of_life_dates_come_along_and_reach_the_workers(
    gate: Gate, url: str, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    """Workers do not know the login of an address, by whose digest the files of a source are kept."""
    url = url.replace("//", f"//{login}")
    (mirror / "end_of_life.txt").write_text("as-of 2026-10-20\ndebian 13 2026-10-19\n")
    Path("Dockerfile").write_text("FROM debian:13\n")
    run = ("run", "--stage", "dockerfile", "--offline", "--report", "json=-")

    def said(*words: str) -> tuple[bool, str]:
        report = json.loads(gate(*run, *words)[1])
        (result,) = report["stages"]
        return "GD022" in {one["rule"] for one in report["findings"]}, result["facts"]["end_of_life_dates"]

    assert "built in" in said("--advisories", url)[1]
    gate("db", "update", "--advisories", url)
    assert "end_of_life.txt" in gate("db", "status", "--advisories", url)[1]
    is_found, dates = said("--advisories", url)
    assert (is_found, dates.startswith("2026-10-20, end_of_life.txt of http://127.0.0.1:")) == (True, True)
    file = str(tmp_path / "advisories.zip")
    assert gate("db", "export", file, "--advisories", url)[1].startswith("2 files of ")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert "end_of_life.txt: checked 2" in gate("db", "import", file, "--offline")[1]
    assert said()[0]


def test_a_wheel(gate: Gate, url: str, tmp_path: Path) -> None:
    gate("db", "update", "--advisories", url)
    status, out, _ = gate("db", "export", str(tmp_path), "--wheel", "our-advisories", "--advisories", url)
    assert status == 0
    (wheel,) = tmp_path.glob("our_advisories-*-py3-none-any.whl")
    assert str(wheel) in out


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (("update", "--offline"), 2, "offline forbids to ask the source"),
        (("update", "--advisories", "wheel:ours"), 2, "is brought up to date by your package manager"),
        (("update", "--no-cache"), 2, "without the cache there is no database"),
        (("export", "file"), 3, "there are no advisories here to export"),
        (("import", "absent.zip"), 2, "absent.zip: there is no such file"),
        (("import", "package-lock.json"), 3, "package-lock.json: is no exported database or is damaged"),
        (("import", "oci://host"), 2, "oci://host: is no address of an artifact"),
        (("import", "oci://host/a:b", "--offline"), 2, "a registry cannot be asked with --offline"),
        (("update", "--advisories-max-age", "soon"), 2, "max_age"),
        (("status", "--advisories", "oci://host/a:b"), 3, "is brought in with `gate db import`"),
    ],
)
def test_what_cannot_be_done_is_said(gate: Gate, words: tuple[str, ...], status: int, why: str) -> None:
    ended, _, error = gate("db", *words)
    assert (ended, why in error) == (status, True), error


def test_an_export_that_cannot_be_written(gate: Gate, url: str, tmp_path: Path) -> None:
    gate("db", "update", "--advisories", url)
    for words in ((str(tmp_path / "no" / "file"),), (str(tmp_path / "no"), "--wheel", "ours")):
        status, _, error = gate("db", "export", *words, "--advisories", url)
        assert (status, "cannot be written" in error) == (3, True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_meter_shows_bytes_and_rate_on_a_terminal_alone() -> None:
    assert progress_line("npm/all.zip", 12 << 20, 80 << 20, 2.0) == "npm/all.zip  12.0 of 80.0 MiB   15%  6.0 MiB/s"
    assert progress_line("a\x1b[0m", 1 << 20, None, 0) == "a\\x1b[0m  1.0 MiB"
    for stream, is_shown in ((Terminal(), True), (io.StringIO(), False)):
        meter = Meter(stream)
        meter("file", 5, 5)
        meter.clear()
        assert bool(stream.getvalue()) == is_shown
