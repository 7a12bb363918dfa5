"""What a file of an image stated before a later layer replaced or removed it."""

from gate.images.layers.merged import HiddenFile, LayeredTree
from gate.images.provenance.base import PackageName
from gate.inventory.installed.distribution import Distribution
from gate.inventory.installed.inventory import reader_of
from gate.model import Package
from gate.trees.memo import Analysis


def names_stated(
    tree: LayeredTree, file: HiddenFile, format: str, distribution: Distribution | None
) -> list[PackageName]:
    """Return the packages that a hidden file of a format (key of `READERS`) states; read once, whoever asks.

    Raises as `FileTree.read` does, or for a file that is no such format's.
    """

    def tell(content: bytes) -> list[PackageName]:
        stated = reader_of(format).read(content, file.entry.path, distribution)
        return [PackageName.of(package) for package in stated if isinstance(package, Package)]

    analysis = Analysis("names of packages", list[PackageName], tell, (format, repr(distribution)))
    return tree.analysed_hidden(file, analysis)
