"""What Go's standard library may call by itself: methods of its interfaces."""

from gate.core.word_lists import word_lists

METHODS = frozenset(name.encode() for name in word_lists(__file__)["methods"])
"""Names of methods that its code calls on values of any package's types."""


def is_standard(package: str) -> bool:
    """True for the path of a package that comes with Go: the first part of all others has a dot."""
    return "." not in package.partition("/")[0]
