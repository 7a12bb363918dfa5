"""What we make of kustomizations is what Kustomize makes of them."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.core.yaml_values import read_values
from gate.kubernetes.kustomize.rendering import rendered
from gate.model import Tree
from gate.trees import open_tree
from tests.kubernetes.kustomize.cases import CASES


@pytest.mark.parametrize("case", CASES)
def test_the_same_objects_are_rendered(
    case: str, make_tree: Callable[..., Tree], require: Callable[[str], str]
) -> None:
    tree = make_tree(CASES[case])
    theirs = subprocess.run(
        [require("kustomize"), "build", tree.root], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    (overlay,) = rendered(open_tree(tree), [str(path) for path in kustomizations(tree)], {}).overlays
    ours = [comparable(one.value.plain()) for one in overlay.objects]
    assert by_name(ours) == by_name([comparable(one.plain()) for one in read_values(theirs, "theirs")])


def kustomizations(tree: Tree) -> list[Path]:
    return [path.relative_to(tree.root) for path in Path(tree.root).rglob("kustomization.yaml")]


def by_name(objects: list[Any]) -> list[Any]:
    return sorted(objects, key=lambda one: (one["kind"], one["metadata"]["name"]))


def comparable(found: Any) -> Any:
    """Leave out the values of Secrets, which Kustomize encodes."""
    if found["kind"] == "Secret":
        return {key: value for key, value in found.items() if key not in ("data", "stringData", "type")}
    return found
