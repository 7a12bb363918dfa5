"""Rules for names that several ecosystems share."""

import re

_SCHEME = re.compile(r"\A(?:[a-z][a-z0-9+.-]*://|git@)")


def repository(name: str) -> str:
    """Return `github.com/apple/swift-nio` for `https://github.com/apple/swift-nio.git`."""
    return _SCHEME.sub("", name.lower()).replace(":", "/").removesuffix("/").removesuffix(".git")
