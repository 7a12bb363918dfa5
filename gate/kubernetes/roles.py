"""Who ends up with which power: bindings, roles and workloads of a whole repository, joined.

A power is what the rules of a role allow beyond what they say (`powers.txt`). Facts:
https://kubernetes.io/docs/concepts/security/rbac-good-practices/ and /docs/reference/access-authn-authz/rbac/.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import msgspec

from gate.core.values import Value
from gate.kubernetes.objects import KubernetesObject, PodTemplate, of_same_overlay
from gate.kubernetes.pods import pods_of

RBAC = "rbac.authorization.k8s.io"
EVERYTHING = "GK101"
FOR_DEFAULT = "GK114"
FOR_MANY = "GK115"
ALL = "*"
BROAD_GROUPS = {
    "system:anonymous": "everyone who reaches the API server",
    "system:unauthenticated": "everyone who reaches the API server",
    "system:authenticated": "everyone with an account, each pod included",
    "system:serviceaccounts": "each pod of the cluster",
}
"""Users and groups of Kubernetes that are many, and who they are."""
BUILT_IN = {
    "cluster-admin": ((EVERYTHING, "do everything"),),
    "admin": (("GK102", "get secrets"), ("GK103", "create pods"), ("GK104", "create pods/exec")),
    "edit": (("GK102", "get secrets"), ("GK103", "create pods"), ("GK104", "create pods/exec")),
}
"""Powers of the roles that every cluster has; a group `system:masters` has them all."""
AGGREGATES = "rbac.authorization.k8s.io/aggregate-to-"
"""Beginning of the labels by which a role becomes a part of `view`, `edit` or `admin`."""
_COLLECTING = {"view": ("view", "edit", "admin"), "edit": ("edit", "admin"), "admin": ("admin",)}
"""By what a label names, the roles that collect it: each contains the one before."""
PUBLIC = frozenset(
    {"system:basic-user", "system:discovery", "system:public-info-viewer", "system:service-account-issuer-discovery"}
)
"""Roles that Kubernetes itself gives to everyone."""
_WITH_NAMES = {
    "escalate": None,
    "bind": frozenset({"admin", "cluster-admin", "edit"}),
    "impersonate": frozenset({"system:masters"}),
    "approve": frozenset({"kubernetes.io/*", "kubernetes.io/kube-apiserver-client", "kubernetes.io/legacy-unknown"}),
    "sign": frozenset({"kubernetes.io/*", "kubernetes.io/kube-apiserver-client", "kubernetes.io/legacy-unknown"}),
}
"""Verbs that are a power over certain objects by name (`resourceNames`); None: over any."""
_SERVICE_ACCOUNTS = "system:serviceaccounts:"


class RoleSubject(msgspec.Struct, frozen=True):
    """Who is given a role."""

    kind: str
    name: str
    namespace: str = ""

    @property
    def id(self) -> str:
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))

    @property
    def crowd(self) -> str:
        """Who it is if it is many; empty if it is not."""
        if self.name.startswith(_SERVICE_ACCOUNTS):
            return f"each pod of the namespace {self.name.removeprefix(_SERVICE_ACCOUNTS)}"
        return BROAD_GROUPS.get(self.name, "") if self.kind != "ServiceAccount" else ""

    @property
    def is_default(self) -> bool:
        """True for the account that every pod has which names none."""
        return self.kind == "ServiceAccount" and self.name == "default"


class Power(msgspec.Struct, frozen=True):
    """What a subject may do, and by which way it came to it."""

    rule: str
    """Id of the gate's rule on it."""
    does: str
    """`create pods`."""
    subject: RoleSubject
    chain: tuple[str, ...]
    """From the workload, or the subject, to what it may do: each step as `kind/namespace/name`."""
    at: Value
    """The rule of the role that grants it, or the binding to a role that every cluster has."""
    is_everywhere: bool
    """True in all namespaces; False in one."""


class _Role(msgspec.Struct, frozen=True):
    id: str
    powers: tuple[tuple[str, str, Value], ...]
    """Rule of the gate, what it allows, and the place."""
    aggregated_to: tuple[str, ...] = ()
    """Roles that every cluster has, and that collect this one."""
    overlays: tuple[str, ...] = ()
    """The overlays that render it so."""


_Roles = Mapping[tuple[str, str, str], list[_Role]]
"""By kind, namespace and name: of one that overlays render differently, each variant."""


@lru_cache(maxsize=1)
def _powers() -> Mapping[str, tuple[tuple[str, str, frozenset[str]], ...]]:
    """Return by resource the rules of the gate: id, API group, verbs of which one is enough."""
    found: dict[str, list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
    text = (Path(__file__).parent / "powers.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            id, group, resource, verbs = line.split()
            found[resource].append((id, group.removeprefix("-"), frozenset(verbs.split(","))))
    return {resource: tuple(rows) for resource, rows in found.items()}


def powers_of(objects: Sequence[KubernetesObject]) -> Iterator[Power]:
    """Yield each power of each subject once, with its shortest way: workload, account, binding, role.

    Where overlays render a role or a workload differently, a binding is joined with that of its own overlay.
    """
    roles = _roles(objects)
    users = _users(objects)
    collected = _collected(roles)
    seen: set[tuple[str, RoleSubject, bool]] = set()
    for binding in (one for one in objects if one.group == RBAC and one.kind in ("RoleBinding", "ClusterRoleBinding")):
        role = _role_of(binding, roles)
        is_everywhere = binding.kind == "ClusterRoleBinding"
        for subject in subjects_of(binding):
            granted = [*_granted(binding, role, subject), *collected.get(_built_in(binding, role), ())]
            for id, does, at in granted or _by_anyone(binding, subject):
                if (id, subject, is_everywhere) not in seen:
                    seen.add((id, subject, is_everywhere))
                    users_here = of_same_overlay(users.get(subject, ()), binding.overlays)
                    way = (
                        *(one.id for one in users_here[:1]),
                        subject.id,
                        binding.id,
                        _name_of_role(binding, role),
                        does,
                    )
                    yield Power(id, does, subject, way, at, is_everywhere)


def _built_in(binding: KubernetesObject, role: _Role | None) -> str:
    """Return the name of the role that a binding gives, if it is one that every cluster has."""
    is_own = role is not None or binding.value.text("roleRef", "kind") != "ClusterRole"
    return "" if is_own else binding.value.text("roleRef", "name")


def _by_anyone(binding: KubernetesObject, subject: RoleSubject) -> Iterator[tuple[str, str, Value]]:
    """Yield that a role without a power is given to many, or to the account of each pod that names none."""
    name = binding.value.text("roleRef", "name")
    place = binding.value.get("roleRef") or binding.value
    if name in PUBLIC or not name:
        return
    if subject.crowd:
        yield FOR_MANY, f"use the role {name}", place
    elif subject.is_default:
        yield FOR_DEFAULT, f"use the role {name}", place


def _collected(roles: _Roles) -> dict[str, list[tuple[str, str, Value]]]:
    """Return by role that every cluster has the powers that labels of other roles add to it."""
    found: dict[str, list[tuple[str, str, Value]]] = defaultdict(list)
    for role in chain.from_iterable(roles.values()):
        for label in role.aggregated_to:
            known = {id for id, _ in BUILT_IN.get(label, ())}
            for id, does, at in role.powers:
                if id not in known:
                    found[label].append((id, f"{does} (by {role.id}, which {label} collects)", at))
    return found


def _labels_of(role: KubernetesObject) -> tuple[str, ...]:
    """Return the roles that collect a role by its labels."""
    written = role.value.get("metadata", "labels")
    labels = [(key, value.text()) for key, value in written.items()] if written else []
    named = [key.removeprefix(AGGREGATES) for key, value in labels if key.startswith(AGGREGATES) and value == "true"]
    return tuple(dict.fromkeys(collecting for name in named for collecting in _COLLECTING.get(name, ())))


def _granted(binding: KubernetesObject, role: _Role | None, subject: RoleSubject) -> Iterable[tuple[str, str, Value]]:
    if subject.kind == "Group" and subject.name == "system:masters":
        return [(EVERYTHING, "do everything", binding.value)]
    if role is not None:
        return role.powers
    kind, name = binding.value.text("roleRef", "kind"), binding.value.text("roleRef", "name")
    place = binding.value.get("roleRef") or binding.value
    return [(id, does, place) for id, does in BUILT_IN.get(name, ())] if kind == "ClusterRole" else ()


def _role_of(binding: KubernetesObject, roles: _Roles) -> _Role | None:
    """Return the role that a binding gives; of several variants, what any of them allows."""
    kind, name = binding.value.text("roleRef", "kind"), binding.value.text("roleRef", "name")
    variants = roles.get((kind, "" if kind == "ClusterRole" else binding.namespace, name), [])
    found = of_same_overlay(variants, binding.overlays)
    return _Role(found[-1].id, tuple(power for one in found for power in one.powers)) if found else None


def _name_of_role(binding: KubernetesObject, role: _Role | None) -> str:
    return role.id if role else f"{binding.value.text('roleRef', 'kind')}/{binding.value.text('roleRef', 'name')}"


def _roles(objects: Iterable[KubernetesObject]) -> _Roles:
    """Return the roles; what an aggregated one collects is its own as well."""
    written = [one for one in objects if one.group == RBAC and one.kind in ("Role", "ClusterRole")]
    roles: dict[tuple[str, str, str], list[_Role]] = defaultdict(list)
    for one in written:
        parts = [one, *_aggregated(one, written)]
        powers = tuple(power for part in parts for power in _powers_of_role(part))
        namespace = "" if one.kind == "ClusterRole" else one.namespace
        roles[one.kind, namespace, one.name].append(_Role(one.id, powers, _labels_of(one), one.overlays))
    return roles


def _aggregated(role: KubernetesObject, written: Iterable[KubernetesObject]) -> Iterator[KubernetesObject]:
    """Yield the roles whose labels a role collects (`aggregationRule`)."""
    selectors = role.value.get("aggregationRule", "clusterRoleSelectors")
    for selector in selectors.elements() if selectors else ():
        for other in written:
            own = other.value.get("metadata", "labels")
            if own is not None and other is not role and _is_selected(selector, own):
                yield other


def _is_selected(selector: Value, labels: Value) -> bool:
    """True if labels are those of a selector: each that it names, and each expression; an empty one selects none."""
    wanted, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    named = [(key, value.text()) for key, value in wanted.items()] if wanted else []
    asked = list(expressions.elements()) if expressions else []
    return bool(named or asked) and (
        all(labels.text(key) == text for key, text in named) and all(_holds(one, labels) for one in asked)
    )


def _holds(expression: Value, labels: Value) -> bool:
    """True if labels are as an expression of a selector says (`In`, `NotIn`, `Exists`, `DoesNotExist`)."""
    found, values = labels.get(expression.text("key")), expression.texts("values")
    match expression.text("operator"):
        case "In":
            return found is not None and found.text() in values
        case "NotIn":
            return found is None or found.text() not in values
        case "Exists":
            return found is not None
        case "DoesNotExist":
            return found is None
    return False


def _powers_of_role(role: KubernetesObject) -> Iterator[tuple[str, str, Value]]:
    rules = role.value.get("rules")
    for rule in rules.elements() if rules else ():
        yield from ((id, does, rule) for id, does in powers_of_rule(rule))


def powers_of_rule(rule: Value) -> Iterator[tuple[str, str]]:
    """Yield what one rule of a role allows: id of the gate's rule, and the verb and resource."""
    groups, resources, verbs = (set(rule.texts(key)) for key in ("apiGroups", "resources", "verbs"))
    if names := set(rule.texts("resourceNames")):
        verbs = {verb for verb in verbs if _is_power_over(verb, names)}
    if ALL in groups and ALL in resources and ALL in verbs:
        yield EVERYTHING, "do everything"
        return
    for resource, rows in _powers().items():
        if not _names(resource, resources):
            continue
        for id, group, enough in rows:
            granted = enough if ALL in verbs else enough & verbs
            if granted and (ALL in groups or group in groups):
                yield id, f"{min(granted)} {resource}"


def _is_power_over(verb: str, names: set[str]) -> bool:
    """True if a verb on objects with these names alone is a power."""
    enough = _WITH_NAMES.get(verb, frozenset())
    return enough is None or bool(enough & names)


def _names(resource: str, resources: set[str]) -> bool:
    """True if a rule's resources hold one: by its name, by `*`, by `pods/*` or `*/exec`."""
    if resource in resources or ALL in resources:
        return True
    name, _, below = resource.partition("/")
    return bool(below) and (f"{name}/{ALL}" in resources or f"{ALL}/{below}" in resources)


def subjects_of(binding: KubernetesObject) -> Iterator[RoleSubject]:
    """Yield whom a binding gives its role."""
    subjects = binding.value.get("subjects")
    for subject in subjects.elements() if subjects else ():
        kind, name = subject.text("kind"), subject.text("name")
        if not name:  # a part of an overlay, which another file completes
            continue
        namespace = subject.text("namespace") or binding.namespace if kind == "ServiceAccount" else ""
        yield RoleSubject(kind, name, namespace)


def _users(objects: Iterable[KubernetesObject]) -> dict[RoleSubject, list[KubernetesObject]]:
    """Return the workloads by the service account that they run as."""
    users: dict[RoleSubject, list[KubernetesObject]] = defaultdict(list)
    for one in objects:
        for pod in pods_of(one, (1, 0)):
            users[account_of(pod)].append(one)
    return users


def account_of(pod: PodTemplate) -> RoleSubject:
    """Return the service account that a pod runs as."""
    name = pod.spec.text("serviceAccountName") or pod.spec.text("serviceAccount") or "default"
    return RoleSubject("ServiceAccount", name, pod.owner.namespace)
