"""Answers of workers that are kept from run to run: where nothing changed that one rests on, no worker starts.

An answer is believed if all of this is as it was: the gate's code and what it is installed with, settings, trust and
day; the names of the target's files; the content of each file that was looked at, as git vouches for it; what was asked
for and is not listed; and each call of the broker. Of these only some can be checked again: an answer that rests on
anything else (history, the network, programs of others) is not kept. Why, and what of it is encrypted:
`docs/decisions/0024-results-that-are-kept.md`.
"""

import os
import zlib
from collections.abc import Container, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from gate.core.cache import Cache, installed, key_of, own_code
from gate.core.errors import GateError
from gate.core.json_text import json_bytes
from gate.core.sealed import seal, unseal
from gate.declarations import DECLARED
from gate.model import CommitRange, Image, Target, Tree
from gate.pipeline.broker_answers import CHECKED_AGAIN, SAME_AGAIN, TELLS_CONTENTS
from gate.pipeline.jobs import World
from gate.pipeline.worker_view import files_of_settings
from gate.settings import Settings
from gate.trees.state import ImageFilesQuestion, StateQuestion, TreeState, digest_of, stamp_of, stamps_below

if TYPE_CHECKING:
    from gate.pipeline.workers import ConsultedSoFar

MOST = 8 << 20
"""Bytes of an answer that is kept."""
_OF_NO_WEIGHT = frozenset({"reports", "quiet", "verbose", "jobs", "timeout", "memory", "policy", "cache"})
"""Settings that no stage sees, or that say how fast it may be."""
_PLAIN, _SEALED = b"p", b"s"
"""The first byte of what is stored: as it is, or encrypted, because it names secrets."""
_IN_FILES = frozenset({"archive", "oci-dir"})
"""Sources of images whose bytes are all in files that can be looked at without them."""


class AskedPlace(msgspec.Struct, frozen=True):
    """Where what is asked about stands: a folder in git, or the archive or folder of an image."""

    root: str
    is_image: bool = False


class AskedOfTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is asked of a target that stands in git, or of an image in files."""

    target: Tree | CommitRange | Image
    text: bytes
    """All that tells it from other questions, but for what a run's `World` says and what the target holds."""

    @property
    def place(self) -> AskedPlace:
        if isinstance(self.target, Image):
            return AskedPlace(os.path.realpath(self.target.reference), is_image=True)
        return AskedPlace(self.target.root)

    @property
    def revision(self) -> str | None:
        """The commit that all of the target follows from; None of a working tree and of an image."""
        match self.target:
            case CommitRange():
                return self.target.head
            case Tree():
                return self.target.revision
        return None

    @property
    def follows_from_key(self) -> bool:
        """True if the key says all that the target holds: a commit, or the stamps of an image's files."""
        return self.revision is not None or self.place.is_image


class FreshAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker answered, and what it looked at for it."""

    content: bytes
    is_secret: bool
    """True if it says where a secret is: of use to others, so it is encrypted."""
    consulted: "ConsultedSoFar"


class KeptAnswer(msgspec.Struct, frozen=True):
    """An answer, and what it rests on besides its key."""

    content: bytes
    paths: bytes
    """The listed files that were looked at; compressed, with NUL between them."""
    contents: str
    """A digest of what these held."""
    others: dict[str, str]
    """By path of what was looked up and is not listed: its stamp."""
    calls: dict[str, str]
    """By call of the broker: what its answer follows from."""


_KEPT = msgspec.msgpack.Decoder(KeptAnswer)
_StatesAsked = Mapping[AskedPlace, StateQuestion | ImageFilesQuestion | None]


class KnownAnswers:
    """The answers that are kept, for the questions of one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._cache = Cache(Path(world.cache_folder))
        self._keys: dict[AskedOfTarget, bytes] = {}
        self._states: dict[AskedPlace, TreeState | None] = {}
        self._done: list[tuple[Mapping[AskedOfTarget, FreshAnswer], _StatesAsked]] = []

    @cached_property
    def common(self) -> bytes:
        """A digest of what all that is kept rests on."""
        settings = msgspec.to_builtins(self.world.settings)
        chosen = {key: value for key, value in settings.items() if key not in _OF_NO_WEIGHT}
        files = "\0".join(map(stamps_below, files_of_settings(self.world.settings)))
        trust = msgspec.json.encode(self.world.trust, order="sorted")
        return key_of(own_code(), installed(), json_bytes(chosen), trust, self.world.now.date().isoformat(), files)

    def content_id(self, target: Tree, path: str) -> str | None:
        """Return what says the content of a listed file of a working tree; None where nothing does."""
        state = self._states.get(AskedPlace(target.root))
        return state.ids.get(path) if state is not None and not target.revision and not target.replaced else None

    def found(self, questions: Iterable[AskedOfTarget]) -> dict[AskedOfTarget, bytes]:
        """Return the contents of answers that are kept and still hold."""
        wanted = list(questions)
        self._states |= _answered(_asked(wanted, self._states))
        keys = {question: key for question in wanted if (key := self._key(question)) is not None}
        self._keys |= keys
        stored = self._cache.get(keys.values()) if keys else {}
        found = {one: self._believed(one, stored[key]) for one, key in keys.items() if key in stored}
        return {question: content for question, content in found.items() if content is not None}

    def _key(self, question: AskedOfTarget) -> bytes | None:
        listing = question.revision
        if listing is None:
            state = self._states.get(question.place)
            listing = None if state is None else state.listing
        return None if listing is None else key_of("answer of a worker", self.common, question.text, listing)

    def _state(self, question: AskedOfTarget) -> TreeState:
        state = self._states[question.place]
        assert state is not None  # else there is no key
        return state

    def _believed(self, question: AskedOfTarget, stored: bytes) -> bytes | None:
        content = _opened(stored, self._keys[question])
        if content is None:
            return None
        try:
            kept = _KEPT.decode(content)
            return kept.content if self._holds(question, kept) else None
        except (msgspec.MsgspecError, zlib.error, KeyError):
            return None

    def _holds(self, question: AskedOfTarget, kept: KeptAnswer) -> bool:
        """True if all that an answer rests on besides its key is as it was."""
        root = question.place.root
        if any(stamp_of(root, path) != stamp for path, stamp in kept.others.items()):
            return False
        if any(CHECKED_AGAIN[call](root, self.world) != answer for call, answer in kept.calls.items()):
            return False
        if question.follows_from_key:
            return True
        return kept.contents == digest_of(self._state(question), _paths_in(kept.paths))

    def may_keep(self, question: AskedOfTarget) -> bool:
        """True if `found` was asked for it, and the state of its target is known."""
        return question in self._keys

    def keep(self, answers: Mapping[AskedOfTarget, FreshAnswer]) -> None:
        """Keep answers that `may_keep` allows. Git is asked now whether a tree was edited; `__exit__` waits for it."""
        self._done.append((answers, _asked(answers, again=True)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Keep the answers, with what each rests on; none of a tree that was edited since `found`."""
        while self._done:
            answers, asked = self._done.pop()
            self._store(answers, _answered(asked))

    def _store(self, answers: Mapping[AskedOfTarget, FreshAnswer], now: Mapping[AskedPlace, TreeState | None]) -> None:
        unchanged = {one: answer for one, answer in answers.items() if self._is_unchanged(one, now)}
        packed = {self._keys[question]: self._packed(question, answer) for question, answer in unchanged.items()}
        self._cache.put({key: content for key, content in packed.items() if content is not None})

    def _is_unchanged(self, question: AskedOfTarget, now: Mapping[AskedPlace, TreeState | None]) -> bool:
        return question.revision is not None or now[question.place] == self._state(question)

    def _packed(self, question: AskedOfTarget, answer: FreshAnswer) -> bytes | None:
        """Return what is stored of an answer; None if it cannot be kept."""
        consulted, root = answer.consulted, question.place.root
        calls = consulted.calls - SAME_AGAIN
        if not calls <= CHECKED_AGAIN.keys():
            return None
        listed: list[str] = []
        others: list[str] = []
        contents = ""
        if not question.follows_from_key:
            state = self._state(question)
            looked_at = state.ids.keys() if consulted.calls & TELLS_CONTENTS else consulted.paths
            listed = sorted(path for path in looked_at if path in state.ids)
            others = [path for path in consulted.paths if path not in state.ids]
            contents = digest_of(state, listed)
        kept = KeptAnswer(
            content=answer.content,
            paths=zlib.compress("\0".join(listed).encode("utf-8", "surrogateescape"), 1),
            contents=contents,
            others={path: stamp_of(root, path) for path in others},
            calls={call: CHECKED_AGAIN[call](root, self.world) for call in calls},
        )
        content = msgspec.msgpack.encode(kept)
        if len(content) > MOST:
            return None
        return _sealed(content, self._keys[question]) if answer.is_secret else _PLAIN + content


def settings_allow(settings: Settings) -> bool:
    """True if the answers of a run may be kept: what a plugin looks at is not known."""
    plugins = (getattr(settings.of(one), "plugins", ()) for one in DECLARED.values())
    return settings.cache and not settings.plugins and not any(plugins)


def is_vouched(target: Target, root: str) -> bool:
    """True if something says what all of a target holds: git, or the stamps of the files that an image lies in.

    Of a working tree that is asked in the folder `root` alone.
    """
    match target:
        case Tree():
            return not target.replaced and (target.revision is not None or target.root == root)
        case Image():
            return target.source in _IN_FILES
    return isinstance(target, CommitRange)


def _asked(
    questions: Iterable[AskedOfTarget], known: Container[AskedPlace] = (), *, again: bool = False
) -> _StatesAsked:
    """Ask for the states of the working trees and images of questions, without those that are known."""
    working = (question.place for question in questions if question.revision is None)
    places = dict.fromkeys(place for place in working if place not in known)
    try:
        return {place: _state_question(place, again) for place in places}
    except GateError:  # who reads them says what is wrong
        return dict.fromkeys(places)


def _state_question(place: AskedPlace, again: bool) -> StateQuestion | ImageFilesQuestion:
    return ImageFilesQuestion(place.root) if place.is_image else StateQuestion(place.root, again=again)


def _answered(asked: _StatesAsked) -> dict[AskedPlace, TreeState | None]:
    """Wait for git, and return the states; None: unknown."""
    return {place: question.answer() if question is not None else None for place, question in asked.items()}


def _paths_in(packed: bytes) -> list[str]:
    text = zlib.decompress(packed).decode("utf-8", "surrogateescape")
    return text.split("\0") if text else []


def _sealed(content: bytes, key: bytes) -> bytes | None:
    sealed = seal(content, key)
    return None if sealed is None else _SEALED + sealed


def _opened(stored: bytes, key: bytes) -> bytes | None:
    if stored.startswith(_PLAIN):
        return stored.removeprefix(_PLAIN)
    return unseal(stored.removeprefix(_SEALED), key)
