"""How the processes that read targets are isolated."""

import msgspec


class Isolation(msgspec.Struct, frozen=True, kw_only=True):
    """What the operating system denies the workers of a run; True means denied."""

    network: bool = False
    """Connections of any kind, to this machine or others."""
    files: bool = False
    """Reading files other than the target, the interpreter and the gate; writing any."""
    programs: bool = False
    """Starting programs and processes, and acting on other processes."""

    @property
    def is_whole(self) -> bool:
        return self.network and self.files and self.programs

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is not denied."""
        return tuple(name for name in self.__struct_fields__ if not getattr(self, name))
