"""A daemon that is not there or answers nonsense. The real one is in tests/e2e/test_docker_daemon.py."""

import gc
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker.transport
import pytest

from gate.core.errors import GateError
from gate.images.sources import open_image
from gate.model import Image

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collect_sockets() -> Iterator[None]:
    """Docker's SDK forgets the socket of a connection that fails; let it be noticed here, where it is expected."""
    yield
    gc.collect()


@contextmanager
def service(path: Path, answer: bytes) -> Iterator[str]:
    """Answer every connection to a socket with the same bytes."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        server.settimeout(0.2)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"unix://{path}"
        finally:
            stop.set()
            thread.join()


def error_of(make, source: str) -> GateError:  # type: ignore[no-untyped-def]
    image = Image(source=source, reference="app:1", name=f"{source}:app:1")
    with pytest.raises(GateError) as caught, open_image(image, make.budget()):
        pass
    return caught.value


@pytest.mark.parametrize(("source", "variable"), [("docker", "DOCKER_HOST"), ("podman", "CONTAINER_HOST")])
def test_no_daemon(make, tmp_path: Path, monkeypatch, source: str, variable: str) -> None:
    monkeypatch.setenv(variable, f"unix://{tmp_path}/none.sock")
    error = error_of(make, source)
    assert "does not answer" in error.message
    assert variable in error.hint
    assert error.exit_status == 3


@pytest.mark.parametrize(("source", "variable"), [("docker", "DOCKER_HOST"), ("podman", "CONTAINER_HOST")])
@pytest.mark.parametrize("address", ["ftp://host", "host", "tcp://host:port"])
def test_an_address_that_is_none(make, monkeypatch, source: str, variable: str, address: str) -> None:
    monkeypatch.setenv(variable, address)
    error = error_of(make, source)
    assert "cannot be understood" in error.message
    assert variable in error.hint


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n{}"],
)
def test_daemon_that_answers_nonsense(make, tmp_path: Path, monkeypatch, answer: bytes) -> None:
    with service(tmp_path / "d.sock", answer) as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        assert error_of(make, "docker").path == "app:1"


def test_unknown_image(make, tmp_path: Path, monkeypatch) -> None:
    version = b'{"ApiVersion": "1.44"}'
    body = b'{"message": "No such image"}'
    answers = (
        b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    with service(tmp_path / "d.sock", answers % len(body) + body) as address:
        monkeypatch.setenv("CONTAINER_HOST", address)
        error = error_of(make, "podman")
    assert "no such image" in error.message or "does not answer" in error.message, version


def test_without_docker_host_the_current_context_is_asked(make, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "contexts" / "meta" / hashlib.sha256(b"mine").hexdigest()
    folder.mkdir(parents=True)
    asked: list[bool] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "d.sock"))
        listener.listen()
        listener.settimeout(10)

        def refuse() -> None:
            listener.accept()[0].close()
            asked.append(True)

        thread = threading.Thread(target=refuse)
        thread.start()
        endpoint = {"docker": {"Host": f"unix://{tmp_path}/d.sock", "SkipTLSVerify": False}}
        (folder / "meta.json").write_text(json.dumps({"Name": "mine", "Metadata": {}, "Endpoints": endpoint}))
        (tmp_path / "config.json").write_text('{"currentContext": "mine"}')
        monkeypatch.delenv("DOCKER_HOST", raising=False)
        monkeypatch.delenv("DOCKER_CONTEXT", raising=False)
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
        assert error_of(make, "docker").message == "Docker does not answer"
        thread.join()
    assert asked


def test_a_daemon_behind_ssh_needs_a_package(make, monkeypatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://nobody@127.0.0.1")
    if hasattr(docker.transport, "SSHHTTPAdapter"):
        pytest.skip("paramiko is installed")
    error = error_of(make, "docker")
    assert (error.message, error.hint) == (
        "Docker is reached by ssh, which needs a package",
        "pip install 'docker[ssh]'",
    )
