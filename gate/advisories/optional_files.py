"""The files that a source may have at its root: CISA's catalogue, FIRST's scores, end-of-life dates, vulnerable
functions."""

from collections.abc import Callable, Mapping

from gate.advisories.end_of_life import END_OF_LIFE, read_dates
from gate.advisories.exploitation import CATALOGUE, SCORES, index_scores, read_catalogue
from gate.advisories.store import AdvisoryFile
from gate.advisories.vulnerable_functions import FUNCTIONS, read_functions


def _check_dates(source: AdvisoryFile) -> None:
    read_dates(source.path, source.shown)


def _check_functions(source: AdvisoryFile) -> None:
    read_functions(source.path, source.shown)


_CHECKS: Mapping[str, Callable[[AdvisoryFile], object]] = {
    CATALOGUE: read_catalogue,
    SCORES: index_scores,
    END_OF_LIFE: _check_dates,
    FUNCTIONS: _check_functions,
}
OPTIONAL = tuple(_CHECKS)
"""Their names."""


def check(source: AdvisoryFile) -> None:
    """Read an optional file once, so that a damaged one never takes the place of a good one. Raises GateError."""
    _CHECKS[source.shown](source)
