"""The packages in a file that a later layer replaced or removed."""

from gate.images.layers.merged import HiddenFile, LayeredTree
from gate.images.provenance.base import PackageName
from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.inventory import reader_of
from gate.model import Package
from gate.trees.memo import Analysis


def names_stated(
    tree: LayeredTree, file: HiddenFile, format: str, distribution: Distribution | None
) -> list[PackageName]:
    """Return the packages in a hidden file of a format (key of `READERS`); the result is cached.

    Raises as `FileTree.read` does, or for a file that is no such format's.
    """

    def analyse(content: bytes) -> list[PackageName]:
        stated = reader_of(format).read(content, file.entry.path, distribution)
        return [PackageName.of(package) for package in stated if isinstance(package, Package)]

    analysis = Analysis("names of packages", list[PackageName], analyse, (format, repr(distribution)))
    return tree.analysed_hidden(file, analysis)
