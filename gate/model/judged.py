"""How much of what a target declares could be judged."""

import msgspec


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of the declared packages that have a version to judge, and of all of them; what was not judged at all."""

    packages: int
    declared: int
    of_libraries: int = 0
    """How many of those without a version a library's manifest requires by range, as is the custom."""
    commands: tuple[str, ...] = ()
    """What to type so that the others get a version."""
    notes: tuple[str, ...] = ()
    """Sentences on what was read and cannot be judged, such as packages that no database has advisories on."""

    @property
    def per_cent(self) -> float:
        """The share that could be judged, from 0 to 100; 100 if nothing is declared."""
        return 100 * self.packages / self.declared if self.declared else 100.0

    @property
    def of_applications(self) -> "Judged":
        """The numbers without what libraries require by range."""
        return msgspec.structs.replace(self, declared=self.declared - self.of_libraries, of_libraries=0)

    @property
    def unjudged(self) -> int:
        return self.declared - self.packages

    def __str__(self) -> str:
        return f"{self.packages:,} of {self.declared:,} packages ({self.per_cent:.3g}%)"
