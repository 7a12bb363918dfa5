"""What we make of charts is what Helm makes of them, where its library is installed (`helm-python-sdk`)."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.core.values import read_values
from gate.kubernetes.helm.charts import chart_folders
from gate.kubernetes.helm.rendering import rendered_charts
from gate.model import Tree
from gate.trees import open_tree
from tests.kubernetes.helm.cases import CASES

helm = pytest.importorskip("helm_python.chart")


@pytest.mark.parametrize("case", CASES)
def test_the_same_objects_are_rendered(case: str, make_tree: Callable[..., Tree]) -> None:
    tree = make_tree(CASES[case])
    theirs = helm.Chart.load(tree.root).render(name="shop")
    ours = rendered_charts(open_tree(tree), chart_folders(CASES[case]), sorted(CASES[case]), "1.37").objects
    # the library leaves the conditions of charts in a chart out, which Helm's command applies
    made = {name: text for name, text in theirs.items() if name.endswith(".yaml") and "charts/spare/" not in name}
    documents = [one for name, text in made.items() for one in read_values(text, name)]
    assert by_name([one.value.plain() for one in ours]) == by_name([one.plain() for one in documents])


def by_name(objects: list[Any]) -> list[Any]:
    return sorted(objects, key=lambda one: (one["kind"], one["metadata"]["name"], str(one)))
