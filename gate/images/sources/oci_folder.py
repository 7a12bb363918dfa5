"""A folder with an OCI image layout, as `skopeo copy … oci:FOLDER:TAG`, umoci and BuildKit write it."""

from contextlib import ExitStack

from gate.core.errors import UnreadableError
from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.limits import Budget
from gate.images.sources.files import FolderFiles
from gate.images.sources.oci_layout import OCI_INDEX, find_oci_image


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in the folder `reference`: see `gate.images.sources.ImageSource.find`."""
    files = FolderFiles(reference, opened)
    if files.find(OCI_INDEX) is None:
        raise UnreadableError(
            f"is no OCI image layout: it has no {OCI_INDEX}",
            path=reference,
            hint="Write one with `skopeo copy … oci:FOLDER:TAG`",
        )
    return find_oci_image(files, access.platform)
