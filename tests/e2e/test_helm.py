"""What we make of charts is what Helm makes of them, and `stages.kubernetes.helm` with Helm itself.

`helm` is a command around Helm's library (`helm_command.py`), which `.ci/e2e-tools` installs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.core.yaml_values import read_values
from gate.kubernetes.helm import helm_program
from gate.kubernetes.helm.charts import chart_folders
from gate.kubernetes.helm.helm_program import ChartFiles, render
from gate.kubernetes.helm.rendering import rendered_charts
from gate.model import Tree
from gate.trees import open_tree
from tests.kubernetes.helm.cases import CASES

COMMAND = Path(__file__).parent / "helm_command.py"
_SPEC = "spec:\n  hostPID: true\n  containers: [{name: a, image: a:1}]\n"
CHART = {
    "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\nkubeVersion: '>=1.30.0-0'\n"
    "dependencies: [{name: cache, version: 1.0.0}]\n",
    "shop/values.yaml": "image: shop-1\ncache: {size: 2}\n",
    "shop/templates/web.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n"
    f'  name: {{{{ regexReplaceAll "-1" .Values.image "" }}}}\n{_SPEC}'
    "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n",
    "shop/templates/hook.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hook\n"
    f'  annotations: {{"helm.sh/hook": pre-install}}\n{_SPEC}',
    "shop/templates/NOTES.txt": "kind: Pod of {{ .Release.Name }}\n",
    "shop/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: a.b.c}\n",
    "shop/charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
    "shop/charts/cache/templates/cache.yaml": "{{ if gt (int .Values.size) 1 }}\napiVersion: v1\nkind: Pod\n"
    f"metadata: {{name: cache}}\n{_SPEC}{{{{ end }}}}\n",
}


@pytest.fixture(scope="session")
def helm(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of the command; it skips (in CI: fails) the test if Helm's library is not installed."""
    if not list(tools.glob("venv/lib/python3*/site-packages/helm_python")):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("helm-python-sdk is not installed")
    program = tmp_path_factory.mktemp("helm") / "helm"
    program.write_text(f'#!/bin/sh\nexec {tools}/venv/bin/python {COMMAND} "$@"\n')
    program.chmod(0o755)
    return str(program)


def objects_by_helm(files: Mapping[str, str | bytes], program: str) -> list[Any]:
    contents = {name: one if isinstance(one, bytes) else one.encode() for name, one in files.items()}
    chart = ChartFiles(contents, "shop", "gate-namespace", "1.36")
    return [
        one.plain()
        for one in read_values(render(chart, program).decode(), "helm", is_yaml_1_1=True)
        if one.data is not None
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_same_objects_are_rendered(case: str, make_tree: Callable[..., Tree], helm: str) -> None:
    tree = make_tree(CASES[case])
    ours = rendered_charts(open_tree(tree), chart_folders(CASES[case]), sorted(CASES[case]), "1.36").objects
    assert by_name([one.value.plain() for one in ours]) == by_name(objects_by_helm(CASES[case], helm))


def by_name(objects: list[Any]) -> list[Any]:
    return sorted(objects, key=lambda one: (one["kind"], one["metadata"]["name"], str(one)))


def test_a_whole_run_judges_what_helm_renders(make_tree: Callable[..., Tree], helm: str) -> None:
    """Charts in the chart, hooks and functions that our reading does not know; the notes are no manifest."""
    environment = {
        **os.environ,
        "PATH": f"{Path(helm).parent}{os.pathsep}{os.environ['PATH']}",
        "KUBECONFIG": "/nowhere",
    }
    command = [sys.executable, "-m", "gate", "run", ".", "--offline", "--no-cache", "--stage", "kubernetes"]
    tree = make_tree(CHART)
    done = subprocess.run(
        [*command, "--kubernetes-helm", "--report", "json=-"],
        cwd=tree.root,
        env=environment,
        capture_output=True,
        check=False,
    )
    report = json.loads(done.stdout)
    (stage,) = report["stages"]
    assert stage["facts"]["rendered_by_helm"] == ["shop"]
    assert (stage["facts"]["objects"], "not_rendered" in stage["facts"]) == (5, False)  # with the definition's file
    found = [one for one in report["findings"] if one["rule"] == "PSS-host-namespaces"]
    places = {(one["object"], one["location"]["path"], one["location"]["line"]) for one in found}
    assert places == {
        (
            "Pod/shop",
            "shop/templates/web.yaml",
            1,
        ),  # our reading knows no object of that name, so the file's first line
        ("Pod/hook", "shop/templates/hook.yaml", 7),
        ("Pod/cache", "shop/charts/cache/templates/cache.yaml", 6),
    }


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (
            {"Chart.yaml": "dependencies: [{name: redis, version: 1.0.0, repository: 'https://charts.example'}]\n"},
            "redis",
        ),
        ({"Chart.yaml": "kubeVersion: '>=1.99'\n"}, "incompatible with Kubernetes"),
        ({"templates/a.yaml": '{{ fail "no password" }}'}, "no password"),
        ({"templates/a.yaml": '{{ required "name the host" .Values.host }}'}, "name the host"),
        ({"templates/a.yaml": "a: b: c\n"}, "YAML parse error on shop/templates/a.yaml"),
    ],
)
def test_what_helm_refuses_is_said_and_nothing_is_fetched(files: dict[str, str], why: str, helm: str) -> None:
    head = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
    with pytest.raises(UnreadableError, match=f"^helm: Error: .*{why}"):
        objects_by_helm({**files, "Chart.yaml": head + files.get("Chart.yaml", "")}, helm)


def test_a_chart_without_end_is_stopped(helm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helm_program, "BOUNDS", msgspec.structs.replace(helm_program.BOUNDS, seconds=3))
    endless = "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"
    chart = {"Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "templates/a.yaml": endless}
    with pytest.raises(LimitError, match="helm took more than 3 seconds"):
        objects_by_helm(chart, helm)
