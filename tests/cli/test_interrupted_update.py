"""`gate db update` that is interrupted ends by a word and a status, and what was here stays."""

import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.interrupting import check_ends_in_words, start


class SlowBucket(BaseHTTPRequestHandler):
    """Sends the beginning of a zip, and then a byte now and then."""

    is_asked = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        SlowBucket.is_asked.set()
        try:
            for _ in range(600):
                self.wfile.write(b"P")
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def bucket() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SlowBucket)
    server.daemon_threads = True
    SlowBucket.is_asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_update_says_so(bucket: str, tmp_path: Path, sent: signal.Signals) -> None:
    process = start("db", "update", "--ecosystem", "npm", "--advisories", bucket, home=tmp_path / "cache")
    assert SlowBucket.is_asked.wait(30)
    time.sleep(0.3)
    check_ends_in_words(process, sent)
