"""To whom a registry's login goes: to its own token service over TLS, and to no other that it names."""

import io

import pytest
from urllib3 import HTTPResponse

from gate.core.errors import GateError, UnavailableError
from gate.core.hosts import USER_REACH, Reach
from gate.images.registry import authorization
from gate.images.registry.authorization import Asking, authorize
from gate.images.registry.credentials import Credentials

KNOWN = Credentials(user="robot", password="hunter2hunter2")
LISTED = Reach(is_of_repository=False, trusted_hosts=("auth.example",))


class Response:
    """What the token service answers."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status_code = status
        self.raw = HTTPResponse(io.BytesIO(content), preload_content=False)

    def __enter__(self) -> "Response":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


class Service:
    """Token services, all of which give a token to whoever logs in, or to everybody."""

    def __init__(self, wants_login: bool) -> None:
        self.wants_login = wants_login
        self.asked: list[tuple[str, bool]] = []
        """Each address, and whether a login came along."""
        self.opened: list[tuple[bool, bool]] = []
        """Of each address, whether it counts as a repository's word, and whether its redirects are followed."""
        self.bodies: list[bytes] = []
        self.answer = (200, b'{"token": "let-me-in"}')

    def at(self, address: str, reach: Reach, *, follows: bool = True) -> "Service":
        self._address = address
        self.opened.append((reach.is_of_repository, follows))
        return self

    def ask(self, _: str, headers: dict[str, str], body: bytes = b"", **__: object) -> Response:
        has_login = "Authorization" in headers or b"refresh_token=" in body
        self.bodies.append(body)
        self.asked.append((self._address, has_login))
        is_refused = self.wants_login and not has_login
        return Response(401, b"") if is_refused else Response(*self.answer)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Service:
    found = Service(wants_login=getattr(request, "param", False))
    monkeypatch.setattr(authorization, "Web", found.at)
    return found


def ask(registry: str, realm: str, reach: Reach = USER_REACH, known: Credentials | None = KNOWN) -> str:
    asking = Asking(registry=registry, reach=reach, shown="registry.example/shop")
    return authorize(f'Bearer realm="{realm}",service="registry"', known, asking)


@pytest.mark.parametrize(
    ("registry", "realm", "reach", "is_told"),
    [
        ("https://registry.example", "https://registry.example/token", USER_REACH, True),
        ("https://registry.example", "https://auth.example/token", LISTED, True),
        ("https://registry-1.docker.io", "https://auth.docker.io/token", USER_REACH, True),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5001/token", USER_REACH, True),
        ("https://registry.example", "https://auth.example/token", USER_REACH, False),
        ("https://registry.example", "https://auth.docker.io/token", USER_REACH, False),
        ("https://registry-1.docker.io", "https://auth.docker.io.example/token", USER_REACH, False),
        ("http://registry.example", "http://registry.example/token", USER_REACH, False),
    ],
)
def test_the_login_goes_to_the_registrys_own_service_over_tls(
    service: Service, registry: str, realm: str, reach: Reach, is_told: bool
) -> None:
    assert ask(registry, realm, reach) == "Bearer let-me-in"
    assert [told for _, told in service.asked] == [is_told]


@pytest.mark.parametrize(
    ("registry", "realm"),
    [
        ("https://registry.example", "http://registry.example/token"),
        ("http://127.0.0.1:5000", "http://localhost:5001/token"),
        ("http://127.0.0.1:5000", "http://auth.example/token"),
        ("https://registry.example", "https://robot@registry.example/token"),
        ("https://registry.example", "file:///etc/passwd"),
    ],
)
def test_a_service_without_tls_on_another_host_is_not_asked(service: Service, registry: str, realm: str) -> None:
    with pytest.raises(UnavailableError, match="not spoken to over https"):
        ask(registry, realm)
    assert service.asked == []


@pytest.mark.parametrize("service", [True], indirect=True)
def test_who_gets_no_login_and_wants_one_is_named(service: Service) -> None:
    with pytest.raises(GateError, match="on another host") as caught:
        ask("https://registry.example", "https://auth.example/token")
    assert "--trusted-hosts auth.example" in caught.value.hint
    assert service.asked == [("https://auth.example", False)]


def test_a_service_elsewhere_is_a_word_of_the_registry_and_leads_no_further(service: Service) -> None:
    ask("https://registry.example", "https://registry.example/token")
    ask("https://registry.example", "https://auth.example/token")
    assert service.opened == [(False, False), (True, False)]


def test_a_token_of_the_login_is_exchanged_and_not_sent_as_a_password(service: Service) -> None:
    known = Credentials(identity_token="long-lived")
    assert ask("https://registry.example", "https://registry.example/token", known=known) == "Bearer let-me-in"
    (body,) = service.bodies
    assert b"refresh_token=long-lived" in body
    assert b"grant_type=refresh_token" in body
    assert b"service=registry" in body


@pytest.mark.parametrize("known", [KNOWN, None], ids=["with a login", "without"])
@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_service_that_refuses_means_not_logged_in(service: Service, status: int, known: Credentials | None) -> None:
    service.answer = (status, b"")
    with pytest.raises(GateError, match="not logged in") as caught:
        ask("https://registry.example", "https://registry.example/token", known=known)
    assert not isinstance(caught.value, UnavailableError)


@pytest.mark.parametrize("status", [204, 404, 500])
def test_a_service_that_fails_cannot_be_asked_now(service: Service, status: int) -> None:
    service.answer = (status, b"")
    with pytest.raises(UnavailableError, match=f"token service: status {status}"):
        ask("https://registry.example", "https://registry.example/token")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"token": ""}', b'{"token": "a\\r\\nHost: x"}', '{"token": "é"}'.encode()],
    ids=repr,
)
def test_what_is_no_token_goes_into_no_header(service: Service, content: bytes) -> None:
    service.answer = (200, content)
    with pytest.raises(UnavailableError, match="it answers with"):
        ask("https://registry.example", "https://registry.example/token")


def test_either_name_of_a_token_is_read(service: Service) -> None:
    service.answer = (200, b'{"access_token": "by-oauth"}')
    assert ask("https://registry.example", "https://registry.example/token") == "Bearer by-oauth"
