"""Names of Go's functions as advisories write them: `gopkg.in/yaml.v3.Node.Decode`."""

from collections.abc import Iterator

import msgspec


class GoFunctionName(msgspec.Struct, frozen=True):
    """A function or method; without a name all of the package."""

    package: str
    owner: str
    """The type of a method."""
    function: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.package, self.owner, self.function

    def __str__(self) -> str:
        return ".".join(filter(None, (self.package, self.owner, self.function)))


def readings(symbol: str) -> Iterator[GoFunctionName]:
    """Yield what a symbol may mean, longest package first: the last part of a path may have dots, as a symbol has."""
    folder, slash, last = symbol.rpartition("/")
    parts = last.split(".")
    for length in range(len(parts), 0, -1):
        package, names = folder + slash + ".".join(parts[:length]), parts[length:]
        if len(names) <= 2:
            owner, function = ["", "", *names][-2:]
            yield GoFunctionName(package, owner, function)
