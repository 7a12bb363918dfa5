"""What reports say of an image's packages in use: the line of an image, why something is unknown, what decides it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from gate.core.text import counted, one_line, visible
from gate.model import Doubt, Finding, Input, InUse, Report, Severity, UseGroup, UseOfPackages

ANSWERS = {InUse.YES: "used", InUse.NO: "not used", InUse.UNKNOWN: "unknown"}
_WHY = {
    Doubt.START: "What the container starts is not known",
    Doubt.LIMIT: "More may be started or opened than is followed",
    Doubt.GAP: "Something that is known only at run time is started or loaded",
    Doubt.POSSIBLE: "A file that is used may open one of theirs, and may not",
    Doubt.NAMED: "A file that is used names them, and nothing shows that it opens them",
    Doubt.DATA: "They hold only files that any program may open",
    Doubt.NOT_FOLLOWED: "Programs of this kind are not followed",
    Doubt.UNREADABLE: "A file that had to be read cannot be",
}
_BY_A_TEST = "A test run (`gate observe`) shows what is used."
_DECIDES = {
    Doubt.START: "Name the start: `entrypoint` and `command` of the image in gate.yaml, or `images_from`.",
    Doubt.LIMIT: f"A start that names its program leads to less. {_BY_A_TEST}",
    Doubt.GAP: f"Write the name itself in place of the variable, or start it in exec form. {_BY_A_TEST}",
    Doubt.POSSIBLE: _BY_A_TEST,
    Doubt.NAMED: f"{_BY_A_TEST} What it does not need can be left out of the image.",
    Doubt.DATA: _BY_A_TEST,
    Doubt.NOT_FOLLOWED: _BY_A_TEST,
    Doubt.UNREADABLE: "Make the file readable, or report it.",
}


def why(group: UseGroup) -> str:
    """Return in one line why it is unknown whether packages are in use; empty if it is known."""
    if group.doubt is None:
        return ""
    return f"{_WHY[group.doubt]}: {one_line(group.reason)}" if group.reason else _WHY[group.doubt]


def why_of(doubt: Doubt) -> str:
    """Return what a kind of doubt is."""
    return _WHY[doubt]


def what_decides(doubt: Doubt | None) -> str:
    """Return what would make an unknown answer a known one; empty if it is known."""
    return "" if doubt is None else _DECIDES[doubt]


def counts(use: UseOfPackages) -> str:
    """Return `12 used, 138 not used, 50 unknown` for the packages of an image."""
    numbers: Counter[InUse] = Counter()
    for group in use.groups:
        numbers[group.in_use] += len(group.packages)
    return ", ".join(f"{numbers[answer]:,} {word}" for answer, word in ANSWERS.items())


def images_of(report: Report) -> Iterator[tuple[Input, UseOfPackages]]:
    """Yield the images of which it is known what they use."""
    for one in report.inputs:
        if one.in_use is not None:
            yield one, one.in_use


def line_of(image: Input, use: UseOfPackages, report: Report) -> str:
    """Return the line of an image: `shop:1: 31 serious, 12 fixable, 3 of these in use; packages: 12 used, …`."""
    return f"{visible(image.target)}: {numbers_of(image, use, report)}"


def numbers_of(image: Input, use: UseOfPackages, report: Report) -> str:
    """Return the line of an image without its name."""
    return f"{_vulnerabilities(image, use, report)}; packages: {counts(use)}"


def _vulnerabilities(image: Input, use: UseOfPackages, report: Report) -> str:
    """Return the numbers of vulnerabilities; never a bare zero where packages could not be looked up."""
    if use.not_judged and use.not_judged == sum(len(group.packages) for group in use.groups):
        return "vulnerabilities not judged, as there are no advisories"
    serious = [one for one in report.findings if one.location.target == image.target and _is_serious(one)]
    fixable = [one for one in serious if one.is_fixable]
    used = [one for one in fixable if one.in_use is InUse.YES]
    found = f"{len(serious):,} serious, {len(fixable):,} fixable, {len(used):,} of these in use"
    left = f", {counted(use.not_judged, 'package')} not judged" if use.not_judged else ""
    return f"{found if serious or not left else 'none serious of those judged'}{_reached(used)}{left}"


def _reached(used: Sequence[Finding]) -> str:
    """Return how many of the vulnerabilities have a function that can be reached; empty where no function is known."""
    answers = Counter(one.reachable_function for one in used if one.reachable_function is not None)
    return f", {answers[InUse.YES]:,} of these with a reachable function" if answers else ""


def _is_serious(finding: Finding) -> bool:
    return finding.vulnerability is not None and finding.severity >= Severity.HIGH


def missed_line(use: UseOfPackages) -> str:
    """Return what tests showed in use and the analysis did not find; empty if there is nothing."""
    if not use.missed:
        return ""
    wrong = sum(one.said is InUse.NO for one in use.missed)
    first = visible(use.missed[0].package)
    return (
        f"{counted(len(use.missed), 'package')} used under test and not found by the analysis, which said `no` of "
        f"{wrong:,}: {first}{' …' if use.missed[1:] else ''} (`gate observe --compare` lists them)"
    )
