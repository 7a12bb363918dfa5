"""Fixes of manifests: `gate/kubernetes/fixes.py`, applied as `gate fix` applies them, and what they leave alone."""

from collections.abc import Callable

import pytest

from gate.app.fixes.edits import apply, repair_of
from gate.declarations.kubernetes import KubernetesSettings
from gate.model import Finding, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import kubernetes

HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
BLOCK = """\
spec:
  # what the pod runs
  containers:
    - name: app  # the program
      image: "shop/web:1.4"  # by hand

      ports: []
"""
Fix = Callable[..., str]


@pytest.fixture
def fix(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Fix:
    def fixed(rule: str, text: str, name: str = "a.yaml", **others: str) -> str:
        """Return a text after the fixes of one rule, made until there are none."""
        settings = Stages(kubernetes=KubernetesSettings(pod_security="restricted"))
        for _ in range(4):
            files = {name: text, **{f"{other}.yaml": content for other, content in others.items()}}
            result = kubernetes.run(make_tree(files), make_context(stages=settings))
            found = [one for one in result.findings if one.rule == rule and one.location.path == name]
            text = apply(text, repairs(found)).text
        return text

    return fixed


def repairs(findings: list[Finding]) -> list:  # type: ignore[type-arg]
    return [repair for repair in map(repair_of, findings) if repair]


@pytest.mark.parametrize(
    ("rule", "line", "added"),
    [
        (
            "PSS-privilege-escalation",
            '      image: "shop/web:1.4"  # by hand\n',
            "      securityContext:\n        allowPrivilegeEscalation: false\n",
        ),
        (
            "PSS-capabilities-restricted",
            '      image: "shop/web:1.4"  # by hand\n',
            "      securityContext:\n        capabilities:\n          drop: [ALL]\n",
        ),
        ("GK011", "  # what the pod runs\n", "  automountServiceAccountToken: false\n"),
        ("PSS-non-root", "  # what the pod runs\n", "  securityContext:\n    runAsNonRoot: true\n"),
        (
            "PSS-seccomp-restricted",
            "  # what the pod runs\n",
            "  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n",
        ),
    ],
)
def test_a_missing_field_is_added_and_all_else_stays(rule: str, line: str, added: str, fix: Fix) -> None:
    assert fix(rule, HEAD + BLOCK) == (HEAD + BLOCK).replace(line, line + added)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{}", "{allowPrivilegeEscalation: false}"),
        ("{runAsUser: 1}", "{allowPrivilegeEscalation: false, runAsUser: 1}"),
        ("{allowPrivilegeEscalation: true}", "{allowPrivilegeEscalation: false}"),
        ("\n        runAsUser: 1", "\n        allowPrivilegeEscalation: false\n        runAsUser: 1"),
        ("{privileged: true}", "{privileged: true}"),
        ("{capabilities: {add: [SYS_ADMIN]}}", "{capabilities: {add: [SYS_ADMIN]}}"),
        ("null", "null"),
        ("*anchored", "*anchored"),
    ],
)
def test_a_context_that_is_written_keeps_its_form(written: str, expected: str, fix: Fix) -> None:
    text = f"{HEAD}{BLOCK}      securityContext: {written}\n".replace("*anchored", "&a {allowPrivilegeEscalation: x y}")
    wanted = f"{HEAD}{BLOCK}      securityContext: {expected}\n".replace(
        "*anchored", "&a {allowPrivilegeEscalation: false}"
    )
    assert fix("PSS-privilege-escalation", text) == wanted


def test_json_on_one_line_is_fixed_as_json(fix: Fix) -> None:
    text = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "a:1"}]}}'
    wanted = text.replace('"spec": {', '"spec": {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}, ')
    assert fix("PSS-seccomp-restricted", text, "a.json") == wanted


def test_json_on_several_lines_is_left_to_a_person(fix: Fix) -> None:
    text = '{"apiVersion": "v1", "kind": "Pod", "spec": {\n "containers": [\n{"name": "a", "image": "a:1"}]}}'
    assert fix("PSS-seccomp-restricted", text, "a.json") == text


def test_a_digest_is_that_of_another_manifest(fix: Fix) -> None:
    digest = "sha256:" + "1" * 64
    known = HEAD + BLOCK.replace("shop/web:1.4", f"shop/web:1.4@{digest}")
    wanted = (HEAD + BLOCK).replace('"shop/web:1.4"', f'"shop/web:1.4@{digest}"')
    assert fix("GK004", HEAD + BLOCK) == HEAD + BLOCK
    assert fix("GK004", HEAD + BLOCK, other=known) == wanted
    other = known.replace("1" * 64, "2" * 64)
    assert fix("GK004", HEAD + BLOCK, other=known, third=other) == HEAD + BLOCK


def test_templates_are_never_changed(fix: Fix) -> None:
    text = (HEAD + BLOCK).replace("name: app  # the program", 'name: "{{ .Values.name }}"')
    assert fix("PSS-privilege-escalation", text) == text


def test_several_containers_share_the_fix_of_their_pod(fix: Fix) -> None:
    text = HEAD + "spec:\n  containers:\n    - {name: a, image: 'a:1'}\n    - {name: b, image: 'b:1'}\n"
    wanted = text.replace("spec:\n", "spec:\n  securityContext:\n    runAsNonRoot: true\n")
    assert fix("PSS-non-root", text) == wanted
