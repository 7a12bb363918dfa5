"""The rules on pipelines: a family a module, listed here and nowhere else."""

from functools import lru_cache

from gate.ci.rule import ON_PIPELINES
from gate.rules import StageRule

MODULES = (
    "github_paths",
    "scripts",
    "azure",
    "bitbucket",
    "buildkite",
    "circleci",
    "drone",
    "gitlab.includes",
    "gitlab.images",
    "gitlab.docker",
    "gitlab.variables",
    "gitlab.texts",
    "gitlab.artifacts",
    "gitlab.caches",
    "gitlab.security",
    "gitlab.deployments",
    "gitlab.tokens",
    "jenkins",
    "tekton",
    "third_parties",
)


@lru_cache(maxsize=1)
def all_rules() -> tuple[StageRule, ...]:
    """Return every rule of the gate's own in the order of the ids."""
    return ON_PIPELINES.own()
