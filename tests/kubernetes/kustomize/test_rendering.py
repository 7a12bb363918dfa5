"""Overlays as they are rendered, where their values stand, and what is said of what cannot be rendered."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.core.values import Value
from gate.kubernetes.kustomize.rendering import Rendering, rendered
from gate.model import Tree
from gate.trees import open_tree
from tests.kubernetes.kustomize.cases import CASES, CUSTOM, SERVICE, WEB

Render = Callable[[dict[str, str]], Rendering]


@pytest.fixture
def render(make_tree: Callable[..., Tree]) -> Render:
    def run(files: dict[str, str]) -> Rendering:
        paths = [path for path in files if path.endswith("kustomization.yaml")]
        return rendered(open_tree(make_tree(files)), paths, {})

    return run


def pod_of(rendering: Rendering) -> Value:
    (overlay,) = rendering.overlays
    found = next(one for one in overlay.objects if one.kind == "Deployment").value.get("spec", "template", "spec")
    assert found is not None
    return found


def plain(value: Value | None) -> Any:
    return value.plain() if value else None


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_rendered_without_an_error(case: str, render: Render) -> None:
    result = render(CASES[case])
    assert not result.errors
    assert not result.not_read
    assert len(result.overlays) == 1


def test_a_patch_changes_deletes_and_adds_by_the_merge_keys(render: Render) -> None:
    pod = pod_of(render(CASES["a strategic merge patch in a file"]))
    containers = {one.text("name"): one for one in pod.get("containers").elements()}  # type: ignore[union-attr]
    assert list(containers) == ["web", "added"]
    assert plain(containers["web"].get("securityContext")) == {"runAsNonRoot": True}
    assert {(one.text("name"), one.text("value")) for one in containers["web"].get("env").elements()} == {  # type: ignore[union-attr]
        ("NEW", "1"),
        ("MODE", "test"),
        ("LEVEL", "info"),
    }
    assert containers["web"].texts("args") == ["--quiet"]
    assert [one.text("name") for one in pod.get("volumes").elements()] == ["cache"]  # type: ignore[union-attr]


def test_a_value_keeps_the_place_where_it_is_written(render: Render) -> None:
    pod = pod_of(render(CASES["a strategic merge patch in a file"]))
    web = next(iter(pod.get("containers").elements()))  # type: ignore[union-attr]
    image, user = web.get("image"), web.get("securityContext", "runAsNonRoot")
    assert image
    assert (image.path, image.line) == ("web.yaml", 15)
    assert user
    assert (user.path, user.line) == ("patch.yaml", 10)


def test_a_patch_in_the_kustomization_has_its_place_there(render: Render) -> None:
    pod = pod_of(render(CASES["a patch that stands in the kustomization"]))
    first = next(iter(pod.get("containers").elements()))  # type: ignore[union-attr]
    flag = first.get("securityContext", "privileged")
    assert flag
    assert (flag.data, flag.path, flag.line) == (False, "kustomization.yaml", 5)
    assert (
        flag.start[1]
        == len("      - {op: replace, path: /spec/template/spec/containers/0/securityContext/privileged, value: ") + 1
    )
    assert first.texts("args") == ["--first", "--verbose", "--port=80", "--last"]


def test_an_image_has_the_place_of_its_new_tag(render: Render) -> None:
    first = next(iter(pod_of(render(CASES["images"])).get("containers").elements()))  # type: ignore[union-attr]
    image = first.get("image")
    assert image
    assert (image.data, image.path, image.line) == ("mirror.example/web:2.0", "kustomization.yaml", 3)


def test_names_follow_and_the_written_name_is_kept(render: Render) -> None:
    (overlay,) = render(CASES["an overlay on an overlay"]).overlays
    (web,) = overlay.objects
    assert (web.namespace, web.name, web.id) == ("shop", "b-a-web", "Deployment/web")
    assert web.value.text("spec", "paused") == "true"


def test_lists_of_custom_resources_are_replaced(render: Render) -> None:
    (overlay,) = render(CASES["a custom resource, whose lists are replaced"]).overlays
    (shop,) = overlay.objects
    assert plain(shop.value.get("spec", "containers")) == [{"name": "b", "image": "b:2"}]


def test_a_base_is_rendered_through_its_overlays_alone(render: Render) -> None:
    result = render(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": WEB,
            "one/kustomization.yaml": "resources: [../base]\n",
            "two/kustomization.yaml": "resources: [../base]\nnamespace: two\n",
        }
    )
    assert [overlay.path for overlay in result.overlays] == ["one/kustomization.yaml", "two/kustomization.yaml"]
    assert result.used == {"base/web.yaml"}


@pytest.mark.parametrize(
    ("files", "place", "words"),
    [
        (
            {"kustomization.yaml": "resources:\n  - no.yaml\n"},
            "kustomization.yaml:2",
            "no.yaml, which the kustomization names, is missing",
        ),
        (
            {"kustomization.yaml": "resources: [a]\n", "a/b.yaml": SERVICE},
            "kustomization.yaml:1",
            "has no kustomization",
        ),
        ({"kustomization.yaml": "resources: [../../a]\n"}, "kustomization.yaml:1", "outside of what is scanned"),
        ({"kustomization.yaml": "patches: [{path: p.yaml}]\n"}, "kustomization.yaml:1", "is missing"),
        ({"kustomization.yaml": "components: [c]\n"}, "kustomization.yaml:1", "is missing"),
        ({"kustomization.yaml": "a: [\n"}, "kustomization.yaml:2", "cannot be parsed"),
        ({"kustomization.yaml": "- a\n"}, "kustomization.yaml", "a kustomization is one mapping"),
        (
            {"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"},
            "a/kustomization.yaml",
            "in a circle: a/kustomization.yaml → b/kustomization.yaml → a/kustomization.yaml",
        ),
        (
            {"kustomization.yaml": "resources: [a.yaml, b.yaml]\n", "a.yaml": SERVICE, "b.yaml": SERVICE},
            "kustomization.yaml:1",
            "b.yaml brings Service/web again",
        ),
        (
            {
                "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml}]\n",
                "a.yaml": SERVICE,
                "p.yaml": CUSTOM,
            },
            "p.yaml:1",
            "the patch is for Shop/web, which is no resource",
        ),
        (
            {
                "kustomization.yaml": "resources: [a.yaml]\n"
                "patchesJson6902: [{target: {kind: Service}, path: p.yaml}]\n",
                "a.yaml": SERVICE,
                "p.yaml": "- {op: remove, path: /spec/no}\n",
            },
            "p.yaml:1",
            "a JSON patch of /spec/no removes what is not there",
        ),
    ],
)
def test_what_kustomize_refuses_is_an_error_with_its_place(
    files: dict[str, str], place: str, words: str, render: Render
) -> None:
    (error,) = render(files).errors
    assert error.path == place
    assert words in error.title


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("resources: ['https://host.example/shop//base?ref=v1']", "is remote"),
        ("resources: [host.example/team/base]", "is remote"),
        ("resources: ['git@host.example:team/base']", "is remote"),
        ("helmCharts: [{name: a}]", "helmCharts is not applied"),
        ("secretGenerator: [{name: a, envs: [secret.env]}]", "secret.env is not in the repository"),
        ("configMapGenerator: [{name: a, files: [key=some.txt]}]", "some.txt is not in the repository"),
    ],
)
def test_what_is_not_here_is_a_fact_and_is_never_fetched(line: str, said: str, render: Render) -> None:
    result = render({"kustomization.yaml": f"{line}\n"})
    assert not result.errors
    (fact,) = result.not_read
    assert said in fact


def test_patches_for_what_is_remote_are_no_error(render: Render) -> None:
    files = {"kustomization.yaml": "resources: [host.example/a/b]\npatches: [{path: p.yaml}]\n", "p.yaml": CUSTOM}
    assert not render(files).errors


def test_a_kustomization_of_flux_is_a_manifest(render: Render) -> None:
    text = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n"
    result = render({"kustomization.yaml": text})
    assert not result.overlays
    assert not result.errors
