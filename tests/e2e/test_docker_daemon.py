"""A real Docker daemon: the same image through the daemon, `docker save`, skopeo and umoci is the same to the gate."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gate.core.errors import GateError
from gate.images.layers.blob import Layer
from gate.images.layers.merged import LayeredTree
from gate.images.layers.span import Span
from gate.images.limits import Budget, Limits
from gate.images.reference import parse_image
from gate.images.scan import ImageOptions, Scan, scan_image
from gate.images.sources import open_image
from gate.trees import EntryKind

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

IMAGE = "gate-test/app:1"
LIMITS = Limits(4 << 30, 1_000_000)
DOCKERFILE = """\
FROM gate-test/base:1
ENV API_TOKEN=Tr0ub4dor-and-3-horses
COPY site /usr/lib/python3/dist-packages/
COPY modules /app/node_modules/
RUN rm -rf /app/node_modules/gone && chmod 4755 /usr/bin/env && ln /usr/bin/env /usr/bin/env2 && ln -s /app /srv/app
USER 10001
"""
FILES = {
    "Dockerfile": DOCKERFILE,
    "site/flask-2.0.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: Flask\nVersion: 2.0.0\n",
    "modules/lodash/package.json": '{"name": "lodash", "version": "4.17.15"}',
    "modules/gone/package.json": '{"name": "minimist", "version": "0.0.8"}',
}
Docker = Callable[..., str]


@pytest.fixture(autouse=True)
def _collect_sockets() -> Iterator[None]:
    """Docker's SDK forgets the socket of an answer that is not read to its end; let it be noticed here."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def docker(docker_host: str) -> Docker:
    """Return a function that runs `docker` against the daemon and returns its output."""

    def run(*arguments: str | Path) -> str:
        environment = {**os.environ, "DOCKER_HOST": docker_host, "DOCKER_BUILDKIT": "0"}
        done = subprocess.run(["docker", *arguments], env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def built(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the image; yield the archive that `docker save` makes of it."""
    folder = tmp_path_factory.mktemp("build")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    docker("build", "--network=none", "--tag", IMAGE, folder)
    docker("save", "--output", folder / "app.tar", IMAGE)
    yield folder / "app.tar"
    docker("image", "rm", "--force", IMAGE)


@pytest.fixture
def scan(docker_host: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Scan]:
    """Return a function that scans what a reference names, with DOCKER_HOST set to the daemon."""
    monkeypatch.setenv("DOCKER_HOST", docker_host)

    def run(text: str) -> Scan:
        target = parse_image(text, "/")
        assert target is not None
        return scan_image(target, ImageOptions(LIMITS))

    return run


def told(scan: Scan) -> object:
    """What must not depend on where the image came from."""
    packages = [(package.ecosystem, package.name, package.version, package.path) for package in scan.packages]
    facts = {key: scan.facts[key] for key in ("layers", "bytes", "files", "packages", "distribution", "platform")}
    return sorted(finding.fingerprint for finding in scan.findings), packages, facts, scan.history


def test_the_daemon(built: Path, scan: Callable[[str], Scan]) -> None:
    found = scan(f"docker:{IMAGE}")
    assert found.errors == ()
    names = {(package.ecosystem, package.name) for package in found.packages}
    assert {("PyPI", "flask"), ("npm", "lodash"), ("Debian:13", "glibc")} <= names
    assert ("npm", "minimist") not in names
    assert {finding.rule for finding in found.findings} == {"GI002", "GI007", "GI019", "GI021"}
    assert found.facts["layers"] == 4
    assert found.facts["image_id"] == scan(f"archive:{built}").facts["image_id"]


def test_a_known_image_is_not_exported_and_tells_the_same(
    built: Path, docker_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_host)
    target = parse_image(f"docker:{IMAGE}", "/")
    assert target is not None
    options = ImageOptions(LIMITS, memory_folder=str(tmp_path))
    first = scan_image(target, options)
    monkeypatch.delattr("gate.images.sources.daemon.saved")
    assert told(scan_image(target, options)) == told(first)


def test_every_source_tells_the_same(
    built: Path, docker: Docker, scan: Callable[[str], Scan], tmp_path: Path, require
) -> None:  # type: ignore[no-untyped-def]
    expected = told(scan(f"docker:{IMAGE}"))
    image_id = docker("image", "inspect", "--format", "{{.Id}}", IMAGE)
    sources = [f"archive:{built}", f"docker:{image_id}", IMAGE, *_skopeo_copies(require("skopeo"), built, tmp_path)]
    for source in sources:
        assert told(scan(source)) == expected, source


def _skopeo_copies(skopeo: str, archive: Path, folder: Path) -> Iterator[str]:
    copies = {
        "oci-dir:": ("oci:", ["--dest-compress-format=gzip", "--dest-compress"], "gzip:latest"),
        "oci-dir:zstd": ("oci:", ["--dest-compress-format=zstd", "--dest-compress"], "zstd:latest"),
        "archive:": ("oci-archive:", [], "app-oci.tar"),
    }
    for source, (kind, options, name) in copies.items():
        target = f"{kind}{folder}/{name}"
        command = [skopeo, "copy", "--quiet", *options, f"docker-archive:{archive}", target]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        yield f"{source.partition(':')[0]}:{folder}/{name.partition(':')[0]}"


def test_the_merged_files_are_those_that_docker_exports(built: Path, docker: Docker, tmp_path: Path) -> None:
    """The file system that a container sees, byte for byte: docker's own merge against ours."""
    container = docker("create", IMAGE)
    docker("export", "--output", tmp_path / "export.tar", container)
    docker("rm", container)
    with _opened(f"archive:{built}") as ours, _exported(tmp_path / "export.tar") as theirs:
        mine = {entry.path: entry for entry in ours.walk()}
        real = {entry.path: entry for entry in theirs.walk() if entry.path not in _OF_THE_CONTAINER}
        assert set(mine) - _OF_THE_CONTAINER == set(real)
        for path, entry in real.items():
            assert (mine[path].kind, mine[path].mode, mine[path].link) == (entry.kind, entry.mode, entry.link), path
            if entry.kind is EntryKind.FILE:
                assert ours.read(path) == theirs.read(path), path


_OF_THE_CONTAINER = {"etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab", ".dockerenv", "dev/console"}
"""What Docker puts into every container itself."""


@contextmanager
def _opened(text: str) -> Iterator[LayeredTree]:
    target = parse_image(text, "/")
    assert target is not None
    budget = Budget(LIMITS)
    with open_image(target, budget) as image:
        yield LayeredTree(image.layers, budget)


@contextmanager
def _exported(path: Path) -> Iterator[LayeredTree]:
    with path.open("rb") as file:
        yield LayeredTree([Layer(diff_id="exported", archive=Span.of_file(file, "export"))], Budget(LIMITS))


def test_unknown_image(docker_host: str, scan: Callable[[str], Scan]) -> None:
    with pytest.raises(GateError, match="no such image") as caught:
        scan("docker:gate-test/nowhere:1")
    assert caught.value.path == "gate-test/nowhere:1"


def test_bounds_hold_while_the_daemon_sends(built: Path, docker_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_host)
    target = parse_image(f"docker:{IMAGE}", "/")
    assert target is not None
    with pytest.raises(GateError, match="max_size"):
        scan_image(target, ImageOptions(Limits(1 << 20, 1000)))


_AS_NOBODY = """
import os, sys, docker.errors, requests
from contextlib import ExitStack
from gate.core.errors import GateError
from gate.images.access import Access
from gate.images.limits import Budget, Limits
from gate.images.sources import docker
os.setgroups([])
os.seteuid(65534)
try:
    docker.find("app:1", Budget(Limits(1, 1)), ExitStack(), Access())
except GateError as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not use the socket")
def test_a_user_who_may_not_use_the_socket(docker_host: str) -> None:
    environment = {**os.environ, "DOCKER_HOST": docker_host}
    command = [sys.executable, "-c", _AS_NOBODY]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert "may not speak to Docker" in done.stdout, done.stderr
