"""What the variables of an instruction stand for, so that the same text with another value is another thing."""

import hashlib
import re
from collections.abc import Iterable

from gate.dockerfile.build import Build
from gate.dockerfile.hits import Hit

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)


def meanings_of(build: Build, hits: Iterable[Hit]) -> dict[int, str]:
    """Return, by the line of each hit's instruction, a digest of the values that its variables are known to have.

    Those of an instruction without variables, or with unknown ones alone, are left out.
    """
    lines = {hit.part.line for hit in hits if hit.part and "$" in hit.part.normalised}
    found: dict[int, str] = {}
    for step in build.steps() if lines else ():
        if step.instruction.line in lines and step.instruction.line not in found:
            names = sorted(set(_VARIABLE.findall(step.instruction.normalised)))
            place = build.preamble if step.name == "FROM" else step.stage
            values = (
                (name, place.value(name, step.place if place is step.stage else len(place.steps))) for name in names
            )
            known = [f"{name}={value}" for name, value in values if isinstance(value, str)]
            if known:
                found[step.instruction.line] = hashlib.sha256("\0".join(known).encode("utf-8", "replace")).hexdigest()[
                    :16
                ]
    return found
