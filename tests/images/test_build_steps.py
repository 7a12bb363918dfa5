"""The build steps of layers, as people write them."""

from typing import Any

import pytest

from gate.images.build_steps import steps_of_layers
from gate.images.config import decode_config


def steps(make: Any, *created_by: str | None, layers: int | None = None) -> tuple[str | None, ...]:
    history = [{"created_by": one} if one is not None else {} for one in created_by]
    count = len(created_by) if layers is None else layers
    return steps_of_layers(decode_config(make.config([bytes([one]) for one in range(count)], history=history), "a"))


@pytest.mark.parametrize(
    ("created_by", "step"),
    [
        (
            "RUN /bin/sh -c apt-get update && \\\n\tapt-get install git # buildkit",
            "RUN apt-get update && \\ apt-get install git",
        ),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("/bin/sh -c #(nop) COPY dir:12ab in /srv ", "COPY dir:12ab in /srv"),
        ("|2 A=1 B=2 /bin/sh -c make", "RUN |2 A=1 B=2 make"),
        ("COPY . /srv # buildkit", "COPY . /srv"),
        ("bazel build ...", "bazel build ..."),
        ("RUN /bin/bash -o pipefail -c make # buildkit", "RUN /bin/bash -o pipefail -c make"),
        ("RUN curl https://me:hunter2@packages.example/", "RUN curl https://me:…@packages.example/"),
        ("RUN x" + "y" * 400, "RUN x" + "y" * 294 + "…"),
        ("", None),
    ],
)
def test_a_step_is_written_as_in_a_dockerfile(make: Any, created_by: str, step: str | None) -> None:
    assert steps(make, created_by, "COPY a b") == (step, "COPY a b")


def test_a_history_that_does_not_fit_the_layers_says_nothing_of_them(make: Any) -> None:
    assert steps(make, "COPY a b", layers=2) == (None, None)
    assert steps(make, None, None) == (None, None)
