"""Who ends up with which power: `gate/kubernetes/roles.py` and the rules of `gate/kubernetes/rules/roles.py`."""

from collections.abc import Callable

import pytest

from gate.core.yaml_values import read_values
from gate.kubernetes.manifests import objects_of
from gate.kubernetes.roles import Power, powers_of
from gate.model import Finding, Severity, Tree, Worth
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes

HEAD = "apiVersion: rbac.authorization.k8s.io/v1\n"
WEB = "{kind: ServiceAccount, name: web, namespace: shop}"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {serviceAccountName: web, containers: [{name: a}]}}}
"""


def role(rules: str, kind: str = "ClusterRole", more: str = "") -> str:
    namespace = ", namespace: shop" if kind == "Role" else ""
    return f"{HEAD}kind: {kind}\nmetadata: {{name: r{namespace}{more}}}\nrules: [{rules}]\n"


def binding(subject: str = WEB, kind: str = "ClusterRoleBinding", name: str = "r", to: str = "ClusterRole") -> str:
    namespace = ", namespace: shop" if kind == "RoleBinding" else ""
    reference = f"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {to}, name: {name}}}\n"
    return f"{HEAD}kind: {kind}\nmetadata: {{name: b{namespace}}}\n{reference}subjects: [{subject}]\n"


def rule(group: str, resource: str, verb: str) -> str:
    return f"{{apiGroups: ['{group}'], resources: ['{resource}'], verbs: ['{verb}']}}"


def powers(*documents: str) -> list[Power]:
    values = read_values("---\n".join(documents), "a.yaml")
    return list(powers_of([one for value in values for one in objects_of(value)]))


def ids(*documents: str) -> set[str]:
    return {power.rule for power in powers(*documents)}


RBAC = "rbac.authorization.k8s.io"


@pytest.mark.parametrize(
    ("group", "resource", "verb", "expected"),
    [
        ("", "secrets", "get", "GK102"),
        ("", "secrets", "list", "GK102"),
        ("", "secrets", "watch", "GK102"),
        ("", "pods", "create", "GK103"),
        ("apps", "deployments", "patch", "GK103"),
        ("batch", "cronjobs", "update", "GK103"),
        ("", "pods/exec", "create", "GK104"),
        ("", "pods/exec", "get", "GK104"),
        ("", "pods/attach", "get", "GK104"),
        ("", "pods/portforward", "create", "GK104"),
        ("", "pods/ephemeralcontainers", "patch", "GK104"),
        ("", "serviceaccounts/token", "create", "GK105"),
        (RBAC, "clusterroles", "bind", "GK106"),
        (RBAC, "roles", "escalate", "GK106"),
        (RBAC, "rolebindings", "create", "GK107"),
        ("", "users", "impersonate", "GK108"),
        ("", "serviceaccounts", "impersonate", "GK108"),
        ("", "nodes/proxy", "get", "GK109"),
        ("", "persistentvolumes", "create", "GK110"),
        ("certificates.k8s.io", "certificatesigningrequests/approval", "update", "GK111"),
        ("certificates.k8s.io", "signers", "sign", "GK111"),
        ("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch", "GK112"),
        ("", "namespaces", "patch", "GK113"),
        ("*", "*", "*", "GK101"),
    ],
)
def test_each_power_is_found_by_its_verb_and_by_wildcards(group: str, resource: str, verb: str, expected: str) -> None:
    assert ids(role(rule(group, resource, verb)), binding()) == {expected}
    assert expected in ids(role(rule("*", resource, "*")), binding())
    if expected != "GK101":
        assert not ids(role(rule(group, resource, "delete" if verb != "delete" else "get")), binding()) - {"GK109"}
        assert not ids(role(rule("other.example", resource, verb)), binding())


@pytest.mark.parametrize("resource", ["pods/*", "*/exec", "*"])
def test_subresources_are_named_by_wildcards_too(resource: str) -> None:
    assert "GK104" in ids(role(rule("", resource, "create")), binding())


def test_reading_pods_is_no_power() -> None:
    assert not ids(role("{apiGroups: [''], resources: [pods, services], verbs: [get, list, watch]}"), binding())


def test_objects_by_name_are_no_power_but_one_role_that_may_be_escalated_is() -> None:
    named = "{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [one]}"
    assert not ids(role(named), binding())
    escalated = f"{{apiGroups: [{RBAC}], resources: [roles], verbs: [escalate], resourceNames: [one]}}"
    assert ids(role(escalated), binding()) == {"GK106"}


def test_the_chain_leads_from_the_workload_to_what_it_may_do() -> None:
    (power,) = powers(DEPLOYMENT, role(rule("", "secrets", "list")), binding())
    assert power.chain == (
        "Deployment/shop/web",
        "ServiceAccount/shop/web",
        "ClusterRoleBinding/b",
        "ClusterRole/r",
        "list secrets",
    )


def test_a_binding_of_one_namespace_gives_a_cluster_role_there_alone() -> None:
    (power,) = powers(role(rule("", "secrets", "get")), binding(kind="RoleBinding"))
    assert not power.is_everywhere
    (power,) = powers(role(rule("", "secrets", "get"), "Role"), binding(kind="RoleBinding", to="Role"))
    assert power.chain[-2] == "Role/shop/r"


def test_a_role_without_a_binding_gives_nothing_to_any_subject() -> None:
    assert not powers(role(rule("*", "*", "*")))
    assert not powers(role(rule("*", "*", "*")), binding(name="another"))


def test_an_account_without_a_namespace_is_that_of_its_binding() -> None:
    (power,) = powers(role(rule("", "secrets", "get")), binding("{kind: ServiceAccount, name: web}", "RoleBinding"))
    assert power.subject.namespace == "shop"


def test_aggregated_roles_collect_what_their_labels_name() -> None:
    part = role(rule("", "secrets", "get"), more=", labels: {to: all}").replace("name: r,", "name: part,")
    whole = (
        f"{HEAD}kind: ClusterRole\nmetadata: {{name: r}}\n"
        "aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: all}}]}\nrules: []\n"
    )
    assert ids(part, whole, binding()) == {"GK102"}
    assert not ids(part.replace("to: all", "to: none"), whole, binding())


@pytest.mark.parametrize(("name", "expected"), [("cluster-admin", {"GK101"}), ("edit", {"GK102", "GK103", "GK104"})])
def test_roles_that_every_cluster_has_are_known(name: str, expected: set[str]) -> None:
    assert ids(binding(name=name)) == expected
    assert not ids(binding(name="view"))


def test_masters_may_do_everything_whatever_they_are_bound_to() -> None:
    assert ids(binding("{kind: Group, name: 'system:masters'}", name="view")) == {"GK101"}


@pytest.mark.parametrize(
    ("resource", "verb", "name", "is_power"),
    [
        ("secrets", "get", "one", False),
        ("groups", "impersonate", "system:masters", True),
        ("groups", "impersonate", "developers", False),
    ],
)
def test_a_name_can_be_all_that_it_takes(resource: str, verb: str, name: str, is_power: bool) -> None:
    named = f"{{apiGroups: [''], resources: [{resource}], verbs: [{verb}], resourceNames: ['{name}']}}"
    assert bool(ids(role(named), binding())) is is_power


@pytest.mark.parametrize(
    ("name", "is_power"), [("kubernetes.io/kube-apiserver-client", True), ("shop.example/own", False)]
)
def test_a_signer_of_the_cluster_is_a_power_by_its_name(name: str, is_power: bool) -> None:
    group = "certificates.k8s.io"
    named = f"{{apiGroups: [{group}], resources: [signers], verbs: [approve], resourceNames: [{name}]}}"
    assert bool(ids(role(named), binding())) is is_power


@pytest.mark.parametrize(
    ("expression", "is_collected"),
    [
        ("{key: to, operator: In, values: [all, none]}", True),
        ("{key: to, operator: NotIn, values: [all]}", False),
        ("{key: to, operator: Exists}", True),
        ("{key: to, operator: DoesNotExist}", False),
        ("{key: to, operator: Unknown}", False),
    ],
)
def test_an_aggregated_role_may_select_by_expressions(expression: str, is_collected: bool) -> None:
    part = role(rule("", "secrets", "get"), more=", labels: {to: all}").replace("name: r,", "name: part,")
    whole = (
        f"{HEAD}kind: ClusterRole\nmetadata: {{name: r}}\n"
        f"aggregationRule: {{clusterRoleSelectors: [{{matchExpressions: [{expression}]}}]}}\nrules: []\n"
    )
    assert bool(ids(part, whole, binding())) is is_collected


@pytest.mark.parametrize(
    ("label", "bound", "expected"),
    [
        ("view", "view", {"GK105"}),
        ("view", "edit", {"GK102", "GK103", "GK104", "GK105"}),
        ("edit", "view", set()),
        ("admin", "edit", {"GK102", "GK103", "GK104"}),
    ],
)
def test_a_role_is_a_part_of_those_that_collect_it(label: str, bound: str, expected: set[str]) -> None:
    more = f", labels: {{'rbac.authorization.k8s.io/aggregate-to-{label}': 'true'}}"
    part = role(rule("", "serviceaccounts/token", "create"), more=more)
    assert ids(part, binding(name=bound)) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("{kind: User, name: 'system:anonymous'}", {"GK115"}),
        ("{kind: Group, name: 'system:authenticated'}", {"GK115"}),
        ("{kind: ServiceAccount, name: default, namespace: shop}", {"GK114"}),
        (WEB, set()),
        ("{kind: Group, name: developers}", set()),
    ],
)
def test_a_role_without_a_power_is_found_for_many_and_for_the_default_account(subject: str, expected: set[str]) -> None:
    assert ids(role(rule("", "configmaps", "get")), binding(subject)) == expected
    assert ids(role(rule("", "secrets", "get")), binding(subject)) == {"GK102"}
    assert not ids(binding(subject, name="system:public-info-viewer"))


def test_who_deploys_whatever_is_in_the_cluster_needs_everything(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    deployer = binding(
        "{kind: ServiceAccount, name: argocd-application-controller, namespace: a}", name="cluster-admin"
    )
    (finding,) = findings(make_tree, make_context(), deployer)
    assert (finding.severity, finding.worth) == (Severity.HIGH, Worth.LOW)


def findings(make_tree: Callable[..., Tree], context: LocalContext, *documents: str) -> tuple[Finding, ...]:
    files = {f"{number}.yaml": document for number, document in enumerate(documents)}
    return kubernetes.run(make_tree(files), context).findings


@pytest.mark.parametrize(
    "subject",
    [
        "{kind: Group, name: 'system:authenticated'}",
        "{kind: Group, name: 'system:unauthenticated'}",
        "{kind: User, name: 'system:anonymous'}",
        "{kind: Group, name: 'system:serviceaccounts:shop'}",
    ],
)
def test_what_a_crowd_may_do_is_worth_stopping_a_change(
    subject: str, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    documents = (role(rule("", "secrets", "get")), binding(subject))
    (finding,) = findings(make_tree, make_context(), *documents)
    assert (finding.severity, finding.worth) == (Severity.HIGH, Worth.HIGH)


def test_one_finding_a_subject_and_power_whatever_the_number_of_lines(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    many = ", ".join(rule("", "secrets", verb) for verb in ("get", "list", "watch"))
    (finding,) = findings(make_tree, make_context(), role(many), binding(), DEPLOYMENT)
    assert finding.rule == "GK102"
    assert finding.worth is Worth.LOW
    assert finding.message.startswith(
        "ServiceAccount/shop/web may get secrets in every namespace: Deployment/shop/web → "
    )


def test_the_whole_cluster_for_an_account_is_worth_stopping_a_change(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    (finding,) = findings(make_tree, make_context(), binding(name="cluster-admin"), DEPLOYMENT)
    assert (finding.rule, finding.severity, finding.worth) == ("GK101", Severity.HIGH, Worth.MEDIUM)
    system = binding(WEB.replace("shop", "kube-system"), name="cluster-admin")
    (finding,) = findings(make_tree, make_context(), system)
    assert finding.worth is Worth.LOW
