"""The texts of the rules on who vouches for an image."""

from gate.declarations.image import IMAGE
from gate.model import RuleDescription, Severity

NOT_SIGNED = RuleDescription(
    id="GI070",
    stage=IMAGE.name,
    severity=Severity.HIGH,
    title="Image is not signed by a trusted key or identity",
    why="Whoever can write to the registry can put another image in the place of the one that was built and judged.",
    mend="Sign the image after the build: cosign sign [--key KEY] IMAGE@DIGEST; look who pushed an unsigned one.",
    references=("CWE-345", "https://docs.sigstore.dev/cosign/signing/signing_with_containers/"),
)
NO_PROVENANCE = RuleDescription(
    id="GI071",
    stage=IMAGE.name,
    severity=Severity.HIGH,
    title="No trusted builder stands for the image",
    why="Without signed provenance the image may have been built anywhere, from anything.",
    mend="Let the trusted builder build it and attest SLSA provenance (cosign attest --type slsaprovenance).",
    references=("CWE-345", "https://slsa.dev/spec/v1.0/provenance"),
)
SBOM_DRIFT = RuleDescription(
    id="GI072",
    stage=IMAGE.name,
    severity=Severity.MEDIUM,
    title="Attested bill of materials is not what is in the image",
    why="Whoever looks for a vulnerable package in the SBOM misses what is really there.",
    mend="Make the SBOM from the finished image (gate sbom IMAGE), and attest that one.",
    references=("CWE-1357",),
)
RULES = (NOT_SIGNED, NO_PROVENANCE, SBOM_DRIFT)
