"""Which packages the advisories say something new of since a time: what a fleet that was judged then judges again."""

from collections.abc import Collection, Mapping
from contextlib import closing

import msgspec

from gate.advisories.delta import OVERLAP, moment
from gate.advisories.exploitation import CATALOGUE, read_catalogue
from gate.advisories.index import Index, IndexJob, make_index
from gate.advisories.sources import AdvisorySource
from gate.context import Context
from gate.core.errors import GateError, as_stage_error
from gate.model import StageError


class AdvisoryChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in the advisories of some ecosystems."""

    names: frozenset[tuple[str, str]]
    """Ecosystem without release, and canonical name, of the packages that changed advisories name."""
    ids: frozenset[str]
    """Ids of the changed advisories, the withdrawn ones among them, and of those that are gone."""
    newest: dict[str, str]
    """By ecosystem, the latest time at which an advisory was modified."""
    exploited: frozenset[str]
    """CVEs that are known to be exploited."""
    errors: tuple[StageError, ...] = ()


def changes_since(
    bases: Collection[str], since: Mapping[str, str], known: Collection[str], context: Context
) -> AdvisoryChanges:
    """Return what changed after the times `since`, by ecosystem; of an ecosystem without a time, everything did.

    `known` are ids of advisories that were there then: those that no index of `bases` has any more are changes.
    Raises GateError if there is no source.
    """
    source = AdvisorySource(context.settings, context.trust, context.cache_folder, context.now, context.progress)
    names: set[tuple[str, str]] = set()
    ids: set[str] = set()
    newest: dict[str, str] = {}
    gone = set(known)
    errors: list[StageError] = []
    for base in sorted(bases):
        try:
            file = source.file(f"{base}/all.zip")
            if file is None:
                continue
            made = make_index(IndexJob(base=base, source=file))
        except GateError as error:
            errors.append(as_stage_error(error, f"{base}/all.zip"))
            continue
        newest[base] = made.totals.newest
        with closing(Index(made)) as index:
            for id, named in index.changed_after(_start(since.get(base, ""))):
                ids.add(id)
                names.update((base, name) for _, name in named)
            gone -= index.ids_among(gone)
    return AdvisoryChanges(
        names=frozenset(names),
        ids=frozenset(ids | gone),
        newest=newest,
        exploited=_exploited(source, errors),
        errors=(*errors, *source.errors),
    )


def _start(newest: str) -> str:
    """Return the time from which changes count: some databases publish records late, under an older time."""
    known = moment(newest)
    return (known - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ") if known else ""


def _exploited(source: AdvisorySource, errors: list[StageError]) -> frozenset[str]:
    try:
        file = source.file(CATALOGUE, is_optional=True)
        return read_catalogue(file).cves if file else frozenset()
    except GateError as error:
        errors.append(as_stage_error(error, CATALOGUE))
        return frozenset()
