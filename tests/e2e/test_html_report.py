"""The HTML pages in a real Chromium: as a reader with eyes, ears, keyboard, paper or an attack."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BROWSE = Path(__file__).parent / "browser" / "html_report.cjs"
TOOLS = Path(os.environ.get("GATE_E2E_TOOLS") or Path.home() / ".cache/gate-e2e").absolute()
PAYLOAD = "</script><!--<script>alert(1)</script><img src=x onerror=alert(2)><b>\u202e\x00\x1b[31m'\"`${alert(3)}"
FREE_TEXTS = {
    "rule",
    "title",
    "message",
    "path",
    "target",
    "name",
    "version",
    "purl",
    "fingerprint",
    "decided_by",
    "id",
    "in_use_evidence",
    "stage",
}
"""Fields of a report that hold what somebody outside wrote."""
START = ("entrypoint", "usr/local/bin/gunicorn:1 runs")
WAYS = {
    "gunicorn": START,
    "openssl": (*START, "usr/local/bin/python3.13 is linked with", "usr/lib/x86_64-linux-gnu/libssl.so.3"),
    "curl": (*START, "usr/local/bin/python3.13 reads", "app/storefront/pictures.py:12 runs", "usr/bin/curl"),
}
"""How packages of the image come to be in use: a common start and ways that part."""
QUIET: dict[str, list[str]] = {"errors": [], "dialogs": [], "requests": []}
"""What a page may say, ask or fetch: nothing."""
BARRIERS = ("moderate", "serious", "critical")
"""What axe finds of this impact keeps somebody out."""
Run = Callable[..., "subprocess.CompletedProcess[str]"]
Browse = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("html")


@pytest.fixture(scope="module")
def report(folder: Path, run: Run) -> dict[str, Any]:
    """Write `report.json` and `report.html` of the shop and its image; return the first."""
    shop = shutil.copytree(ROOT / "examples/storefront", folder / "shop", ignore=shutil.ignore_patterns("build"))
    subprocess.run([sys.executable, shop / "build_image.py"], check=True, timeout=120)
    done = run("gate", "run", shop, "--offline", "--report", "json=shop.json", cwd=folder)
    assert done.returncode == 1, done.stderr
    report = _with_ways(json.loads((folder / "shop.json").read_text()))
    (folder / "report.json").write_text(json.dumps(report))
    done = run("gate", "report", "report.json", "--report", "html=report.html", cwd=folder)
    assert (folder / "report.html").exists(), done.stderr
    return report


def _with_ways(report: dict[str, Any]) -> dict[str, Any]:
    """Let packages of the image be in use: the shop's image has no files but the lists of its packages."""
    for finding in report["findings"]:
        way = WAYS.get((finding.get("package") or {}).get("name", ""))
        if way and finding["stage"] == "image":
            finding |= {"in_use": "yes", "in_use_evidence": way}
    return report


CHECKS = {
    "report.html": ("looks", "accessibility", "keyboard", "presses", "copy", "unscripted", "print", "grouping"),
    "hostile.html": ("details", "unscripted", "presses"),
    "trend.html": ("still",),
    "site/index.html": ("still", "console"),
}
"""What of `browser/html_report.cjs` is done with each page. One browser does it all: it takes two seconds to start."""


@pytest.fixture(scope="module")
def seen(
    folder: Path, hostile: str, trend: str, console: str, require: Callable[[str], str], run: Run
) -> dict[tuple[str, str], Any]:
    """Return what each check saw of its page."""
    chromium = require("chromium")
    modules = TOOLS / "node/node_modules"
    if not (modules / "playwright-core").is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("playwright-core is not installed")
    asked = [(check, page) for page, checks in CHECKS.items() for check in checks]
    words = [word for check, page in asked for word in (check, folder / page)]
    environment = {"CHROMIUM": chromium, "NODE_PATH": str(modules)}
    done = run("node", BROWSE, folder, *words, cwd=folder, env=environment, timeout=900)
    assert done.returncode == 0, done.stderr
    return dict(zip(asked, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.fixture
def browse(seen: dict[tuple[str, str], Any]) -> Browse:
    """Return a function from a check and a page to what it saw."""

    def check(name: str, page: str = "report.html") -> Any:
        found = seen[name, page]
        assert "failed" not in found, found
        return found

    return check


def quiet(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: seen[name] for name in QUIET}


def test_it_shows_everything_in_both_themes_and_on_a_phone_without_asking_the_network(
    browse: Browse, folder: Path
) -> None:
    seen = browse("looks")
    assert [quiet(one) for one in seen] == [QUIET] * 2
    assert [one["violations"] for one in seen] == [[]] * 2
    assert [one["overflow"] for one in seen] == [0] * 2
    assert seen[0]["background"] != seen[1]["background"]
    assert all((folder / name).stat().st_size for name in ("light-1280.png", "dark-390.png"))


def test_axe_finds_no_barrier(browse: Browse) -> None:
    assert [one for one in browse("accessibility") if one["impact"] in BARRIERS] == []


def test_the_keyboard_is_enough(browse: Browse, report: dict[str, Any]) -> None:
    steps = browse("keyboard")
    blocking = sum(one["blocking"] for one in report["findings"])
    everything = f"{len(report['findings'])} findings"
    assert steps["first"] == "Skip to the findings"
    assert steps["afterSkip"] == "search"
    assert steps["searched"].endswith(f" of {everything}")
    assert steps["blocking"] == steps["reloaded"] == f"{blocking} of {everything}"
    assert steps["sort"] == "descending"
    scores = [float(score) for score in steps["scores"] if score]
    assert scores == sorted(scores, reverse=True)
    assert "Decided by" in steps["detail"]
    assert (steps["second"], steps["details"], steps["expanded"]) == (True, 0, "false")
    assert steps["address"] == "#blocking=yes&sort=-cvss"
    assert quiet(steps) == QUIET


def test_reasons_figures_charts_and_layers_show_their_findings(browse: Browse, report: dict[str, Any]) -> None:
    seen = browse("presses")
    everything = len(report["findings"])
    shown = {name: int(text.split()[0]) for name, text in seen["counts"].items()}
    assert shown.pop("cleared") == everything
    assert len(shown) == 5
    assert all(0 < number < everything for number in shown.values())
    assert seen["isDark"]
    (layers,) = [one["layers"] for one in report["inputs"] if one["layers"]]
    assert len(seen["layers"]) == len(layers) == 8
    base, uninstalled = seen["layers"][0], seen["layers"][3]
    assert base[0].split() == ["1", layers[0]["diff_id"][:19], "ADD", "file:rootfs.tar.xz", "in", "/"]
    assert (base[1], base[2], base[3].splitlines()[0], base[4]) == ("10.0 KiB", "3", "4 added", "3")
    assert uninstalled[2:5] == ["0\n1 hidden below", "1 removed", "0"]
    assert quiet(seen) == QUIET


def test_a_command_is_copied_as_it_is_shown(browse: Browse) -> None:
    seen = browse("copy")
    assert seen["clipboard"] == seen["commands"][-1]
    assert seen["clipboard"].startswith("gate waive ")
    assert quiet(seen) == QUIET


def test_without_scripts_the_verdict_the_reasons_and_the_worst_findings_can_be_read(
    browse: Browse, report: dict[str, Any]
) -> None:
    seen = browse("unscripted")
    wanted = [*(reason["message"] for reason in report["verdict"]["reasons"]), report["findings"][0]["rule"]]
    assert all(text in seen["text"] for text in wanted)
    assert not seen["isControlShown"]


def test_paper_has_every_finding_no_controls_and_no_dark(browse: Browse, report: dict[str, Any]) -> None:
    seen = browse("print")
    assert seen["rows"] == len(report["findings"]) > 50
    assert seen["colours"]["paper"] == seen["colours"]["light"] != seen["colours"]["dark"]
    assert not seen["isFilterShown"]
    assert quiet(seen) == QUIET


@pytest.fixture(scope="module")
def hostile(folder: Path, report: dict[str, Any], run: Run) -> str:
    """Return the name of a report whose every free text tries to become mark-up."""
    (folder / "hostile.json").write_text(json.dumps(_poisoned(report)))
    done = run("gate", "report", "hostile.json", "--report", "html=hostile.html", cwd=folder)
    assert (folder / "hostile.html").exists(), done.stderr
    return "hostile.html"


def _poisoned(part: Any, name: str = "") -> Any:
    match part:
        case dict():
            return {key: _poisoned(value, key) for key, value in part.items()}
        case list():
            return [_poisoned(one, name) for one in part]
        case str() if name in FREE_TEXTS:
            return part + PAYLOAD
        case _:
            return part


def test_hostile_names_stay_text(browse: Browse, hostile: str) -> None:
    seen = browse("details", hostile)
    assert (quiet(seen), seen["violations"]) == (QUIET, [])
    assert seen["opened"] == 50
    assert "onerror=alert(2)" in browse("unscripted", hostile)["text"]
    assert quiet(browse("presses", hostile)) == QUIET


@pytest.fixture(scope="module")
def trend(folder: Path, report: dict[str, Any], run: Run) -> str:
    """Return the name of the page over two runs: a week after the first every other finding is gone."""
    (folder / "before.json").write_text(json.dumps(report | {"finished_at": "2026-01-01T00:00:00+00:00"}))
    left = report["findings"][::2]
    later = {"finished_at": "2026-01-08T00:00:00+00:00", "findings": left, "stages": _counted(report["stages"], left)}
    (folder / "after.json").write_text(json.dumps(report | later))
    done = run("gate", "report", "trend", "before.json", "after.json", "--report", "html=trend.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    return "trend.html"


def _counted(stages: list[dict[str, Any]], findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the stages with the counts of these findings."""
    found = Counter((one["stage"], one["severity"]) for one in findings)
    return [stage | {"counts": {name: found[stage["name"], name] for name in stage["counts"]}} for stage in stages]


@pytest.fixture(scope="module")
def console(folder: Path, hostile: str, run: Run) -> str:
    """Return the name of the first page of a site over the shop and somebody hostile."""
    (folder / "reports").mkdir(exist_ok=True)
    shutil.copy(folder / "report.json", folder / "reports/shop.json")
    shutil.copy(folder / "hostile.json", folder / "reports/hostile.json")
    (folder / "site").mkdir(exist_ok=True)
    days = [{"day": f"2026-01-{day:02}", "subjects": 2, "open": 400 // day, "blocking": 90 // day} for day in (1, 9)]
    (folder / "site/history.json").write_text(json.dumps(days))
    done = run("gate", "console", "build", "reports", "-o", "site", cwd=folder)
    assert done.returncode == 0, done.stderr
    return "site/index.html"


@pytest.mark.parametrize("name", ["trend", "console"])
def test_a_static_page_is_quiet_whole_and_without_barriers(
    browse: Browse, request: pytest.FixtureRequest, name: str
) -> None:
    page = request.getfixturevalue(name)
    for seen in browse("still", page):
        assert (quiet(seen), seen["violations"], seen["overflow"]) == (QUIET, [], 0)
        assert [one for one in seen["barriers"] if one["impact"] in BARRIERS] == []


def test_findings_are_grouped_as_on_the_terminal_until_the_switch_is_off_or_a_column_sorts(browse: Browse) -> None:
    steps = browse("grouping")
    assert quiet(steps) == QUIET
    assert steps["grouped"] > 3
    assert "golang.org/x/net v0.15.0" in steps["first"]
    assert (steps["flat"], steps["reloaded"], steps["sorted"]) == (0, 0, 0)
    assert "grouped=no" in steps["address"]
    assert not steps["isOffered"]


def test_the_console_is_searched_filtered_and_sorted(browse: Browse, console: str) -> None:
    seen = browse("console", console)
    assert (quiet(seen), seen["violations"]) == (QUIET, [])
    assert sum(seen["before"]) > sum(seen["searched"]) > 0
    assert set(seen["nothing"]) == {"Nothing matches."}
    assert seen["passing"] == []
    assert seen["sorted"] == sorted(seen["sorted"], reverse=True)
    assert len(set(seen["sorted"])) > 1
    assert seen["lines"] == 2
    assert {"2026-01-01", "findings", "400", "100"} <= set(seen["axes"])
