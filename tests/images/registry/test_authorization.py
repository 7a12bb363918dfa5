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

    def at(self, address: str, *_: object, **__: object) -> "Service":
        self._address = address
        return self

    def ask(self, _: str, headers: dict[str, str], **__: object) -> Response:
        has_login = "Authorization" in headers
        self.asked.append((self._address, has_login))
        is_refused = self.wants_login and not has_login
        return Response(401, b"") if is_refused else Response(200, b'{"token": "let-me-in"}')


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Service:
    found = Service(wants_login=getattr(request, "param", False))
    monkeypatch.setattr(authorization, "Web", found.at)
    return found


def ask(registry: str, realm: str, reach: Reach = USER_REACH) -> str:
    asking = Asking(registry=registry, reach=reach, shown="registry.example/shop")
    return authorize(f'Bearer realm="{realm}",service="registry"', KNOWN, asking)


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
