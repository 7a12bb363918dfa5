"""How services of Compose files are built, asked of Compose itself: skipped where it is not installed."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.app.project import build_images, open_project
from gate.core.errors import ConfigError, GateError
from gate.images.building import ImageBuild
from gate.images.compose_service import ServiceBuild, build_of


def has_compose() -> bool:
    docker = shutil.which("docker")
    return docker is not None and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0


compose = pytest.mark.skipif(not has_compose(), reason="Compose is not installed")

Resolve = Callable[..., ImageBuild]


@pytest.fixture
def resolve(make_tree: Callable[..., object]) -> Resolve:
    """Return a function that asks how the service `api` of these files is built."""

    def ask(files: dict[str, str], *named: str) -> ImageBuild:
        root = make_tree(files).root  # type: ignore[attr-defined]
        build = build_of(ServiceBuild(service="api", files=named), "shop/api:ci", root)
        return ImageBuild(
            name=build.name,
            context=str(Path(build.context).relative_to(root)),
            dockerfile=build.dockerfile,
            target=build.target,
            inline=build.inline,
            arguments=build.arguments,
            labels=build.labels,
        )

    return ask


@compose
def test_context_dockerfile_arguments_target_and_labels_are_the_services(resolve: Resolve) -> None:
    text = """
services:
  api:
    build: {context: api, dockerfile: Dockerfile.api, target: app, args: {LEVEL: 3}, labels: {a: b}, pull: true}
"""
    assert resolve({"compose.yaml": text}) == ImageBuild(
        name="shop/api:ci",
        context="api",
        dockerfile="Dockerfile.api",
        target="app",
        arguments={"LEVEL": "3"},
        labels={"a": "b"},
    )


@compose
def test_variables_come_from_the_projects_env_file_or_their_defaults_and_not_from_the_job(
    resolve: Resolve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_TOKEN", "of the job")
    args = 'args: {A: "${SET}", B: "${OTHER:-default}", C: "${A_TOKEN}", A_TOKEN: }'
    built = resolve({"compose.yaml": f"services: {{api: {{build: {{context: ., {args}}}}}}}", ".env": "SET=7\n"})
    assert built.arguments == {"A": "7", "B": "default", "C": ""}


@compose
def test_overrides_profiles_and_extends_count_as_compose_has_them(resolve: Resolve) -> None:
    files = {
        "base.yaml": "services: {base: {build: {context: api, args: {LEVEL: 1}}}}",
        "compose.yaml": "services: {api: {profiles: [x], extends: {file: base.yaml, service: base}}}",
        "compose.override.yaml": "services: {api: {build: {args: {LEVEL: 2}}}}",
    }
    assert (resolve(files).context, resolve(files).arguments) == ("api", {"LEVEL": "2"})
    assert resolve(files, "compose.yaml").arguments == {"LEVEL": "1"}


@compose
def test_a_dockerfile_may_stand_in_the_compose_file(resolve: Resolve) -> None:
    text = 'services: {api: {build: {context: ., dockerfile_inline: "FROM scratch"}}}'
    assert resolve({"compose.yaml": text}).inline == "FROM scratch"


@compose
@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("services: {api: {image: nginx}}", ConfigError, "the service api, which has no build"),
        ("services: {web: {image: nginx}}", GateError, "no such service: api"),
        ("services: {api: {build: {context: .}", GateError, r"docker compose config failed \(status"),
        ("services: {api: {build: {context: ., secrets: [s]}}}\nsecrets: {s: {file: s}}", ConfigError, "for secrets"),
        ("services: {api: {build: {context: ., additional_contexts: {a: b}}}}", ConfigError, "additional_contexts"),
        ("include: ['https://127.0.0.1:9/x.git']\nservices: {api: {build: .}}", GateError, "config failed"),
    ],
)
def test_what_cannot_be_built_plainly_is_an_error(resolve: Resolve, text: str, kind: type[GateError], why: str) -> None:
    with pytest.raises(kind, match=why):
        resolve({"compose.yaml": text})


@compose
def test_a_context_outside_of_the_project_is_refused(make_tree: Callable[..., object]) -> None:
    settings = "images: [{ref: shop/api, build: true, service: api}]"
    tree = make_tree({"gate.yaml": settings, "compose.yaml": "services: {api: {build: ..}}"})
    with pytest.raises(ConfigError, match="which is outside of the project"):
        build_images(open_project(tree.root, flags={"allow": ["build"]}))  # type: ignore[attr-defined]


def test_a_service_and_a_context_exclude_one_another(make_tree: Callable[..., object]) -> None:
    tree = make_tree({"gate.yaml": "images: [{ref: shop/api, build: true, service: api, context: api}]"})
    with pytest.raises(ConfigError, match="which says its context"):
        build_images(open_project(tree.root, flags={"allow": ["build"]}))  # type: ignore[attr-defined]


def test_without_docker_it_says_so(resolve: Resolve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GateError, match="docker is not installed"):
        resolve({"compose.yaml": ""})
