"""Rules on how secrets are kept and reach a workload. Their values are findings of the secrets stage."""

from collections.abc import Iterator

from gate.core.values import Value
from gate.kubernetes.hits import object_hit, pod_hit
from gate.kubernetes.objects import Container, KubernetesObject, PodTemplate
from gate.kubernetes.rule import OBJECTS, PODS, SECRET_KEEPING, rule
from gate.kubernetes.secret_keeping import SecretKeeping
from gate.model import Severity
from gate.rules import Hit

_MOST_NAMES = 3
_PLAIN = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: VALUE}\n"
_SEALED = "---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: mail}\n"
_ENCRYPTION = (
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"
    "- resources: [secrets]\n  providers: [PROVIDERS]\n"
)
_API_SERVER = "kube-apiserver"
_PROVIDERS = "--encryption-provider-config"
_ENV = "containers: [{name: a, env: [{name: PASSWORD, valueFrom: {SOURCE}}]}]"


@rule(
    "GK201",
    Severity.LOW,
    "Secrets in plain text, and no sign of another way",
    looks_at=SECRET_KEEPING,
    why="Base64 is no encryption: who reads the repository or its history has every value of its Secrets.",
    mend="Encrypt them (SOPS, Sealed Secrets) or fetch them from a store (External Secrets), and replace their values.",
    references=("CWE-312",),
    bad=_PLAIN.replace("VALUE", "hunter2"),
    good=_PLAIN.replace("VALUE", "hunter2") + _SEALED,
)
def plain_secrets(keeping: SecretKeeping) -> Iterator[Hit]:
    if keeping.plain and not keeping.has_protected:
        first, *others = keeping.plain
        named = ", ".join(one.id for one in others[:_MOST_NAMES])
        more = f", and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
        also = f"; so do {named}{more}" if others else ""
        at = first.value.get("stringData") or first.value.get("data") or first.value
        what = f"holds its values in plain text{also}, and no Secret here is sealed, encrypted or fetched from a store"
        field = "stringData" if first.value.get("stringData") else "data"
        yield object_hit(first, field, at, what)


@rule(
    "GK202",
    Severity.LOW,
    "Secret in the environment of a container",
    looks_at=PODS,
    why="Each program that the container starts gets it, crash reports and debug pages show it, and it is not renewed.",
    mend="Mount the Secret as a volume, and let the program read the file.",
    references=("CWE-526",),
    bad=_ENV.replace("SOURCE", "secretKeyRef: {name: db, key: password}"),
    good=_ENV.replace("SOURCE", "configMapKeyRef: {name: db, key: user}"),
)
def secret_in_environment(pod: PodTemplate) -> Iterator[Hit]:
    for container in pod.containers():
        found = list(_from_secrets(container))
        if found:
            (field, at), count = found[0], len(found)
            more = f", and {count - 1} more of this container" if count > 1 else ""
            yield pod_hit(pod, field, at, f"takes {at.text('name')}{more}", container.name, evidence="env")


def _from_secrets(container: Container) -> Iterator[tuple[str, Value]]:
    """Yield the references to secrets in the environment of a container, each with its field."""
    for key, way in (("env", ("valueFrom", "secretKeyRef")), ("envFrom", ("secretRef",))):
        listed = container.value.get(key)
        for number, entry in enumerate(listed.elements() if listed else ()):
            if found := entry.get(*way):
                yield f"{container.field}.{key}[{number}].{'.'.join(way)}", found


@rule(
    "GK203",
    Severity.MEDIUM,
    "Secrets are not encrypted in the cluster's storage",
    looks_at=OBJECTS,
    why="With the provider identity first, the API server writes new secrets as they are: a backup of etcd holds them.",
    mend="Put kms or secretbox first, and identity last for what is not rewritten yet.",
    references=("CWE-311",),
    bad=_ENCRYPTION.replace("PROVIDERS", "identity: {}"),
    good=_ENCRYPTION.replace("PROVIDERS", "{kms: {apiVersion: v2, name: a}}, {identity: {}}"),
)
def identity_first(found: KubernetesObject) -> Iterator[Hit]:
    if found.kind != "EncryptionConfiguration":
        return
    listed = found.value.get("resources")
    for number, entry in enumerate(listed.elements() if listed else ()):
        providers = entry.get("providers")
        first = next(providers.elements(), None) if providers else None
        if first is not None and first.get("identity") is not None and _covers_secrets(entry):
            what = f"the first provider for {', '.join(entry.texts('resources'))} is identity, which encrypts nothing"
            yield object_hit(found, f"resources[{number}].providers[0]", first, what, str(number))


def _covers_secrets(entry: Value) -> bool:
    return any(name in ("secrets", "*.", "*.*") for name in entry.texts("resources"))


@rule(
    "GK204",
    Severity.LOW,
    "API server that encrypts no secrets",
    looks_at=PODS,
    why="Without an encryption configuration etcd and its backups hold every secret as it is.",
    mend=f"Start it with {_PROVIDERS} and a configuration with kms or secretbox first.",
    references=("CWE-311",),
    bad="containers: [{name: kube-apiserver, command: [kube-apiserver, --authorization-mode=RBAC]}]",
    good="containers: [{name: kube-apiserver, command: [kube-apiserver, --encryption-provider-config=/etc/e.yaml]}]",
)
def api_server_without_encryption(pod: PodTemplate) -> Iterator[Hit]:
    for container in pod.containers():
        words = container.value.texts("command") + container.value.texts("args")
        is_one = bool(words) and words[0].rpartition("/")[2] == _API_SERVER and len(words) > 1
        if is_one and not any(word.startswith(_PROVIDERS) for word in words):
            at = container.value.get("command") or container.value
            yield pod_hit(pod, f"{container.field}.command", at, f"has no {_PROVIDERS}", container.name)
