"""The stage that finds credentials."""

from typing import Annotated, Literal

from gate.declarations.declaration import Declaration
from gate.declarations.section import Plugins, StageSettings, about
from gate.model import CommitRange, Tree


class SecretsSettings(StageSettings, frozen=True):
    """The secrets stage."""

    mode: Annotated[
        Literal["gate", "compat"], about("gate, or compat: what `detect-secrets scan -n --all-files` finds, no more.")
    ] = "gate"
    baseline: Annotated[str, about("A detect-secrets baseline in the project; what it lists does not block.")] = (
        ".secrets.baseline"
    )
    trust_baseline_code: Annotated[
        bool, about("Run the plugins and filters that the baseline names as files; never read from a file.")
    ] = False
    baseline_loosens: Annotated[
        bool | None,
        about("The baseline's plugins and filters take the place of ours; not given: unless a policy stands above."),
    ] = None
    no_pragmas: Annotated[bool, about("Comments such as `pragma: allowlist secret` silence nothing.")] = False
    plugins: Plugins = ()
    history: Annotated[bool, about("Look at every version of every file in the repository's history too.")] = False
    unread: Annotated[
        Literal["report", "refuse"],
        about("Archives, disk images and the like that cannot be looked into: named in the facts, or an error."),
    ] = "report"
    max_file_size: Annotated[int, about("Bytes; a larger text file is an error, never passed over in silence.")] = (
        32 << 20
    )


SECRETS = Declaration(
    name="secrets",
    module="gate.stages.secrets",
    accepts=(Tree, CommitRange),
    settings=SecretsSettings,
    finds_secrets=True,
    words_rule="GATE-BASELINE",
    loosens="baseline_loosens",
    known_findings="baseline",
    trust={
        "mode": ("compat", "gate"),
        "baseline": "base",
        "trust_baseline_code": "organisation",
        "baseline_loosens": "loosens",
        "unread": ("report", "refuse"),
        "history": "on",
        "max_file_size": "base",
    },
    flags={"history": "history"},
)
