"""Charts that Helm itself renders, at the lines of our own reading; `helm` is a script that answers as Helm does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.declarations.kubernetes import KubernetesSettings
from gate.kubernetes.helm import helm_program
from gate.kubernetes.helm.by_helm import NAMESPACE
from gate.kubernetes.helm.helm_program import ChartFiles, find_helm, render
from gate.model import StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import kubernetes

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: {{ .Release.Namespace }}\nspec:\n"
TEMPLATE = f'{POD}  hostPID: {{{{ regexMatch "a" "a" }}}}\n  containers: []\n'
ANSWER = f"""\
---
# Source: shop/templates/web.yaml
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: {NAMESPACE}}}
spec: {{hostPID: true, containers: []}}
"""
CHART = {
    "shop/Chart.yaml": "name: shop\nversion: 1.0.0\n",
    "shop/templates/web.yaml": TEMPLATE,
    "shop/answer.md": ANSWER,
}
Judge = Callable[..., StageResult]


@pytest.fixture
def helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a program on the PATH that is called helm and does what a script says."""

    def put(script: str) -> None:
        program = tmp_path / "bin" / "helm"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))

    return put


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    def judged(is_on: bool = True) -> StageResult:
        stages = Stages(kubernetes=KubernetesSettings(helm=is_on))
        return kubernetes.run(make_tree(CHART), make_context(stages=stages))

    return judged


def test_what_helm_knows_is_judged_at_the_line_of_the_template(helm: Callable[[str], None], judge: Judge) -> None:
    helm("cat chart/answer.md")
    result = judge()
    (found,) = [one for one in result.findings if one.rule == "PSS-host-namespaces"]
    assert (found.location.path, found.location.line) == ("shop/templates/web.yaml", 7)
    assert found.message.startswith("Pod/web: ")  # the namespace of a release is unknown
    assert result.facts["rendered_by_helm"] == ["shop"]
    assert "unknown_in_charts" not in result.facts


def test_without_the_setting_it_is_not_started(helm: Callable[[str], None], judge: Judge) -> None:
    helm("cat chart/answer.md")
    result = judge(is_on=False)
    assert "PSS-host-namespaces" not in {one.rule for one in result.findings}
    assert "rendered_by_helm" not in result.facts


def test_a_chart_that_helm_refuses_is_rendered_without_it_and_said(helm: Callable[[str], None], judge: Judge) -> None:
    warning = "2026/11/28 23:20:14 WARN no value"
    helm(f"echo '{warning}' >&2; echo Error: found in Chart.yaml, but missing in charts: redis >&2; exit 1")
    result = judge()
    assert result.facts["not_rendered"] == ["shop: helm: Error: found in Chart.yaml, but missing in charts: redis"]
    assert result.facts["objects"] == 1


def test_a_missing_program_is_said(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert judge().facts["not_rendered"] == ["helm is not on the PATH: rendered without it"]


def test_helm_gets_the_chart_and_nothing_of_our_environment(
    helm: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "hidden")
    helm('echo "$@ $TOKEN $KUBECONFIG"; cat chart/a/b; test "$HOME" = "$PWD" && test "$HELM_PLUGINS" = "$PWD"')
    program = find_helm()
    assert program
    said = render(ChartFiles({"a/b": b"content"}, "--post-renderer=sh", "shop", "1.37"), program)
    assert said == b"template release-name chart --namespace shop --kube-version 1.37  /dev/null\ncontent"


@pytest.mark.parametrize("path", ["../a", "/a", "a/../../b", "a\0b"])
def test_no_file_of_a_chart_is_written_outside_of_it(path: str) -> None:
    with pytest.raises(UnreadableError, match="outside"):
        render(ChartFiles({path: b""}, "a", "b", "1.37"), "/nowhere/helm")


def test_a_chart_that_is_too_large_is_not_given_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helm_program, "MAX_BYTES", 3)
    with pytest.raises(LimitError, match="more than"):
        render(ChartFiles({"a": b"1234"}, "a", "b", "1.37"), "/nowhere/helm")
