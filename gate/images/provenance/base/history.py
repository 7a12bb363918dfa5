"""Where the base ends, as the history of the build hints at it.

A Dockerfile mostly ends with CMD, so a CMD that layers follow was the end of another Dockerfile: that of the base.
"""

import re
from collections.abc import Sequence

from gate.images.config import HistoryStep

_COMMAND = re.compile(r"(?:.{0,40}#\(nop\)\s+)?CMD\s", re.DOTALL)
"""How BuildKit and the classic builder write CMD down."""


def layers_of_base(history: Sequence[HistoryStep], layers: int) -> int:
    """Return how many of the `layers` were there at the last CMD that further layers follow; 0 if nothing tells."""
    at_command = boundary = count = 0
    for step in history:
        if not step.empty_layer:
            boundary = at_command
            count += 1
        elif _COMMAND.match(step.created_by or ""):
            at_command = count
    return boundary if count == layers else 0
