"""Two images that Docker built on one base: the second costs its own layers, wherever it comes from."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from gate.images.limits import Limits
from gate.images.reference import parse_image
from gate.images.registry.client import ImageRepository
from gate.images.scan import ImageOptions, scan_image

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

TAGS = ("gate-test/shop:1", "gate-test/shop:2")
DOCKERFILE = """\
FROM gate-test/base:1
COPY start.sh /srv/start.sh
RUN rm -f /etc/motd
USER 10001
CMD ["/bin/bash", "/srv/start.sh"]
"""
LIMITS = Limits(4 << 30, 1_000_000)


@pytest.fixture(scope="module")
def images(docker_host: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the images; yield a folder with `1.tar` and `2.tar`, what `docker save` makes of each."""
    folder = tmp_path_factory.mktemp("images")
    (folder / "Dockerfile").write_text(DOCKERFILE)
    environment = {**os.environ, "DOCKER_HOST": docker_host, "DOCKER_BUILDKIT": "0"}
    for number, tag in enumerate(TAGS, 1):
        (folder / "start.sh").write_text(f"cat /etc/os-release\nexec sleep {number}\n")
        for command in (["build", "--network=none", "--tag", tag, str(folder)], ["save", "-o", f"{number}.tar", tag]):
            done = subprocess.run(
                ["docker", *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, done.stderr
    yield folder
    subprocess.run(["docker", "image", "rm", "--force", *TAGS], env=environment, capture_output=True, check=True)


@pytest.fixture(scope="module")
def layouts(images: Path, require) -> Path:  # type: ignore[no-untyped-def]
    """Copy both into folders `oci-1` and `oci-2`, gzip inside; return where these are."""
    for number in (1, 2):
        copy(require, f"docker-archive:{images}/{number}.tar", f"oci:{images}/oci-{number}:latest")
    return images


def copy(require, source: str, target: str) -> None:  # type: ignore[no-untyped-def]
    options = ("--dest-compress-format=gzip", "--dest-compress") if target.startswith("oci:") else ()
    command = [require("skopeo"), "copy", "--quiet", "--dest-tls-verify=false", *options, source, target]
    if not target.startswith("docker:"):
        command.remove("--dest-tls-verify=false")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def told(image: str, memory: Path | None) -> bytes:
    """Return all that a scan says, under a name that does not tell the source."""
    target = parse_image(image, "/")
    assert target is not None
    target = msgspec.structs.replace(target, name="shop")
    options = ImageOptions(LIMITS, memory_folder=str(memory) if memory else None, cache_folder=str(PATTERNS))
    return msgspec.json.encode(scan_image(target, options))


PATTERNS = Path(os.environ.get("GATE_E2E_TOOLS") or Path.home() / ".cache" / "gate-e2e").absolute()
"""Where the compiled pre-filter for secrets is kept, as everything that takes long to make."""


@pytest.mark.parametrize("source", ["archive:{folder}/{number}.tar", "oci-dir:{folder}/oci-{number}", "docker:{tag}"])
def test_the_answer_does_not_depend_on_what_is_known(
    layouts: Path, docker_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_host)
    names = [source.format(folder=layouts, number=number, tag=tag) for number, tag in enumerate(TAGS, 1)]
    expected = [told(name, None) for name in names]
    assert [told(name, tmp_path) for name in (*names, *names)] == expected * 2


def test_of_a_known_base_nothing_is_unpacked(layouts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gate.images.layers.scratch import GrowingSpan

    told(f"oci-dir:{layouts}/oci-1", tmp_path)
    unpacked: list[int] = []
    grow = GrowingSpan._grow
    monkeypatch.setattr(GrowingSpan, "_grow", lambda span, count: (unpacked.append(count), grow(span, count))[1])
    told(f"oci-dir:{layouts}/oci-2", tmp_path)
    assert 0 < sum(unpacked) < 1 << 16, "its own layers alone"


def test_from_a_registry_only_unknown_layers_are_pulled(
    layouts: Path,
    registry: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    require,  # type: ignore[no-untyped-def]
) -> None:
    names = [f"registry:{registry}/shop/api:{number}" for number in (1, 2)]
    for number in (1, 2):
        copy(require, f"oci:{layouts}/oci-{number}:latest", f"docker://{registry}/shop/api:{number}")
    expected = [told(name, None) for name in names]
    pulled: list[int] = []
    blob = ImageRepository.blob

    def noted(repository: ImageRepository, digest: str, size: int) -> Iterator[bytes]:
        for piece in blob(repository, digest, size):
            pulled.append(len(piece))
            yield piece

    monkeypatch.setattr(ImageRepository, "blob", noted)
    first = told(names[0], tmp_path)
    whole = sum(pulled)
    pulled.clear()
    second = told(names[1], tmp_path)
    assert [first, second] == expected
    assert sum(pulled) < 1 << 16 < whole, "configuration and own layers alone"
    pulled.clear()
    assert told(names[1], tmp_path) == second
    assert sum(pulled) < 1 << 14, "the configuration alone"
