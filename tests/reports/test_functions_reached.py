"""An answer on vulnerable functions is in the reports that name evidence, whatever the ecosystem."""

import html
import io
from collections.abc import Callable

import pytest

from gate.cli.explain_finding import _evidence
from gate.model import Finding, InUse, Location, Package, Report, Severity, Vulnerability
from gate.reports import load_format

MAVEN = ("Maven", "org.yaml:snakeyaml", "1.33", "org.yaml.snakeyaml.Yaml.load")
GO = ("Go", "golang.org/x/text", "v0.3.7", "language.Parse")


@pytest.fixture(params=[MAVEN, GO], ids=["Maven", "Go"])
def make_answered(request: pytest.FixtureRequest, make_finding: Callable[..., Finding]) -> Callable[..., Finding]:
    """Return a function that makes a finding with an answer and its evidence."""
    ecosystem, name, version, function = request.param

    def make(answer: InUse) -> Finding:
        purl = f"pkg:{'golang' if ecosystem == 'Go' else 'maven'}/{name.replace(':', '/')}@{version}"
        return make_finding(
            "image",
            "CVE-2026-1",
            Severity.HIGH,
            location=Location(target="shop:1", path="app/shop"),
            package=Package(name=name, version=version, ecosystem=ecosystem, purl=purl, path="app/shop"),
            vulnerability=Vulnerability(id="CVE-2026-1", fixed_versions=("9",), symbols=(function,)),
            reachable_function=answer,
            blocking=True,
            reachable_function_evidence=(f"main calls {function}",),
        )

    return make


def written(report: Report, name: str) -> str:
    stream = io.StringIO()
    load_format(name).write(report, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("format_name", "answer", "expected"),
    [
        ("json", InUse.YES, "main calls "),
        ("html", InUse.YES, "main calls "),
        ("markdown", InUse.YES, "vulnerable function reached: yes (main calls "),
        ("junit", InUse.YES, "vulnerable function reached: yes (main calls "),
        ("sarif", InUse.NO, "vulnerable function reached: no (main calls "),
        ("openvex", InUse.NO, "vulnerable_code_not_in_execute_path"),
        ("cyclonedx", InUse.NO, "code_not_reachable"),
    ],
)
def test_a_report_has_the_answer(
    make_answered: Callable[..., Finding],
    make_report: Callable[..., Report],
    format_name: str,
    answer: InUse,
    expected: str,
) -> None:
    report = make_report([make_answered(answer)], {"image": {}})
    assert expected in html.unescape(written(report, format_name))


def test_an_explanation_has_the_answer_and_its_evidence(make_answered: Callable[..., Finding]) -> None:
    lines = list(_evidence(make_answered(InUse.UNKNOWN)))
    assert "Vulnerable function reached: unknown" in lines
    assert any("main calls " in line for line in lines)
