"""Images that the files of a repository name: what its Compose files and Kubernetes manifests run."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from gate.errors import GateError, LimitError
from gate.images.mentions import compose_files, kubernetes
from gate.images.mentions.mention import Mention
from gate.images.reference import is_image_name
from gate.images.registry.names import image_name
from gate.model import Image
from gate.patterns import matches
from gate.trees import FileTree, Kind

MAX_SIZE = 4 << 20
"""Bytes of a file that is read for the images that it names."""
MAX_IMAGES = 500
"""Different images that one repository's files may name."""


class Reader(msgspec.Struct, frozen=True):
    """A kind of file that names images."""

    has_name: Callable[[str], bool]
    """Whether a file with this name (without folder) may be one."""
    read: Callable[[bytes, str], Sequence[Mention]]
    """Return what the bytes of a file name; nothing if it is another kind of file. Raises GateError."""


READERS = {
    "compose": Reader(compose_files.has_name, compose_files.read),
    "kubernetes": Reader(kubernetes.has_name, kubernetes.read),
}


def mentioned_images(tree: FileTree, wanted: Sequence[str]) -> list[Image]:
    """Return each image once that files of `tree` name, in the order of the files' paths.

    `wanted` are names of `READERS` and path patterns of files. What cannot be read, and an image that nobody can know
    before the deployment, is an image whose source says so. Raises LimitError for too many, UsageError for a pattern.
    """
    found: dict[str, Image] = {}
    for image in _images(tree, wanted):
        found.setdefault(_key(image), image)
        if len(found) > MAX_IMAGES:
            raise LimitError(f"the files that images_from names name more than {MAX_IMAGES} images")
    return list(found.values())


def _key(image: Image) -> str:
    return str(image_name(image.reference)) if image.source == "named" else image.reference


def _images(tree: FileTree, wanted: Sequence[str]) -> Iterator[Image]:
    kinds = [READERS[name] for name in wanted if name in READERS]
    patterns = [name for name in wanted if name not in READERS]
    for entry in tree.walk():
        name = entry.path.rpartition("/")[2]
        readers = list(READERS.values()) if matches(entry.path, patterns) else kinds
        reader = next((one for one in readers if one.has_name(name)), None)
        if reader is not None and entry.kind is Kind.FILE:
            yield from _images_in(tree, entry.path, reader)


def _images_in(tree: FileTree, path: str, reader: Reader) -> Iterator[Image]:
    try:
        mentions = reader.read(tree.read(path, MAX_SIZE), path)
    except GateError as error:
        yield _unknown(error.path or path, f"the images that it names are not known: it {error.message}")
        return
    for mention in mentions:
        place = f"{path}:{mention.line}"
        if mention.name is None:
            yield _unknown(place, f"the image of {mention.of} is known at deployment time only")
        elif not is_image_name(mention.name) or mention.name.startswith("sha256:"):
            yield _unknown(place, f"the image of {mention.of} has a name that is none")
        else:
            yield Image(source="named", reference=mention.name, name=mention.name)


def _unknown(place: str, why: str) -> Image:
    return Image(source="unknown", reference=f"{place}: {why}", name=place)
