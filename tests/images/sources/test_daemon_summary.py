"""A daemon's image is exported only if something in it is not known, or is read."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.core.errors import UnreadableError
from gate.images.image_cache import ImageCache
from gate.images.sources import open_image
from gate.images.sources.daemon import Inspected
from gate.model import Image

COMMAND = "/bin/sh -c touch x"


class Daemon:
    """Answers as Docker's daemon does for the one image that it has."""

    def __init__(self, make: Any, folder: Path, *layers: bytes) -> None:
        self.asked: list[str] = []
        self.exported = Path(make.archive(folder / "app.tar", make.hybrid_files(list(layers)))).read_bytes()
        diff_ids = [make.digest(layer) for layer in layers]
        self.image: dict[str, Any] = {
            "Id": make.digest(make.config(list(layers))),
            "RepoTags": ["app:1"],
            "Os": "linux",
            "Architecture": "amd64",
            "Variant": "",
            "Config": {"User": "app", "Env": ["PATH=/bin"]},
            "RootFS": {"Type": "layers", "Layers": diff_ids},
        }
        # The newest step first; one of them brought no layer.
        self.history: list[dict[str, Any]] = [
            {"Id": "<missing>", "CreatedBy": "USER app", "Size": 0},
            *({"Id": "<missing>", "CreatedBy": COMMAND, "Size": 10} for _ in layers),
        ]

    def answer(self, path: str) -> tuple[str, bytes]:
        self.asked.append(path.rpartition("/")[2].partition("?")[0])
        if path.endswith("/version"):
            return "application/json", b'{"ApiVersion": "1.44"}'
        if path.endswith("/history"):
            return "application/json", json.dumps(self.history).encode()
        if path.endswith("/get"):
            return "application/x-tar", self.exported
        return "application/json", json.dumps(self.image).encode()


@pytest.fixture
def daemon(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A daemon on this machine that has `app:1`."""
    daemon = Daemon(make, tmp_path, make.base(), make.layer(make.file("x")))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = daemon.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_address[1]}")
        yield daemon
        server.shutdown()


@pytest.fixture
def look(make: Any, daemon: Daemon, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return a function that opens the image with the cache of earlier calls, and tells what it saw."""

    def open_it(source: str = "docker", *, reads: bool = False) -> dict[str, Any]:
        daemon.asked.clear()
        image = Image(source=source, reference="app:1", name="app")
        with open_image(image, make.budget(), cache=ImageCache(tmp_path / "cache")) as content:
            if reads:
                content.tree.read("etc/os-release")
            found = content.found
            seen = {"id": found.id, "tags": found.tags, "size": content.size, "digest": found.digest}
            config = content.config
        steps = [(step.created_by, step.empty_layer) for step in config.history or []]
        return {**seen, "exports": "get" in daemon.asked, "user": config.runtime.user, "steps": steps}

    return open_it


@pytest.mark.parametrize("source", ["docker", "named"])
def test_a_known_image_is_not_exported(look: Callable[..., dict[str, Any]], source: str) -> None:
    first, second = look(source), look(source)
    assert (first.pop("exports"), second.pop("exports")) == (True, False)
    same = ("id", "tags", "size", "digest")
    assert [second[key] for key in same] == [first[key] for key in same]
    assert second["user"] == "app"
    assert second["steps"] == [(COMMAND, False), (COMMAND, False), ("USER app", True)]


def test_an_image_of_the_containerd_store_is_known_by_its_manifest(
    look: Callable[..., dict[str, Any]], daemon: Daemon
) -> None:
    by_config = look()
    daemon.image |= {"Id": by_config["digest"], "Descriptor": {"digest": by_config["digest"], "size": 7}}
    again = look()
    assert again["exports"] is False
    assert [again[key] for key in ("id", "tags", "size", "digest")] == [
        by_config[key] for key in ("id", "tags", "size", "digest")
    ]


def test_one_of_which_only_its_index_is_named_is_exported_again(
    look: Callable[..., dict[str, Any]], daemon: Daemon
) -> None:
    index = "sha256:" + "3" * 64
    daemon.image |= {"Id": index, "Descriptor": {"digest": index}}
    assert look()["exports"]
    assert look()["exports"]


def test_a_known_image_is_exported_and_checked_once_something_is_read(
    look: Callable[..., dict[str, Any]], daemon: Daemon, make: Any, tmp_path: Path
) -> None:
    look()
    assert look(reads=True)["exports"]
    files = make.docker_files([make.base(), make.layer(make.file("x"))])
    name = next(name for name in files if name.endswith("/layer.tar"))
    daemon.exported = Path(make.archive(tmp_path / "b.tar", files | {name: make.layer(make.file("y"))})).read_bytes()
    with pytest.raises(UnreadableError):
        look(reads=True)


def test_an_image_that_changes_between_glance_and_export_is_an_error(
    look: Callable[..., dict[str, Any]], daemon: Daemon, make: Any, tmp_path: Path
) -> None:
    look()
    daemon.exported = Path(make.archive(tmp_path / "b.tar", make.docker_files([make.base()]))).read_bytes()
    with pytest.raises(UnreadableError, match="was changed while it was looked at"):
        look(reads=True)


@pytest.mark.parametrize(
    "change",
    [
        {"Descriptor": {"digest": "sha256:" + "0" * 64}},
        {"RootFS": {"Type": "layers", "Layers": ["sha256:" + "0" * 64] * 2}},
        {"RootFS": None},
        {"Config": {"Env": 7}},
    ],
)
def test_what_the_daemon_leaves_open_is_exported(
    look: Callable[..., dict[str, Any]], daemon: Daemon, change: dict[str, Any]
) -> None:
    look()
    daemon.image |= change
    assert look()["exports"]


def with_history(make: Any, daemon: Daemon, folder: Path, empty: list[bool]) -> None:
    """Let the daemon have the image with a history, whose last layer is an empty one."""
    layers = [make.base(), make.layer(make.file("x"))]
    history = [{"created_by": COMMAND, "empty_layer": no} for no in empty]
    files = make.hybrid_files(layers, history=history)
    daemon.exported = Path(make.archive(folder / "b.tar", files)).read_bytes()
    daemon.image["Id"] = make.digest(make.config(layers, history=history))
    daemon.history = [{"CreatedBy": COMMAND, "Size": 0} for _ in empty]
    daemon.history[-1]["Size"] = 10


@pytest.mark.parametrize("empty", [[False, True, False], [False, False, True]])
def test_an_image_with_an_empty_layer_is_exported_once(
    look: Callable[..., dict[str, Any]], daemon: Daemon, make: Any, tmp_path: Path, empty: list[bool]
) -> None:
    with_history(make, daemon, tmp_path, empty)
    assert look()["exports"]
    again = look()
    assert (again["exports"], again["steps"]) == (False, [(COMMAND, no) for no in empty])


def test_an_empty_layer_of_an_image_that_was_never_exported_leaves_open_which_step_it_is(
    look: Callable[..., dict[str, Any]], daemon: Daemon, make: Any, tmp_path: Path
) -> None:
    with_history(make, daemon, tmp_path, [False, True, False])
    look()
    daemon.image["Id"] = "sha256:" + "1" * 64
    assert look()["exports"]


def test_what_a_daemon_says_crosses_to_a_worker() -> None:
    said = Inspected(id="sha256:00", about=b'{"Os": "linux"}', history=b"[]", tag="a:1")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(said), type=Inspected) == said
