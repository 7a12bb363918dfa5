"""The stage that looks into container images."""

from typing import Annotated

import msgspec

from gate.core.durations import Duration
from gate.declarations.declaration import Declaration
from gate.declarations.section import LicenseSettings, Plugins, Section, StageSettings, about
from gate.model import Image


class SignatureIdentity(Section, frozen=True):
    """Who signs without a key of one's own (sigstore)."""

    identity: Annotated[str, about("Address of mail or of a workflow, * as wildcard."), msgspec.Meta(min_length=1)]
    issuer: Annotated[str, about("Address of the provider that knows it."), msgspec.Meta(min_length=1)]


class SignatureSettings(Section, frozen=True):
    """Who has to vouch for an image in its registry. Without keys and identities nothing is asked."""

    keys: Annotated[
        tuple[str, ...], about("Files with public keys (PEM: ed25519, ECDSA P-256) that images are signed with.")
    ] = ()
    identities: Annotated[
        tuple[SignatureIdentity, ...], about("Identities of sigstore that images are signed by (extra `sigstore`).")
    ] = ()
    trust_root: Annotated[str, about("File with the trust root (sigstore's TrustedRoot) that identities need.")] = ""
    required: Annotated[bool, about("An image that none of them has signed is a finding that blocks.")] = False
    builders: Annotated[
        tuple[str, ...], about("Ids of builders, * as wildcard, one of which signed SLSA provenance has to name.")
    ] = ()


class ImageSettings(StageSettings, frozen=True):
    """The image stage."""

    vex: Annotated[tuple[str, ...], about("VEX documents (OpenVEX, CycloneDX); what they clear is ignored.")] = ()
    licenses: LicenseSettings = LicenseSettings()

    plugins: Plugins = ()
    signatures: SignatureSettings = SignatureSettings()
    bases: Annotated[
        dict[str, str], about("Known base images: a name, and the chain id of its layers (fact chain_id).")
    ] = msgspec.field(default_factory=dict)
    max_image_age: Annotated[
        Duration | None, about("How long ago an image may have been built, such as 90d; else any time.")
    ] = None
    observed: Annotated[
        tuple[str, ...], about("Profiles of what containers opened under test (`gate observe`): evidence for use.")
    ] = ()
    observed_max_age: Annotated[Duration, about("How long ago it may have been observed, such as 30d.")] = "30d"
    platform: Annotated[
        str | None, about("Platform of images that exist for several, such as linux/arm64; else this machine's.")
    ] = None
    insecure_registries: Annotated[
        tuple[str, ...], about("Hosts of registries that are spoken to without TLS; this machine always is.")
    ] = ()
    mirrors: Annotated[
        dict[str, str], about("Host of a registry, and the address (https://HOST) that is asked before it.")
    ] = msgspec.field(default_factory=dict)
    min_explained: Annotated[
        int,
        about("Per cent of the programs that packages have to explain; below it the image is not verified."),
        msgspec.Meta(ge=0, le=100),
    ] = 50
    yara: Annotated[tuple[str, ...], about("Folders with more YARA rules than the gate's own (extra `yara`).")] = ()
    max_size: Annotated[int, about("Bytes of all layers of an image after decompression.")] = 32 << 30
    max_entries: Annotated[int, about("Files, folders and links in all layers of an image.")] = 5_000_000


IMAGE = Declaration(
    name="image",
    module="gate.stages.image",
    accepts=(Image,),
    settings=ImageSettings,
    lists_packages=True,
    needs=("images", "images_from"),
    without="no image is named: --image or `images` in gate.yaml",
    files=("vex", "observed", "yara", "signatures.keys", "signatures.trust_root"),
    trust={
        "signatures.keys": "allow list",
        "signatures.identities": "allow list",
        "signatures.trust_root": "base",
        "signatures.required": "on",
        "signatures.builders": "allow list",
        "bases": "base",
        "max_image_age": "shorter",
        "observed": "base",
        "observed_max_age": "shorter",
        "platform": "base",
        "insecure_registries": "organisation",
        "mirrors": "organisation",
        "min_explained": "higher",
        "yara": "base",
        "max_size": "base",
        "max_entries": "base",
    },
)
