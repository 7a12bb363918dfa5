"""Why a package of an image is in use, not in use or unknown, and the way from the start to all that is in use."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from gate.cli.image_answers import ImageAnswers, answers_of
from gate.cli.saying import WIDTH
from gate.core.errors import UsageError
from gate.core.suggestions import did_you_mean
from gate.core.text import clipped, counted, one_line, visible
from gate.model import Finding, InUse, Package, PackageUse, Report, Severity
from gate.reports.use import what_decides, why_of

_MOST_PACKAGES = 60
"""Packages in the tree of an image; those with findings come first."""
_MOST_FINDINGS = 3
"""Findings of a package that are named in one line."""
_WORST_FIRST = sorted(Severity, reverse=True)


class Explained(msgspec.Struct, frozen=True):
    """The lines to print, and the exit status: 3 if something could not be read."""

    lines: tuple[str, ...]
    status: int


class _Answer(msgspec.Struct, frozen=True):
    """A package with its answer, and what is found in it."""

    package: Package
    use: PackageUse
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> int:
        """Rank of its worst finding, 0 for critical; the largest where nothing is found."""
        ranks = (_WORST_FIRST.index(one.severity) for one in self.findings)
        return min(ranks, default=len(_WORST_FIRST))


def explain_package(name: str, word: str, report_file: str | None) -> Explained:
    """Explain each package `name` of the image `word`. Raises UsageError if it has none."""
    image = answers_of(word)
    known = _answers(image, report_file)
    found = [one for one in known if name.lower() in _names(one.package)]
    if not found:
        names = {each for one in known for each in _names(one.package)}
        hint = did_you_mean(name.lower(), names, f"`gate explain --in-use {word}` shows what it uses")
        raise UsageError(f"{word} has no package {name!r}", hint=hint)
    lines = [line for number, one in enumerate(found) for line in (*([""] if number else []), *_about(one))]
    return Explained(tuple(lines), image.status)


def explain_image(word: str, report_file: str | None) -> Explained:
    """Draw the way from the start of the image `word` to its packages in use, and count the others."""
    image = answers_of(word)
    known = _answers(image, report_file)
    used = sorted((one for one in known if one.use.in_use is InUse.YES), key=lambda one: (one.worst, one.package.name))
    lines = [visible(image.target.name), *tree_of([(one.use.evidence, _leaf(one)) for one in used[:_MOST_PACKAGES]])]
    if used[_MOST_PACKAGES:]:
        lines.append(f"… and {counted(len(used) - _MOST_PACKAGES, 'more package')} in use")
    numbers = Counter(one.use.in_use for one in known)
    not_used, unknown = numbers[InUse.NO], numbers[InUse.UNKNOWN]
    lines += ["", f"In use: {len(used):,} of {counted(len(known), 'package')}; not: {not_used:,}; unknown: {unknown:,}"]
    lines.append("`gate explain --in-use PACKAGE TARGET` says why; `gate sbom --in-use` lists them all.")
    return Explained(tuple(lines), image.status)


def _answers(image: ImageAnswers, report_file: str | None) -> list[_Answer]:
    found: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in _findings(image.target.name, report_file):
        if finding.package is not None:
            found.setdefault(_key(finding.package), []).append(finding)
    pairs = zip(image.packages, image.uses.packages, strict=True)
    return [_Answer(package, use, tuple(found.get(_key(package), ()))) for package, use in pairs]


def _key(package: Package) -> tuple[str, str, str, str]:
    return package.path, package.ecosystem, package.name, package.version


def _findings(target: str, report_file: str | None) -> list[Finding]:
    """Return the findings on an image, of the named report or the last run; none if that did not look at it."""
    report = _report(report_file)
    return [one for one in report.findings if one.location.target == target] if report else []


def _report(report_file: str | None) -> Report | None:
    from gate.cli.last_report import last_report, last_root
    from gate.reports.reading import read_report

    if report_file:
        return read_report(report_file)
    try:
        return last_report(last_root())
    except UsageError:
        return None  # no run is kept


def _names(package: Package) -> set[str]:
    binaries = (one.name for one in package.binaries)
    return {name.lower() for name in (package.name, package.installed_as, *binaries) if name}


def _about(one: _Answer) -> Iterator[str]:
    package, use = one.package, one.use
    name = f"{visible(package.name)} {visible(package.version)} ({visible(package.ecosystem)})"
    yield f"{name}: in use: {use.in_use.value}"
    if package.path:
        yield f"  stated by {visible(package.path)}"
    if one.findings:
        yield f"  found in it: {_found(one)}"
    yield ""
    if use.in_use is InUse.YES or len(use.evidence) > 1:
        start = 1 if use.doubt else 0  # of a doubt, the first line is a heading
        yield from (f"  {one_line(line)}" for line in use.evidence[:start])
        yield from (f"  {line}" for line in tree_of([(use.evidence[start:], "")]))
    else:
        yield from _prose("; ".join(use.evidence))
    if use.doubt:
        yield from ("", "Why it is unknown", *_prose(f"{why_of(use.doubt)}."))
        yield from ("", "What would decide it", *_prose(what_decides(use.doubt)))


def _prose(text: str) -> list[str]:
    return textwrap.wrap(one_line(text), WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)


def _leaf(one: _Answer) -> str:
    name = f"{one.package.name} {one.package.version}"
    return f"[{visible(name)}]{f' {_found(one)}' if one.findings else ''}"


def _found(one: _Answer) -> str:
    """Return how many findings there are, and the worst of them with what fixes them."""
    worst = sorted(one.findings, key=lambda each: _WORST_FIRST.index(each.severity))
    named = ", ".join(f"{visible(each.rule)} {each.severity.value}{_fixed(each)}" for each in worst[:_MOST_FINDINGS])
    return f"{counted(len(worst), 'finding')}: {named}{', …' if worst[_MOST_FINDINGS:] else ''}"


def _fixed(finding: Finding) -> str:
    versions = finding.vulnerability.fixed_versions if finding.vulnerability else ()
    return f" (fixed in {visible(versions[0])})" if versions else ""


class _Node:
    """A step of the ways, with the steps that follow it and what is reached at it."""

    def __init__(self) -> None:
        self.steps: dict[str, _Node] = {}
        self.leaves: list[str] = []


def tree_of(ways: Sequence[tuple[tuple[str, ...], str]]) -> Iterator[str]:
    """Yield the lines of a tree of ways, each with a text that stands behind its last step; ways share their steps."""
    root = _Node()
    for steps, leaf in ways:
        node = root
        for step in steps:
            node = node.steps.setdefault(step, _Node())
        if leaf:
            node.leaves.append(leaf)
    yield from _drawn(root, "")


def _drawn(root: _Node, indent: str) -> Iterator[str]:
    """Yield the lines below a node, without recursion: ways are as long as an image makes them."""
    todo = [(node, step, indent, at == len(root.steps) - 1) for at, (step, node) in enumerate(root.steps.items())][::-1]
    while todo:
        node, step, indent, is_last = todo.pop()
        leaves = "".join(f"  {leaf}" for leaf in node.leaves)
        yield f"{indent}{'└─' if is_last else '├─'} {clipped(one_line(step))}{leaves}"
        below = f"{indent}{'   ' if is_last else '│  '}"
        last = len(node.steps) - 1
        todo.extend([(child, name, below, at == last) for at, (name, child) in enumerate(node.steps.items())][::-1])
