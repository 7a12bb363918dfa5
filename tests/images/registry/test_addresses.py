"""Which server is asked for an image, over what, and whose login may go there."""

import pytest

from gate.core.errors import GateError
from gate.core.hosts import Reach
from gate.images.access import Access
from gate.images.registry.addresses import addresses, own_repository
from gate.images.registry.names import image_name

OF_REPOSITORY = {"is_of_repository": True}


def asked(text: str, **access: object) -> list[tuple[str, str | None]]:
    """Return scheme and host of each server that is asked, and the host whose login goes there."""
    found = addresses(image_name(text), Access(**access))  # type: ignore[arg-type]
    return [(address.url, address.login_of) for address in found]


@pytest.mark.parametrize(
    ("text", "access", "url", "login_of"),
    [
        ("registry.example.com/shop", {}, "https://registry.example.com", "registry.example.com"),
        ("python", {}, "https://registry-1.docker.io", "docker.io"),
        ("127.0.0.1:5000/shop", {}, "http://127.0.0.1:5000", "127.0.0.1:5000"),
        ("localhost:5000/shop", {}, "http://localhost:5000", "localhost:5000"),
        ("[::1]:5000/shop", {}, "http://[::1]:5000", "[::1]:5000"),
        ("localhost.example.com/shop", {}, "https://localhost.example.com", "localhost.example.com"),
    ],
)
def test_a_registry_is_asked_over_tls_unless_it_is_this_machine(
    text: str, access: dict[str, object], url: str, login_of: str
) -> None:
    assert asked(text, **access) == [(url, login_of)]


def test_a_registry_that_is_said_to_be_without_tls_gets_no_login() -> None:
    insecure = {"insecure_registries": ("registry.lan",)}
    assert asked("registry.lan/shop", **insecure) == [("http://registry.lan", None)]
    assert asked("registry.lan.example/shop", **insecure) == [("https://registry.lan.example", "registry.lan.example")]


@pytest.mark.parametrize(
    ("text", "trusted", "login_of"),
    [
        ("registry.example.com/shop", (), None),
        ("registry.example.com/shop", ("other.example.com",), None),
        ("registry.example.com/shop", ("registry.example.com",), "registry.example.com"),
        ("registry.example.com:5000/shop", ("registry.example.com:5000",), "registry.example.com:5000"),
        ("registry.example.com:5000/shop", ("registry.example.com:443",), None),
        ("registry.example.com/shop", ("registry.example.com:443",), "registry.example.com"),
        ("python", (), None),
        ("python", ("docker.io",), "docker.io"),
        ("python", ("registry-1.docker.io",), "docker.io"),
        ("registry.example.com/shop", ("registry-1.docker.io",), None),
    ],
)
def test_a_registry_that_only_a_repository_names_gets_a_login_if_it_is_trusted(
    text: str, trusted: tuple[str, ...], login_of: str | None
) -> None:
    ((_, login),) = asked(text, trusted_hosts=trusted, **OF_REPOSITORY)
    assert login == login_of


@pytest.mark.parametrize(
    ("mirror", "url", "login_of"),
    [
        ("https://mirror.example.com", "https://mirror.example.com", "mirror.example.com"),
        ("https://mirror.example.com/", "https://mirror.example.com", "mirror.example.com"),
        ("https://ada@mirror.example.com:8443", "https://ada@mirror.example.com:8443", "mirror.example.com:8443"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000", "127.0.0.1:5000"),
        ("http://mirror.example.com", "http://mirror.example.com", None),
    ],
)
def test_a_mirror_is_asked_first_with_its_own_login_over_tls_or_on_this_machine(
    mirror: str, url: str, login_of: str | None
) -> None:
    mirrors = {"docker.io": mirror, "ghcr.io": "https://other.example.com"}
    first, last = asked("python", mirrors=mirrors)
    assert first == (url, login_of)
    assert last == ("https://registry-1.docker.io", "docker.io")


def test_settings_name_a_mirror_and_so_it_is_no_repositorys_word() -> None:
    mirrors = {"docker.io": "https://mirror.example.com"}
    access = Access(mirrors=mirrors, trusted_hosts=("a.example",), is_of_repository=True)
    first, last = addresses(image_name("python"), access)
    assert first.reach == Reach(trusted_hosts=("a.example",))
    assert last.reach == Reach(trusted_hosts=("a.example",), is_of_repository=True)


def test_offline_asks_no_registry_and_says_what_to_leave_out() -> None:
    name = image_name("registry.example.com/shop:1")
    with pytest.raises(GateError, match="offline forbids") as caught:
        own_repository(name, Access(is_offline=True))
    assert (caught.value.path, caught.value.hint) == ("registry.example.com/shop:1", "Leave out --offline")
