"""The rules on Kubernetes: each catches its example, and nothing in the corrected one."""

from collections.abc import Callable

import pytest

from gate.declarations.kubernetes import KubernetesSettings
from gate.kubernetes.rules import all_rules
from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import kubernetes

RESTRICTED = Stages(
    kubernetes=KubernetesSettings(pod_security="restricted", trusted_registries=("registry.example.com",))
)


NAMES = {"{": "docker/daemon.json", "[": "docker.socket"}
"""By how an example begins, the name of its file, where that is no YAML of any name."""


def manifest(example: str) -> str:
    """Return an example as a file; one that is neither manifest nor Compose file is the spec of a pod."""
    if "apiVersion" in example or example.startswith(("services:", "- ", *NAMES)):
        return example
    spec = "\n".join(f"  {line}" for line in example.splitlines())
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n{spec}\n"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_catches_its_example_and_not_the_corrected_one(
    rule: object, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    def caught(example: str) -> set[str]:
        name = NAMES.get(example[:1], "a.yaml")
        result = kubernetes.run(make_tree({name: manifest(example)}), make_context(stages=RESTRICTED))
        assert not result.errors
        return {one.rule for one in result.findings}

    about = rule.description  # type: ignore[attr-defined]
    assert about.id in caught(about.bad)
    assert about.id not in caught(about.good)
