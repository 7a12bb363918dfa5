"""Which hosts are meant, what kind of address one has, and who may be asked."""

import socket
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from gate.core.errors import GateError
from gate.core.hosts import USER_REACH, AddressKind, ForbiddenHostError, Reach, is_listed, kind_of, split_port
from gate.core.logins import Login, split_login
from gate.core.web import Web
from gate.core.web_session import AddressFilter


@pytest.mark.parametrize(
    ("host", "port", "entry", "is_meant"),
    [
        ("example.com", 443, "example.com", True),
        ("EXAMPLE.com", 443, "example.COM", True),
        ("example.com", 443, "example.com:443", True),
        ("example.com", 8443, "example.com:443", False),
        ("a.example.com", 443, "example.com", False),
        ("a.example.com", 443, "*.example.com", True),
        ("a.b.example.com", 443, "*.example.com", True),
        ("example.com", 443, "*.example.com", False),
        ("badexample.com", 443, "*.example.com", False),
        ("127.0.0.1", 5000, "127.0.0.1:5000", True),
        ("::1", 5000, "[::1]:5000", True),
        ("::1", 5000, "[::1]", True),
        ("example.com.", 443, "example.com", False),
    ],
)
def test_an_entry_means_a_host(host: str, port: int, entry: str, is_meant: bool) -> None:
    assert is_listed(host, port, [entry]) is is_meant


def test_host_and_port_are_split() -> None:
    assert split_port("[::1]:80") == ("::1", 80)
    assert split_port("a.example:80") == ("a.example", 80)
    assert split_port("a.example") == ("a.example", None)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.216.34", AddressKind.PUBLIC),
        ("2606:2800:220:1::1", AddressKind.PUBLIC),
        ("10.1.2.3", AddressKind.PRIVATE),
        ("172.16.0.1", AddressKind.PRIVATE),
        ("192.168.1.1", AddressKind.PRIVATE),
        ("100.100.100.200", AddressKind.PRIVATE),
        ("fd00:ec2::254", AddressKind.PRIVATE),
        ("127.0.0.1", AddressKind.LOOPBACK),
        ("127.9.9.9", AddressKind.LOOPBACK),
        ("::1", AddressKind.LOOPBACK),
        ("0.0.0.0", AddressKind.LOOPBACK),
        ("::", AddressKind.LOOPBACK),
        ("0.1.2.3", AddressKind.LINK),
        ("169.254.169.254", AddressKind.LINK),
        ("fe80::1%eth0", AddressKind.LINK),
        ("224.0.0.1", AddressKind.LINK),
        ("ff02::1", AddressKind.LINK),
        ("255.255.255.255", AddressKind.LINK),
        ("240.0.0.1", AddressKind.LINK),
        ("168.63.129.16", AddressKind.LINK),
        ("192.0.0.192", AddressKind.LINK),
        ("::ffff:127.0.0.1", AddressKind.LOOPBACK),
        ("::ffff:169.254.169.254", AddressKind.LINK),
        ("::ffff:10.0.0.1", AddressKind.PRIVATE),
        ("::ffff:93.184.216.34", AddressKind.PUBLIC),
        ("::ffff:0:127.0.0.1", AddressKind.LOOPBACK),
        ("::127.0.0.1", AddressKind.LOOPBACK),
        ("64:ff9b::7f00:1", AddressKind.LOOPBACK),
        ("64:ff9b::a00:1", AddressKind.PRIVATE),
        ("64:ff9b:1::a00:1", AddressKind.LINK),
        ("2002:7f00:1::", AddressKind.LOOPBACK),
        ("2002:a9fe:a9fe::", AddressKind.LINK),
        ("2001:0:1::1", AddressKind.LINK),
        ("fec0::1", AddressKind.LINK),
        ("no address", AddressKind.LINK),
    ],
)
def test_an_address_has_a_kind(address: str, kind: AddressKind) -> None:
    assert kind_of(address) is kind


@given(ip_addresses(v=4))
def test_an_address_of_ipv4_is_the_same_within_one_of_ipv6(address: IPv4Address) -> None:
    for text in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert kind_of(text) is kind_of(str(address))


NAMED = "https://named.example/x"


def test_what_whoever_starts_the_gate_names_may_be_anywhere_and_leads_no_deeper() -> None:
    guard = AddressFilter(NAMED, USER_REACH)
    with pytest.raises(ForbiddenHostError):
        guard.check("elsewhere.example", 443, "10.0.0.1")
    guard.check("named.example", 443, "10.0.0.1")
    guard.check("elsewhere.example", 443, "10.0.0.2")
    for address in ("127.0.0.1", "169.254.169.254"):
        with pytest.raises(ForbiddenHostError):
            guard.check("elsewhere.example", 443, address)


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"])
def test_what_a_repository_names_is_public_or_trusted(address: str) -> None:
    with pytest.raises(ForbiddenHostError, match=r"--trusted-hosts named\.example"):
        AddressFilter(NAMED, Reach(is_of_repository=True)).check("named.example", 443, address)
    AddressFilter(NAMED, Reach(is_of_repository=True, trusted_hosts=("named.example",))).check(
        "named.example", 443, address
    )
    AddressFilter(NAMED, Reach(is_of_repository=True)).check("named.example", 443, "93.184.216.34")


def test_a_name_that_is_resolved_again_to_another_address_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer is public, the second this machine: only an address that was looked at is connected to."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    connected = []

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        address = host if host[0].isdigit() else next(answers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(place: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    monkeypatch.setattr("gate.core.web.BACK_OFF_S", ())
    with pytest.raises(GateError):
        Web(NAMED, Reach(is_of_repository=True)).read("x", 10)
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "10.0.0.1", "127.1"])
def test_behind_a_proxy_names_count(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(ForbiddenHostError):
        Web(f"https://{host}", Reach(is_of_repository=True)).read("x", 10)


def test_nothing_goes_without_tls_for_a_repository() -> None:
    with pytest.raises(ForbiddenHostError, match="without TLS"):
        Web("http://named.example", Reach(is_of_repository=True))
    Web("http://named.example", Reach(is_of_repository=True, trusted_hosts=("named.example",)))


def test_a_login_in_an_address_is_no_part_of_it() -> None:
    assert split_login("https://me:p%40ss@example.com:8443/x?y") == (
        "https://example.com:8443/x?y",
        Login("me", "p@ss"),
    )
    assert split_login("https://example.com/a@b") == ("https://example.com/a@b", None)
    assert "ss" not in repr(Login("me", "p@ss")).replace("…", "")
