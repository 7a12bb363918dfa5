"""The rules on pipelines: each catches its example, and nothing in the corrected one.

They come by `gate/ci/systems.py`.
"""

from collections.abc import Callable
from textwrap import indent

import pytest

from gate.ci.rules import all_rules
from gate.declarations.ci import CiSettings
from gate.declarations.section import ThirdPartySettings
from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import ci

FILES = {
    "GC1": ".github/workflows/ci.yml",
    "GC2": ".gitlab-ci.yml",
    "GC3": "Jenkinsfile",
    "GC4": "azure-pipelines.yml",
    "GC5": ".circleci/config.yml",
    "GC6": "bitbucket-pipelines.yml",
    "GC7": ".drone.yml",
    "GC8": ".tekton/pipeline.yaml",
    "GC9": ".buildkite/pipeline.yml",
}
"""File that an example of a family stands in; one of another family is a script of a GitLab job."""

DENIED = CiSettings(third_parties=ThirdPartySettings(deny=("npm registry",)))
"""What the rule on third parties goes by."""


def caught(
    id: str, example: str, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> set[str]:
    path = FILES.get(id[:3])
    if path is None:
        path, example = ".gitlab-ci.yml", f"job:\n  script:\n    - |\n{indent(example, ' ' * 6)}\n"
    result = ci.run(make_tree({path: example}), make_context(stages=Stages(ci=DENIED)))
    assert not result.errors
    return {one.rule for one in result.findings}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_catches_its_example_and_not_the_corrected_one(
    rule: object, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    about = rule.description  # type: ignore[attr-defined]
    assert about.id in caught(about.id, about.bad, make_tree, make_context)
    assert about.id not in caught(about.id, about.good, make_tree, make_context)
