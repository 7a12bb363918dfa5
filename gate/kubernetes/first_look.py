"""What a file may be, by a first look at its bytes, for which nothing is parsed or loaded."""

import re

import msgspec

from gate.core.lazy_regex import lazy_regex

MAX_COMPOSE = 4 << 20
"""Bytes of a Compose file; one that is larger is none."""
_API_VERSION = lazy_regex(rb"""^[ \t{,]*["']?apiVersion["']?[ \t]*:""", re.MULTILINE)
_KIND = lazy_regex(rb"""["']?\bkind["']?[ \t]*:""")
_OUTERMOST = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[dict[str, msgspec.Raw]])
_SERVICES = lazy_regex(rb"""^(?:\{[ \t]*)?["']?services["']?[ \t]*:""", re.MULTILINE)
_STARTED = lazy_regex(rb"""["']?\b(?:image|build|extends|privileged|cap_add|volumes|ports)["']?[ \t]*:""")


def may_say_something(content: bytes, path: str) -> bool:
    """True if a file may be a manifest or a Compose file."""
    return may_hold_objects(content, path) or may_be_compose(content)


def may_be_compose(content: bytes) -> bool:
    """True if a file looks as if it had services with images; one that cannot be parsed may too."""
    return (
        len(content) <= MAX_COMPOSE and _SERVICES.search(content) is not None and _STARTED.search(content) is not None
    )


def may_hold_objects(content: bytes, path: str) -> bool:
    """True if a file names the version and kind of an object; templates and files that cannot be read may too."""
    is_one = _API_VERSION.search(content) is not None and _KIND.search(content) is not None
    return is_one and (not path.endswith(".json") or _is_object(content))


def _is_object(content: bytes) -> bool:
    """True for JSON that is an object of Kubernetes or a list of them, and for what is no JSON, an error later.

    Only the outermost keys become objects of Python, so that `gate init` may ask it of any file.
    """
    try:
        decoded = _OUTERMOST.decode(content)
    except msgspec.ValidationError:  # another list, or a number
        return False
    except (msgspec.DecodeError, RecursionError):
        return content.lstrip()[:1] == b"{"
    return any("apiVersion" in one for one in (decoded if isinstance(decoded, list) else [decoded]))
