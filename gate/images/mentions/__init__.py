"""Images that a repository's Compose files and Kubernetes manifests name, and how these start their containers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from gate.core.errors import GateError, LimitError, UsageError
from gate.core.path_patterns import matches
from gate.dockerfile.compose import NamedFile
from gate.images.mentions import compose_files, kubernetes
from gate.images.mentions.mention import Mention
from gate.images.mentions.workloads import key_of
from gate.images.reference import is_image_name
from gate.model import ContainerStart, Image
from gate.trees import EntryKind, FileTree, join, resolve

MAX_SIZE = 4 << 20
"""Bytes of a file that is read for the images that it names."""
MAX_IMAGES = 500
"""Different images that one repository's files may name."""


class MentionReader(msgspec.Struct, frozen=True):
    """A kind of file that names images."""

    has_name: Callable[[str], bool]
    """True for a name (without folder) that such a file may have."""
    read: Callable[[bytes, str], Sequence[Mention]]
    """Returns the images in a file; empty if it is of another kind. Raises GateError."""
    named: Callable[[bytes, str], Iterable[NamedFile]] = lambda *_: ()
    """Returns the files that a file includes. Raises GateError."""


READERS = {
    "compose": MentionReader(compose_files.has_name, compose_files.read, compose_files.named),
    "kubernetes": MentionReader(kubernetes.has_name, kubernetes.read),
}

_HINT = f"Write {', '.join(READERS)}, or a pattern of Compose files or Kubernetes manifests"


def mentioned_images(tree: FileTree, wanted: Sequence[str], known: Sequence[Image] = ()) -> list[Image]:
    """Return the `known` images, then further ones that files of `tree` name, sorted by the files' paths.

    Each has all ways in which the files start it. An image that a file builds itself is left out. `wanted` are names of
    `READERS` and path patterns of files. A file that cannot be read, and an image whose name is known only when it is
    deployed, yield an image of the source `unknown`. Raises LimitError for too many images, UsageError for a pattern
    that is malformed or matches no file that can be read.
    """
    starts: defaultdict[str, list[ContainerStart]] = defaultdict(list)
    new: dict[str, Image] = {}
    names = {key_of(image) for image in known}
    for image, is_built in _images(tree, wanted):
        starts[key_of(image)].extend(image.starts)
        if not is_built and key_of(image) not in names:
            new.setdefault(key_of(image), image)
        if len(new) > MAX_IMAGES:
            raise LimitError(f"the files that images_from names name more than {MAX_IMAGES} images")
    return [_with_starts(image, starts[key_of(image)]) for image in (*known, *new.values())]


def _with_starts(image: Image, starts: Sequence[ContainerStart]) -> Image:
    return msgspec.structs.replace(image, starts=tuple(dict.fromkeys((*image.starts, *starts))))


def _images(tree: FileTree, wanted: Sequence[str]) -> Iterator[tuple[Image, bool]]:
    """Yield the images of all files, and of each whether the file has it built."""
    kinds = [READERS[name] for name in wanted if name in READERS]
    patterns = [name for name in wanted if name not in READERS]
    idle = set(patterns)
    done: set[str] = set()
    for entry in tree.walk():
        name = entry.path.rpartition("/")[2]
        named_by = [pattern for pattern in patterns if matches(entry.path, (pattern,))]
        readers = list(READERS.values()) if named_by else kinds
        reader = next((one for one in readers if one.has_name(name)), None)
        if reader is not None:
            idle.difference_update(named_by)
            yield from _images_of(tree, entry.path, reader, done)
    if idle:
        raise UsageError(f"images_from: {min(idle)} is no file that names images", hint=_HINT)


def _images_of(tree: FileTree, path: str, reader: MentionReader, done: set[str]) -> Iterator[tuple[Image, bool]]:
    """Yield the images of a file and of those that it includes, each file once."""
    waiting = [path]
    for one in waiting:  # included files are appended meanwhile
        if one in done:
            continue
        done.add(one)
        yield from _images_in(tree, one, reader)
        for place, file in _named(tree, one, reader):
            if file is None:
                yield _unknown(place, "the images of what it includes are not known"), False
            else:
                waiting.append(file)


def _named(tree: FileTree, path: str, reader: MentionReader) -> Iterator[tuple[str, str | None]]:
    """Yield where a file names another one, and that one's path; None if it is no file of the tree."""
    try:
        named = list(reader.named(tree.read(path, MAX_SIZE), path))
    except GateError:  # `_images_in` has yielded it
        return
    for one in named:
        inside = join(path.rpartition("/")[0], one.path) if one.path else None
        entry = resolve(tree, inside) if inside else None
        yield f"{path}:{one.line}", entry.path if entry is not None and entry.kind is EntryKind.FILE else None


def _images_in(tree: FileTree, path: str, reader: MentionReader) -> Iterator[tuple[Image, bool]]:
    try:
        mentions = reader.read(tree.read(path, MAX_SIZE), path)
    except GateError as error:
        yield _unknown(error.path or path, f"the images that it names are not known: it {error.message}"), False
        return
    for mention in mentions:
        place = f"{path}:{mention.line}"
        if mention.name is None:
            yield _unknown(place, f"the image of {mention.of} is known at deployment time only"), mention.is_built
        elif not is_image_name(mention.name) or mention.name.startswith("sha256:"):
            yield _unknown(place, f"the image of {mention.of} has a name that is none"), mention.is_built
        else:
            name, starts = mention.name, mention.starts
            image = Image(source="named", reference=name, name=name, starts=starts, is_of_repository=True)
            yield image, mention.is_built


def _unknown(place: str, why: str) -> Image:
    return Image(source="unknown", reference=f"{place}: {why}", name=place)
