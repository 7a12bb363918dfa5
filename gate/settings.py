"""`gate.yaml`, environment and flags: every setting once, with its default and its meaning."""

from typing import Annotated, Any, Literal

import msgspec

from gate.durations import Duration
from gate.hosts import PATTERN as HOST
from gate.policy.rules import PolicySettings


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


Shard = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$")]
"""Which share of how many: `2/3`."""


Permission = Literal["build", "tools", "plugins", "yara", "cel"]
"""What the settings of a repository ask for only with the word of whoever starts the gate (`gate.policy.allowed`)."""


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of `gate.yaml`; a key that it does not have is an error."""


class StageSettings(_Section, frozen=True):
    """What every stage can be told."""

    enabled: bool = True
    paths: Annotated[tuple[str, ...], _about("Look only at files that match one of these patterns.")] = ()
    ignore: Annotated[tuple[str, ...], _about("Never look at files that match one of these patterns.")] = ()


RuleLevel = Literal["off", "info", "low", "medium", "high", "critical"]
"""What a rule's findings count as; `off`: the rule is not asked."""
ToolFormat = Literal[
    "sarif",
    "junit",
    "trivy",
    "grype",
    "gitleaks",
    "kingfisher",
    "credsweeper",
    "hadolint",
    "checkov",
    "semgrep",
    "bandit",
    "npm-audit",
    "pip-audit",
]
"""What another program can write (`gate.tools.formats`)."""
LabelFormat = Literal["text", "url", "rfc3339", "semver", "hash", "spdx", "email"]
"""What the value of a label has to be."""
Plugins = Annotated[
    tuple[str, ...], _about("Installed packages whose rules, kinds of secrets or lockfile formats count as well.")
]


class DockerfileSettings(StageSettings, frozen=True):
    """The dockerfile stage. What `.hadolint.yaml` says counts where this says nothing."""

    trusted_registries: Annotated[
        tuple[str, ...], _about("Registries that base images may come from; none given: any.")
    ] = ()
    rules: Annotated[
        dict[str, RuleLevel], _about("Rule and severity: another one than its own, or off; some rules need it.")
    ] = {}
    label_schema: Annotated[
        dict[str, LabelFormat], _about("Labels that every image needs, and the format of their values.")
    ] = {}
    strict_labels: Annotated[bool, _about("Labels that label_schema does not name are findings.")] = False
    shellcheck: Annotated[
        Literal["auto", "on", "off"], _about("Ask ShellCheck about the scripts of RUN; auto: if it is installed.")
    ] = "auto"
    plugins: Plugins = ()
    no_pragmas: Annotated[bool, _about("Comments such as `# hadolint ignore=DL3008` silence nothing.")] = False
    hadolint_loosens: Annotated[
        bool | None,
        _about("`.hadolint.yaml` may switch rules off and lower them; not given: unless a policy stands above."),
    ] = None


class SecretsSettings(StageSettings, frozen=True):
    """The secrets stage."""

    mode: Annotated[
        Literal["gate", "compat"], _about("gate, or compat: what `detect-secrets scan -n --all-files` finds, no more.")
    ] = "gate"
    baseline: Annotated[str, _about("A detect-secrets baseline in the project; what it lists does not block.")] = (
        ".secrets.baseline"
    )
    trust_baseline_code: Annotated[
        bool, _about("Run the plugins and filters that the baseline names as files; never read from a file.")
    ] = False
    baseline_loosens: Annotated[
        bool | None,
        _about("The baseline's plugins and filters take the place of ours; not given: unless a policy stands above."),
    ] = None
    no_pragmas: Annotated[bool, _about("Comments such as `pragma: allowlist secret` silence nothing.")] = False
    plugins: Plugins = ()
    history: Annotated[bool, _about("Look at every version of every file in the repository's history too.")] = False
    unread: Annotated[
        Literal["report", "refuse"],
        _about("Archives, disk images and the like that cannot be looked into: named in the facts, or an error."),
    ] = "report"
    max_file_size: Annotated[int, _about("Bytes; a larger text file is an error, never passed over in silence.")] = (
        32 << 20
    )


class LicenseSettings(_Section, frozen=True):
    """Licences by SPDX identifier, `*` as wildcard. Without lists no licence is looked at."""

    allow: Annotated[tuple[str, ...], _about("Licences that packages may have; all others are findings.")] = ()
    deny: Annotated[
        tuple[str, ...], _about("Licences that are findings; `unknown` stands for packages that state none.")
    ] = ()


class DependenciesSettings(StageSettings, frozen=True):
    """The dependencies stage."""

    vex: Annotated[
        tuple[str, ...], _about("VEX documents (OpenVEX, CycloneDX) in the project; what they clear is ignored.")
    ] = ()
    internal_packages: Annotated[
        tuple[str, ...], _about("Names of the organisation's own packages; from another registry they are findings.")
    ] = ()
    internal_registries: Annotated[
        tuple[str, ...], _about("Beginnings of the addresses that internal packages come from.")
    ] = ()
    licenses: LicenseSettings = LicenseSettings()
    plugins: Plugins = ()


class SignatureIdentity(_Section, frozen=True):
    """Who signs without a key of one's own (sigstore)."""

    identity: Annotated[str, _about("Address of mail or of a workflow, * as wildcard."), msgspec.Meta(min_length=1)]
    issuer: Annotated[str, _about("Address of the provider that knows it."), msgspec.Meta(min_length=1)]


class SignatureSettings(_Section, frozen=True):
    """Who has to vouch for an image in its registry. Without keys and identities nothing is asked."""

    keys: Annotated[
        tuple[str, ...], _about("Files with public keys (PEM: ed25519, ECDSA P-256) that images are signed with.")
    ] = ()
    identities: Annotated[
        tuple[SignatureIdentity, ...], _about("Identities of sigstore that images are signed by (extra `sigstore`).")
    ] = ()
    trust_root: Annotated[str, _about("File with the trust root (sigstore's TrustedRoot) that identities need.")] = ""
    required: Annotated[bool, _about("An image that none of them has signed is a finding that blocks.")] = False
    builders: Annotated[
        tuple[str, ...], _about("Ids of builders, * as wildcard, one of which signed SLSA provenance has to name.")
    ] = ()


class ImageSettings(StageSettings, frozen=True):
    """The image stage."""

    vex: Annotated[tuple[str, ...], _about("VEX documents (OpenVEX, CycloneDX); what they clear is ignored.")] = ()
    licenses: LicenseSettings = LicenseSettings()

    plugins: Plugins = ()
    signatures: SignatureSettings = SignatureSettings()
    bases: Annotated[
        dict[str, str], _about("Known base images: a name, and the chain id of its layers (fact chain_id).")
    ] = {}
    max_image_age: Annotated[
        Duration | None, _about("How long ago an image may have been built, such as 90d; else any time.")
    ] = None
    observed: Annotated[
        tuple[str, ...], _about("Profiles of what containers opened under test (`gate observe`): evidence for use.")
    ] = ()
    observed_max_age: Annotated[Duration, _about("How long ago it may have been observed, such as 30d.")] = "30d"
    platform: Annotated[
        str | None, _about("Platform of images that exist for several, such as linux/arm64; else this machine's.")
    ] = None
    insecure_registries: Annotated[
        tuple[str, ...], _about("Hosts of registries that are spoken to without TLS; this machine always is.")
    ] = ()
    mirrors: Annotated[
        dict[str, str], _about("Host of a registry, and the address (https://HOST) that is asked before it.")
    ] = {}
    min_explained: Annotated[
        int,
        _about("Per cent of the programs that packages have to explain; below it the image is not verified."),
        msgspec.Meta(ge=0, le=100),
    ] = 50
    yara: Annotated[tuple[str, ...], _about("Folders with YARA rules, besides the gate's own (extra `yara`).")] = ()
    max_size: Annotated[int, _about("Bytes of all layers of an image after decompression.")] = 32 << 30
    max_entries: Annotated[int, _about("Files, folders and links in all layers of an image.")] = 5_000_000


class ToolSettings(_Section, frozen=True):
    """Another program that the stage `tools` runs."""

    command: Annotated[
        tuple[str, ...],
        _about("Program and arguments; {target} is the folder, {output} the report, else standard output is."),
        msgspec.Meta(min_length=1),
    ]
    format: Annotated[ToolFormat, _about("What it writes.")]
    success: Annotated[
        tuple[int, ...], _about("Exit statuses with which its report is whole; none given: its format's.")
    ] = ()
    timeout: Annotated[int, _about("Seconds that it may take."), msgspec.Meta(ge=1)] = 300
    memory: Annotated[
        int, _about("Bytes of memory that each of its processes may take."), msgspec.Meta(ge=64 << 20)
    ] = 8 << 30
    environment: Annotated[tuple[str, ...], _about("Variables of the environment that it gets besides PATH.")] = ()


class Stages(_Section, frozen=True):
    """One section a stage."""

    dockerfile: DockerfileSettings = DockerfileSettings()
    secrets: SecretsSettings = SecretsSettings()
    dependencies: DependenciesSettings = DependenciesSettings()
    image: ImageSettings = ImageSettings()
    tools: StageSettings = StageSettings()


class ImageRef(_Section, frozen=True):
    """An image to scan with the repository."""

    ref: Annotated[
        str, _about("As on the command line (`archive:FILE.tar`, `docker:NAME`); a path is relative to gate.yaml.")
    ]
    build: Annotated[bool, _about("Build it in the Docker daemon first; this runs what the Dockerfile says.")] = False
    context: Annotated[str, _about("Folder to build it from, relative to gate.yaml.")] = "."
    dockerfile: Annotated[str, _about("Dockerfile to build it with, relative to the context.")] = "Dockerfile"
    target: Annotated[str | None, _about("Stage of the Dockerfile to build; else the last one.")] = None
    entrypoint: Annotated[
        tuple[str, ...] | None, _about("How it is started too: words in place of its ENTRYPOINT and CMD.")
    ] = None
    command: Annotated[tuple[str, ...] | None, _about("How it is started too: words in place of its CMD.")] = None
    service: Annotated[
        str | None, _about("Service of Compose files that says how to build it, instead of the keys above.")
    ] = None
    compose: Annotated[
        tuple[str, ...], _about("These Compose files, relative to gate.yaml; else those that Compose looks for there.")
    ] = ()


class AdvisorySettings(_Section, frozen=True):
    """Where advisories come from."""

    source: Annotated[
        str,
        _about("A folder or URL laid out as OSV's bucket (ECOSYSTEM/all.zip), or wheel:NAME, an installed package."),
    ] = "https://osv-vulnerabilities.storage.googleapis.com"
    max_age: Annotated[
        Duration, _about("How long ago advisories may have been checked with their source, such as 7d.")
    ] = "7d"
    key: Annotated[
        str, _about("A file with the ed25519 key (PEM) that imported and installed advisories must be signed with.")
    ] = ""
    is_of_repository: Annotated[bool, _about("Set by the gate: the repository's settings alone name the source.")] = (
        False
    )


class Settings(_Section, frozen=True):
    """All of `gate.yaml`."""

    stages: Stages = Stages()
    images: tuple[ImageRef, ...] = ()
    images_from: Annotated[
        tuple[str, ...],
        _about("Scan the images that these files name: compose, kubernetes (all of a kind), or patterns of files."),
    ] = ()
    advisories: AdvisorySettings = AdvisorySettings()
    policy: PolicySettings = PolicySettings()
    tools: Annotated[dict[str, ToolSettings], _about("Other programs, whose findings count as the gate's own.")] = {}
    plugins: Annotated[
        dict[str, dict[str, Any]], _about("Stages of other installed packages, each with its settings.")
    ] = {}
    only_plugins: Annotated[tuple[str, ...] | None, _about("Plugins that run; none given: all.")] = None
    skip_plugins: Annotated[tuple[str, ...], _about("Plugins that do not run.")] = ()
    allow: Annotated[
        tuple[Permission, ...],
        _about(
            "What the repository's settings may ask for (build, tools, plugins, yara, cel); never read from its file."
        ),
    ] = ()
    allow_tools: Annotated[bool, _about("Let the programs under `tools` run; never read from a file.")] = False
    trusted_hosts: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=HOST)], ...],
        _about(
            "Hosts that get credentials, and may be private, though a repository names them; never read from its file."
        ),
    ] = ()
    refuse_unseen: Annotated[
        tuple[Literal["submodules", "repositories", "sparse", "ignored", "excluded", "callers"], ...],
        _about("What may not lie in a target without being looked at; it is an error of every stage then."),
    ] = ()
    since: Annotated[str | None, _about("Judge only what came after the merge base with this revision.")] = None
    trust: Annotated[
        Literal["base", "head", "machine"] | None,
        _about("Whose settings may loosen: base, head or machine; not given: base in a comparison, else head."),
    ] = None
    protected_branches: Annotated[
        tuple[str, ...],
        _about("More branches whose own word counts when something is pushed to them (patterns)."),
    ] = ()
    reports: Annotated[dict[str, str], _about("Report format and file to write it to; - is standard output.")] = {}
    offline: Annotated[bool, _about("Use nothing from the network.")] = False
    cache: Annotated[bool, _about("Keep and use what earlier runs computed.")] = True
    shard: Annotated[
        Shard | None, _about("Do only this share of the work, such as 2/3; `gate merge` joins the reports.")
    ] = None
    jobs: Annotated[int, _about("Worker processes; 0: one a processor."), msgspec.Meta(ge=0, le=512)] = 0
    timeout: Annotated[int, _about("Seconds that one stage may take on one target."), msgspec.Meta(ge=1)] = 600
    memory: Annotated[int, _about("Bytes of memory that one worker may take."), msgspec.Meta(ge=64 << 20)] = 4 << 30
    isolation: Annotated[
        Literal["best", "required"],
        _about(
            "Keep workers from network, programs and other files as far as the system can; or refuse to do without."
        ),
    ] = "best"
    quiet: Annotated[bool, _about("Print the verdict alone.")] = False
    verbose: Annotated[bool, _about("Print low findings and facts too.")] = False

    @property
    def plugin_stages(self) -> tuple[str, ...]:
        """The plugins that run."""
        chosen = self.plugins if self.only_plugins is None else self.only_plugins
        return tuple(name for name in self.plugins if name in chosen and name not in self.skip_plugins)

    def stage(self, name: str) -> Any:
        """Return the section of a stage."""
        return getattr(self.stages, name)
