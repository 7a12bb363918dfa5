"""A rule for Dockerfiles, which the gate's own stage asks. Its id is letters and digits, so that a pragma can name it."""

from collections.abc import Iterator

from gate.dockerfile.build import Build
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import BUILD, rule
from gate.model import Severity

_AUTHORS = "org.opencontainers.image.authors"


@rule(
    "OWNER1",
    Severity.MEDIUM,
    "Nobody maintains this image",
    looks_at=BUILD,
    why="Who finds a fault in an image has to know whom to tell.",
    mend="Write LABEL org.opencontainers.image.authors=….",
    bad="RUN make",
    good="LABEL org.opencontainers.image.authors=team@example.com",
)
def without_authors(build: Build) -> Iterator[Hit]:
    """Yield a hit if no stage that the image is made of has the label."""
    labels = (pair for stage in build.shipped for step in stage.steps_of("LABEL") for pair in step.instruction.pairs)
    if build.final and all(name.text != _AUTHORS for name, _ in labels):
        yield build.final.from_step.hit(f"the label {_AUTHORS} is missing")
