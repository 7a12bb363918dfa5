"""The CI systems whose definitions are read: a line a system. Each names a module of the shape of `System`."""

from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Protocol, cast

from gate.ci.model import SystemJudged
from gate.trees import FileTree, NameHint

SYSTEMS: dict[str, str] = {
    "github": "gate.ci.github",
    "gitlab": "gate.ci.gitlab",
    "circleci": "gate.ci.circleci",
    "azure": "gate.ci.azure",
    "bitbucket": "gate.ci.bitbucket",
    "buildkite": "gate.ci.buildkite",
    "drone": "gate.ci.drone",
    "jenkins": "gate.ci.jenkins.reader",
    "tekton": "gate.ci.tekton",
}
"""Name of a system to the module that reads its definitions, in the order of the facts."""

NAMES_OF_DEFINITIONS = (
    NameHint(endings=(".yml", ".yaml", ".json")),
    NameHint(words=("jenkinsfile",)),
    NameHint(endings=(".jenkins",)),
)
"""What the paths of all systems' definitions have in common, for which no system's module has to be imported."""


class System(Protocol):
    """A module that reads the definitions of one system."""

    def is_definition(self, path: str) -> bool:
        """True for a path that the system reads by itself. What those files include is found by `judge`."""

    def judge(self, tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
        """Read the definitions and ask the system's rules; `excluded` are paths that the settings leave out."""


def load_system(name: str) -> System:
    """Import one of `SYSTEMS`."""
    return cast(System, import_module(SYSTEMS[name]))


def is_definition(path: str) -> bool:
    """True for a path that one of the systems reads by itself."""
    return any(load_system(name).is_definition(path) for name in SYSTEMS)
