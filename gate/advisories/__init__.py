"""Advisories in OSV format: index, version order, matching.

`find_vulnerabilities` is the door for stages; everything behind it is imported when it is first called.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gate.advisories.matches import Edits, Matches, no_edits
from gate.model import Package

if TYPE_CHECKING:
    from gate.advisories.commits import History
    from gate.advisories.vex import Statement
    from gate.context import Context

__all__ = ["Edits", "Matches", "find_vulnerabilities", "no_edits"]


def find_vulnerabilities(
    packages: Sequence[Package],
    *,
    stage: str,
    target: str,
    context: "Context",
    edits: Edits = no_edits,
    vex: Sequence["Statement"] = (),
    history: "History | None" = None,
) -> Matches:
    """Match packages with the advisories that the settings name, one finding for each vulnerability of a package.

    `stage` and `target` are the names that the findings bear. A package that stands several times in one file with
    one version is judged once. What `vex` clears is marked, not left out. `history` tells what came before a commit.
    Raises nothing of its own: what cannot be done is among the errors.
    """
    from gate.advisories.commits import NoHistory
    from gate.advisories.search import search

    return search(
        packages,
        stage=stage,
        target=target,
        context=context,
        edits=edits,
        vex=vex,
        history=history or NoHistory(),
    )
