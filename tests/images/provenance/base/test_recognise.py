"""Which image another one was built on: by its layers, its labels, its history."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.images.config import HistoryStep, ImageConfig, RootFs
from gate.images.provenance.base import Base, recognise
from gate.images.provenance.base.chains import chain_ids
from gate.images.provenance.base.history import layers_of_base
from gate.model.container import Runtime

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
AB = "sha256:" + hashlib.sha256(f"{A} {B}".encode()).hexdigest()
DIGEST = f"sha256:{'d' * 64}"

LAYER = "RUN /bin/sh -c make # buildkit"
CMD = 'CMD ["python3"]'
CLASSIC_CMD = '/bin/sh -c #(nop)  CMD ["bash"]'
ENV = "/bin/sh -c #(nop)  ENV CMD=1"


def history(*steps: str) -> list[HistoryStep]:
    return [HistoryStep(created_by=step, empty_layer=step != LAYER) for step in steps]


def config(*steps: str, labels: dict[str, str] | None = None) -> ImageConfig:
    rootfs = RootFs(type="layers", stated=[A, B, C])
    return ImageConfig(rootfs=rootfs, history=history(*steps), config=Runtime(labels=labels))


@pytest.mark.parametrize(
    ("diff_ids", "chain"),
    [([A], A), ([A, B], AB), ([A, B, C], "sha256:" + hashlib.sha256(f"{AB} {C}".encode()).hexdigest())],
)
def test_a_chain_id_is_that_of_the_specification(diff_ids: list[str], chain: str) -> None:
    assert chain_ids(diff_ids)[-1] == chain


@pytest.mark.parametrize(
    ("steps", "layers", "of_base"),
    [
        ((LAYER, CMD, LAYER), 2, 1),
        ((LAYER, CLASSIC_CMD, LAYER), 2, 1),
        ((LAYER, CLASSIC_CMD, LAYER, CMD, LAYER, CMD), 3, 2),  # the base of the base is the base's
        ((LAYER, CMD), 1, 0),
        ((CMD, LAYER), 1, 0),
        ((LAYER, ENV, LAYER), 2, 0),
        ((LAYER, CMD, LAYER), 3, 0),  # squashed since: the history speaks of other layers
        ((), 0, 0),
    ],
)
def test_a_cmd_that_layers_follow_was_the_end_of_the_base(steps: tuple[str, ...], layers: int, of_base: int) -> None:
    assert layers_of_base(history(*steps), layers) == of_base


@given(st.lists(st.sampled_from([LAYER, CMD, CLASSIC_CMD, ENV])))
def test_of_any_history_the_base_is_a_part(steps: list[str]) -> None:
    layers = steps.count(LAYER)
    assert 0 <= layers_of_base(history(*steps), layers) < max(1, layers)


LABELS = {"org.opencontainers.image.base.name": "debian:12", "org.opencontainers.image.base.digest": DIGEST}


@pytest.mark.parametrize(
    ("image", "known", "base"),
    [
        (config(), {"debian:12": A}, Base(known_by="layers", name="debian:12", layers=(A,))),
        (config(), {"debian:12": A, "python:3": AB}, Base(known_by="layers", name="python:3", layers=(A, B))),
        (config(), {"b": AB, "a": AB}, Base(known_by="layers", name="a", layers=(A, B))),
        (config(), {"other": B}, None),
        (config(), {"itself": chain_ids([A, B, C])[-1]}, None),
        (config(labels=LABELS), {}, Base(known_by="label", name="debian:12", digest=DIGEST)),
        (
            config(LAYER, CMD, LAYER, LAYER, labels=LABELS),
            {},
            Base(known_by="label", name="debian:12", digest=DIGEST, layers=(A,)),
        ),
        (config(labels=LABELS), {"true": A}, Base(known_by="layers", name="true", layers=(A,))),
        (config(LAYER, LAYER, CMD, LAYER), {}, Base(known_by="history", layers=(A, B))),
        (config(labels={"org.opencontainers.image.base.name": "a\nb"}), {}, None),
        (config(LAYER, LAYER, LAYER, CMD), {}, None),
    ],
)
def test_layers_are_believed_before_labels_and_labels_before_history(
    image: ImageConfig, known: dict[str, str], base: Any
) -> None:
    assert recognise(image, known) == base


def test_annotations_of_the_manifest_say_it_as_well_as_labels() -> None:
    assert recognise(config(), {}, LABELS) == Base(known_by="label", name="debian:12", digest=DIGEST)
    named = config(labels={"org.opencontainers.image.base.name": "debian:11"})
    assert recognise(named, {}, LABELS) == Base(known_by="label", name="debian:11"), "never a mixture of both"
