"""`stages.kubernetes.helm` in a whole run: the broker starts the program for a sealed worker, on no repository's word.

The program is a script that answers as Helm does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.model import Tree
from tests.kubernetes.helm.test_by_helm import CHART

GATE = [
    sys.executable,
    "-m",
    "gate",
    "run",
    ".",
    "--offline",
    "--no-cache",
    "--stage",
    "kubernetes",
    "--report",
    "json=-",
]


@pytest.fixture
def with_helm(tmp_path: Path) -> dict[str, str]:
    """Return an environment with such a program."""
    program = tmp_path / "bin" / "helm"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\ncat chart/answer.md\n")
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}


def rendered_by_helm(tree: Tree, with_helm: dict[str, str], *flags: str) -> Any:
    done = subprocess.run([*GATE, *flags], cwd=tree.root, env=with_helm, capture_output=True, check=False)
    (stage,) = json.loads(done.stdout)["stages"]
    return stage["facts"].get("rendered_by_helm")


def test_a_flag_starts_it(make_tree: Callable[..., Tree], with_helm: dict[str, str]) -> None:
    assert rendered_by_helm(make_tree(CHART), with_helm, "--kubernetes-helm") == ["shop"]


def test_a_repository_cannot(make_tree: Callable[..., Tree], with_helm: dict[str, str]) -> None:
    tree = make_tree({**CHART, "gate.yaml": "stages: {kubernetes: {helm: true}}\n"})
    done = subprocess.run(GATE, cwd=tree.root, env=with_helm, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"stages.kubernetes.helm" in done.stderr
