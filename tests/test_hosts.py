"""Which hosts an entry of `trusted_hosts` means."""

import pytest

from gate.hosts import is_listed, split_port


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
