"""Which hosts are meant by `HOST`, `HOST:PORT` and `*.example.com`, as `trusted_hosts` writes them."""

from collections.abc import Iterable

PATTERN = r"^(?:(?:\*\.)?[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$"
"""The form of an entry."""


def is_listed(host: str, port: int | None, listed: Iterable[str]) -> bool:
    """True if one of `listed` means this host; an entry without a port means each, `*.` what is below a name."""
    return any(_means(entry.lower(), host.lower().strip("[]"), port) for entry in listed)


def _means(entry: str, host: str, port: int | None) -> bool:
    name, its_port = split_port(entry)
    if its_port is not None and its_port != port:
        return False
    return host.endswith(name[1:]) and host != name[2:] if name.startswith("*.") else host == name


def split_port(text: str) -> tuple[str, int | None]:
    """Split `HOST:PORT`, `[::1]:PORT` or `HOST` into the host, without brackets, and the port if there is one."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    else:
        host, _, port = text.partition(":")
    return host, int(port) if port.isdecimal() else None
