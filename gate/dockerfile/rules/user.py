"""Who the container runs as."""

from collections.abc import Iterator

from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.edits import Changes, remove_wrapper
from gate.dockerfile.hits import Hit
from gate.dockerfile.non_root_images import user_of
from gate.dockerfile.rule import BUILD, instructions, rule, run_programs
from gate.dockerfile.step import Command, Step
from gate.dockerfile.variables import names_in
from gate.model import Severity

_ROOT = frozenset({"root", "0"})


def _is_root(step: Step) -> bool:
    value = step.values[0] if step.values else None
    return value is not None and value.partition(":")[0].strip() in _ROOT


@rule(
    "DL3002",
    Severity.MEDIUM,
    "The last USER is root",
    looks_at=BUILD,
    why="A process that breaks out of the container, or writes to a mounted folder, does so as root.",
    mend="End with a USER that has no privileges, by number: USER 10001.",
    references=("CWE-250", "CIS-DI-0001"),
    bad="USER root",
    good="USER root\nUSER 10001",
)
def last_user_is_root(build: Build) -> Iterator[Hit]:
    for stage in build.stages:
        step = stage.user
        if stage is build.final and step is not None and _is_root(step):
            yield step.hit(f"the container runs as {step.values[0]}")
        elif step is not None and step.stage is stage and _is_root(step) and not _is_inherited(step):
            yield step.hit(f"this stage ends as {step.values[0]}", severity=Severity.INFO)


def _is_inherited(step: Step) -> bool:
    """True if the final stage inherits this USER: then it is reported with the final stage."""
    final = step.build.final
    return final is not None and final.user is step


@rule(
    "GD005",
    Severity.MEDIUM,
    "No USER in the final stage",
    looks_at=BUILD,
    why="Without USER the container runs as the base image says, and for most images that is root. Not asked where the "
    "image is known to name another user, or says so itself (`:nonroot`, `-rootless`, `-unprivileged`).",
    mend="Add a USER that has no privileges, by number: USER 10001.",
    references=("CWE-250", "CIS-DI-0001"),
    bad="RUN make",
    good="RUN make\nUSER 10001",
)
def no_user_in_final_stage(build: Build) -> Iterator[Hit]:
    final = build.final
    if final is not None and final.user is None and not _has_user(final):
        yield final.from_step.hit(
            "no USER is set from here to the end, so the base image decides, and usually that is root"
        )


def _has_user(stage: BuildStage) -> bool:
    """True if the image that the stage begins with, through other stages as well, is known not to be root."""
    first = next(reversed((stage, *stage.parents())))
    return first.reference is not None and user_of(first.reference) is not None


@rule(
    "DL3004",
    Severity.LOW,
    "sudo in a RUN",
    looks_at=run_programs("sudo"),
    why="USER already sets the user of a build step. sudo stays in the image as one more way to become root.",
    mend="Write USER root before the step and USER 10001 after it, and do not install sudo.",
    references=("CWE-250",),
    bad="RUN sudo make install",
    good="USER root\nRUN make install\nUSER 10001",
    fix_on_request=True,
)
def sudo(command: Command) -> Iterator[Hit]:
    yield command.hit("sudo is used", command.words[0], changes=_without_sudo(command))


def _without_sudo(command: Command) -> Changes:
    """Take sudo out where USER has said root: elsewhere it may be what makes the step work."""
    step = command.step
    users = [one for one in step.stage.steps_of("USER") if one.place < step.place]
    inherited = step.stage.parent.user if step.stage.parent else None
    user = users[-1] if users else inherited
    return remove_wrapper(command) if user is not None and _is_root(user) else ()


@rule(
    "DL3066",
    Severity.INFO,
    "USER by name",
    looks_at=instructions("USER"),
    why="Only the image knows which user id the name has; Kubernetes cannot tell that it is not root (runAsNonRoot).",
    mend="Write the number: USER 10001.",
    references=("CIS-DI-0001",),
    bad="USER app",
    good="USER 10001",
)
def user_by_name(step: Step) -> Iterator[Hit]:
    if step.is_on_build or not step.values or _is_given_to_the_build(step):
        return
    name = (step.values[0] if step.values[0] is not None else step.instruction.values[0]).partition(":")[0]
    if not (name.isascii() and name.isdigit()):
        yield step.hit(f"{name} is a name, or may not be a number")


def _is_given_to_the_build(step: Step) -> bool:
    """True if the value is that of an ARG without a default."""
    names = names_in(step.instruction.values[0], step.build.dockerfile.escape)
    preamble = step.build.preamble
    return step.values[0] is None and any(
        step.stage.declares(name, step.place) or preamble.declares(name, len(preamble.steps)) for name in names
    )
