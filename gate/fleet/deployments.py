"""Which of the images and commits that a store knows are deployed, by what its sources list.

An image is joined by a digest that both sides state. A runtime often states the digest of an index of several
platforms, where the gate read the manifest of one: the index joins every platform of it that was read, and the
evidence says so. Where a side states no such digest, the exact name with its tag joins them, and that is said too.
What no source lists is unknown: another cluster may run it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from gate.fleet.running import OF_INDEX, FleetContext, RunningWorkload
from gate.model import Deployed, Deployment, Exposed, Input

MAX_NAMED = 5
"""Workloads that one answer names."""
UNKNOWN_DEPLOYMENT = Deployment()
_BY_INDEX = "by the index of its platforms"
_BY_NAME = "by its name, not by a digest"
_OF_IMAGES = ("sha256", "imageId")
"""Kinds of digests that only images have."""
_OF_REGISTRY = "registry:"
_PREFIXES = (_OF_REGISTRY, "docker:", "podman:")


class Deployments:
    """What runs, by digest, commit and name."""

    def __init__(self, contexts: Iterable[FleetContext]) -> None:
        self._by_digest: dict[str, list[tuple[FleetContext, RunningWorkload]]] = {}
        self._by_name: dict[str, list[tuple[FleetContext, RunningWorkload]]] = {}
        self._known: dict[tuple[str, ...], Deployment] = {}
        for context in contexts:
            for one in context.running:
                for digest in (*one.digests, *one.commits):
                    self._by_digest.setdefault(digest.rpartition(":")[2], []).append((context, one))
                if one.image:
                    self._by_name.setdefault(_full(one.image), []).append((context, one))

    def __bool__(self) -> bool:
        return bool(self._by_digest or self._by_name)

    def of_input(self, judged: Input) -> Deployment:
        """Return where a target of a run is deployed."""
        is_image = not judged.digests.keys().isdisjoint(_OF_IMAGES)
        indexes = (f"{OF_INDEX}{digest}" for digest in judged.indexes)
        return self.of(judged.target if is_image else "", (*judged.digests.values(), *indexes))

    def of(self, name: str, digests: Iterable[str]) -> Deployment:
        """Return where an image or commit is deployed, by its digests in hexadecimal, else by the image's name.

        The digest of an index that lists the image follows `OF_INDEX`.
        A commit has no name here: a folder may be called like an image.
        """
        key = (name, *sorted(digests))
        if key not in self._known:
            self._known[key] = self._found(name, key[1:])
        return self._known[key]

    def _found(self, name: str, digests: Sequence[str]) -> Deployment:
        bare, _, pinned = name.partition("@sha256:")
        own = [digest for digest in digests if not digest.startswith(OF_INDEX)]
        found = self._with((*own, *([pinned] if pinned else [])))
        if found:
            return _answer(found, "")
        found = self._with(digest.removeprefix(OF_INDEX) for digest in digests if digest.startswith(OF_INDEX))
        if found:
            return _answer(found, _BY_INDEX)
        named = self._by_name.get(_full(bare), []) if name and not pinned else []
        if name.startswith(_OF_REGISTRY):  # all of its digests are known: another one runs under its name
            named = [pair for pair in named if not pair[1].digests]
        return _answer(named, _BY_NAME) if named else UNKNOWN_DEPLOYMENT

    def _with(self, digests: Iterable[str]) -> list[tuple[FleetContext, RunningWorkload]]:
        return [one for digest in dict.fromkeys(digests) for one in self._by_digest.get(digest, ())]


def places_of(deployment: Deployment) -> str:
    """Return where something is deployed as one text."""
    return "; ".join(deployment.evidence)


def _answer(found: Iterable[tuple[FleetContext, RunningWorkload]], doubt: str) -> Deployment:
    places: dict[str, None] = {}
    ways: dict[Exposed, dict[str, None]] = {}
    for context, one in found:
        since = f" since {one.since[:10]}" if one.since else ""
        joined = f" ({doubt})" if doubt else ""
        places[f"{context.source}: {one.where}{since}, listed on {context.listed_at[:10]}{joined}"] = None
        ways.setdefault(one.exposed, {}).update(dict.fromkeys(f"{context.source}: {way}" for way in one.ways))
    exposed = next(answer for answer in (Exposed.YES, Exposed.UNKNOWN, Exposed.NO) if answer in ways)
    return Deployment(
        deployed=Deployed.YES,
        evidence=_shortened(places),
        exposed=exposed,
        exposed_evidence=_shortened(ways[exposed]),
    )


def _shortened(lines: Mapping[str, None]) -> tuple[str, ...]:
    left = len(lines) - MAX_NAMED
    return (*islice(lines, MAX_NAMED), *([f"and {left:,} more"] if left > 0 else []))


def _full(name: str) -> str:
    """Return the full name of an image with its tag, as Docker understands it."""
    from gate.images.registry.names import image_name  # 50 ms, where nothing is known to run for nothing

    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return str(image_name(name))
