"""Home folders of an image's users (passwd(5)).

Container engines set HOME to that of the user who runs the program, or to `/` for a number that no user has.
"""

from collections.abc import Mapping

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.per_image import cached_per_image
from gate.trees.memo import Analysis

_ACCOUNTS = "etc/passwd"
_FIELDS = 7
ROOT = "/root"


def _homes(content: bytes) -> dict[str, str]:
    lines = [line.split(":") for line in content.decode("utf-8", "replace").splitlines()]
    return {fields[0]: fields[5] for fields in lines if len(fields) == _FIELDS and fields[5]}


_HOMES = Analysis("homes of users", dict[str, str], _homes)


@cached_per_image
def home_folders(files: Files) -> Mapping[str, str]:
    """Return the home of each user by name; root has one, too, if the file is missing."""
    stated = files.analysed(_ACCOUNTS, _HOMES) if files.find(_ACCOUNTS) else {}
    return {"root": ROOT} | stated
