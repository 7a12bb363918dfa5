""".NET programs: the `NAME.deps.json` in the folder of each."""

from collections.abc import Iterator

from gate.core.errors import UnreadableError
from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.packages import Finder, unparsable
from gate.inventory.lockfiles.dotnet_deps import parse
from gate.model import Package
from gate.trees import FileTree


def finder(_: FileTree) -> Finder:
    """Return the test for the files, by their names."""
    return lambda path, _: path.endswith(".deps.json")


def read(content: bytes, path: str, _: Distribution | None) -> Iterator[Package]:
    """Yield what the program loads."""
    try:
        yield from parse(content.decode("utf-8-sig"), path).packages
    except UnicodeDecodeError as error:
        raise unparsable(path, "it is not UTF-8 text") from error
    except UnreadableError as error:
        raise unparsable(path, error.message.removeprefix("cannot be parsed: ")) from error
