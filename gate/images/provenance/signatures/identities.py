"""Signers without a key of their own: identities that a sigstore authority has certified for some minutes.

sigstore-python verifies their bundles as sigstore's client specification says: the chain of the certificate at the
time that the log or a timestamp states, its signed certificate timestamp, the identity, the log's entry with its proof
of inclusion, and the signature. All of it is held against the trust root that the settings name; nothing is fetched.
"""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import ConfigError, UsageError
from gate.images.provenance.signatures.statements import Authentic, Refused

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from sigstore.verify import Verifier

MAX_TRUST_ROOT = 4 << 20
"""Bytes of a trust root."""
_SHOWN = 200
"""Characters that a message shows of what a stranger wrote."""
_SETTING = "stages.image.signatures.trust_root"
_HOW_TO_GET_ONE = "`cosign trusted-root create` and `gh attestation trusted-root` write one"


class Identity(msgspec.Struct, frozen=True):
    """Who is trusted: what a certificate is for, and who has said that it is that one."""

    name: str
    """An address of mail or the address of a workflow, `*` as wildcard."""
    issuer: str
    """The address of the OpenID Connect provider."""


def opener_of(identities: Sequence[Identity], trust_root: str) -> Callable[[bytes], Authentic | Refused]:
    """Return a function that tells what one of `identities` has signed in a bundle.

    Raises ConfigError if the file `trust_root` is no trust root, UsageError without the package sigstore.
    """
    verifier, policy = _verifier(trust_root), _OneOf(identities)

    def opened(bundle: bytes) -> Authentic | Refused:
        from sigstore.errors import MetadataError
        from sigstore.models import Bundle

        try:
            read = Bundle.from_json(bundle)
            payload_type, payload = verifier.verify_dsse(read, policy)
            return Authentic(payload, payload_type, policy.signer(read.signing_certificate))
        except MetadataError as error:
            raise _no_trust_root(trust_root, error) from error
        except Exception as error:  # noqa: BLE001  (whatever a bundle of a stranger leads to, it is not verified)
            return Refused(_first_line(error))

    return opened


class _OneOf:
    """sigstore's VerificationPolicy: the certificate is one of these identities'."""

    def __init__(self, identities: Sequence[Identity]) -> None:
        self._identities = identities

    def verify(self, cert: "Certificate") -> None:
        self.signer(cert)

    def signer(self, cert: "Certificate") -> str:
        """Return the name in the certificate. Raises VerificationError if it is none of the identities'."""
        from sigstore.errors import VerificationError

        names = _names_in(cert)
        for trusted in self._identities:
            if _is_issued_by(cert, trusted.issuer):
                for name in names:
                    if fnmatchcase(name, trusted.name):
                        return name
        raise VerificationError(f"none of the identities, with its issuer, is {', '.join(names)}")


def _names_in(cert: "Certificate") -> list[str]:
    from cryptography.x509 import RFC822Name, SubjectAlternativeName, UniformResourceIdentifier

    names = cert.extensions.get_extension_for_class(SubjectAlternativeName).value
    return [*names.get_values_for_type(RFC822Name), *names.get_values_for_type(UniformResourceIdentifier)]


def _is_issued_by(cert: "Certificate", issuer: str) -> bool:
    """Tell by the extensions for the issuer, of which certificates have the new, the old or both."""
    from sigstore.errors import VerificationError
    from sigstore.verify.policy import AnyOf, OIDCIssuer, OIDCIssuerV2

    try:
        AnyOf([OIDCIssuerV2(issuer), OIDCIssuer(issuer)]).verify(cert)
    except VerificationError:
        return False
    return True


def _verifier(trust_root: str) -> "Verifier":
    if not trust_root:
        raise ConfigError("identities are trusted, and no trust root is named", path=_SETTING, hint=_HOW_TO_GET_ONE)
    try:
        from sigstore.errors import Error
        from sigstore.models import TrustedRoot
        from sigstore.verify import Verifier
    except ImportError as error:
        raise UsageError("identities of sigstore need a package", path=_SETTING, hint="pip install sigstore") from error
    try:
        file = Path(trust_root)
        if not file.is_file() or file.stat().st_size > MAX_TRUST_ROOT:
            raise ConfigError(f"is no file of at most {MAX_TRUST_ROOT:,} bytes", path=trust_root)
        return Verifier(trusted_root=TrustedRoot.from_file(trust_root))
    except (OSError, ValueError, Error) as error:
        raise _no_trust_root(trust_root, error) from error


def _no_trust_root(file: str, error: Exception) -> ConfigError:
    return ConfigError(f"is no trust root of sigstore: {_first_line(error)}", path=file, hint=_HOW_TO_GET_ONE)


def _first_line(error: Exception) -> str:
    """Return what went wrong; pydantic's further lines quote the input."""
    return str(error).partition("\n")[0][:_SHOWN] or type(error).__name__
