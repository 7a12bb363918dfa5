"""`images:` of gate.yaml with `build: true`, in a real Docker daemon."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.app.project import build_images, open_project, targets_of
from gate.core.errors import GateError
from gate.images.access import Access
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget, Limits
from gate.images.scan import ImageOptions, scan_image
from gate.images.sources import open_image
from gate.model import Image

SETTINGS = (
    "images: [{ref: 'docker:gate-test/built:1', build: true, context: api, dockerfile: Dockerfile.api, target: app}]"
)
DOCKERFILE = """\
FROM gate-test/base:1 AS app
COPY package.json /app/node_modules/lodash/package.json
CMD ["app"]
FROM app AS later
USER nobody
"""


@pytest.fixture
def project(
    docker_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_tree: Callable[..., object]
) -> Callable[[str], str]:
    """Return a function that writes a project with this Dockerfile and returns its folder."""
    monkeypatch.setenv("DOCKER_HOST", docker_host)
    monkeypatch.setenv("DOCKER_BUILDKIT", "0")
    package = json.dumps({"name": "lodash", "version": "4.17.15"})

    def write(dockerfile: str) -> str:
        files = {"gate.yaml": SETTINGS, "api/Dockerfile.api": dockerfile, "api/package.json": package}
        return make_tree(files).root  # type: ignore[attr-defined, no-any-return]

    return write


def test_an_image_is_built_up_to_its_target_and_looked_at(project: Callable[[str], str]) -> None:
    opened = open_project(project(DOCKERFILE), flags={"allow": ["build"]})
    build_images(opened)
    _, image = targets_of([], opened)
    assert isinstance(image, Image)
    scan = scan_image(image, ImageOptions(Limits(4 << 30, 1_000_000)))
    assert "lodash" in {package.name for package in scan.packages}
    assert "GI001" in {finding.rule for finding in scan.findings}, "the stage after the target would not run as root"


def test_a_build_that_fails_says_so(project: Callable[[str], str]) -> None:
    opened = open_project(project("FROM gate-test/base:1 AS app\nCOPY nothing /\n"), flags={"allow": ["build"]})
    with pytest.raises(GateError, match=r"gate-test/built:1: docker build failed \(status"):
        build_images(opened)


def test_an_image_is_built_as_a_service_of_compose_files_says(
    project: Callable[[str], str], require: Callable[[str], str]
) -> None:
    if subprocess.run([require("docker"), "compose", "version"], capture_output=True).returncode != 0:
        pytest.skip("Compose is not installed")
    root = Path(project("FROM gate-test/base:1 AS app\nARG WHO\nUSER $WHO\n"))
    (root / "gate.yaml").write_text("images: [{ref: 'docker:gate-test/built:2', build: true, service: api}]")
    build = "{context: api, dockerfile: Dockerfile.api, target: app, args: {WHO: '${WHO:-nobody}'}}"
    (root / "compose.yaml").write_text(f"services: {{api: {{build: {build}}}}}")
    (root / ".env").write_text("WHO=10001\n")
    opened = open_project(str(root), flags={"allow": ["build"]})
    build_images(opened)
    _, image = targets_of([], opened)
    assert isinstance(image, Image)
    with open_image(image, Budget(Limits(4 << 30, 1_000_000)), Access(), ImageCache()) as content:
        assert content.config.runtime.user == "10001"
