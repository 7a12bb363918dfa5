"""What findings of an image say of the workloads that run it."""

from collections.abc import Iterable, Iterator

import msgspec

from gate.model import Exposed, Fact, Finding, Image, ImageRun

MAX_NAMED = 5
"""Workloads, and ways to them, that one finding names."""


def with_exposure(findings: Iterable[Finding], image: Image) -> tuple[Finding, ...]:
    """Return the findings with the workloads that run the image, and whether one of them is exposed."""
    exposed, evidence = exposure_of(image.runs)
    run_by = tuple(_shortened(dict.fromkeys(f"{run.workload} ({run.place})" for run in image.runs)))
    return tuple(
        msgspec.structs.replace(one, run_by=run_by, exposed=exposed, exposed_evidence=evidence) for one in findings
    )


def exposure_of(runs: Iterable[ImageRun]) -> tuple[Exposed, tuple[str, ...]]:
    """Return whether an image is exposed: yes if one workload is, no if no workload is, else unknown; and the ways."""
    by_answer: dict[Exposed, dict[str, None]] = {}
    for run in runs:
        by_answer.setdefault(run.exposed, {}).update(dict.fromkeys(_said(run)))
    for answer in (Exposed.YES, Exposed.UNKNOWN, Exposed.NO):
        if answer in by_answer:
            return answer, tuple(_shortened(by_answer[answer]))
    return Exposed.UNKNOWN, ("no file of the repository runs the image",)


def _said(run: ImageRun) -> Iterator[str]:
    for step in run.evidence:
        yield step if run.workload in step else f"{run.workload}: {step}"


def _shortened(lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    left = len(listed) - MAX_NAMED
    return [*listed[:MAX_NAMED], *([f"and {left:,} more"] if left > 0 else [])]


def exposure_facts(image: Image) -> dict[str, Fact]:
    """Return what a report says of the workloads of an image: nothing if no file runs it."""
    if not image.runs:
        return {}
    workloads = {(run.workload, run.place) for run in image.runs}
    return {"run_by": len(workloads), "exposed": exposure_of(image.runs)[0].value}
