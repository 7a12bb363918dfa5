"""A pipeline and its jobs, resolved: what the rules of GitLab CI are asked of. They never cross a border."""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from gate.ci.gitlab.includes import GitlabInclude, includes_of
from gate.ci.gitlab.inputs import SpecifiedInput
from gate.ci.gitlab.script_lines import scripts_in
from gate.ci.model import JobScript
from gate.core.values import Value

SCRIPTS = ("before_script", "script", "after_script")
_HOOK = ("hooks", "pre_get_sources_script")


MAX_IMAGE = 1_000
"""Characters of an image's name; nothing longer is one."""


class GitlabImage(msgspec.Struct, frozen=True):
    """An image that a job runs in, or one of its services."""

    name: str
    value: Value
    """The image as it is written: a name, or a mapping."""
    is_service: bool


class GitlabVariable(msgspec.Struct, frozen=True):
    """A variable that a definition sets."""

    name: str
    text: str
    value: Value
    """Its value with its place; of the long form the mapping's `value`."""
    is_global: bool
    is_asked: bool = False
    """True if GitLab asks the person who starts a pipeline for it (`description`)."""


class GitlabPipeline:
    """A definition with all that it includes."""

    def __init__(
        self,
        path: str,
        root: Value,
        includes: tuple[GitlabInclude, ...],
        parent: "GitlabJob | None",
        inputs: dict[str, SpecifiedInput],
    ) -> None:
        self.path = path
        self.root = root
        self.includes = includes
        self.parent = parent
        """The job that starts it; None for the one that GitLab reads by itself."""
        self.inputs = inputs
        self.jobs: list[GitlabJob] = []

    @cached_property
    def variables(self) -> dict[str, GitlabVariable]:
        """The global variables by name."""
        return {one.name: one for one in _variables(self.root.get("variables"), is_global=True)}

    @property
    def workflow_rules(self) -> Value | None:
        return self.root.get("workflow", "rules")


class GitlabJob:
    """A job with what it extends, refers to and inherits."""

    def __init__(self, name: str, value: Value, pipeline: GitlabPipeline) -> None:
        self.name = name
        self.value = value
        self.pipeline = pipeline

    @property
    def path(self) -> str:
        return self.value.path

    @property
    def line(self) -> int:
        return self.value.line

    @property
    def is_hidden(self) -> bool:
        return self.name.startswith(".")

    @cached_property
    def child_includes(self) -> tuple[GitlabInclude, ...]:
        """What defines the child pipeline that the job starts."""
        return tuple(includes_of(self.value.get("trigger", "include"), starts_child=True))

    @cached_property
    def own_variables(self) -> dict[str, GitlabVariable]:
        """The variables that the job itself sets."""
        return {one.name: one for one in _variables(self.value.get("variables"), is_global=False)}

    @cached_property
    def variables(self) -> dict[str, GitlabVariable]:
        """All variables that the definition gives the job."""
        inherit = self.value.get("inherit", "variables")
        inherited = self.pipeline.variables
        if inherit is not None and inherit.data is False:
            inherited = {}
        elif inherit is not None and isinstance(inherit.data, list):
            inherited = {name: one for name, one in inherited.items() if name in inherit.texts()}
        return {**inherited, **self.own_variables}

    @cached_property
    def images(self) -> tuple[GitlabImage, ...]:
        """The image and the services that are named."""
        image = self.value.get("image")
        services = self.value.get("services")
        found = [_image(image, is_service=False)] if image is not None else []
        found += [_image(one, is_service=True) for one in services.elements()] if services is not None else []
        return tuple(one for one in found if one.name and len(one.name) <= MAX_IMAGE)

    @cached_property
    def scripts(self) -> tuple[JobScript, ...]:
        """The scripts of the job, those of different files apart."""
        values = [self.value.get(key) for key in SCRIPTS] + [self.value.get(*_HOOK)]
        return tuple(script for value in values for script in scripts_in(self.name, value))

    @cached_property
    def script_text(self) -> str:
        return "\n".join(script.script for script in self.scripts)

    @cached_property
    def environment(self) -> str:
        """The name of the environment that it deploys to; empty: none."""
        return self.value.text("environment", "name") or self.value.text("environment")


def _image(value: Value, is_service: bool) -> GitlabImage:
    return GitlabImage(value.text("name") or value.text(), value, is_service)


def _variables(value: Value | None, is_global: bool) -> Iterator[GitlabVariable]:
    for name, one in value.items() if value is not None else ():
        stated = one.get("value") if isinstance(one.data, dict) else one
        is_asked = is_global and one.get("description") is not None
        if stated is not None and not isinstance(stated.data, dict | list):
            yield GitlabVariable(name, stated.text(), stated, is_global, is_asked)
