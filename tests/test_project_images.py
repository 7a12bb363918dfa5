"""The images that belong to a project: named, built, and named by its files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.app.project import build_images, open_project, targets_of
from gate.core.errors import ConfigError, UsageError
from gate.model import Exposed, Image, Tree

COMPOSE = "services: {a: {image: 'shop/api:1'}, b: {image: nginx}, c: {image: 'docker.io/library/nginx:latest'}}"


@pytest.fixture
def project(make_tree: Callable[[dict[str, str | bytes]], Tree]) -> Callable[..., str]:
    """Return a function that writes a project with these settings and returns its folder."""
    return lambda settings, **files: make_tree({"gate.yaml": settings, "compose.yaml": COMPOSE, **files}).root


def test_images_are_looked_at_with_the_folder_each_once(project: Callable[..., str]) -> None:
    root = project("images: [{ref: 'docker:shop/api:1'}, {ref: 'archive:api.tar'}]\nimages_from: [compose]")
    folder, *images = targets_of([], open_project(root, flags={}))
    assert isinstance(folder, Tree)
    assert [(one.source, one.reference) for one in images if isinstance(one, Image)] == [
        ("docker", "shop/api:1"),
        ("archive", str(Path(root, "api.tar"))),
        ("named", "nginx"),
    ]


def test_without_images_from_no_file_is_asked(project: Callable[..., str]) -> None:
    assert len(targets_of([], open_project(project(""), flags={}))) == 1


def test_images_that_are_judged_with_the_folder_say_who_runs_them(project: Callable[..., str]) -> None:
    folder, image = targets_of([], open_project(project("images: [{ref: 'docker:shop/api:1'}]"), flags={}))
    assert isinstance(folder, Tree)
    assert isinstance(image, Image)
    assert [(one.workload, one.place, one.exposed) for one in image.runs] == [
        ("service/a", "compose.yaml:1", Exposed.NO),
    ]


def test_an_image_alone_is_judged_without_a_look_at_the_folder(project: Callable[..., str]) -> None:
    (image,) = targets_of(["docker:shop/api:1"], open_project(project(""), flags={}))
    assert isinstance(image, Image)
    assert image.runs == ()


@pytest.mark.parametrize("ref", ["archive:api.tar", "registry:shop/api:1", f"shop/api@sha256:{'a' * 64}"])
def test_only_a_name_in_the_daemon_can_be_built(project: Callable[..., str], ref: str) -> None:
    with pytest.raises(ConfigError, match="is built here, so it has to be the name of an image in the Docker daemon"):
        build_images(open_project(project(f"images: [{{ref: '{ref}', build: true}}]"), flags={"allow": ["build"]}))


def test_nothing_is_built_unless_asked_for(project: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.images.building.build_image", lambda *_, **__: pytest.fail("it was built"))
    build_images(open_project(project("images: [{ref: shop/api}]"), flags={}))


def test_a_pattern_that_is_none_is_a_wrong_setting(project: Callable[..., str]) -> None:
    with pytest.raises(UsageError):
        targets_of([], open_project(project("images_from: ['[z-a]']"), flags={}))
