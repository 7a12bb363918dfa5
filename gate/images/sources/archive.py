"""A tar archive: of `docker save` (both layouts), of `podman save`, or an OCI layout in a tar."""

import os
from contextlib import ExitStack

from gate.core.errors import UnreadableError
from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.layers.span import Span
from gate.images.layers.unpack import unpack
from gate.images.limits import Budget
from gate.images.sources.docker_layout import DOCKER_MANIFEST, find_docker_image
from gate.images.sources.files import ArchiveFiles, open_file
from gate.images.sources.oci_layout import OCI_INDEX, find_oci_image


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in the archive at the path `reference`: see `gate.images.sources.ImageSource.find`."""
    name = os.path.basename(reference)
    archive = open_file(reference, name, opened)
    if archive is None:
        raise UnreadableError("is not there", path=name, hint="Build the image and save it there first")
    return find_in_archive(archive, budget, opened, access)


def find_in_archive(archive: Span, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in an open archive, which may be compressed as a whole."""
    is_packed = archive.peek(0, 2) == b"\x1f\x8b" or archive.peek(0, 4) == b"\x28\xb5\x2f\xfd"
    files = ArchiveFiles(unpack(archive, budget, opened) if is_packed else archive, budget)
    # Of the two ways in, the one with digests goes first; where both are there, they have to agree.
    if files.find(OCI_INDEX):
        return find_oci_image(files, access.platform)
    if files.find(DOCKER_MANIFEST):
        return find_docker_image(files)
    raise UnreadableError(
        f"is no image archive: it has neither {OCI_INDEX} nor {DOCKER_MANIFEST}",
        path=archive.name,
        hint="Write one with `docker save`, `podman save` or `skopeo copy … oci-archive:FILE`",
    )
