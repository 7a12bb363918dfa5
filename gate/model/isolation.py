"""What a process that reads a target is kept from."""

import msgspec


class Isolation(msgspec.Struct, frozen=True, kw_only=True):
    """True says that the system itself keeps the workers of a run from it."""

    network: bool = False
    """Connections of any kind, to this machine or others."""
    files: bool = False
    """Reading files besides the target, the interpreter and the gate; writing any."""
    programs: bool = False
    """Starting programs and processes, and touching other processes."""

    @property
    def is_whole(self) -> bool:
        return self.network and self.files and self.programs

    @property
    def missing(self) -> tuple[str, ...]:
        """What they are not kept from."""
        return tuple(name for name in self.__struct_fields__ if not getattr(self, name))
