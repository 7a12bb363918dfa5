"""One judging of a whole fleet again: which packages it concerns, and what is remembered for the next time."""

import re
import sqlite3
from collections.abc import Sequence

import msgspec

from gate import __version__
from gate.advisories.changes import AdvisoryChanges, changes_since
from gate.advisories.dates_in_force import dates_in_force
from gate.advisories.ecosystems import bases_of
from gate.context import Context
from gate.core.durations import timedelta_of
from gate.core.errors import UnreadableError
from gate.declarations.image import IMAGE
from gate.ecosystems import base_of, canonical_name, find
from gate.fleet.contexts import context_digest, contexts
from gate.fleet.deployments import Deployments
from gate.fleet.generations import changing
from gate.fleet.passing_time import PassingTime
from gate.fleet.rejudge import FleetJudgement, Rejudging
from gate.fleet.store import FleetStore
from gate.fleet.vulnerability_judge import VulnerabilityJudge
from gate.policy.layers import PolicyLayer

_NOTE = "judged"
_ASKED = re.compile(r"deployed|exposed")


class LastJudging(msgspec.Struct, frozen=True, kw_only=True):
    """By what the fleet was judged the last time."""

    analyser: str
    """Version of the gate."""
    policies: tuple[str, ...]
    """Digests of the policy's layers."""
    newest: dict[str, str]
    """By ecosystem, the latest time at which one of its advisories was modified."""
    exploited: frozenset[str]
    """CVEs that were known to be exploited."""
    running: str = ""
    """Digest of what ran where, if the policy asks what is deployed or exposed."""
    at: str
    """RFC 3339 time in UTC."""


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """What judging a fleet again has said, and what it concerned."""

    judgement: FleetJudgement
    packages: int | None
    """Versions of packages that were judged again; None: all."""
    why_all: str
    """Why all were, although only changes were asked for; empty otherwise."""
    at: str
    """RFC 3339 time in UTC."""
    advisories_newest: str | None
    """When the newest advisory that was asked was modified."""
    advisories_checked: str | None
    """When the oldest of them were last compared with their source; None if that was now."""


def judge_again(
    store: FleetStore, context: Context, layers: Sequence[PolicyLayer], *, only_changes: bool = False
) -> Night:
    """Judge the fleet again by the advisories and the policy of today.

    With `only_changes`, only packages that changed advisories name, and targets that were never judged again. Scores of
    likely exploitation change for all every day, and count again when everything is judged. Raises GateError.
    """
    policies = tuple(layer.sha256 or layer.source for layer in layers)
    sources = contexts(store)
    running = context_digest(sources) if _asks_what_runs(layers) else ""
    with changing(store) as connection:
        last = _last(connection, store)
        why_all = _why_all(last, policies, running) if only_changes else ""
        changes = _changes(connection, last, context)
        affected = None
        if only_changes and last is not None and not why_all:
            affected = _affected(connection, changes, last)
        judge = VulnerabilityJudge(context, layers, context.now)
        for error in changes.errors:
            judge.errors[f"{error.path}: {error.title}"] = error
        dates = dates_in_force(context)
        for error in dates.errors:
            judge.errors[f"{error.path}: {error.title}"] = error
        oldest = context.settings.of(IMAGE).max_image_age
        longest = timedelta_of(oldest) if oldest else None
        passing = PassingTime(connection, context.now, store.packages, table=dates.table, longest=longest)
        judgement = Rejudging(store, connection, judge, affected, Deployments(sources), passing).run()
        if not judgement.errors:
            _remember(connection, changes, policies, running, context)
    return Night(
        judgement=judgement,
        packages=None if affected is None else len(affected),
        why_all=why_all,
        at=context.now.isoformat(timespec="seconds"),
        advisories_newest=judge.newest,
        advisories_checked=judge.checked,
    )


def _last(connection: sqlite3.Connection, store: FleetStore) -> LastJudging | None:
    row = connection.execute("SELECT value FROM note WHERE name = ?", (_NOTE,)).fetchone()
    try:
        return msgspec.msgpack.decode(row[0], type=LastJudging) if row else None
    except msgspec.MsgspecError as error:
        hint = "gate store index --again makes a new one of the records"
        raise UnreadableError("the index is of another version", path=store.shown, hint=hint) from error


def _asks_what_runs(layers: Sequence[PolicyLayer]) -> bool:
    """True if a rule may ask whether something is deployed or exposed."""
    rules = (rule.when for layer in layers for rule in layer.rules)
    return any(one.deployed or one.exposed or (one.cel and _ASKED.search(one.cel)) for one in rules)


def _why_all(last: LastJudging | None, policies: tuple[str, ...], running: str) -> str:
    if last is None:
        return "it was never judged again before"
    if last.policies != policies:
        return "the policy is another one than the last time"
    if last.analyser != __version__:
        return f"it was judged by version {last.analyser} the last time"
    if last.running != running:
        return "what runs is another than the last time, and the policy asks it"
    return ""


def _changes(connection: sqlite3.Connection, last: LastJudging | None, context: Context) -> AdvisoryChanges:
    ecosystems = {base_of(name) for (name,) in connection.execute("SELECT DISTINCT ecosystem FROM package_name")}
    known = {id for (id,) in connection.execute("SELECT DISTINCT advisory FROM vulnerable")}
    return changes_since(bases_of(ecosystems), last.newest if last else {}, known, context)


def _affected(connection: sqlite3.Connection, changes: AdvisoryChanges, last: LastJudging) -> set[int]:
    """Return the packages that changes concern, by name or by what affected them before, and those of new targets."""
    ids = {*changes.ids, *(changes.exploited ^ last.exploited)}
    query = "SELECT v.package FROM alias a JOIN vulnerable v ON v.advisory = a.advisory WHERE a.name = ?"
    found = {package for id in ids for (package,) in connection.execute(query, (id,))}
    # One pass over `content`, which has no index by list: SQLite would go through all targets for each of its rows.
    new = """SELECT DISTINCT package FROM content WHERE listing IN (
SELECT p.listing FROM subject s CROSS JOIN placement p ON p.subject = s.id WHERE s.judged IS NULL AND s.listed = 1)"""
    found |= {package for (package,) in connection.execute(new)}
    if changes.names:
        names = connection.execute("SELECT id, ecosystem, name FROM package_name")
        concerned = [number for number, ecosystem, name in names if _advised_as(ecosystem, name) in changes.names]
        query = "SELECT id FROM package_version WHERE package = ?"
        found |= {version for number in concerned for (version,) in connection.execute(query, (number,))}
    return found


def _advised_as(ecosystem: str, name: str) -> tuple[str, str]:
    """Return the ecosystem without release, and the canonical name, under which advisories speak of a package."""
    known = find(ecosystem)
    elsewhere = known.judged_as(name) if known and known.judged_as else None
    ecosystem, name = elsewhere or (ecosystem, name)
    return base_of(ecosystem), canonical_name(ecosystem, name)


def _remember(
    connection: sqlite3.Connection, changes: AdvisoryChanges, policies: tuple[str, ...], running: str, context: Context
) -> None:
    note = LastJudging(
        analyser=__version__,
        policies=policies,
        newest=changes.newest,
        exploited=changes.exploited,
        running=running,
        at=context.now.isoformat(),
    )
    connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (_NOTE, msgspec.msgpack.encode(note)))
