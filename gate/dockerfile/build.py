"""What a Dockerfile builds: stages with their steps, and the values of variables.

These are what rules look at. They are made for one run over one file and never cross a border.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from gate.core.end_of_life import EndOfLifeTable
from gate.core.image_references import ImageReference, parse_reference
from gate.core.suggestions import NearNames
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build_context import NO_CONTEXT, BuildContext
from gate.dockerfile.pragmas import named_shell
from gate.dockerfile.step import Step
from gate.dockerfile.syntax import Dockerfile, Instruction
from gate.dockerfile.variables import UNSET, Value, Variables, expand
from gate.dockerfile.variant import PLAIN, NamedContext, Variant

MAX_INHERITED = 100
"""Stages on stages (`FROM build`) that a variable is looked for in; one from further away counts as unknown."""


class BuildStage:
    """One FROM and what follows it. Stage -1 is what stands before the first FROM: `origin` is None there."""

    def __init__(self, build: "Build", number: int, origin: Instruction | None, name: str | None) -> None:
        self.build = build
        self.number = number
        self.origin = origin
        self.name = name
        self.parent: BuildStage | None = None
        """The stage that FROM names, if it names one."""
        self.image: str | None = None
        """The image that FROM names, with its variables expanded; None if a value is unknown."""
        self.is_from_elsewhere = False
        """True if FROM names a further context that is no image: what it holds is judged where it is made."""
        self.steps: list[Step] = []
        self.user: Step | None = None
        """The USER that is in force at the end, inherited from parents as well."""
        self.shell: tuple[str, ...] = ()
        self.is_windows = False
        self._arguments = Variables()
        self._environment = Variables()

    @property
    def ships(self) -> bool:
        """True if the final image has something of this stage: it is FROM it, or copies from it."""
        return self.number < 0 or self.number in self.build.shipping

    @property
    def is_leaf(self) -> bool:
        """True if it may be built as an image: the final stage, and each that no other stage uses."""
        return self is self.build.final or self.number not in self.build.used

    def parents(self) -> Iterator["BuildStage"]:
        """Yield the stages that it is FROM, the nearest first, `MAX_INHERITED` at most."""
        stage = self.parent
        for _ in range(MAX_INHERITED):
            if stage is None:
                return
            yield stage
            stage = stage.parent

    @cached_property
    def reference(self) -> ImageReference | None:
        """The base image, taken apart; None for a stage, `scratch`, or a name that cannot be known."""
        if self.parent is not None or not self.image or self.image == "scratch":
            return None
        return parse_reference(self.image)

    @property
    def from_step(self) -> Step:
        """FROM as a step, for hits."""
        return self.steps[0]

    def steps_of(self, *names: str) -> Iterator[Step]:
        """Yield the steps with one of these instructions, those that ONBUILD keeps not among them."""
        return (step for step in self.steps if step.name in names and not step.is_on_build)

    @cached_property
    def first_places(self) -> Mapping[str, int]:
        """The place of the first step with each instruction; to be asked when the whole file is taken in."""
        return {step.name: step.place for step in reversed(self.steps) if not step.is_on_build}

    def value(self, name: str, place: int) -> Value:
        """Return the value of a variable at a place; ENV wins over ARG, as in Docker."""
        value = self._environment_value(name, place)
        return self._arguments.value(name, place) if value is UNSET else value

    def declares(self, name: str, place: int) -> bool:
        """True if an ARG of this stage above `place` declares a variable, with or without a value."""
        return self._arguments.declares(name, place - 1)

    def _environment_value(self, name: str, place: int) -> Value:
        stage: BuildStage | None = self
        for _ in range(MAX_INHERITED):
            if stage is None:
                return UNSET
            value = stage._environment.value(name, place)
            if value is not UNSET:
                return value
            stage = stage.parent
            place = len(stage.steps) if stage else 0
        return None if stage is not None else UNSET

    def knows(self, name: str, place: int) -> bool:
        """True if ARG or ENV of this stage, or ENV of a stage that it is FROM, declares a variable before `place`."""
        if self._arguments.declares(name, place):
            return True
        stage: BuildStage | None = self
        for _ in range(MAX_INHERITED):
            if stage is None:
                return False
            if stage._environment.declares(name, place):
                return True
            stage = stage.parent
            place = len(stage.steps) if stage else 0
        return True

    @cached_property
    def declared(self) -> NearNames:
        """Every name that ARG and ENV of this stage declare; to be asked when the whole file is taken in."""
        return NearNames((*self._arguments.names, *self._environment.names))

    def add(self, step: Step) -> None:
        """Append the next step, and apply its effect on variables, user and shell."""
        self.steps.append(step)
        if step.is_on_build:
            return
        match step.name:
            case "ARG":
                self._declare_arguments(step)
            case "ENV":
                self._set_environment(step)
            case "SHELL":
                self.shell = step.instruction.values
            case "USER":
                self.user = step

    def _set_environment(self, step: Step) -> None:
        values = [(step.expand(name.text), step.expand(value.text)) for name, value in step.instruction.pairs]
        for name, value in values:
            if name is not None:
                self._environment.assign(name, value, step.place)

    def _declare_arguments(self, step: Step) -> None:
        for word in step.instruction.arguments:
            name, equals, default = word.text.partition("=")
            value: Value = self.build.variant.arguments.get(name)
            if value is None:
                value = step.expand(default) if equals else self.build.preamble.default_of(name)
            self._arguments.assign(name, value, step.place)

    def default_of(self, name: str) -> Value:
        """Return the value that an ARG before the first FROM has in a stage that declares it without one."""
        return self._arguments.value(name, len(self.steps))


_WILDCARD = re.compile(r"[*?\[]")


class Build:
    """A Dockerfile with its stages and the settings that rules are asked under."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        settings: DockerfileSettings,
        context: BuildContext = NO_CONTEXT,
        today: date | None = None,
        variant: Variant = PLAIN,
        end_of_life: EndOfLifeTable | None = None,
    ) -> None:
        self.dockerfile = dockerfile
        self.variant = variant
        self.settings = settings
        self._context = context
        self.today = today
        """The day of the run; None switches off rules about age."""
        self.end_of_life = end_of_life
        """The table of end-of-life dates; None: the built-in one."""
        self.stages: list[BuildStage] = []
        self.preamble = BuildStage(self, -1, None, None)
        """The ARGs before the first FROM."""
        self._by_name: dict[str, BuildStage] = {}
        for instruction in dockerfile.instructions:
            self._take(instruction)

    @property
    def final(self) -> BuildStage | None:
        """The stage that is built: the one that the variant names, else the last one."""
        named = self.stage_named(self.variant.target) if self.variant.target else None
        return named or (self.stages[-1] if self.stages else None)

    @property
    def pieces(self) -> tuple[BuildStage, ...]:
        """The stages; of a fragment, which has no FROM, all of it as one that has no `origin`."""
        return tuple(self.stages) or (self.preamble,)

    @cached_property
    def shipped(self) -> tuple[BuildStage, ...]:
        """The pieces that the final image is made of: the last one and those that it is FROM, the first one first."""
        found: list[BuildStage] = []
        stage: BuildStage | None = self.final or self.preamble
        while stage is not None:
            found.append(stage)
            stage = stage.parent
        return tuple(found[::-1])

    @cached_property
    def context(self) -> BuildContext:
        """The files that COPY and ADD take from."""
        own = (step for step in self.steps() if step.name in ("ADD", "COPY") and not step.instruction.flag("from"))
        named = (source for step in own for _, source in step.sources if not _WILDCARD.search(source))
        return self._context.having(tuple(dict.fromkeys(named)))

    def context_named(self, name: str) -> NamedContext | None:
        """Return the further context with this name, unless it is a stage's or an image's."""
        return self.variant.named(name) if self.variant.contexts and self.stage_named(name) is None else None

    @cached_property
    def shipping(self) -> frozenset[int]:
        """The numbers of the stages that the final image is FROM or copies from, through other stages as well."""
        found: set[int] = set()
        todo = [self.final] if self.final else []
        while todo:
            stage = todo.pop()
            if stage.number not in found:
                found.add(stage.number)
                todo.extend([stage.parent] if stage.parent else [])
                todo.extend(source for source in map(self.stage_named, _copied_from(stage)) if source)
        return frozenset(found)

    @cached_property
    def used(self) -> frozenset[int]:
        """The numbers of the stages that another stage is FROM or copies from."""
        copied = [self.stage_named(name) for stage in self.stages for name in _copied_from(stage)]
        parents = [stage.parent for stage in self.stages]
        return frozenset(stage.number for stage in (*copied, *parents) if stage)

    def stage_named(self, name: str) -> BuildStage | None:
        """Return the stage with this name or number."""
        if name.isascii() and name.isdigit() and len(name) < 10:
            return self.stages[int(name)] if int(name) < len(self.stages) else None
        return self._by_name.get(name.lower())

    def steps(self) -> Iterator[Step]:
        """Yield every step of the file, in order."""
        yield from self.preamble.steps
        for stage in self.stages:
            yield from stage.steps

    def _take(self, instruction: Instruction) -> None:
        if instruction.name == "FROM":
            self._begin_stage(instruction)
        stage = self.stages[-1] if self.stages else self.preamble
        stage.shell = (() if self.settings.no_pragmas else named_shell(instruction)) or stage.shell
        place = len(stage.steps)
        stage.add(Step(instruction, stage, place, stage.shell, is_on_build=False))
        if instruction.inner is not None:
            stage.add(Step(instruction.inner, stage, place + 1, stage.shell, is_on_build=True))

    def _begin_stage(self, instruction: Instruction) -> None:
        words = instruction.values
        name = words[2].lower() if len(words) == 3 else None
        stage = BuildStage(self, len(self.stages), instruction, name)
        stage.image = self._image_of(instruction)
        stage.parent = self._by_name.get(stage.image.lower()) if stage.image else None
        further = self.context_named(stage.image) if stage.image else None
        if further is not None:
            stage.image, stage.is_from_elsewhere = further.image, further.image is None
        if stage.parent is not None:
            stage.user, stage.shell = stage.parent.user, stage.parent.shell
            stage.is_windows = stage.parent.is_windows
        else:
            stage.is_windows = _is_windows(stage.image or "".join(words[:1]))
        self.stages.append(stage)
        if name is not None:
            self._by_name[name] = stage

    def _image_of(self, instruction: Instruction) -> str | None:
        """Return the image that FROM names: only ARGs before the first FROM count."""
        if not instruction.arguments:
            return None
        preamble = self.preamble
        word = instruction.arguments[0].text
        return expand(word, lambda name: preamble.value(name, len(preamble.steps)), self.dockerfile.escape)


def _copied_from(stage: BuildStage) -> Iterator[str]:
    """Yield the stages or images that COPY --from and RUN --mount=from= name."""
    for step in stage.steps_of("ADD", "COPY", "RUN"):
        for flag in step.instruction.flags:
            name = flag.value if flag.name == "from" else flag.options.get("from")
            value = step.expand(name) if name else None
            if value:
                yield value


_WINDOWS = ("windows", "nanoserver", "servercore")


def _is_windows(image: str) -> bool:
    """True if the image's default shell is cmd, judged by its name."""
    return any(word in image.lower() for word in _WINDOWS)
