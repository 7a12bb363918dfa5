"""Rules on roles: powers that are more than they say, and who ends up with them."""

from collections.abc import Iterator

from gate.kubernetes.roles import EVERYTHING, FOR_DEFAULT, FOR_MANY, Power
from gate.kubernetes.rule import POWERS, rule
from gate.model import Severity, Worth
from gate.rules import Hit
from gate.rules.hits import Weighed

_SYSTEM = ("kube-system", "kube-public")


_DEPLOYERS = (
    *("argocd-application-controller", "argocd-manager", "fleet-agent", "flux-operator", "helm-controller"),
    *("kustomize-controller", "velero"),
)
"""Parts of the names of accounts that apply what others wrote, so that nothing less than everything is enough."""
_WEB = "{kind: ServiceAccount, name: web, namespace: shop}"
_STRANGERS = frozenset({"system:anonymous", "system:unauthenticated"})


def _example(rule: str, subject: str = _WEB) -> str:
    head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n"
    binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\n"
    reference = "roleRef: {kind: ClusterRole, name: r, apiGroup: rbac.authorization.k8s.io}\n"
    return f"{head}rules: [{rule}]\n---\n{binding}{reference}subjects: [{subject}]\n"


_HARMLESS = _example("{apiGroups: [''], resources: [configmaps], verbs: [get]}")


def _granted(id: str, severity: Severity, title: str, why: str, mend: str, example: str, subject: str = _WEB) -> None:
    """Make the rule on one power of `powers.txt`."""

    @rule(
        id,
        severity,
        title,
        looks_at=POWERS,
        why=why,
        mend=mend,
        references=("CWE-269",),
        bad=_example(example, subject),
        good=_HARMLESS,
    )
    def granted(power: Power) -> Iterator[Hit]:
        if power.rule == id:
            yield _hit(power, severity)


def _hit(power: Power, severity: Severity) -> Hit:
    worth, known_by = _worth(power)
    crowd = f" ({power.subject.crowd})" if power.subject.crowd else ""
    where = "in every namespace" if power.is_everywhere else "in one namespace"
    return Hit(
        message=f"{power.subject.id}{crowd} may {power.does} {where}: {' → '.join(power.chain)}",
        path=power.at.path,
        line=power.at.line,
        evidence=(power.subject.id, str(power.is_everywhere)),
        object=power.subject.id,
        severity=_severity(power, severity),
        worth=worth,
        worth_evidence=known_by,
    )


def _severity(power: Power, severity: Severity) -> Severity:
    """Return how bad it is: worst for a crowd, one step milder in one namespace."""
    if power.rule == FOR_MANY:
        return severity if _is_of_strangers(power) else Severity.LOW
    if power.subject.crowd:
        return Severity.CRITICAL if power.rule == EVERYTHING else Severity.HIGH
    return severity if power.is_everywhere else list(Severity)[max(0, severity.rank - 1)]


def _is_of_strangers(power: Power) -> bool:
    return power.subject.name in _STRANGERS


def _worth(power: Power) -> Weighed:
    """Return whether it stops a change: controllers need powers, crowds and default accounts do not."""
    if power.rule in (FOR_DEFAULT, FOR_MANY):
        return Worth.LOW, ("nothing of this repository shows a power in the role",)
    if power.subject.crowd:
        return Worth.HIGH, ()
    if power.subject.namespace in _SYSTEM:
        return Worth.LOW, (f"it is a part of the cluster, in {power.subject.namespace}",)
    if any(name in power.subject.name for name in _DEPLOYERS):
        return Worth.LOW, ("it deploys or saves whatever is in the cluster",)
    of_any_pod = power.subject.is_default and power.is_everywhere
    if of_any_pod or (power.rule == EVERYTHING and power.subject.kind == "ServiceAccount"):
        return Worth.MEDIUM, ()
    return Worth.LOW, ("controllers and administrators need it",)


_granted(
    EVERYTHING,
    Severity.HIGH,
    "May do everything in the cluster",
    "Who takes over one pod or token with this right owns the cluster, its secrets and its nodes.",
    "Give it the verbs and resources that it uses, in its own namespace.",
    "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}",
)
_granted(
    "GK102",
    Severity.MEDIUM,
    "May read secrets",
    "`list` and `watch` show the values as `get` does; tokens among them are other accounts' rights.",
    "Allow `get` on the secrets by name (resourceNames), in one namespace.",
    "{apiGroups: [''], resources: [secrets], verbs: [list]}",
)
_granted(
    "GK103",
    Severity.MEDIUM,
    "May start pods",
    "A pod runs with any service account of its namespace and mounts any of its secrets.",
    "Let a controller with a fixed template start them, or limit it to a namespace of its own.",
    "{apiGroups: [apps], resources: [deployments], verbs: [patch]}",
)
_granted(
    "GK104",
    Severity.MEDIUM,
    "May enter running pods",
    "exec, attach, port forwarding and ephemeral containers give what the pod has: its account, secrets and network. "
    "`get` is enough for exec and attach over WebSockets.",
    "Remove it; people get it for the time of an incident.",
    "{apiGroups: [''], resources: [pods/exec], verbs: [get]}",
)
_granted(
    "GK105",
    Severity.HIGH,
    "May issue tokens of service accounts",
    "With a token of another account it has that account's rights, and outside of the cluster too.",
    "Remove serviceaccounts/token, or name the accounts (resourceNames).",
    "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}",
)
_granted(
    "GK106",
    Severity.HIGH,
    "May give roles beyond its own rights",
    "`bind` and `escalate` switch off the check that no one gives away more than they have.",
    "Remove bind and escalate, or name the roles (resourceNames).",
    "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}",
)
_granted(
    "GK107",
    Severity.MEDIUM,
    "May change roles and bindings",
    "It can give its own rights to others, and with `bind` or `escalate` elsewhere any right.",
    "Leave roles to the administrators, or limit it to RoleBindings of one namespace.",
    "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}",
)
_granted(
    "GK108",
    Severity.HIGH,
    "May act as others",
    "`impersonate` on groups is enough to act as system:masters, whom no role limits.",
    "Name whom it may act as (resourceNames), never groups.",
    "{apiGroups: [''], resources: [groups], verbs: [impersonate]}",
)
_granted(
    "GK109",
    Severity.HIGH,
    "May ask the kubelet past the API server",
    "nodes/proxy runs commands in every pod of a node, past admission and the audit log; `get` is enough.",
    "Use nodes/metrics, nodes/stats or nodes/log for what is read.",
    "{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}",
)
_granted(
    "GK110",
    Severity.MEDIUM,
    "May create persistent volumes",
    "A volume of type hostPath is a folder of the node, and Pod Security does not see it behind a claim.",
    "Leave volumes to a storage class; claims are enough.",
    "{apiGroups: [''], resources: [persistentvolumes], verbs: [create]}",
)
_granted(
    "GK111",
    Severity.HIGH,
    "May approve or sign certificates",
    "With a certificate for system:masters or a node it is whom it likes.",
    "Limit approve and sign to the one signer (resourceNames).",
    "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}",
)
_granted(
    "GK112",
    Severity.MEDIUM,
    "May change admission",
    "A webhook sees and alters every object, secrets included; who deletes a validation switches it off.",
    "Leave it to the administrators, or name the configuration (resourceNames).",
    "{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [create]}",
)
_granted(
    "GK113",
    Severity.MEDIUM,
    "May relabel namespaces",
    "The labels of a namespace say which level of Pod Security counts there.",
    "Remove update and patch on namespaces.",
    "{apiGroups: [''], resources: [namespaces], verbs: [patch]}",
)
_granted(
    FOR_DEFAULT,
    Severity.LOW,
    "Role for the account of every pod that names none",
    "Each pod of the namespace without a service account of its own has the role, and so has each that comes later.",
    "Give the pod that needs it a service account of its own, and bind the role to that.",
    "{apiGroups: [''], resources: [configmaps], verbs: [get]}",
    subject="{kind: ServiceAccount, name: default, namespace: shop}",
)
_granted(
    FOR_MANY,
    Severity.MEDIUM,
    "Role for everyone",
    "Who reaches the API server, or has any account or pod, has the role: what it shows helps an attacker on.",
    "Bind the role to the groups or service accounts that need it.",
    "{apiGroups: [''], resources: [configmaps], verbs: [get]}",
    subject="{kind: User, name: 'system:anonymous'}",
)
