"""What a file may be, by a look at its bytes that lets through all that the parsers take (`gate/core/spelled.py`)."""

import msgspec

from gate.core.source_text import as_utf8
from gate.core.spelled import may_hold

MAX_COMPOSE = 4 << 20
"""Bytes of a Compose file; one that is larger is none."""
_OBJECT = ("apiVersion", "kind")
_SERVICES = ("services",)
_STARTED = ("image", "build", "extends", "privileged", "cap_add", "volumes", "ports")
_OUTERMOST = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[dict[str, msgspec.Raw]])


def may_say_something(content: bytes) -> bool:
    """True if a file may be a manifest or a Compose file."""
    return may_hold_objects(content) or may_be_compose(content)


def may_be_compose(content: bytes) -> bool:
    """True if a file may have services that start something; one that cannot be parsed may too."""
    return (
        len(content) <= MAX_COMPOSE
        and any(may_hold(content, key) for key in _STARTED)
        and _may_have(content, _SERVICES)
    )


def may_hold_objects(content: bytes) -> bool:
    """True if a file may name the version and kind of an object; templates and files that cannot be read may too."""
    return _may_have(content, _OBJECT)


def _may_have(content: bytes, keys: tuple[str, ...]) -> bool:
    """True unless the keys are not there or, in JSON, not outermost: a lock file of megabytes is not parsed as YAML."""
    if not may_hold(content, *keys):
        return False
    try:
        decoded = _OUTERMOST.decode(as_utf8(content))
    except msgspec.ValidationError:  # another list, or a number
        return False
    except (msgspec.DecodeError, RecursionError):  # no JSON: YAML, several documents, or an error later
        return True
    return any(keys[0] in one for one in (decoded if isinstance(decoded, list) else [decoded]))
