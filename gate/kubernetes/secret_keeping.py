"""How a repository keeps the secrets of its workloads: plain, or encrypted or fetched from a store."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.kubernetes.objects import KubernetesObject

KINDS = frozenset(
    {
        *("BitwardenSecret", "ClusterExternalSecret", "ClusterSecretStore", "ExternalSecret", "InfisicalSecret"),
        *("OnePasswordItem", "SealedSecret", "SecretProviderClass", "SecretStore", "SopsSecret"),
        *("VaultDynamicSecret", "VaultPKISecret", "VaultStaticSecret"),
    }
)
"""Kinds that are encrypted, or fetch their secrets from a store."""
_FILLED_IN = lazy_regex(r"[<{$%]|\A(?:vault|ref\+[a-z0-9]+|op|secret|env):|\A[*xX.-]*\Z")
"""What another program fills in, or is empty."""
_MADE_UP = lazy_regex(r"change|replace|example|placeholder|your[_ -]|todo|dummy|insert", re.IGNORECASE)
"""What a person is to fill in."""


class SecretKeeping(msgspec.Struct, frozen=True):
    """The objects of a repository that hold secrets or stand for them."""

    plain: tuple[KubernetesObject, ...] = ()
    """Each `Secret` with a value that is neither encrypted nor a placeholder."""
    has_protected: bool = False
    """True if others are encrypted (SealedSecret, SOPS), or fetched from a store."""


def secret_keeping_of(objects: Sequence[KubernetesObject]) -> SecretKeeping:
    """Return how the objects of a repository keep secrets."""
    secrets = [one for one in objects if one.kind == "Secret" and not one.group]
    encrypted = [one for one in secrets if one.value.get("sops") is not None]
    has_protected = bool(encrypted) or any(one.kind in KINDS for one in objects)
    plain = [one for one in secrets if one not in encrypted and any(map(_is_a_value, _values(one)))]
    each_once = {(one.path, one.value.line): one for one in reversed(plain)}  # overlays render it several times
    return SecretKeeping(tuple(reversed(each_once.values())), has_protected)


def _values(secret: KubernetesObject) -> Iterator[str]:
    """Yield the values of a `Secret`; those of `data` decoded, where they are base64 of text."""
    for key, decode in (("stringData", str), ("data", _decoded)):
        written = secret.value.get(key)
        for _, value in written.items() if written else ():
            yield decode(value.text())


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _is_a_value(text: str) -> bool:
    return not _FILLED_IN.search(text.strip()) and not _MADE_UP.search(text)
