"""What is asked of a registry, and what its answers mean: cut transfers, refusals, other servers that answer."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from urllib3 import HTTPResponse

from gate.core.errors import GateError, UnavailableError
from gate.images.registry import client
from gate.images.registry.client import MAX_CUTS, ImageRepository, NoSuchImageError, Request
from gate.images.registry.credentials import Credentials
from gate.images.registry.names import image_name

ADDRESS = "https://registry.example.com"
BASIC = {"WWW-Authenticate": 'Basic realm="here"'}


class Answer:
    """One answer of a registry."""

    def __init__(self, status: int, content: bytes = b"", url: str = f"{ADDRESS}/v2/", **headers: str) -> None:
        self.status_code = status
        self.url = url
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Registry:
    """A registry that gives its answers one after the other."""

    def __init__(self, answers: list[Answer | Exception]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str]]] = []

    def ask(self, name: str, headers: dict[str, str], **_: object) -> Answer:
        self.asked.append((name, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


Open = Callable[..., tuple[ImageRepository, Registry]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that makes a repository whose registry gives these answers."""
    known = {"registry.example.com": Credentials("robot", "its password")}
    monkeypatch.setattr(client, "credentials_for", known.get)

    def make(*answers: Answer | Exception, login_of: str | None = "registry.example.com") -> Any:
        registry = Registry(list(answers))
        monkeypatch.setattr(client, "Web", lambda *_: registry)
        name = image_name("registry.example.com/shop:1")
        return ImageRepository(name, ADDRESS, "shop:1", login_of=login_of), registry

    return make


def read(repository: ImageRepository) -> bytes:
    return repository.read(Request(name="tags/list"), 100)


def test_it_is_asked_without_a_login_until_it_refuses_and_then_with_it(opened: Open) -> None:
    refusal = Answer(401, **BASIC)
    repository, registry = opened(refusal, Answer(200, b"one"), Answer(200, b"two"))
    assert (read(repository), read(repository)) == (b"one", b"two")
    assert ["Authorization" in headers for _, headers in registry.asked] == [False, True, True]
    assert refusal.is_closed


def test_a_login_goes_to_no_server_that_answers_in_its_place(opened: Open) -> None:
    repository, registry = opened(Answer(401, url="https://elsewhere.example/v2/", **BASIC))
    with pytest.raises(GateError, match="not logged in"):
        read(repository)
    assert len(registry.asked) == 1


def test_a_refusal_without_a_login_of_ours_says_that_none_was_sent(opened: Open) -> None:
    repository, _ = opened(Answer(401, **BASIC), login_of=None)
    with pytest.raises(GateError, match="asked without a login") as caught:
        read(repository)
    assert "--trusted-hosts registry.example.com" in caught.value.hint


def test_a_token_service_without_tls_is_said_to_be_so_whoever_has_a_login(opened: Open) -> None:
    repository, _ = opened(Answer(401, WWW_Authenticate='Bearer realm="http://elsewhere.example/"'), login_of=None)
    with pytest.raises(UnavailableError, match="not spoken to over https"):
        read(repository)


@pytest.mark.parametrize(("status", "error"), [(401, GateError), (403, GateError), (404, NoSuchImageError)])
def test_refused_and_absent_are_different_errors(opened: Open, status: int, error: type[GateError]) -> None:
    repository, _ = opened(Answer(401, **BASIC), Answer(status))
    with pytest.raises(GateError) as caught:
        read(repository)
    assert type(caught.value) is error


@pytest.mark.parametrize("status", [204, 206, 302, 418])
def test_a_status_that_was_not_expected_is_no_answer(opened: Open, status: int) -> None:
    repository, _ = opened(Answer(status, b"a page of a proxy"))
    with pytest.raises(UnavailableError, match=f"status {status}"):
        read(repository)


@pytest.mark.parametrize(("words", "hint"), [("status 429", "docker login"), ("timed out", "network or proxy")])
def test_too_many_requests_have_a_remedy_of_their_own(opened: Open, words: str, hint: str) -> None:
    repository, _ = opened(UnavailableError(f"cannot be fetched ({words})"))
    with pytest.raises(UnavailableError, match=words) as caught:
        read(repository)
    assert hint in caught.value.hint
    assert caught.value.path == "shop:1"


def part(content: bytes, start: int, size: int = 4) -> Answer:
    return Answer(206, content, Content_Range=f"bytes {start}-{size - 1}/{size}")


def test_a_transfer_that_is_cut_goes_on_where_it_was(opened: Open) -> None:
    repository, registry = opened(Answer(200, b"a"), part(b"bc", 1), part(b"d", 3))
    assert b"".join(repository.blob("sha256:x", 4)) == b"abcd"
    assert [headers.get("Range") for _, headers in registry.asked] == [None, "bytes=1-3", "bytes=3-3"]


@pytest.mark.parametrize("answer", [Answer(200, b"abcd"), part(b"abcd", 0), part(b"cd", 2)], ids=["all", "0", "2"])
def test_one_that_goes_on_elsewhere_is_not_put_together(opened: Open, answer: Answer) -> None:
    repository, _ = opened(Answer(200, b"a"), answer)
    with pytest.raises(GateError, match="cannot go on"):
        b"".join(repository.blob("sha256:x", 4))


def test_one_that_comes_no_further_is_given_up_after_as_many_cuts(opened: Open) -> None:
    repository, registry = opened(Answer(200, b"a"), *(part(b"", 1) for _ in range(2 * MAX_CUTS)))
    with pytest.raises(UnavailableError, match="ended after 1 of 4 bytes"):
        b"".join(repository.blob("sha256:x", 4))
    assert len(registry.asked) == 1 + MAX_CUTS


def test_each_step_further_begins_the_count_again(opened: Open) -> None:
    cuts = [part(b"", 1) for _ in range(MAX_CUTS - 1)]
    more = [part(b"", 2) for _ in range(MAX_CUTS - 1)]
    repository, _ = opened(Answer(200, b"a"), *cuts, part(b"b", 1), *more, part(b"cd", 2))
    assert b"".join(repository.blob("sha256:x", 4)) == b"abcd"


@pytest.mark.parametrize(
    ("said", "digest"),
    [(f"sha256:{'a' * 64}", f"sha256:{'a' * 64}"), ("sha256:abc", None), ("md5:" + "a" * 32, None), ("", None)],
)
def test_a_digest_that_is_none_is_not_believed(opened: Open, said: str, digest: str | None) -> None:
    repository, _ = opened(Answer(200, Docker_Content_Digest=said))
    assert repository.digest_of("1") == digest
