"""Builds that the settings ask for: what Docker is told, and what it is never told. The real one is in tests/e2e/."""

from pathlib import Path

import pytest

from gate.core.errors import ConfigError, GateError, LimitError
from gate.images.building import ImageBuild, build_image


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a Dockerfile, and a `docker` that writes down what it is asked for."""
    root, programs = tmp_path / "project", tmp_path / "bin"
    (root / "api").mkdir(parents=True)
    (root / "api" / "Dockerfile").write_text("FROM scratch\n")
    programs.mkdir()
    docker(programs, 'env > "$HOME/env"; printf "%s\\n" "$@" > "$HOME/asked"')
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    return root


def docker(programs: Path, script: str) -> None:
    (programs / "docker").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "docker").chmod(0o755)


def build(root: Path, timeout_s: int = 60, **parts: str) -> None:
    build_image(
        ImageBuild(**{"name": "shop/api:1", "context": "api", **parts}),
        str(root),
        str(root),
        timeout_s=timeout_s,
        is_quiet=True,
    )


def test_docker_is_asked_for_the_image(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", "not for Docker")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    build(project, target="runtime")
    wanted = ["build", "--tag=shop/api:1", f"--file={project}/api/Dockerfile", "--target=runtime", f"{project}/api"]
    assert (tmp_path / "asked").read_text().splitlines() == wanted
    environment = (tmp_path / "env").read_text()
    assert "DOCKER_HOST=unix:///nowhere" in environment
    assert "A_TOKEN" not in environment


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"context": ".."}, r"is built from \.\., which is outside"),
        ({"context": "/"}, "is built from /, which is outside"),
        ({"dockerfile": "../../Dockerfile"}, "which is outside"),
        ({"context": "link"}, "is built from link, which is outside"),
        ({"context": "none"}, "is built from none, which is not there"),
    ],
)
def test_nothing_outside_of_the_project_is_sent_to_the_daemon(project: Path, parts: dict[str, str], why: str) -> None:
    (project / "link").symlink_to("/")
    with pytest.raises(ConfigError, match=why):
        build(project, **parts)


def test_a_build_that_fails_or_hangs_ends_the_run(project: Path, tmp_path: Path) -> None:
    docker(tmp_path / "bin", "exit 7")
    with pytest.raises(GateError, match=r"docker build failed \(status 7\)"):
        build(project)
    docker(tmp_path / "bin", "exec sleep 60")
    with pytest.raises(LimitError, match="took longer than 1 s"):
        build(project, timeout_s=1)


def test_without_docker_it_says_so(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GateError, match="docker is not installed"):
        build(project)
