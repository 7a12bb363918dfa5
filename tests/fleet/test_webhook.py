"""Notices for owners, sent to a server on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gate.core.errors import GateError
from gate.fleet.nightly import Night
from gate.fleet.rejudge import FleetBlocker, FleetJudgement, JudgementChange
from gate.fleet.webhook import MOST_CHANGES, MOST_CHARACTERS, MOST_OWNERS, notices_of, send
from gate.model import Deployed, Exposed, VerdictStatus


def change(name: str, *owners: str) -> JudgementChange:
    return JudgementChange(
        kind="image",
        name=name,
        digest="",
        branch="",
        owners=owners,
        before=VerdictStatus.PASS,
        after=VerdictStatus.FAIL,
        blocking=(FleetBlocker(what="CVE-1", package="pkg:npm/a@1", fingerprint=""),),
        passing=(),
        deployed=Deployed.YES,
        running=("prod: web",),
        exposed=Exposed.UNKNOWN,
    )


def night(*changes: JudgementChange) -> Night:
    judgement = FleetJudgement(subjects=len(changes), changes=changes, judged=(), errors=())
    told = {"advisories_newest": None, "advisories_checked": None}
    return Night(judgement=judgement, packages=None, why_all="", at="2026-11-29T00:00:00Z", **told)


class Hook(HTTPServer):
    """A webhook that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, str, dict[str, object]]] = []
        self.status = 204
        self.address = f"http://127.0.0.1:{self.server_port}/hooks/fleet?key=s3cret"


class Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, self.headers.get("Authorization", ""), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_owner_gets_one_notice(hook: Hook) -> None:
    assert send(night(change("a", "@x", "@y"), change("b")), hook.address) == 3
    (path, _, first), *_ = hook.got
    assert path == "/hooks/fleet?key=s3cret"
    assert [body["owner"] for _, _, body in hook.got] == ["@x", "@y", "no owner"]
    assert "CVE-1 in pkg:npm/a@1" in str(first["text"])
    assert first["changes"][0]["running"] == ["prod: web"]  # type: ignore[index]


@pytest.mark.parametrize("status", [302, 400])
def test_what_is_refused_or_redirected_is_an_error_without_the_key(hook: Hook, status: int) -> None:
    hook.status = status
    with pytest.raises(GateError, match="could not be sent") as caught:
        send(night(change("a")), hook.address)
    assert "s3cret" not in str(caught.value)
    assert len(hook.got) == 1


def test_a_token_is_not_sent_without_tls_to_another_machine() -> None:
    with pytest.raises(GateError):
        send(night(change("a")), "http://chat.example.com/hook", token="t")


def test_notices_are_bounded() -> None:
    many = [change(f"a{number}", "@x") for number in range(MOST_CHANGES + 5)]
    (notice,) = notices_of(night(*many))
    assert (len(notice.changes), notice.more) == (MOST_CHANGES, 5)
    assert len(notice.text) <= MOST_CHARACTERS
    *_, last = notices_of(night(*(change("a", f"@{number}") for number in range(MOST_OWNERS + 2))))
    assert (last.changes, last.more) == ((), 2)
