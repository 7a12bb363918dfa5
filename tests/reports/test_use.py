"""What reports say of an image's packages in use."""

import io
from collections.abc import Callable

import msgspec
import pytest

from gate.model import (
    Doubt,
    Finding,
    Input,
    InUse,
    Location,
    Missed,
    Report,
    Severity,
    UseGroup,
    UseOfPackages,
    Vulnerability,
)
from gate.reports import load_format
from gate.reports.terminal import print_report
from gate.reports.use import line_of, missed_line, what_decides, why

USED = UseGroup(in_use=InUse.YES, packages=("bash 5.2", "glibc 2.41"))
UNUSED = UseGroup(in_use=InUse.NO, packages=("perl 5.40",))
GAP = UseGroup(in_use=InUse.UNKNOWN, doubt=Doubt.GAP, reason="start.sh:3 runs $TOOL", packages=("curl 8.1", "wget 1"))
NAMED = UseGroup(in_use=InUse.UNKNOWN, doubt=Doubt.NAMED, packages=("tar 1.35",))
MISSED = Missed(package="perl 5.40", ecosystem="Debian:13", path="usr/bin/perl", how="opened", said=InUse.NO)
USE = UseOfPackages(groups=(USED, UNUSED, GAP, NAMED))
IMAGE = Input(target="shop:1", digests={}, in_use=USE)


@pytest.fixture
def vulnerable(make_finding: Callable[..., Finding]) -> Callable[..., Finding]:
    """Return a function that makes a vulnerability of a package of an image."""

    def make(number: int, in_use: InUse | None, *fixed: str, severity: Severity = Severity.HIGH) -> Finding:
        return make_finding(
            "image",
            f"CVE-2026-{number}",
            severity,
            location=Location(target="shop:1", path=f"lib/{number}"),
            vulnerability=Vulnerability(id=f"CVE-2026-{number}", fixed_versions=fixed),
            in_use=in_use,
        )

    return make


@pytest.fixture
def report(make_report: Callable[..., Report], vulnerable: Callable[..., Finding]) -> Report:
    found = [
        vulnerable(1, InUse.YES, "2.0"),
        vulnerable(2, InUse.NO, "2.0"),
        vulnerable(3, InUse.UNKNOWN, "2.0"),
        vulnerable(4, InUse.YES),
        vulnerable(5, InUse.YES, "2.0", severity=Severity.MEDIUM),
    ]
    elsewhere = msgspec.structs.replace(vulnerable(6, InUse.YES, "2.0"), location=Location(target="other"))
    return msgspec.structs.replace(make_report([*found, elsewhere], {"image": {}}), inputs=(IMAGE,))


def printed(report: Report, *, is_verbose: bool = False, width: int = 120) -> str:
    stream = io.StringIO()
    print_report(report, stream, width=width, is_verbose=is_verbose)
    return stream.getvalue()


LINE = "shop:1: 4 serious, 3 fixable, 1 of these in use; packages: 2 used, 1 not used, 3 unknown"


def test_the_line_of_an_image_counts_its_own_serious_vulnerabilities_and_its_packages(report: Report) -> None:
    assert line_of(IMAGE, USE, report) == LINE
    assert LINE in printed(report).splitlines()


@pytest.mark.parametrize(
    ("not_judged", "found", "line"),
    [
        (6, 0, "shop:1: vulnerabilities not judged, as there are no advisories; packages"),
        (2, 0, "shop:1: none serious of those judged, 2 packages not judged; packages"),
        (2, 1, "shop:1: 1 serious, 1 fixable, 1 of these in use, 2 packages not judged; packages"),
    ],
)
def test_no_zero_is_shown_where_advisories_are_missing(
    not_judged: int, found: int, line: str, make_report: Callable[..., Report], vulnerable: Callable[..., Finding]
) -> None:
    use = msgspec.structs.replace(USE, not_judged=not_judged)
    image = msgspec.structs.replace(IMAGE, in_use=use)
    found_ones = [vulnerable(number, InUse.YES, "2.0") for number in range(found)]
    report = msgspec.structs.replace(make_report(found_ones, {"image": {}}), inputs=(image,))
    assert line_of(image, use, report).startswith(line)
    stream = io.StringIO()
    load_format("html").write(report, stream)
    for text in (printed(report), stream.getvalue()):
        assert line.removeprefix("shop:1: ") in text
        assert "0 serious" not in text


def test_reachable_functions_are_counted_where_they_are_known(
    make_report: Callable[..., Report], vulnerable: Callable[..., Finding]
) -> None:
    used = [vulnerable(number, InUse.YES, "2.0") for number in range(3)]
    answers = (InUse.YES, InUse.NO, None)
    found = [msgspec.structs.replace(one, reachable_function=answer) for one, answer in zip(used, answers, strict=True)]
    line = line_of(IMAGE, USE, make_report(found, {"image": {}}))
    assert "3 of these in use, 1 of these with a reachable function; packages" in line


def test_the_table_of_an_image_is_in_the_long_report_alone(report: Report) -> None:
    assert "What the images use" not in printed(report)
    shown = printed(report, is_verbose=True)
    table = shown[shown.index("What shop:1 uses") : shown.index("What the stages saw")].splitlines()
    assert " ".join(" ".join(table).split()) == (
        "What shop:1 uses: 2 used, 1 not used, 3 unknown "
        "2 used bash 5.2, glibc 2.41 1 not used perl 5.40 "
        "2 unknown Something that is known only at run time is started or loaded: start.sh:3 runs $TOOL. Write the "
        "name itself in place of the variable, or start it in exec form. A test run (`gate observe`) shows what is "
        "used. curl 8.1, wget 1 "
        "1 unknown A file that is used names them, and nothing shows that it opens them. A test run (`gate observe`) "
        "shows what is used. What it does not need can be left out of the image. tar 1.35"
    )
    assert not any(line != line.rstrip() for line in table)


def test_what_the_analysis_missed_stands_below_the_line_of_the_image(report: Report) -> None:
    said = "1 package used under test and not found by the analysis, which said `no` of 1: perl 5.40"
    missed = msgspec.structs.replace(USE, missed=(MISSED,))
    assert missed_line(missed).startswith(said)
    assert missed_line(USE) == ""
    shown = msgspec.structs.replace(report, inputs=(msgspec.structs.replace(IMAGE, in_use=missed),))
    assert said in " ".join(printed(shown).split())
    assert "perl 5.40: usr/bin/perl was opened, and the analysis said no" in printed(shown, is_verbose=True)


@pytest.mark.parametrize("doubt", Doubt)
def test_of_every_doubt_it_is_said_what_it_is_and_what_would_decide_it(doubt: Doubt) -> None:
    group = UseGroup(in_use=InUse.UNKNOWN, doubt=doubt, packages=("a 1",))
    assert why(group)
    assert what_decides(doubt).endswith(".")
    assert why(msgspec.structs.replace(group, reason="because\nof it")).endswith(": because of it")


def test_what_is_known_needs_no_reason() -> None:
    assert (why(USED), what_decides(None)) == ("", "")


def test_an_image_of_many_doubts_shows_the_largest_and_counts_the_rest(report: Report) -> None:
    gaps = [msgspec.structs.replace(GAP, reason=f"start.sh:{line} runs $TOOL") for line in range(20)]
    many = msgspec.structs.replace(IMAGE, in_use=UseOfPackages(groups=tuple(gaps)))
    shown = printed(msgspec.structs.replace(report, inputs=(many,)), is_verbose=True)
    assert shown.count("runs $TOOL") == 12
    assert "and 16 more that are unknown" in shown


def test_the_page_has_the_table_without_a_script_and_of_images_alone(report: Report) -> None:
    def page(shown: Report) -> str:
        stream = io.StringIO()
        load_format("html").write(shown, stream)
        return stream.getvalue()

    text = page(report)
    assert "4 serious, 3 fixable, 1 of these in use; packages: 2 used, 1 not used, 3 unknown" in text
    assert "<summary>2 packages</summary>curl 8.1, wget 1</details>" in text
    folder = (Input(target="shop", digests={}),)
    assert 'id="in-use"' not in page(msgspec.structs.replace(report, inputs=folder))
