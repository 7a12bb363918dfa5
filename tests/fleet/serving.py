"""A server on loopback whose answers are functions of a path and the headers, and what it was asked."""

import http.server
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

Answering = Callable[["Asked"], tuple[int, dict[str, str], bytes]]
"""From a request to status, headers and body."""


class Asked(msgspec.Struct, frozen=True):
    """A request."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Serving:
    """The server's address (`127.0.0.1:PORT`) and what it was asked."""

    def __init__(self, host: str, asked: list[Asked]) -> None:
        self.host = host
        self.asked = asked


@contextmanager
def serving(answer: Answering) -> Iterator[Serving]:
    """Run the server."""
    asked: list[Asked] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append(Asked(self.command, path, query, dict(self.headers), body))
            status, headers, content = answer(asked[-1])
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815  (a name that http.server looks for)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Serving(f"127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def git_backend(root: Path, asked: Asked) -> tuple[int, dict[str, str], bytes]:
    """Answer as a web server with git-http-backend(1) does for the bare repositories in a folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH_INFO": asked.path,
        "QUERY_STRING": asked.query,
        "REQUEST_METHOD": asked.method,
        "CONTENT_TYPE": asked.headers.get("Content-Type", ""),
        "HTTP_CONTENT_ENCODING": asked.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": asked.headers.get("Git-Protocol", ""),
        "CONTENT_LENGTH": str(len(asked.body)),
    }
    done = subprocess.run(["git", "http-backend"], env=environment, input=asked.body, capture_output=True, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
    return int(headers.pop("Status", "200").split()[0]), headers, body
