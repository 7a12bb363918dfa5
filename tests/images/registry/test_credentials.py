"""Logins for registries: which file counts, and which one is not believed."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.core.errors import GateError
from gate.images.registry.credentials import Credentials, credentials_for

HOST = "registry.example.com"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that writes a login's file and names its place in the environment."""
    for name in ("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))

    def place(kind: str, user: str, host: str = HOST, **more: Any) -> Path:
        files = {
            "registry": tmp_path / "auth.json",
            "docker": tmp_path / "docker" / "config.json",
            "podman": tmp_path / "run" / "containers" / "auth.json",
        }
        file = files[kind]
        file.parent.mkdir(parents=True, exist_ok=True)
        auth = base64.b64encode(f"{user}:its password".encode()).decode()
        file.write_text(json.dumps({"auths": {host: {"auth": auth, **more}}}))
        if kind == "registry":
            monkeypatch.setenv("REGISTRY_AUTH_FILE", str(file))
        if kind == "podman":
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
        return file

    return place


def user_of(host: str) -> str | None:
    found = credentials_for(host)
    return found.user if found else None


@pytest.mark.parametrize("kind", ["registry", "docker", "podman"])
def test_each_of_the_three_places_is_read(write: Callable[..., Path], kind: str) -> None:
    write(kind, kind)
    assert credentials_for(HOST) == Credentials(kind, "its password")
    assert credentials_for("another.example.com") is None


def test_the_more_special_place_comes_first(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("podman", "docker", "registry"):
        write(kind, kind)
        assert user_of(HOST) == kind


def test_a_place_without_this_host_is_passed_over(write: Callable[..., Path]) -> None:
    write("registry", "of another", host="another.example.com")
    write("podman", "podman")
    assert user_of(HOST) == "podman"


def test_a_runtime_folder_without_a_login_is_no_error(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("docker", "docker")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert user_of(HOST) == "docker"
    assert user_of("another.example.com") is None


def test_docker_hub_is_called_as_docker_login_calls_it(write: Callable[..., Path]) -> None:
    write("docker", "hub", host="https://index.docker.io/v1/")
    assert user_of("docker.io") == "hub"


def test_a_token_that_is_exchanged_is_read(write: Callable[..., Path]) -> None:
    write("docker", "robot", identitytoken="long-lived")
    found = credentials_for(HOST)
    assert found is not None
    assert found.identity_token == "long-lived"


@pytest.mark.parametrize("kind", ["registry", "docker", "podman"])
def test_a_file_that_comes_with_a_repository_is_refused(
    write: Callable[..., Path], make_repository: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """It could name a program that is started as a credential helper."""
    file = write(kind, "forged")
    repository = make_repository()
    committed = repository.root / "containers" / ("config.json" if kind == "docker" else "auth.json")
    committed.parent.mkdir()
    os.rename(file, committed)
    repository.commit({})
    places = {
        "registry": ("REGISTRY_AUTH_FILE", committed),
        "docker": ("DOCKER_CONFIG", committed.parent),
        "podman": ("XDG_RUNTIME_DIR", repository.root),
    }
    name, place = places[kind]
    monkeypatch.setenv(name, str(place))
    with pytest.raises(GateError, match="is part of a repository") as caught:
        credentials_for(HOST)
    assert caught.value.path == str(committed)


def test_a_helper_that_fails_is_an_error_that_names_the_host(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "docker-credential-broken"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    write("docker", "unused").write_text(json.dumps({"credHelpers": {HOST: "broken"}}))
    with pytest.raises(GateError, match="credential helper") as caught:
        credentials_for(HOST)
    assert (caught.value.path, caught.value.hint) == (HOST, f"Try `docker login {HOST}` again")


def test_a_login_is_not_shown() -> None:
    assert "hunter2" not in repr(Credentials("robot", "hunter2", "hunter2"))
