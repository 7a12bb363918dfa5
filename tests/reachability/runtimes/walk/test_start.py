"""What a container starts, from the image's configuration.

Goes through `gate/reachability/runtimes/compiled/services.py`, `gate/reachability/runtimes/launchers/shebang.py`.
"""

import pytest

from gate.model import ContainerStart
from gate.model.container import Healthcheck, Runtime
from gate.reachability.runtimes.walk.graph import UNKNOWN, Gap, StartedProgram
from gate.reachability.runtimes.walk.start import starts_of

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
    assert isinstance(start, StartedProgram)
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


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (("app", "$(PORT)"), ("80",)),
        (("app", "--port=$(PORT)"), ("--port=80",)),
        (("app", "$(TOKEN)"), (UNKNOWN,)),
        (("app", "$(OTHER)"), (UNKNOWN,)),
        (("app", "${OTHER}"), (UNKNOWN,)),
        (("app", "{{ .Values.name }}"), (UNKNOWN,)),
        (("sh", "-c", "app ${OTHER} $(PORT)"), ("-c", "app ${OTHER} 80")),
    ],
)
def test_variables_in_the_words_of_a_file_have_its_values_or_are_not_known(make_files, command, arguments):
    start = ContainerStart(place="web.yaml:3", entrypoint=command, environment=("PORT=80", "TOKEN"))
    (started,) = starts_of(Runtime(), make_files(TREE), [start])
    assert started.arguments == arguments


def test_a_variable_whose_value_comes_from_elsewhere_takes_the_image_s_own_away(make_files):
    start = ContainerStart(place="web.yaml:3", command=("app",), environment=("TOOL",))
    own, other = starts_of(Runtime(cmd=["app"], env=["TOOL=a"]), make_files(TREE), [start])
    assert (own.variable("TOOL"), other.variable("TOOL")) == ("a", UNKNOWN)


def test_a_program_of_a_file_that_is_not_known_is_a_gap(make_files):
    start = ContainerStart(place="web.yaml:3", entrypoint=("$(TOOL)",))
    (gap,) = starts_of(Runtime(), make_files(TREE), [start])
    assert (gap.kind, gap.reason) == ("everything", "the start in web.yaml:3 '…' is not in the image")


def test_a_health_check_runs_with_what_each_start_sets(make_files):
    runtime = Runtime(cmd=["/usr/bin/app"], healthcheck=Healthcheck(test=["CMD", "probe"]))
    tree = {**TREE, "!opt/probe": ""}
    start = ContainerStart(place="web.yaml:3", environment=("PATH=/opt",))
    found = starts_of(runtime, make_files(tree), [start, ContainerStart(place="", command=("/usr/bin/app",))])
    assert [one.program for one in found if one.because.how == "health check"] == ["/usr/bin/probe", "/opt/probe"]
