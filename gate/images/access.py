"""How images may be fetched: see `stages.image` in the settings."""

import msgspec

from gate.core.hosts import Reach


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What a source may do, and which platform's image is wanted."""

    platform: str | None = None
    """`linux/arm64`, or None: that of this machine, x86-64 first."""
    insecure_registries: tuple[str, ...] = ()
    """Hosts that are asked without TLS."""
    mirrors: dict[str, str] = {}
    """By a registry's host, the URL (scheme and host) of a mirror that is asked first."""
    is_offline: bool = False
    trusted_hosts: tuple[str, ...] = ()
    """Hosts that may be private and get their credentials even if only a repository names them."""
    is_of_repository: bool = False
    """True if only a repository names the image."""

    @property
    def reach(self) -> Reach:
        """Which hosts may be asked."""
        return Reach(is_of_repository=self.is_of_repository, trusted_hosts=self.trusted_hosts)


def fits(platform: str, wanted: str) -> bool:
    """True if an image for `platform` is one for `wanted`: `linux/arm64` means every variant of it."""
    return platform == wanted or platform.startswith(f"{wanted}/")
