"""`gate db update` that is interrupted ends by a word and a status, and what was here stays."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


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
    command = [sys.executable, "-m", "gate", "db", "update", "--ecosystem", "npm", "--advisories", bucket]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # the tests may run under `nohup`
    )
    assert SlowBucket.is_asked.wait(30)
    time.sleep(0.3)
    process.send_signal(sent)
    try:
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said.rstrip().endswith("gate: interrupted")
    assert "Traceback" not in said
