"""What a signature of cosign is of: a simple signing payload (containers/image, "atomic container signature")."""

import msgspec

_TYPE = "cosign container image signature"


class _Image(msgspec.Struct, frozen=True):
    digest: str = msgspec.field(name="docker-manifest-digest")


class _Critical(msgspec.Struct, frozen=True):
    image: _Image
    type: str


class _Payload(msgspec.Struct, frozen=True):
    critical: _Critical


def digest_in(payload: bytes) -> str | None:
    """Return the digest of the manifest that a payload vouches for; None if it is no payload of cosign's."""
    try:
        critical = msgspec.json.decode(payload, type=_Payload).critical
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return critical.image.digest if critical.type == _TYPE else None
