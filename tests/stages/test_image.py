"""The image stage, from an archive to a result: the example shop's image, whole and damaged."""

import gzip
import importlib.util
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.declarations.image import ImageSettings
from gate.declarations.section import LicenseSettings
from gate.images.reference import parse_image
from gate.model import Finding, Image, InUse, StageResult, StageStatus
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings, Settings, Stages
from gate.stages import image as stage

SHOP = Path(__file__).parents[2] / "examples" / "storefront"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The shop's image, as `docker save` would write it."""
    spec = importlib.util.spec_from_file_location("build_image", SHOP / "build_image.py")
    assert spec
    assert spec.loader
    builder: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    folder = tmp_path_factory.mktemp("shop")
    (folder / "api").symlink_to(SHOP / "api")
    path, _ = builder.build(folder)
    return Path(path).read_bytes()


@pytest.fixture
def judge(tmp_path: Path, make_context: Callable[..., LocalContext]) -> Callable[..., StageResult]:
    """Return a function that runs the stage on an archive's bytes with the shop's advisories."""

    def run(content: bytes, name: str = "app.tar", **settings: Any) -> StageResult:
        (tmp_path / name).write_bytes(content)
        target = parse_image(f"archive:{name}", str(tmp_path))
        source = AdvisorySettings(source=str(SHOP / "advisories"))
        stages = Stages(image=ImageSettings(**settings))
        return stage.run(target, make_context(advisories=source, stages=stages, offline=True))  # type: ignore[arg-type]

    return run


def marks(result: StageResult) -> set[str]:
    return {finding.fingerprint for finding in result.findings}


def by_rule(result: StageResult) -> dict[str, Finding]:
    return {finding.rule: finding for finding in result.findings}


def repacked(archive: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return the archive with `change(name, content)` in the place of each file; None leaves it out."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=stream, mode="w") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def test_configuration_packages_and_facts(judge, archive) -> None:
    result = judge(archive)
    assert (result.status, result.reason) == (StageStatus.OK, None)
    found = by_rule(result)
    assert {"GI001", "GI002", "GI003", "GI004", "GI005", "GHSA-35jh-r3h4-6jhm", "DSA-5497-1"} <= set(found)
    assert found["GI002"].secret is not None
    assert found["GI002"].fix is not None
    assert found["GI002"].fix.description.startswith("Revoke it. Pass secrets to the container when it starts"), (
        "as its rule says"
    )
    assert {finding.stage for finding in result.findings} == {"image"}
    assert {finding.location.target for finding in result.findings} == {"archive:app.tar"}
    assert (result.facts["layers"], result.facts["files"]) == (8, 22)
    assert result.facts["distribution"] == "Debian GNU/Linux 12 (bookworm)"
    assert result.facts["platform"] == "linux/amd64"
    assert str(result.facts["image_id"]).startswith("sha256:")
    assert len(result.packages) == result.facts["packages"] == 13
    assert "minimist" not in {package.name for package in result.packages}


def test_package_findings_name_the_layer_that_brought_the_file(judge, archive) -> None:
    found = by_rule(judge(archive))
    assert str(found["DSA-5497-1"].location.layer).startswith("sha256:")
    assert found["DSA-5497-1"].location.layer != found["GHSA-35jh-r3h4-6jhm"].location.layer
    assert found["GI001"].location.layer is None


def test_the_same_twice_and_under_another_name(judge, archive) -> None:
    first = judge(archive)
    assert judge(archive) == first
    assert marks(judge(archive, "other.tar")) == marks(first)
    packed = repacked(archive, lambda name, content: gzip.compress(content) if name.endswith("layer.tar") else content)
    assert marks(judge(packed, "packed.tar")) == marks(first)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("truncated", lambda content: content[: len(content) // 2]),
        (
            "tampered",
            lambda content: content.replace(b"Name: Pillow\nVersion: 10.0.0", b"Name: Pillow\nVersion: 11.0.0"),
        ),
        ("another file", lambda _: b"PK\x03\x04" + bytes(2000)),
        ("no bytes", lambda _: b""),
    ],
)
def test_a_damaged_archive_is_an_error_and_no_shorter_list(judge, archive, what, change) -> None:
    damaged = change(archive)
    assert damaged != archive, what
    result = judge(damaged)
    assert result.status is StageStatus.ERROR
    assert result.packages == ()
    assert result.findings == ()
    assert result.errors[0].path
    assert result.errors[0].title


def test_a_missing_layer_is_an_error(judge, archive) -> None:
    layers = iter(range(100))
    without = repacked(archive, lambda name, old: None if name.endswith("layer.tar") and next(layers) == 1 else old)
    (error,) = judge(without).errors
    assert "is missing from the image" in error.title


@pytest.mark.parametrize(("limit", "name"), [({"max_size": 10_000}, "max_size"), ({"max_entries": 5}, "max_entries")])
def test_a_bound_is_an_error_with_the_name_of_its_setting(judge, archive, limit, name) -> None:
    (error,) = judge(archive, **limit).errors
    assert name in error.message


def test_ignored_files_are_neither_read_nor_missed(judge, archive) -> None:
    wanted = judge(archive, ignore=("usr/local/lib/node_modules/**",))
    assert "GHSA-35jh-r3h4-6jhm" not in by_rule(wanted)
    assert {package.ecosystem for package in wanted.packages} == {"Debian:12", "PyPI"}
    assert {package.ecosystem for package in judge(archive, paths=("var",)).packages} == {"Debian:12"}


def test_missing_advisories_are_an_error_but_the_rest_is_told(judge, archive, make_context, tmp_path) -> None:
    (tmp_path / "app.tar").write_bytes(archive)
    target = parse_image("archive:app.tar", str(tmp_path))
    result = stage.run(target, make_context(advisories=AdvisorySettings(source=str(tmp_path / "none")), offline=True))
    assert result.status is StageStatus.ERROR
    assert {"GI001", "GI002"} <= set(by_rule(result))
    assert len(result.packages) == 13


def test_a_registry_image_offline_is_incomplete_with_the_way_out(make_context) -> None:
    target = Image(source="registry", reference="registry.example.com/app:1", name="registry:app:1")
    (error,) = stage.run(target, make_context(offline=True)).errors
    assert "offline forbids to fetch it" in error.title
    assert "Scan an archive" in error.message


def test_no_secret_leaves_the_stage(judge, archive) -> None:
    text = (SHOP / "api" / "Dockerfile").read_text()
    values = [word.partition("=")[2] for word in text.split() if word.startswith(("SECRET_KEY=", "INDEX_TOKEN="))]
    assert len(values) == 2
    shown = repr(judge(archive))
    assert not any(value in shown for value in values)


def test_rules_are_described() -> None:
    described = {rule.id: rule for rule in stage.rules(Settings())}
    assert {"GI001", "GI002", "GI003", "GI004", "GI005", "GI006"} <= set(described)
    assert {rule.stage for rule in described.values()} == {"image"}


def test_importing_the_stage_does_not_import_its_engine() -> None:
    code = "import sys, gate.stages.image; print([n for n in sys.modules if n.startswith(('gate.images', 'docker'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_vex_document_clears_what_it_names_in_this_image(
    archive: bytes, judge: Callable[..., StageResult], tmp_path: Path
) -> None:
    cleared = next(finding for finding in judge(archive).findings if finding.vulnerability and finding.package)
    assert cleared.package is not None
    part = {"@id": "pkg:oci/app", "subcomponents": [{"@id": cleared.package.purl}]}
    statement = {"vulnerability": {"name": cleared.rule}, "products": [part], "status": "fixed"}
    document = {"@context": "https://openvex.dev/ns/v0.2.0", "statements": [statement]}
    (tmp_path / "vex.json").write_text(json.dumps(document))
    told = {finding.fingerprint: finding.vex for finding in judge(archive, vex=(str(tmp_path / "vex.json"),)).findings}
    assert told[cleared.fingerprint] == f"fixed ({tmp_path / 'vex.json'})"
    other = {finding.vex for finding in judge(archive, "web.tar", vex=(str(tmp_path / "vex.json"),)).findings}
    assert other == {None}


def test_licences_of_installed_packages_are_looked_at_if_a_list_asks(
    archive: bytes, judge: Callable[..., StageResult]
) -> None:
    assert "GP003" not in by_rule(judge(archive))
    found = judge(archive, licenses=LicenseSettings(deny=("unknown",)))
    assert by_rule(found)["GP003"].location.layer is not None


def test_what_was_opened_under_test_is_in_use_whatever_the_analysis_says(
    judge: Callable[..., StageResult], archive: bytes, tmp_path: Path
) -> None:
    before = {finding.fingerprint: finding for finding in judge(archive).findings if finding.package}
    unused = next(one for one in before.values() if one.in_use is not InUse.YES and one.location.path)
    recording = {"made_at": "2999-01-01T00:00:00Z", "how": "strace", "paths": [unused.location.path]}
    (tmp_path / "seen.json").write_text(json.dumps({"recordings": [recording]}))
    result = judge(archive, observed=(str(tmp_path / "seen.json"), str(tmp_path / "gone.json")))
    after = {finding.fingerprint: finding for finding in result.findings}
    assert after[unused.fingerprint].in_use is InUse.YES
    assert any("under test" in step for step in after[unused.fingerprint].in_use_evidence)
    assert all(after[name].in_use is InUse.YES for name, one in before.items() if one.in_use is InUse.YES)
    assert result.facts["observed"] == "recordings: 1 counted"
    (missed,) = result.facts["in_use_missed"]  # type: ignore[misc]
    assert f": {unused.location.path} was opened under test on 2999-01-01 (strace), and the analysis said " in missed
    assert [error.path for error in result.errors] == ["gone.json"]


def test_yara_rules_of_the_settings_are_used_and_those_that_cannot_be_had_are_an_error(
    judge: Callable[..., StageResult], archive: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.yar").write_text('rule debian { strings: $a = "ID=debian" condition: $a }')
    found = [one for one in judge(archive, yara=(str(tmp_path),)).findings if one.rule == "GI028"]
    assert [one.location.path for one in found] == ["etc/os-release"]
    (tmp_path / "a.yar").write_text("rule debian {")
    assert [one.path for one in judge(archive, yara=(str(tmp_path),)).errors] == ["a.yar"]
    assert "is no folder" in judge(archive, yara=(str(tmp_path / "gone"),)).errors[0].title


def test_newer_end_of_life_dates_count_for_an_image_that_is_known(
    archive: bytes, tmp_path: Path, make_context: Callable[..., LocalContext]
) -> None:
    """What is kept of the image's layers does not depend on the dates; what is said of its release does."""
    (tmp_path / "app.tar").write_bytes(archive)
    target = parse_image("archive:app.tar", str(tmp_path))
    source = tmp_path / "advisories"
    source.mkdir()
    context = make_context(advisories=AdvisorySettings(source=str(source)), offline=True)

    def judged() -> tuple[list[str], str]:
        result = stage.run(target, context)  # type: ignore[arg-type]
        said = [finding.message for finding in result.findings if finding.rule == "GI026"]
        return [one for one in said if one.startswith("debian")], str(result.facts["end_of_life_dates"])

    said, fact = judged()
    assert (said, ", built in" in fact) == ([], True)
    (source / "end_of_life.txt").write_text("as-of 2026-11-01\ndebian 12 2026-06-30\n")
    said, fact = judged()
    assert (said, fact) == (
        ["debian 12 gets no fixes since 2026-06-30"],
        f"2026-11-01, end_of_life.txt of {source}",
    )
    (source / "end_of_life.txt").write_text("debian 12 2026-06-30\n")
    result = stage.run(target, context)  # type: ignore[arg-type]
    assert "end_of_life.txt" in {error.path for error in result.errors}


def test_an_image_whose_advisories_are_missing_is_not_judged(
    archive: bytes, tmp_path: Path, make_context: Callable[..., LocalContext]
) -> None:
    (tmp_path / "app.tar").write_bytes(archive)
    (tmp_path / "bucket").mkdir()
    context = make_context(advisories=AdvisorySettings(source=str(tmp_path / "bucket")), offline=True)
    result = stage.run(parse_image("archive:app.tar", str(tmp_path)), context)
    assert result.status is StageStatus.ERROR
    assert result.in_use is not None
    assert result.in_use.not_judged == len(result.packages) > 0
    assert result.facts["in_use"] == "not judged, as there are no advisories"
