"""The description of an image by a daemon, which is enough if its layers are in the cache: it is then not exported.

The daemon describes configuration and history in its own format. It names layers by their diff ids, under which the
cache holds only results for verified bytes. If a layer is read after all, the image is exported and the layer verified.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import msgspec

from gate.core.errors import UnreadableError
from gate.images.access import Access
from gate.images.config import HistoryStep, ImageConfig, decode_config
from gate.images.image import FoundImage
from gate.images.image_cache import ImageCache
from gate.images.layers.blob import LayerBlob
from gate.images.layers.scratch import FetchedSpan
from gate.images.layers.span import Span
from gate.images.limits import Budget
from gate.images.sources.daemon import Daemon, find_in_daemon, inspected
from gate.images.sources.seen_image import SeenImage, seen_image
from gate.model.container import Runtime


class _RootFs(msgspec.Struct, frozen=True, rename="pascal"):
    layers: list[str] = []


class _Descriptor(msgspec.Struct, frozen=True):
    digest: str = ""


class _Inspected(msgspec.Struct, frozen=True, rename="pascal"):
    """The answer to `GET /images/NAME/json` (Docker Engine API 1.44)."""

    id: str
    os: str = "unknown"
    architecture: str = "unknown"
    variant: str | None = None
    created: str | None = None
    config: Runtime | None = None
    root_f_s: _RootFs = msgspec.field(name="RootFS", default=_RootFs())
    descriptor: _Descriptor | None = None
    """Of the containerd store, whose ids are those of manifests and, of several platforms, of indexes."""


class _Past(msgspec.Struct, frozen=True, rename="pascal"):
    """One line of the answer to `GET /images/NAME/history`, the newest first."""

    created_by: str = ""
    size: int = 0


def glance_in_daemon(
    daemon: Daemon, reference: str, budget: Budget, opened: ExitStack, access: Access, cache: ImageCache
) -> FoundImage | None:
    """Return the image as the daemon describes it; None if that is not certain. Raises as `asking`."""
    answer = inspected(daemon, reference)
    seen = seen_image(cache, answer.id)
    config = _config(msgspec.json.decode(answer.about), msgspec.json.decode(answer.history), seen)
    if config is None:
        return None
    saved = _Saved(daemon, reference, budget, opened, access, config)
    tags = (answer.tag,) if answer.tag else ()
    digest = seen.digest if seen else None
    id = seen.id if seen else answer.id
    return FoundImage(id=id, config=config, layers=saved.layers, tags=tags, digest=digest)


def _config(inspected: Any, history: Any, seen: SeenImage | None) -> ImageConfig | None:
    """Return the configuration; None if it is not certain which steps of the history made the layers."""
    try:
        answer = msgspec.convert(inspected, _Inspected)
        past = msgspec.convert(history, list[_Past])[::-1]
    except msgspec.ValidationError:
        return None
    diff_ids = answer.root_f_s.layers
    steps = _steps(past, seen, len(diff_ids))
    if steps is None or not _is_same(answer, seen):
        return None
    return decode_config(
        msgspec.json.encode(
            {
                "os": answer.os,
                "architecture": answer.architecture,
                "variant": answer.variant or None,
                "created": answer.created,
                "config": answer.config,
                "rootfs": {"type": "layers", "diff_ids": diff_ids},
                "history": steps,
            }
        ),
        "what the daemon says of the image",
    )


def _is_same(answer: _Inspected, seen: SeenImage | None) -> bool:
    """True if the answer is of the image that was seen; one of the containerd store is known by its manifest alone."""
    if answer.descriptor is None:
        return True
    return seen is not None and answer.id == answer.descriptor.digest == seen.digest


def _steps(past: Sequence[_Past], seen: SeenImage | None, layers: int) -> list[HistoryStep] | None:
    """Return the history; None if it is not certain which steps brought no layer."""
    empty = seen.empty if seen and len(seen.empty) == len(past) else [not step.size for step in past]
    if empty.count(False) != layers:
        return None
    return [HistoryStep(created_by=step.created_by, empty_layer=no) for step, no in zip(past, empty, strict=True)]


class _Saved:
    """The layers of an image that is exported when the first of them is read."""

    def __init__(
        self,
        daemon: Daemon,
        reference: str,
        budget: Budget,
        opened: ExitStack,
        access: Access,
        config: ImageConfig,
    ) -> None:
        self._save = partial(find_in_daemon, daemon, reference, budget, opened, access)
        self._reference = reference
        self._found: FoundImage | None = None
        self._diff_ids = config.rootfs.diff_ids
        self.layers = tuple(self._layer(index, diff_id) for index, diff_id in enumerate(self._diff_ids))

    def _layer(self, index: int, diff_id: str) -> LayerBlob:
        return LayerBlob(span=FetchedSpan(self._reference, lambda: self._span(index)), diff_id=diff_id)

    def _span(self, index: int) -> Span:
        if self._found is None:
            self._found = self._save()
        if self._found.config.rootfs.diff_ids != self._diff_ids:
            raise UnreadableError("was changed while it was looked at", path=self._reference, hint="Try again")
        return self._found.layers[index].span
