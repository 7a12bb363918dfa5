"""What a container starts, from the image's configuration."""

import pytest

from gate.images.config import Healthcheck, Runtime
from gate.images.in_use.graph import Gap, Started
from gate.images.in_use.start import starts_of
from gate.model import ContainerStart

TREE = {"!bin/sh": "", "!usr/bin/app": "", "!usr/bin/probe": ""}


@pytest.mark.parametrize(
    ("runtime", "program", "arguments"),
    [
        (Runtime(entrypoint=["app"], cmd=["--serve"]), "/usr/bin/app", ("--serve",)),
        (Runtime(cmd=["/usr/bin/app"]), "/usr/bin/app", ()),
        (Runtime(cmd="app --serve"), "/bin/sh", ("-c", "app --serve")),
        (Runtime(cmd=["./app"], working_dir="/usr/bin"), "/usr/bin/app", ()),
    ],
)
def test_entrypoint_and_command_make_the_first_program(make_files, runtime, program, arguments):
    (start,) = starts_of(runtime, make_files(TREE))
    assert isinstance(start, Started)
    assert (start.program, start.arguments) == (program, arguments)


@pytest.mark.parametrize("test", [["CMD", "probe"], ["CMD-SHELL", "probe || exit 1"]])
def test_a_health_check_is_started_too(make_files, test):
    starts = list(starts_of(Runtime(cmd=["app"], healthcheck=Healthcheck(test=test)), make_files(TREE)))
    assert [start.because.how for start in starts] == ["entrypoint", "health check"]


def test_a_start_given_by_hand_counts_besides(make_files):
    given = ContainerStart(place="images: shop", entrypoint=("probe", "-v"))
    own, by_hand = starts_of(Runtime(entrypoint=["app"]), make_files(TREE), [given])
    assert (own.program, by_hand.program) == ("/usr/bin/app", "/usr/bin/probe")


@pytest.mark.parametrize("runtime", [Runtime(), Runtime(cmd=["gone"]), Runtime(entrypoint=[])])
def test_what_cannot_be_started_is_a_gap(make_files, runtime):
    (gap,) = starts_of(runtime, make_files(TREE))
    assert isinstance(gap, Gap)
    assert gap.kind == "everything"
