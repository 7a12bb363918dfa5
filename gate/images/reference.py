"""Parsing names of images as users write them: `archive:FILE.tar`, `oci-dir:FOLDER`, `docker:NAME`, a plain name."""

import re
from pathlib import Path

from gate.core.errors import UsageError
from gate.images.meant import folder_meant, is_of_another_program, meant
from gate.images.sources import SOURCES
from gate.model import Image

ON_DISK = frozenset({"archive", "oci-dir", "rootfs"})
"""Sources whose reference is a path."""
BY_NAME = frozenset({"named", "docker", "podman", "registry"})
"""Sources whose reference is a name of an image."""
_PREFIXES = SOURCES.keys() - {"named", "unknown"}
_MAX_NAME = 512
"""Characters; Docker takes 255 for the name and 128 for the tag."""

_LOGIN = re.compile(r"[^/\s]+:[^/\s]+@(?=[^/\s]*/)")
"""A user and password, which are not valid in an image's name; they must not be shown in the error."""
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?")
_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")

_FORMS = (
    "Write archive:FILE.tar, oci-dir:FOLDER, rootfs:FOLDER, docker:NAME, podman:NAME or registry:NAME; "
    "a NAME is like registry.example.com/shop/api:1.4"
)


def parse_image(text: str, folder: str) -> Image | None:
    """Return the image that `text` names, or None if it names a path (which may or may not be there).

    A path after one of `ON_DISK` is relative to `folder` and need not be there. A bare name is looked for in
    the Docker daemon, then in its registry. Raises UsageError for anything malformed.
    """
    source, colon, rest = text.partition(":")
    if colon and source in _PREFIXES:
        return _on_disk(text, source, rest, folder) if source in ON_DISK else _named(text, source, rest)
    if _is_path(text, folder):
        return None
    return _named(text, "named", text)


def _is_path(text: str, folder: str) -> bool:
    return text.startswith(("/", ".", "~")) or text.endswith("/") or (bool(text) and _exists(Path(folder, text)))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _on_disk(text: str, source: str, path: str, folder: str) -> Image:
    if not path or "\0" in path:
        raise UsageError("names no file", path=text, hint=_FORMS)
    if not _exists(Path(folder, path)) and (better := folder_meant(source, path, folder)):
        raise UsageError("names no file or folder", path=text, hint=f"Write {better}")
    return Image(source=source, reference=str(Path(folder, path).absolute()), name=text)


def _named(text: str, source: str, name: str) -> Image:
    if not is_image_name(name) or is_of_another_program(text):
        better = meant(_LOGIN.sub("", text), frozenset(_PREFIXES))
        # What is proposed has to be understood itself; of several proposals the first is asked.
        hint = f"Write {better}" if better and _is_understood(better.partition(",")[0]) else _FORMS
        raise UsageError("is no image name", path=_LOGIN.sub("…@", text)[:_MAX_NAME], hint=hint)
    return Image(source=source, reference=name, name=text)


def _is_understood(text: str) -> bool:
    source, colon, rest = text.partition(":")
    if colon and source in ON_DISK:
        return bool(rest)
    return is_image_name(rest if source in _PREFIXES else text)


def is_image_name(name: str) -> bool:
    """True for an image's name with or without host, tag and digest, and for an image id (Docker's grammar)."""
    if len(name) > _MAX_NAME:
        return False
    if _DIGEST.fullmatch(name):
        return True
    rest, at, digest = name.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        return False
    repository, tag = split_tag(rest)
    if tag is not None and not _TAG.fullmatch(tag):
        return False
    return _is_repository(repository)


def _is_repository(repository: str) -> bool:
    host, slash, path = repository.partition("/")
    if slash and _is_host(host):
        repository = path
    return all(_COMPONENT.fullmatch(part) for part in repository.split("/"))


def _is_host(part: str) -> bool:
    has_mark = "." in part or ":" in part or part == "localhost" or part.lower() != part
    return has_mark and _HOST.fullmatch(part) is not None


def split_tag(name: str) -> tuple[str, str | None]:
    """Split an image's name without digest into repository and tag; the tag is None if there is none."""
    head, colon, tag = name.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (name, None)
