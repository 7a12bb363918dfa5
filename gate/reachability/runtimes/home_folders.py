"""Home folders of an image's users (passwd(5)).

Container engines set HOME to that of the user who runs the program, or to `/` for a number that no user has.
"""

from collections.abc import Mapping

from gate.reachability.runtimes.files import Files
from gate.reachability.runtimes.per_image import cached_per_image

_ACCOUNTS = "etc/passwd"
_FIELDS = 7
ROOT = "/root"


@cached_per_image
def home_folders(files: Files) -> Mapping[str, str]:
    """Return the home of each user by name; root has one, too, if the file is missing."""
    text = files.text(_ACCOUNTS) if files.find(_ACCOUNTS) else ""
    lines = [line.split(":") for line in text.splitlines()]
    return {"root": ROOT} | {fields[0]: fields[5] for fields in lines if len(fields) == _FIELDS and fields[5]}
