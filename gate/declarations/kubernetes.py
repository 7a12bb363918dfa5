"""The stage that judges Kubernetes manifests."""

from typing import Annotated, Literal

import msgspec

from gate.declarations.declaration import Declaration
from gate.declarations.section import RuleLevel, StageSettings, about
from gate.model import DockerHost, Tree

NEWEST = "1.37"
"""The newest version of Kubernetes whose Pod Security Standards are known."""


class KubernetesSettings(StageSettings, frozen=True):
    """The kubernetes stage: manifests of workloads."""

    pod_security: Annotated[
        Literal["baseline", "restricted"], about("Level of the Pod Security Standards that workloads have to meet.")
    ] = "baseline"
    version: Annotated[str, about("Version of Kubernetes whose standards count, as in 1.34.")] = NEWEST
    trusted_registries: Annotated[
        tuple[str, ...], about("Registries that the images of pods may come from; none given: any.")
    ] = ()
    helm: Annotated[
        bool, about("Charts are rendered by `helm template`, where helm is on the PATH; else without Helm.")
    ] = False
    rules: Annotated[dict[str, RuleLevel], about("Rule and severity: another one than its own, or off.")] = (
        msgspec.field(default_factory=dict)
    )
    no_pragmas: Annotated[bool, about("Comments such as `# gate: ignore[PSS-privileged]` silence nothing.")] = False


KUBERNETES = Declaration(
    name="kubernetes",
    module="gate.stages.kubernetes",
    accepts=(Tree, DockerHost),
    settings=KubernetesSettings,
    fixes=True,
    trust={
        "helm": "organisation",
        "rules": "levels",
        "pod_security": ("baseline", "restricted"),
        "version": "base",
        "trusted_registries": "allow list",
    },
)
