"""The rules on Kubernetes: a family a module, listed here and nowhere else."""

from functools import lru_cache

from gate.kubernetes.rule import ON_KUBERNETES
from gate.rules import StageRule

BASELINE = "pod_security_baseline"
RESTRICTED = "pod_security_restricted"
MODULES = (
    "docker_containers",
    "docker_daemon",
    "docker_defaults",
    "docker_ports",
    "images",
    "namespaces",
    "network",
    BASELINE,
    RESTRICTED,
    "roles",
    "secrets",
    "workloads",
)


@lru_cache(maxsize=1)
def all_rules() -> tuple[StageRule, ...]:
    """Return every rule of the gate's own in the order of the ids."""
    return ON_KUBERNETES.own()


def on_what_is_written() -> list[StageRule]:
    """Return the rules that look at what a pod says, not at what it leaves out: those of the standards' baseline."""
    return [rule for rule in all_rules() if rule.module == f"{__name__}.{BASELINE}"]


def rules_for(level: str) -> tuple[StageRule, ...]:
    """Return the rules that a level of the Pod Security Standards asks for, and all others."""
    left_out = "" if level == "restricted" else f"{__name__}.{RESTRICTED}"
    return tuple(rule for rule in all_rules() if rule.module != left_out)
