"""How images may be got at: see `stages.image` in the settings."""

import msgspec

from gate.core.hosts import Reach


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What a source may do, and which of several images is meant."""

    platform: str | None = None
    """`linux/arm64`, or None: the one of this machine, x86-64 before others."""
    insecure_registries: tuple[str, ...] = ()
    """Hosts that are spoken to without TLS."""
    mirrors: dict[str, str] = {}
    """Host of a registry to the address (scheme and host) that is asked before it."""
    is_offline: bool = False
    trusted_hosts: tuple[str, ...] = ()
    """Hosts that get the credentials that are for them, and may be private, whoever names them."""
    is_of_repository: bool = False
    """True if a repository alone names the image."""

    @property
    def reach(self) -> Reach:
        """Who named what is asked for."""
        return Reach(is_of_repository=self.is_of_repository, trusted_hosts=self.trusted_hosts)


def fits(platform: str, wanted: str) -> bool:
    """True if an image for `platform` is one for `wanted`: `linux/arm64` means every variant of it."""
    return platform == wanted or platform.startswith(f"{wanted}/")
