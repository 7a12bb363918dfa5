"""Advisories: fetched from where the settings say, and made into indexes that workers read."""

from pathlib import Path

from gate.advisories.elsewhere import Given, WantedFile
from gate.advisories.exploitation import index_scores
from gate.advisories.index import IndexJob, make_index
from gate.advisories.sources import AdvisorySource
from gate.advisories.store import AdvisoryFile
from gate.core.errors import GateError
from gate.pipeline.broker import Reply, WorkerSession

_SOURCE, _FILES = "source of advisories", "files of advisories"


def file(session: WorkerSession, argument: WantedFile, files: list[int]) -> Reply:
    """Return a file of the source, fetched if need be."""
    source = _source(session)
    found = source.file(argument.name, is_optional=argument.is_optional) if argument.name else None
    return Reply(Given(shown=source.shown, file=found, errors=tuple(source.errors), facts=dict(source.facts)))


def index(session: WorkerSession, argument: IndexJob, files: list[int]) -> Reply:
    """Make the index of a file that the source gave."""
    return Reply(make_index(IndexJob(base=argument.base, source=_own(session, argument.source))))


def scores(session: WorkerSession, argument: AdvisoryFile, files: list[int]) -> Reply:
    """Make the index of FIRST's scores, from a file that the source gave."""
    return Reply(index_scores(_own(session, argument)))


def _source(session: WorkerSession) -> AdvisorySource:
    if _SOURCE not in session.kept:
        permit = session.permit
        session.kept[_SOURCE] = AdvisorySource(permit.settings, permit.trust, Path(permit.cache_folder), permit.now)
    source: AdvisorySource = session.kept[_SOURCE]
    return source


def _own(session: WorkerSession, claimed: AdvisoryFile) -> AdvisoryFile:
    """Return the file that the source has under this name. Raises GateError if it is not the one that is meant."""
    is_optional = "/" not in claimed.shown
    found = _source(session).file(claimed.shown, is_optional=is_optional)
    if found is None or found.path != claimed.path:
        raise GateError("is no file of the source of advisories", path=claimed.shown[:100])
    return found
