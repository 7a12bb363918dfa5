"""Rules on images, which the gate's own stage asks. Their ids are no rule's of the gate."""

from collections.abc import Iterator

from gate.images.rules import Hit, Subject
from gate.images.rules.base import rule
from gate.model import Severity

_AUTHORS = "org.opencontainers.image.authors"


@rule(
    "OWNER2",
    Severity.MEDIUM,
    "Nobody maintains this image",
    why="Who finds a fault in an image that runs has to know whom to tell.",
    mend="Build it with the label org.opencontainers.image.authors.",
    bad='{"runtime": {"Labels": {}}}',
    good='{"runtime": {"Labels": {"org.opencontainers.image.authors": "team@example.com"}}}',
)
def has_no_authors(image: Subject) -> Iterator[Hit]:
    """Yield a hit if the image has no such label."""
    if _AUTHORS not in (image.runtime.labels or {}):
        yield Hit(message=f"The label {_AUTHORS} is missing")


RULES = (has_no_authors,)
