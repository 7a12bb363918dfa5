"""Results of stages that are kept from run to run: where nothing changed that a result rests on, no worker starts.

A result is believed if all of this is as it was: the gate's code and what it is installed with, settings, trust and
day; the names of the target's files; the content of each file that was looked at, as git vouches for it; what was asked
for and is not listed; and each call of the broker. Of these only some can be checked again: a result that rests on
anything else (history, the network, programs of others) is not kept, nor is one with an error. Why, and what of it is
encrypted: `docs/decisions/0024-results-that-are-kept.md`.
"""

import zlib
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache import Cache, installed, key_of, own_code
from gate.core.errors import GateError
from gate.core.json_text import json_bytes
from gate.core.sealed import seal, unseal
from gate.declarations import DECLARED
from gate.declarations.secrets import SECRETS
from gate.model import CommitRange, Location, StageResult, Target, Tree
from gate.pipeline.broker_answers import CHECKED_AGAIN, SAME_AGAIN, TELLS_CONTENTS
from gate.pipeline.jobs import World, check_is_own
from gate.pipeline.masking import without_quoted_secrets
from gate.pipeline.plan import Job
from gate.pipeline.worker_view import named_files
from gate.trees.state import StateQuestion, TreeState, digest_of, stamp_of

if TYPE_CHECKING:
    from gate.pipeline.workers import ConsultedSoFar

MOST = 8 << 20
"""Bytes of a result that is kept."""
_OF_NO_WEIGHT = frozenset({"reports", "quiet", "verbose", "jobs", "timeout", "memory", "policy", "cache"})
"""Settings that no stage sees, or that say how fast it may be."""
_PLAIN, _SEALED = b"p", b"s"
"""The first byte of what is stored: as it is, or encrypted, because it names secrets."""


class KeptResult(msgspec.Struct, frozen=True):
    """A result, and what it rests on besides its key."""

    result: bytes
    paths: bytes
    """The listed files that were looked at; compressed, with NUL between them."""
    contents: str
    """A digest of what these held."""
    others: dict[str, str]
    """By path of what was looked up and is not listed: its stamp."""
    calls: dict[str, str]
    """By call of the broker: what its answer follows from."""


_KEPT = msgspec.msgpack.Decoder(KeptResult)
_RESULT = msgspec.msgpack.Decoder(StageResult)


class KnownResults:
    """The results that are kept, for the jobs of one run."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._folder = Path(world.cache_folder)
        self._cache = Cache(self._folder)
        self._keys: dict[Job, bytes] = {}
        self._states: dict[str, TreeState | None] = {}

    @cached_property
    def common(self) -> bytes:
        """A digest of what all that is kept rests on."""
        settings = msgspec.to_builtins(self._world.settings)
        chosen = {key: value for key, value in settings.items() if key not in _OF_NO_WEIGHT}
        files = "\0".join(f"{path} {stamp_of('/', path)}" for path in named_files(self._world.settings))
        trust = msgspec.json.encode(self._world.trust, order="sorted")
        return key_of(own_code(), installed(), json_bytes(chosen), trust, self._world.now.date().isoformat(), files)

    def content_id(self, target: Tree, path: str) -> str | None:
        """Return what says the content of a listed file of a working tree; None where nothing does."""
        state = self._states.get(target.root)
        return state.ids.get(path) if state is not None and not target.revision and not target.replaced else None

    def found(self, jobs: Sequence[Job]) -> dict[Job, StageResult]:
        """Return the results of those jobs for which one is kept that still holds."""
        wanted = [job for job in jobs if _may_be_kept(job, self._world)]
        self._states |= _states(wanted, self._states)
        keys = {job: key for job in wanted if (key := self._key(job)) is not None}
        self._keys |= keys
        stored = self._cache.get(keys.values()) if keys else {}
        found = {job: self._believed(job, stored[key]) for job, key in keys.items() if key in stored}
        return {job: result for job, result in found.items() if result is not None}

    def _key(self, job: Job) -> bytes | None:
        state, revision = self._states.get(_root(job)), _revision(job.target)
        if state is None and revision is None:
            return None
        listing = revision or self._state(job).listing
        return key_of("result of a stage", self.common, msgspec.msgpack.encode(job), listing)

    def _state(self, job: Job) -> TreeState:
        state = self._states[_root(job)]
        assert state is not None  # else there is no key
        return state

    def _believed(self, job: Job, stored: bytes) -> StageResult | None:
        content = _opened(stored, self._keys[job])
        if content is None:
            return None
        try:
            kept = _KEPT.decode(content)
            if not self._holds(job, kept):
                return None
            result = msgspec.structs.replace(_RESULT.decode(kept.result), duration_s=0.0)
            check_is_own(result, job)
        except (msgspec.MsgspecError, zlib.error, GateError, KeyError):
            return None
        return result

    def _holds(self, job: Job, kept: KeptResult) -> bool:
        """True if all that a kept result rests on besides its key is as it was."""
        if any(stamp_of(_root(job), path) != stamp for path, stamp in kept.others.items()):
            return False
        if any(CHECKED_AGAIN[call](_root(job), self._world) != answer for call, answer in kept.calls.items()):
            return False
        if _revision(job.target) is not None:
            return True
        return kept.contents == digest_of(self._state(job), _paths_in(kept.paths))

    def keep(self, done: "Sequence[tuple[Job, StageResult, ConsultedSoFar]]") -> None:
        """Keep those results that can be kept, each with what it rests on; none of a tree that was edited meanwhile."""
        wanted = [one for one in done if one[0] in self._keys and not one[1].errors]
        now = _states([job for job, _, _ in wanted])
        unchanged = [one for one in wanted if self._is_unchanged(one[0], now)]
        packed = {self._keys[job]: self._packed(job, result, consulted) for job, result, consulted in unchanged}
        self._cache.put({key: content for key, content in packed.items() if content is not None})

    def _is_unchanged(self, job: Job, now: Mapping[str, TreeState | None]) -> bool:
        return _revision(job.target) is not None or now[_root(job)] == self._state(job)

    def _packed(self, job: Job, result: StageResult, consulted: "ConsultedSoFar") -> bytes | None:
        """Return what is stored of a result; None if it cannot be kept."""
        calls = consulted.calls - SAME_AGAIN
        shown = self._without_secrets(result)
        if shown is None or not calls <= CHECKED_AGAIN.keys():
            return None
        listed: list[str] = []
        others: list[str] = []
        contents = ""
        if _revision(job.target) is None:
            state = self._state(job)
            looked_at = state.ids.keys() if consulted.calls & TELLS_CONTENTS else consulted.paths
            listed = sorted(path for path in looked_at if path in state.ids)
            others = [path for path in consulted.paths if path not in state.ids]
            contents = digest_of(state, listed)
        kept = KeptResult(
            result=msgspec.msgpack.encode(shown),
            paths=zlib.compress("\0".join(listed).encode("utf-8", "surrogateescape"), 1),
            contents=contents,
            others={path: stamp_of(_root(job), path) for path in others},
            calls={call: CHECKED_AGAIN[call](_root(job), self._world) for call in calls},
        )
        content = msgspec.msgpack.encode(kept)
        return _closed(content, result, self._keys[job]) if len(content) <= MOST else None

    def _without_secrets(self, result: StageResult) -> StageResult | None:
        """Return the result as reports show it; None if a secret stands in a path, by which findings are compared."""
        (shown,) = without_quoted_secrets([result], self._world.settings.of(SECRETS).plugins, self._folder)
        return shown if _paths_of(shown) == _paths_of(result) and shown.facts == result.facts else None


def _paths_of(result: StageResult) -> list[tuple[Location, ...]]:
    return [(one.location, *one.places) for one in (*result.findings, *result.silenced)]


def _may_be_kept(job: Job, world: World) -> bool:
    """True if all that the job is given stands in git, or in the folder whose state is asked for."""
    settings, target = world.settings, job.target
    if not isinstance(target, Tree | CommitRange) or job.stage not in DECLARED or settings.plugins:
        return False
    if not settings.cache or any(getattr(settings.of(one), "plugins", ()) for one in DECLARED.values()):
        return False
    trees = (target, *((job.said,) if job.said else ()), *job.compared, *world.trust.bases_of(target.name))
    return all(_is_in_git(one, target.root) for one in trees)


def _is_in_git(target: Tree | CommitRange, root: str) -> bool:
    if isinstance(target, CommitRange):
        return True
    return not target.replaced and (target.revision is not None or target.root == root)


def _root(job: Job) -> str:
    assert isinstance(job.target, Tree | CommitRange)  # others are not kept
    return job.target.root


def _revision(target: Target) -> str | None:
    """Return the commit that all of a target follows from; None of a working tree."""
    return target.head if isinstance(target, CommitRange) else getattr(target, "revision", None)


def _states(jobs: Iterable[Job], known: Container[str] = ()) -> dict[str, TreeState | None]:
    """Return by root the states of the working trees of jobs, without those that are known; None: unknown."""
    working = (_root(job) for job in jobs if _revision(job.target) is None)
    roots = dict.fromkeys(root for root in working if root not in known)
    try:
        questions = {root: StateQuestion(root) for root in roots}
    except GateError:  # the stages say what is wrong
        return dict.fromkeys(roots)
    return {root: question.answer() for root, question in questions.items()}


def _paths_in(packed: bytes) -> list[str]:
    text = zlib.decompress(packed).decode("utf-8", "surrogateescape")
    return text.split("\0") if text else []


def _closed(content: bytes, result: StageResult, key: bytes) -> bytes | None:
    """Return what is stored: encrypted if it names secrets, as a list of where to look is of use to others."""
    if not any(finding.secret for finding in (*result.findings, *result.silenced)):
        return _PLAIN + content
    sealed = seal(content, key)
    return None if sealed is None else _SEALED + sealed


def _opened(stored: bytes, key: bytes) -> bytes | None:
    if stored.startswith(_PLAIN):
        return stored.removeprefix(_PLAIN)
    return unseal(stored.removeprefix(_SEALED), key)
