"""The example shop: what its README promises is what the gate finds, and the fixes it ships are enough."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import cache_home

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "storefront"
STAGES = ("dockerfile", "secrets", "dependencies", "image", "kubernetes", "ci", "workspace")
PLANTED = (
    ("api/Dockerfile", r"INDEX_TOKEN=(\w+)"),
    ("api/Dockerfile", r"SECRET_KEY=(\w+)"),
    ("api/storefront/settings.py", r'AWS_ACCESS_KEY_ID = "(\w+)"'),
    (".gitlab-ci.yml", r"MIRROR_TOKEN: (\w+)"),
    ("worker/mailer.ini", r"password = (\w+)"),
    ("compose.yaml", r"POSTGRES_PASSWORD: (\w+)"),
    ("deploy/deploy_key", r"KEY-----\n(\S+)"),
)
"""Where the fake secrets are, as (path, pattern)."""
Report = dict[str, Any]


class Row(NamedTuple):
    """One line of the README's tables."""

    stage: str
    path: str
    rule: str
    effect: str


def rows() -> list[Row]:
    stage, found = "", []
    for line in (EXAMPLE / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            stage = line.removeprefix("### ") if line.startswith("### ") else ""
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if stage and line.startswith("| `"):
            found.append(Row(stage, cells[0].strip("`"), cells[1].strip("`"), cells[2]))
    return found


class Run(NamedTuple):
    """What `gate run` on a shop answered."""

    status: int
    report: Report
    output: str

    @property
    def findings(self) -> list[Report]:
        return list(self.report["findings"])

    def stage(self, name: str) -> Report:
        return next(stage for stage in self.report["stages"] if stage["name"] == name)


def copy_shop(folder: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, folder / "shop", ignore=shutil.ignore_patterns("build", "__pycache__")))


def python(*words: str | Path, cache: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GATE_", "COLUMNS"))}
    environment |= {"XDG_CACHE_HOME": str(cache)}
    return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, timeout=120)


def run_gate(shop: Path, compiled: Path) -> Run:
    """Run the gate on a shop; the report lies beside it, so that it is not scanned itself."""
    report = shop.parent / "report.json"
    cache = cache_home(shop.parent / "cache", compiled)
    done = python("-m", "gate", "run", shop, "--report", f"json={report}", cache=cache)
    return Run(done.returncode, json.loads(report.read_text(encoding="utf-8")), done.stdout + done.stderr)


def build_image(shop: Path) -> Path:
    done = python("-B", shop / "build_image.py", cache=shop.parent)
    assert done.returncode == 0, done.stderr
    return shop / "build" / "storefront-api.tar"


@pytest.fixture(scope="module")
def guilty(tmp_path_factory: pytest.TempPathFactory, compiled_patterns: Path) -> Run:
    shop = copy_shop(tmp_path_factory.mktemp("guilty"))
    build_image(shop)
    return run_gate(shop, compiled_patterns)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory, compiled_patterns: Path) -> Run:
    shop = copy_shop(tmp_path_factory.mktemp("mended"))
    done = python("-B", EXAMPLE / "apply_fixes.py", shop, cache=shop.parent)
    assert done.returncode == 0, done.stderr
    return run_gate(shop, compiled_patterns)


def names_of(finding: Report) -> set[str]:
    return {finding["rule"], *(finding.get("vulnerability") or {}).get("aliases", ())}


def is_of(row: Row, finding: Report) -> bool:
    place = finding["location"].get("path") or "(image)"
    return (finding["stage"], place) == (row.stage, row.path) and row.rule in names_of(finding)


def test_the_shop_fails_in_every_stage_that_it_has_something_for(guilty: Run) -> None:
    assert guilty.status == 1, guilty.output
    assert guilty.report["verdict"]["status"] == "fail"
    assert [guilty.stage(name)["status"] for name in STAGES] == ["ok"] * len(STAGES)
    assert {finding["stage"] for finding in guilty.findings if finding["blocking"]} >= set(STAGES)


def test_the_tutorial_shows_what_the_gate_says(guilty: Run) -> None:
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    heading, _, shown = tutorial.partition("```text\n")[2].partition("```")[0].partition("\n")
    assert heading.removesuffix(" of shop") in guilty.output
    assert shown.count("\n") > 3
    assert shown in guilty.output


def test_the_readme_has_rows_for_every_stage() -> None:
    assert {row.stage for row in rows()} >= set(STAGES)
    assert {row.effect for row in rows()} == {"blocks", "reported"}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.stage}-{row.path}-{row.rule}")
def test_a_row_of_the_readme_is_found(row: Row, guilty: Run) -> None:
    hits = [finding for finding in guilty.findings if is_of(row, finding)]
    assert hits
    assert {finding["blocking"] for finding in hits} == {row.effect == "blocks"}


def test_nothing_blocks_that_the_readme_does_not_explain(guilty: Run) -> None:
    blocking = [finding for finding in guilty.findings if finding["blocking"]]
    unexplained = [finding for finding in blocking if not any(is_of(row, finding) for row in rows())]
    assert [(one["stage"], one["location"].get("path"), one["rule"]) for one in unexplained] == []


def test_what_a_later_layer_deletes_is_not_in_the_image(guilty: Run) -> None:
    in_image = {one["package"]["name"] for one in guilty.findings if one["stage"] == "image" and one.get("package")}
    assert "lodash" in in_image
    assert "minimist" not in in_image


def test_no_secret_is_repeated_by_the_gate(guilty: Run) -> None:
    told = guilty.output + json.dumps(guilty.report)
    assert [value for value in planted_secrets() if value in told] == []


def planted_secrets() -> list[str]:
    """The fake secrets, read where they were planted."""
    return [planted(path, pattern) for path, pattern in PLANTED]


def planted(path: str, pattern: str) -> str:
    match = re.search(pattern, (EXAMPLE / path).read_text(encoding="utf-8"))
    assert match, path
    return match[1]


def test_the_fixes_are_enough(mended: Run) -> None:
    blocking = [(one["location"].get("path"), one["rule"]) for one in mended.findings if one["blocking"]]
    assert blocking == []
    assert mended.status == 0, mended.output
    assert [mended.stage(name)["status"] for name in STAGES] == ["ok"] * len(STAGES)


def test_every_fix_mends_a_file_of_the_shop() -> None:
    fixes = [path.relative_to(EXAMPLE / "fixes") for path in (EXAMPLE / "fixes").rglob("*") if path.is_file()]
    assert fixes
    assert [path for path in fixes if not (EXAMPLE / path).is_file()] == []


def test_a_broken_lock_file_is_named_and_the_other_stages_still_report(tmp_path: Path, compiled_patterns: Path) -> None:
    shop = copy_shop(tmp_path)
    build_image(shop)
    (shop / "web" / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {', encoding="utf-8")
    run = run_gate(shop, compiled_patterns)
    assert run.status == 3, run.output
    assert run.stage("dependencies")["status"] == "error"
    assert "web/package-lock.json" in run.stage("dependencies")["reason"]
    assert {finding["stage"] for finding in run.findings} >= set(STAGES)


def test_without_the_advisories_nobody_can_say_pass(tmp_path: Path, compiled_patterns: Path) -> None:
    shop = copy_shop(tmp_path)
    python("-B", EXAMPLE / "apply_fixes.py", shop, cache=tmp_path)
    shutil.rmtree(shop / "advisories")
    run = run_gate(shop, compiled_patterns)
    assert run.status == 3, run.output
    assert run.stage("dependencies")["status"] == "error"
    assert "advisories" in run.stage("dependencies")["reason"]


def test_without_the_image_nobody_can_say_pass(tmp_path: Path, compiled_patterns: Path) -> None:
    shop = copy_shop(tmp_path)
    done = python("-m", "gate", "run", shop, cache=cache_home(tmp_path / "cache", compiled_patterns))
    assert done.returncode in (2, 3), done.stderr
    assert "storefront-api.tar" in done.stdout + done.stderr


def test_the_image_is_built_twice_to_the_same_bytes(tmp_path: Path) -> None:
    shop = copy_shop(tmp_path)
    first = build_image(shop).read_bytes()
    assert build_image(shop).read_bytes() == first
    assert len(first) < 1 << 20


def test_the_image_s_digests_are_those_of_its_parts(tmp_path: Path) -> None:
    with tarfile.open(build_image(copy_shop(tmp_path))) as archive:
        parts = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    manifest = json.loads(parts["manifest.json"])[0]
    config = json.loads(parts[manifest["Config"]])
    assert manifest["Config"] == hashlib.sha256(parts[manifest["Config"]]).hexdigest() + ".json"
    digests = ["sha256:" + hashlib.sha256(parts[layer]).hexdigest() for layer in manifest["Layers"]]
    assert config["rootfs"]["diff_ids"] == digests
    assert len([step for step in config["history"] if not step.get("empty_layer")]) == len(digests)


def test_the_packed_advisories_are_those_of_the_sources(tmp_path: Path) -> None:
    done = python("-B", EXAMPLE / "advisories" / "build_advisories.py", tmp_path, cache=tmp_path)
    assert done.returncode == 0, done.stderr
    built = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert Path("PyPI/all.zip") in built
    assert {path: (EXAMPLE / "advisories" / path).read_bytes() for path in built} == built


def corpus() -> Path:
    folder = os.environ.get("GATE_CORPUS")
    if folder is None:
        pytest.skip("GATE_CORPUS is not set")
    return Path(folder) / "osv-bucket"


def advisories(name: str) -> list[Report]:
    return list(json.loads((EXAMPLE / "advisories" / "src" / f"{name}.json").read_text(encoding="utf-8")))


def ranges_of(advisory: Report, package: str) -> list[Report]:
    affected = (one for one in advisory["affected"] if one["package"]["name"] == package)
    return [one["events"] for each in affected for one in each["ranges"] if one["type"] != "GIT"]


@pytest.mark.parametrize("ecosystem", ["PyPI", "Go"])
def test_the_versions_that_an_advisory_names_are_the_real_ones(ecosystem: str) -> None:
    with zipfile.ZipFile(corpus() / ecosystem / "all.zip") as bucket:
        real = [json.loads(bucket.read(name)) for name in bucket.namelist()]
    by_name = {name: one for one in real for name in (one["id"], *(one.get("aliases") or ()))}
    compared = 0
    for ours in advisories(ecosystem):
        package = ours["affected"][0]["package"]["name"]
        theirs = next((by_name[name] for name in (ours["id"], *ours["aliases"]) if name in by_name), None)
        if theirs is not None:
            assert ranges_of(ours, package) == ranges_of(theirs, package), ours["id"]
            compared += 1
    assert compared


def test_scores_and_exploited_vulnerabilities_are_the_real_ones() -> None:
    bucket = corpus()
    scores = gzip.decompress((bucket / "epss_scores-current.csv.gz").read_bytes()).decode().splitlines()
    ours = (EXAMPLE / "advisories" / "src" / "epss_scores-current.csv").read_text(encoding="utf-8").splitlines()
    assert set(ours) <= set(scores)
    dates = [
        {one["cveID"]: (one["dateAdded"], one["dueDate"]) for one in json.loads(file.read_text())["vulnerabilities"]}
        for file in (folder / "known_exploited_vulnerabilities.json" for folder in (EXAMPLE / "advisories", bucket))
    ]
    assert dates[0].items() <= dates[1].items()
