"""How images may be got at: see `stages.image` in the settings."""

import msgspec


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What a source may do, and which of several images is meant."""

    platform: str | None = None
    """`linux/arm64`, or None: the one of this machine, x86-64 before others."""
    insecure_registries: tuple[str, ...] = ()
    """Hosts that are spoken to without TLS."""
    mirrors: dict[str, str] = {}
    """Host of a registry to the address (scheme and host) that is asked before it."""
    is_offline: bool = False


def fits(platform: str, wanted: str) -> bool:
    """True if an image for `platform` is one for `wanted`: `linux/arm64` means every variant of it."""
    return platform == wanted or platform.startswith(f"{wanted}/")
