"""Rules on the distribution and the runtimes in the image."""

from collections.abc import Iterator

from gate.core.end_of_life import ended
from gate.images.rules.base import Hit, Subject, rule
from gate.model import Severity


@rule(
    "GI026",
    Severity.MEDIUM,
    "Release that no longer gets security fixes",
    why="Vulnerabilities found after support ends are never fixed, so no scanner can name a fixed version.",
    mend="Move to a release that is still maintained.",
    references=("CWE-1104", "CIS-DI-0004"),
    bad='{"releases": [["debian", "9", "etc/os-release"]], "today": "2026-01-01"}',
    good='{"releases": [["debian", "13", "etc/os-release"]], "today": "2026-01-01"}',
)
def has_ended(image: Subject) -> Iterator[Hit]:
    for release in image.releases:
        end = ended(release.name, release.version, image.today, image.end_of_life) if image.today else None
        if end is not None:
            yield Hit(
                message=f"{release.name} {release.version[:40]} gets no fixes since {end[1]}",
                evidence=(release.name, end[0]),
                path=release.path,
            )
