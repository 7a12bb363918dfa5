"""Which files are archives by their names; what unpacks them is imported once there is one."""

import re

_NAMES = re.compile(
    r"\.(?:zip|jar|war|ear|aar|whl|egg|nupkg|apk|ipa|vsix|xpi|docx|xlsx|pptx|od[tsp]|tar|tgz|tbz2?|txz|tzst|crate|gem|gz|bz2|xz|zst)\Z",
    re.IGNORECASE,
)


def is_archive_name(path: str) -> bool:
    """True if a file is an archive or compressed by its name."""
    return _NAMES.search(path) is not None
