"""The API of Kubernetes accepts, field by field, what rules are shown by and what overlays render.

By the API's own schemas, where the package `kubernetes-validate` is installed.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gate.core.yaml_values import read_values
from gate.declarations.kubernetes import NEWEST
from gate.kubernetes.kustomize.rendering import rendered
from gate.kubernetes.manifests import objects_of
from gate.kubernetes.objects import KubernetesObject
from gate.kubernetes.rules import all_rules
from gate.model import Tree
from gate.rules import StageRule
from gate.trees import open_tree
from tests.kubernetes.kustomize.cases import CASES
from tests.kubernetes.test_rules import NAMES, manifest

Refused = Callable[[Iterable[KubernetesObject]], list[str]]


@pytest.fixture(scope="session")
def refused() -> Refused:
    """Return a function from objects to what the API would refuse of them.

    Kinds that it does not define itself are left to their own owners. The schemas take three seconds to import.
    """
    schemas: Any = pytest.importorskip("kubernetes_validate")

    def refusals(objects: Iterable[KubernetesObject]) -> list[str]:
        found = []
        for one in objects:
            try:
                schemas.validate(one.value.plain(), NEWEST, strict=True)
            except schemas.SchemaNotFoundError:
                continue
            except schemas.ValidationError as error:
                found.append(f"{one.id}: {error.message}")
        return found

    return refusals


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_the_examples_of_a_rule_are_accepted(rule: StageRule, refused: Refused) -> None:
    examples = [rule.description.bad, rule.description.good]
    texts = [manifest(one) for one in examples if not one.startswith(("services:", "- ", *NAMES))]
    assert refused(one for text in texts for value in read_values(text, "a.yaml") for one in objects_of(value)) == []


@pytest.mark.parametrize("case", CASES)
def test_what_overlays_render_is_accepted(case: str, make_tree: Callable[..., Tree], refused: Refused) -> None:
    kustomizations = [path for path in CASES[case] if path.endswith("kustomization.yaml")]
    overlays = rendered(open_tree(make_tree(CASES[case])), kustomizations, {}).overlays
    assert overlays
    assert refused(one for overlay in overlays for one in overlay.objects) == []
