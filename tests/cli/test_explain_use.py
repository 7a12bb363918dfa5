"""`gate explain --in-use`: the ways from a container's start to its packages, and why others are not among them."""

import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.cli import main
from gate.cli.explain_use import tree_of
from gate.model import Finding, Location, Package, Report, Severity, StageStatus, Vulnerability
from gate.reports import write_report
from tests.cli.test_sbom import write_shop
from tests.reports.conftest import make_finding, make_report

__all__ = ["make_finding", "make_report"]

PAGE = Path(__file__).parents[2] / "docs/how-to/in-use.md"


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that explains a package of `app.tar`, or, without words, the whole image."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_shop(tmp_path / "app.tar", Entrypoint=["/start.sh"])

    def run(*words: str, status: int = 0) -> str:
        assert main(["explain", "--in-use", *words]) == status
        told = capsys.readouterr()
        return told.out or told.err

    return run


def test_a_package_in_use_has_the_way_from_the_start_to_its_file(explain: Callable[..., str]) -> None:
    assert explain("shop", "archive:app.tar") == (
        "shop 1.0 (Debian:12): in use: yes\n"
        "  stated by var/lib/dpkg/status\n"
        "\n"
        "  └─ entrypoint\n"
        "     └─ start.sh:2 runs\n"
        "        └─ usr/bin/shop\n"
    )


def test_a_package_that_is_not_in_use_has_the_reason(explain: Callable[..., str]) -> None:
    assert explain("IDLE", "archive:app.tar").splitlines()[-1] == (
        "  none of the 3 files that the image reaches belongs to it or names it"
    )


def test_of_an_unknown_one_it_is_said_what_would_decide_it(explain: Callable[..., str]) -> None:
    write_shop(Path("bare.tar"))
    assert explain("idle", "archive:bare.tar").splitlines()[3:] == [
        "  the image names no program as its entrypoint",
        "",
        "Why it is unknown",
        "  What the container starts is not known.",
        "",
        "What would decide it",
        "  Name the start: `entrypoint` and `command` of the image in gate.yaml, or `images_from`.",
    ]


def test_how_the_settings_start_the_image_decides_it(explain: Callable[..., str]) -> None:
    write_shop(Path("bare.tar"))
    Path("gate.yaml").write_text("images:\n  - ref: archive:bare.tar\n    command: [/start.sh]\n")
    assert "└─ start in images: archive:bare.tar" in explain("shop", "archive:bare.tar")
    assert ": in use: no" in explain("idle", "archive:bare.tar")


def test_the_whole_image_is_a_tree_and_the_others_are_counted(explain: Callable[..., str]) -> None:
    assert explain("archive:app.tar").splitlines() == [
        "archive:app.tar",
        "└─ entrypoint",
        "   └─ start.sh:2 runs",
        "      └─ usr/bin/shop  [shop 1.0]",
        "",
        "In use: 1 of 2 packages; not: 1; unknown: 0",
        "`gate explain --in-use PACKAGE TARGET` says why; `gate sbom --in-use` lists them all.",
    ]


@pytest.fixture
def report_file(
    explain: Callable[..., str], make_finding: Callable[..., Finding], make_report: Callable[..., Report]
) -> str:
    """A report in which the package `shop` of the image has two vulnerabilities."""
    purl = "pkg:deb/debian/shop@1.0"
    package = Package(name="shop", version="1.0", ecosystem="Debian:12", purl=purl, path="var/lib/dpkg/status")

    def vulnerable(name: str, severity: Severity, *fixed: str, target: str = "archive:app.tar") -> Finding:
        known = Vulnerability(id=name, fixed_versions=fixed)
        where = Location(target=target, path="var/lib/dpkg/status")
        return make_finding("image", name, severity, location=where, package=package, vulnerability=known)

    found = [
        vulnerable("CVE-2026-1", Severity.LOW),
        vulnerable("CVE-2026-2", Severity.CRITICAL, "1.2"),
        vulnerable("CVE-2026-3", Severity.HIGH, target="archive:other.tar"),
    ]
    write_report("json", make_report(found, {"image": {"status": StageStatus.OK}}), "report.json")
    return "report.json"


def test_what_a_report_found_in_a_package_stands_with_it_the_worst_first(
    explain: Callable[..., str], report_file: str
) -> None:
    said = "2 findings: CVE-2026-2 critical (fixed in 1.2), CVE-2026-1 low"
    assert f"[shop 1.0] {said}\n" in explain("archive:app.tar", "--from", report_file)
    assert f"  found in it: {said}\n" in explain("shop", "archive:app.tar", "--from", report_file)
    assert "found in it" not in explain("idle", "archive:app.tar", "--from", report_file)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shap", "archive:app.tar"), "has no package 'shap'. Did you mean shop?"),
        (("shop", "."), "is a folder"),
        (("shop", "archive:gone.tar"), "no such file"),
    ],
)
def test_what_cannot_be_explained_is_said(explain: Callable[..., str], words: tuple[str, ...], said: str) -> None:
    assert said in explain(*words, status=2)


def test_without_in_use_one_id_is_explained(explain: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "GI001", "archive:app.tar"]) == 2
    assert "one id is explained at a time" in capsys.readouterr().err


def test_ways_share_their_steps() -> None:
    ways = [(("start", "a", "b"), "x"), (("start", "a", "c"), "y"), (("start", "a"), "z"), (("start", "d"), "")]
    assert list(tree_of(ways)) == ["└─ start", "   ├─ a  z", "   │  ├─ b  x", "   │  └─ c  y", "   └─ d"]


@given(st.lists(st.tuples(st.lists(st.text(max_size=4), max_size=5).map(tuple), st.text(max_size=3)), max_size=6))
def test_any_ways_are_one_visible_line_a_step(ways: list[tuple[tuple[str, ...], str]]) -> None:
    lines = list(tree_of(ways))
    assert len(lines) == len({way[:length] for way, _ in ways for length in range(1, len(way) + 1)})


def test_a_way_of_ten_thousand_steps_is_drawn() -> None:
    assert sum(1 for _ in tree_of([(tuple(map(str, range(10_000))), "")])) == 10_000


def test_the_commands_of_the_page_do_what_it_says(explain: Callable[..., str]) -> None:
    """All commands that `docs/how-to/in-use.md` shows on lines of their own, in the order of the page."""
    Path("strace.txt").write_text('openat(AT_FDCWD, "/usr/bin/idle", O_RDONLY) = 3\n')
    commands = re.findall(r"^    gate (.*)$", PAGE.read_text(), re.MULTILINE)
    assert {line.split()[0] for line in commands} == {"sbom", "explain", "observe"}
    for line in commands:
        assert main(shlex.split(line)) == 0, line
    assert json.loads(Path("app.cdx.json").read_text())["bomFormat"] == "CycloneDX"
    assert os.path.exists("observed.json")
