"""`gate.yaml`, environment and flags: every setting once, with its default and its meaning."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from gate.core.durations import Duration
from gate.core.hosts import PATTERN as HOST
from gate.declarations import DECLARED
from gate.declarations.declaration import Declaration
from gate.declarations.section import Section, StageSettings, about
from gate.settings.policy import PolicySettings

StageSection = TypeVar("StageSection", bound=StageSettings)
Shard = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$")]
"""Which share of how many: `2/3`."""
Permission = Literal["build", "tools", "plugins", "yara", "cel"]
"""What the settings of a repository ask for only if the one who starts the gate allows it (`gate.policy.allowed`)."""
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


class ToolSettings(Section, frozen=True):
    """Another program that the stage `tools` runs."""

    command: Annotated[
        tuple[str, ...],
        about("Program and arguments; {target} is the folder, {output} the report, else standard output is."),
        msgspec.Meta(min_length=1),
    ]
    format: Annotated[ToolFormat, about("What it writes.")]
    success: Annotated[
        tuple[int, ...], about("Exit statuses with which its report is whole; none given: its format's.")
    ] = ()
    timeout: Annotated[int, about("Seconds that it may take."), msgspec.Meta(ge=1)] = 300
    memory: Annotated[int, about("Bytes of memory that each of its processes may take."), msgspec.Meta(ge=64 << 20)] = (
        8 << 30
    )
    environment: Annotated[tuple[str, ...], about("Environment variables that it gets in addition to PATH.")] = ()


if TYPE_CHECKING:

    class Stages(Section, frozen=True):
        """`Settings.of` gives the sections with their types."""

        def __init__(self, **sections: StageSettings) -> None: ...

        def __getattr__(self, name: str) -> Any: ...

else:
    Stages = msgspec.defstruct(
        "Stages",
        [(one.name, one.settings, one.settings()) for one in DECLARED.values()],
        bases=(Section,),
        namespace={"__doc__": "One section a stage."},
        module=__name__,
        frozen=True,
    )


class ImageRef(Section, frozen=True):
    """An image to scan with the repository."""

    ref: Annotated[
        str, about("As on the command line (`archive:FILE.tar`, `docker:NAME`); a path is relative to gate.yaml.")
    ]
    build: Annotated[bool, about("Build it in the Docker daemon first; this runs what the Dockerfile says.")] = False
    context: Annotated[str, about("Folder to build it from, relative to gate.yaml.")] = "."
    dockerfile: Annotated[str, about("Dockerfile to build it with, relative to the context.")] = "Dockerfile"
    target: Annotated[str | None, about("Stage of the Dockerfile to build; else the last one.")] = None
    entrypoint: Annotated[
        tuple[str, ...] | None, about("How it is started too: words in place of its ENTRYPOINT and CMD.")
    ] = None
    command: Annotated[tuple[str, ...] | None, about("How it is started too: words in place of its CMD.")] = None
    service: Annotated[
        str | None, about("Service of Compose files that says how to build it, instead of the keys above.")
    ] = None
    compose: Annotated[
        tuple[str, ...], about("These Compose files, relative to gate.yaml; else those that Compose looks for there.")
    ] = ()


class AdvisorySettings(Section, frozen=True):
    """Where advisories come from."""

    source: Annotated[
        str,
        about("A folder or URL laid out as OSV's bucket (ECOSYSTEM/all.zip), or wheel:NAME, an installed package."),
    ] = "https://osv-vulnerabilities.storage.googleapis.com"
    max_age: Annotated[
        Duration, about("How long ago advisories may have been checked with their source, such as 7d.")
    ] = "7d"
    key: Annotated[
        str, about("A file with the ed25519 key (PEM) that imported and installed advisories must be signed with.")
    ] = ""


class Settings(Section, frozen=True):
    """All of `gate.yaml`."""

    stages: Stages = Stages()
    images: tuple[ImageRef, ...] = ()
    images_from: Annotated[
        tuple[str, ...],
        about("Scan the images that these files name: compose, kubernetes (all of a kind), or patterns of files."),
    ] = ()
    advisories: AdvisorySettings = AdvisorySettings()
    policy: PolicySettings = PolicySettings()
    tools: Annotated[dict[str, ToolSettings], about("Other programs, whose findings count as the gate's own.")] = (
        msgspec.field(default_factory=dict)
    )
    plugins: Annotated[
        dict[str, dict[str, Any]], about("Stages of other installed packages, each with its settings.")
    ] = msgspec.field(default_factory=dict)
    only_plugins: Annotated[tuple[str, ...] | None, about("Plugins that run; none given: all.")] = None
    skip_plugins: Annotated[tuple[str, ...], about("Plugins that do not run.")] = ()
    allow: Annotated[
        tuple[Permission, ...],
        about(
            "What the repository's settings may ask for (build, tools, plugins, yara, cel); never read from its file."
        ),
    ] = ()
    allow_tools: Annotated[bool, about("Let the programs under `tools` run; never read from a file.")] = False
    trusted_hosts: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=HOST)], ...],
        about(
            "Hosts that get credentials, and may be private, though a repository names them; never read from its file."
        ),
    ] = ()
    refuse_unseen: Annotated[
        tuple[Literal["submodules", "repositories", "sparse", "ignored", "excluded", "callers"], ...],
        about("What may not lie in a target without being looked at; it is an error of every stage then."),
    ] = ()
    since: Annotated[str | None, about("Judge only what came after the merge base with this revision.")] = None
    trust: Annotated[
        Literal["base", "head", "machine"] | None,
        about("Whose settings may loosen: base, head or machine; not given: base in a comparison, else head."),
    ] = None
    protected_branches: Annotated[
        tuple[str, ...],
        about("More branches whose own word counts when something is pushed to them (patterns)."),
    ] = ()
    reports: Annotated[dict[str, str], about("Report format and file to write it to; - is standard output.")] = (
        msgspec.field(default_factory=dict)
    )
    offline: Annotated[bool, about("Use nothing from the network.")] = False
    cache: Annotated[bool, about("Keep and use what earlier runs computed.")] = True
    shard: Annotated[
        Shard | None, about("Do only this share of the work, such as 2/3; `gate merge` joins the reports.")
    ] = None
    jobs: Annotated[int, about("Worker processes; 0: one a processor."), msgspec.Meta(ge=0, le=512)] = 0
    timeout: Annotated[int, about("Seconds that one stage may take on one target."), msgspec.Meta(ge=1)] = 600
    memory: Annotated[int, about("Bytes of memory that one worker may take."), msgspec.Meta(ge=64 << 20)] = 4 << 30
    isolation: Annotated[
        Literal["best", "required"],
        about("Keep workers from network, programs and other files as far as the system can; or refuse to do without."),
    ] = "best"
    quiet: Annotated[bool, about("Print the verdict alone.")] = False
    verbose: Annotated[bool, about("Print low findings and facts too.")] = False

    @property
    def plugin_stages(self) -> tuple[str, ...]:
        """The plugins that run."""
        chosen = self.plugins if self.only_plugins is None else self.only_plugins
        return tuple(name for name in self.plugins if name in chosen and name not in self.skip_plugins)

    def stage(self, name: str) -> Any:
        """Return the section of a stage."""
        return getattr(self.stages, name)

    def of(self, stage: Declaration[StageSection]) -> StageSection:
        """Return the section of a stage that the gate declares."""
        section: StageSection = getattr(self.stages, stage.name)
        return section

    def with_sections(self, sections: Mapping[str, StageSettings]) -> "Settings":
        """Return the settings with other sections of these stages."""
        return msgspec.structs.replace(self, stages=msgspec.structs.replace(self.stages, **sections))
