"""The dependencies stage, from files to a result.

Goes through `gate/inventory/reading.py`.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.declarations.dependencies import DependenciesSettings
from gate.declarations.section import LicenseSettings
from gate.model import Edit, InUse, StageResult, StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings, Settings, Stages
from gate.stages import dependencies
from gate.trees import open_tree

Files = dict[str, str | bytes]

LOCK = """{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"lodash": "^4"}},
    "node_modules/lodash": {"version": "4.17.15"},
    "node_modules/left-pad": {"version": "1.0.0", "dev": true}
  }
}"""


def bucket(folder: Path, **ecosystems: list[tuple[str, str, str]]) -> str:
    """Write advisories given as (id, package, fixed version) by ecosystem."""
    for ecosystem, rows in ecosystems.items():
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for id, name, fixed in rows:
                events = [{"introduced": "0"}, {"fixed": fixed}]
                affected = {
                    "package": {"ecosystem": ecosystem, "name": name},
                    "ranges": [{"type": "ECOSYSTEM", "events": events}],
                }
                document = {"id": id, "modified": "2026-01-02T00:00:00Z", "affected": [affected]}
                archive.writestr(zipfile.ZipInfo(f"{id}.json"), json.dumps(document))
        (folder / ecosystem).mkdir(parents=True)
        (folder / ecosystem / "all.zip").write_bytes(buffer.getvalue())
    return str(folder)


@pytest.fixture
def judge(make_tree: Callable[[Files], Tree], tmp_path: Path) -> Callable[..., StageResult]:
    """Return a function that runs the stage on files; the bucket knows lodash, flask and jinja2."""
    source = bucket(
        tmp_path / "bucket",
        npm=[("GHSA-lodash", "lodash", "4.17.21")],
        PyPI=[("PYSEC-flask", "flask", "2.2.5"), ("PYSEC-jinja", "Jinja2", "3.1.6")],
    )

    def run(files: Files, source: str = source, **stage: Any) -> StageResult:
        open_tree.cache_clear()
        settings = Settings(
            stages=Stages(dependencies=DependenciesSettings(**stage)), advisories=AdvisorySettings(source=source)
        )
        context = LocalContext(settings, datetime(2026, 11, 24, tzinfo=UTC), tmp_path / "cache")
        return dependencies.run(make_tree(files), context)

    return run


def test_packages_of_all_lockfiles_are_judged(judge: Callable[..., StageResult]) -> None:
    result = judge({"web/package-lock.json": LOCK, "api/requirements.txt": "flask==2.0.1\nrequests\n"})
    assert result.status is StageStatus.OK
    assert [(f.rule, f.location.path, f.location.line) for f in result.findings] == [
        ("PYSEC-flask", "api/requirements.txt", 1),
        ("GHSA-lodash", "web/package-lock.json", 5),
    ]
    assert [package.name for package in result.packages] == ["flask", "lodash", "left-pad"]
    assert result.facts["lockfiles"] == ["api/requirements.txt", "web/package-lock.json"]
    assert (result.facts["packages"], result.facts["ecosystems"]) == (3, ["PyPI", "npm"])
    assert result.facts["imprecise"] == ["api/requirements.txt:2: requests"]
    assert result.facts["advisories_newest"] == "2026-01-02T00:00:00Z"


def test_what_the_code_imports_is_in_use(judge: Callable[..., StageResult]) -> None:
    files: Files = {"app.py": "import flask\n", "requirements.txt": "flask==2.0.1\nJinja2==3.0\n"}
    result = judge(files)
    assert {finding.rule: finding.in_use for finding in result.findings} == {
        "PYSEC-flask": InUse.YES,
        "PYSEC-jinja": InUse.UNKNOWN,
    }
    assert result.findings[0].in_use_evidence == ("app.py:1 imports flask",)
    assert str(result.facts["in_use"]).startswith("0 high or critical")


def test_a_pin_carries_its_edit(judge: Callable[..., StageResult]) -> None:
    result = judge({"requirements.txt": "# api\nflask==2.0.1  # web\nJinja2==3.0 --hash=sha256:00\n"})
    fixes = {finding.rule: finding.fix for finding in result.findings}
    assert fixes["PYSEC-flask"].edits == (Edit(path="requirements.txt", start=(2, 8), end=(2, 13), text="2.2.5"),)
    assert fixes["PYSEC-jinja"].edits == ()
    assert fixes["PYSEC-jinja"].description == "Update jinja2 from 3.0 to 3.1.6"


def test_a_broken_lockfile_is_named_and_the_others_are_judged(judge: Callable[..., StageResult]) -> None:
    result = judge({"a/package-lock.json": "{broken", "requirements.txt": "flask==2.0.1", "z/uv.lock": "["})
    assert result.status is StageStatus.ERROR
    assert [error.path for error in result.errors] == ["a/package-lock.json", "z/uv.lock"]
    assert all(error.title.startswith("cannot be parsed") for error in result.errors)
    assert [finding.rule for finding in result.findings] == ["PYSEC-flask"]


def test_a_broken_lockfile_alone_asks_no_advisories(judge: Callable[..., StageResult]) -> None:
    result = judge({"package-lock.json": "{broken"}, source="/nowhere/at/all")
    assert [error.path for error in result.errors] == ["package-lock.json"]


def test_missing_advisories_are_never_a_pass(judge: Callable[..., StageResult]) -> None:
    result = judge({"requirements.txt": "flask==2.0.1"}, source="/nowhere/at/all")
    assert result.status is StageStatus.ERROR
    assert result.reason is not None
    assert "there is no such folder of advisories" in result.reason
    result = judge({"Cargo.lock": '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+x"'})
    assert result.reason is not None
    assert "there are no advisories for crates.io" in result.reason


def test_without_a_lockfile_the_stage_is_skipped(judge: Callable[..., StageResult]) -> None:
    result = judge({"README.md": "hello", "node_modules/a/package-lock.json": LOCK})
    assert result.status is StageStatus.SKIPPED
    assert result.reason is not None
    assert result.reason.startswith("no lockfile or manifest of the ")
    assert result.reason.endswith("; 1 below installed packages do not count")


def test_what_is_passed_over_is_said_where_nothing_else_is_read(judge: Callable[..., StageResult]) -> None:
    result = judge({"wp-content/plugins/a/readme.txt": "=== A ===", "bin/a.dll": "MZ", "bin/b.dll": "MZ"})
    assert result.status is StageStatus.SKIPPED
    assert result.judged is not None
    assert sorted(result.judged.notes) == ["1 plug-ins of WordPress", "2 assemblies of .NET"]


def test_ranges_of_a_library_are_known_by_its_manifest(judge: Callable[..., StageResult]) -> None:
    asked = json.dumps({"name": "x", "version": "1.0.0", "main": "x.js", "dependencies": {"a": "^1", "b": "^1"}})
    library = judge({"package.json": asked}).judged
    application = judge({"package.json": asked.replace('"main"', '"scripts"')}).judged
    assert library is not None
    assert application is not None
    assert [(one.declared, one.of_libraries) for one in (library, application)] == [(2, 2), (2, 0)]


def test_a_lockfile_that_nobody_can_read_is_never_a_pass(judge: Callable[..., StageResult]) -> None:
    result = judge({"requirements.txt": "flask==2.0.1", "web/shard.lock": "# yarn lockfile v1\n"})
    assert [(error.path, error.title) for error in result.errors] == [
        ("web/shard.lock", "this format of lockfile cannot be read yet")
    ]
    assert len(result.findings) == 1
    assert judge({"requirements.txt": "", "web/shard.lock": ""}, ignore=("shard.lock",)).status is StageStatus.OK


def test_a_revision_is_judged_from_the_object_store(judge: Callable[..., StageResult], tmp_path: Path) -> None:
    judge({"requirements.txt": "-r base.txt\n", "base.txt": "flask==2.0.1\n", "package-lock.json": LOCK})
    root = tmp_path / "tree"
    commands = (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"])
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in commands:
        subprocess.run(["git", "-C", str(root), *author, *command], check=True)
    head = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    (root / "base.txt").unlink()
    context = LocalContext(
        Settings(advisories=AdvisorySettings(source=str(tmp_path / "bucket"))),
        datetime(2026, 11, 24, tzinfo=UTC),
        tmp_path / "cache",
    )
    result = dependencies.run(Tree(root=str(root), name="tree", revision=head.stdout.strip()), context)
    assert result.errors == ()
    assert [(finding.rule, finding.location.path) for finding in result.findings] == [
        ("PYSEC-flask", "base.txt"),
        ("GHSA-lodash", "package-lock.json"),
    ]
    assert result.findings[0].fix is not None
    assert result.findings[0].fix.edits


def test_lockfiles_without_a_package_are_ok(judge: Callable[..., StageResult]) -> None:
    result = judge({"requirements.txt": "# nothing yet\n"}, source="/nowhere/at/all")
    assert (result.status, result.facts["packages"]) == (StageStatus.OK, 0)


def test_settings_narrow_the_lockfiles(judge: Callable[..., StageResult]) -> None:
    files: Files = {"a/requirements.txt": "flask==2.0.1", "b/requirements.txt": "jinja2==3.0"}
    assert [finding.rule for finding in judge(files, ignore=("a/**",)).findings] == ["PYSEC-jinja"]
    assert [finding.rule for finding in judge(files, paths=("a/**",)).findings] == ["PYSEC-flask"]


def test_an_included_file_is_judged_once(judge: Callable[..., StageResult]) -> None:
    result = judge({"requirements.txt": "-r requirements-base.txt", "requirements-base.txt": "flask==2.0.1"})
    assert [(f.rule, f.location.path) for f in result.findings] == [("PYSEC-flask", "requirements-base.txt")]
    assert len(result.packages) == 1


def test_fingerprints_survive_lines_added_above(judge: Callable[..., StageResult]) -> None:
    before = judge({"requirements.txt": "flask==2.0.1"})
    after = judge({"requirements.txt": "# a\n# b\nflask==2.0.2"})
    assert [f.fingerprint for f in before.findings] == [f.fingerprint for f in after.findings]


def test_the_same_input_gives_the_same_result(judge: Callable[..., StageResult]) -> None:
    files: Files = {"package-lock.json": LOCK, "requirements.txt": "jinja2==3.0\nflask==2.0.1"}
    assert judge(files) == judge(files)


VEX = json.dumps(
    {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "timestamp": "2026-01-01T00:00:00Z",
        "statements": [
            {
                "vulnerability": {"name": "PYSEC-flask"},
                "products": [{"@id": "pkg:pypi/flask"}],
                "status": "not_affected",
                "justification": "vulnerable_code_not_in_execute_path",
            }
        ],
    }
)


def test_what_a_vex_document_clears_stays_in_the_report(judge: Callable[..., StageResult]) -> None:
    files: Files = {"requirements.txt": "flask==2.0.1\njinja2==3.0\n", "security/vex.json": VEX}
    result = judge(files, vex=("security/vex.json",))
    assert {finding.rule: finding.vex for finding in result.findings} == {
        "PYSEC-flask": "not affected: vulnerable code not in execute path (security/vex.json)",
        "PYSEC-jinja": None,
    }
    assert result.findings[0].message.endswith(f"A VEX document says: {result.findings[0].vex}.")
    assert result.facts["vex_statements"] == 1


@pytest.mark.parametrize("path", ["gone.json", "../vex.json", "broken.json"])
def test_a_vex_document_that_cannot_be_read_is_an_error(judge: Callable[..., StageResult], path: str) -> None:
    result = judge({"requirements.txt": "flask==2.0.1", "broken.json": "{"}, vex=(path,))
    assert (result.status, [error.path for error in result.errors]) == (StageStatus.ERROR, [path])
    assert [finding.rule for finding in result.findings] == ["PYSEC-flask"]


def test_names_and_licences_are_looked_at_besides(judge: Callable[..., StageResult]) -> None:
    lock = LOCK.replace('"4.17.15"', '"4.17.21", "license": "AGPL-3.0-only"', 1)
    result = judge(
        {"package-lock.json": lock, "requirements.txt": "reqeusts==2.0"}, licenses=LicenseSettings(deny=("AGPL-*",))
    )
    assert [(finding.rule, finding.location.path) for finding in result.findings] == [
        ("GP001", "requirements.txt"),
        ("GP003", "package-lock.json"),
    ]


def test_an_internal_name_from_another_registry_is_told(judge: Callable[..., StageResult]) -> None:
    entry = '"version": "1.0.0", "resolved": "https://user:password@public.packages.example/left-pad-1.0.0.tgz?x=1"'
    lock = LOCK.replace('"version": "1.0.0"', entry)
    result = judge(
        {"package-lock.json": lock},
        internal_packages=("left-*", "lodash"),
        internal_registries=("https://npm.packages.example/",),
    )
    told = {finding.rule: finding.message for finding in result.findings}
    assert "takes it from https://public.packages.example/left-pad-1.0.0.tgz." in told["GP002"]
    assert sorted(told) == ["GHSA-lodash", "GP002"]


def test_rules_describe_themselves() -> None:
    for rule in dependencies.rules(Settings()):
        assert rule.stage == "dependencies"
        assert rule.title
        assert rule.why
        assert rule.mend


def test_importing_the_stage_imports_no_engine() -> None:
    rules = "import gate.settings as g, gate.stages.dependencies as s; list(s.rules(g.Settings()))"
    code = f"{rules}; import sys; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    engines = {"sqlite3", "packaging", "packageurl", "cvss", "requests", "tomllib", "zipfile", "git"}
    assert engines.isdisjoint(modules)
    assert not [name for name in modules if name.startswith(("gate.advisories.", "gate.inventory."))]


CORPUS = os.environ.get("GATE_CORPUS")


@pytest.mark.one_python
@pytest.mark.skipif(CORPUS is None, reason="GATE_CORPUS names no corpus")
def test_the_corpus_knows_well_known_vulnerabilities(judge: Callable[..., StageResult]) -> None:
    files: Files = {
        "requirements.txt": "jinja2==2.10\npyyaml==5.3\npillow==9.0.0\n",
        "go.mod": "module a\ngo 1.24\nrequire golang.org/x/net v0.16.0\n",
        "Cargo.lock": '[[package]]\nname = "time"\nversion = "0.1.40"\nsource = "registry+x"\n',
    }
    result = judge(files, source=f"{CORPUS}/osv-bucket")
    assert result.errors == ()
    known = {name for f in result.findings if f.vulnerability for name in (f.rule, *f.vulnerability.aliases)}
    assert {"CVE-2020-14343", "CVE-2019-10906", "CVE-2023-39325", "CVE-2020-26235"} <= known
    exploited = {f.package.name for f in result.findings if f.vulnerability and f.vulnerability.known_exploited}
    assert exploited == {"pillow"}
