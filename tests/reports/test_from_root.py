"""What CI systems show beside files is named as the repository's root sees it, whatever part of it was judged."""

import io
from collections.abc import Callable

import msgspec
import pytest

from gate.model import Edit, Finding, Fix, Input, Location, Report, Severity, StageError
from gate.reports import load_format
from gate.reports.from_root import from_root

FORMATS = ("github", "sarif", "junit", "markdown", "gitlab-code-quality", "gitlab-sast")
API = Input(target="services/api", digests={}, folder="services/api")


@pytest.fixture
def report(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> Report:
    where = Location(target=API.target, path="Dockerfile", line=2)
    elsewhere = Location(target="image:1", path="etc/passwd")
    edit = Edit(path="Dockerfile", start=(2, 1), end=(2, 2), text="x")
    fix = Fix(description="d", edits=(edit,))
    findings = [
        make_finding("dockerfile", "GD001", Severity.HIGH, location=where, places=(where,), fix=fix, blocking=True),
        make_finding("image", "GI001", Severity.HIGH, location=elsewhere),
    ]
    return msgspec.structs.replace(make_report(findings, {"dockerfile": {}, "image": {}}), inputs=(API,))


def written(report: Report, name: str) -> str:
    stream = io.StringIO()
    load_format(name).write(report, stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_for_ci_names_files_from_the_root(report: Report, name: str) -> None:
    assert "services/api/Dockerfile" in written(report, name)
    whole = msgspec.structs.replace(report, inputs=(msgspec.structs.replace(API, folder=""),))
    assert "services/api/Dockerfile" not in written(whole, name)


def test_places_edits_and_errors_move_and_what_is_elsewhere_stays(report: Report) -> None:
    paths = ("go.mod", API.target, "/etc/gate.pem", None)
    errors = tuple(StageError(title="t", message="m", path=path, target=API.target) for path in paths)
    (stage, *others) = report.stages
    moved = from_root(msgspec.structs.replace(report, stages=(msgspec.structs.replace(stage, errors=errors), *others)))
    own, image = moved.findings
    assert (own.location.path, own.places[0].path) == ("services/api/Dockerfile",) * 2
    assert own.fix is not None
    assert own.fix.edits[0].path == "services/api/Dockerfile"
    assert own.fingerprint == report.findings[0].fingerprint
    assert image == report.findings[1]
    assert [one.path for one in moved.stages[0].errors] == ["services/api/go.mod", *paths[1:]]
