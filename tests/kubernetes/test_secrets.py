"""How secrets are kept and reach a workload, and which field of which object a secret is in.

The modules: `gate/kubernetes/secret_keeping.py`, `gate/kubernetes/fields.py`, `gate/kubernetes/rules/secrets.py`.
"""

import base64
from collections.abc import Callable

import pytest

from gate.core.yaml_values import read_values
from gate.kubernetes.fields import fields_at
from gate.kubernetes.manifests import Manifest, objects_of
from gate.model import Finding, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes, secrets

Judge = Callable[..., list[Finding]]
PASSWORD = "kq7Vz2Lw9RtXe4"
"""Made up here."""


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    def judged(rule: str, *documents: str) -> list[Finding]:
        files = {f"{number}.yaml": document for number, document in enumerate(documents)}
        return [one for one in kubernetes.run(make_tree(files), make_context()).findings if one.rule == rule]

    return judged


def secret(value: str, more: str = "", key: str = "stringData") -> str:
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\n{key}: {{password: '{value}'}}\n{more}"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (secret("a3f9"), True),
        (secret(encoded("a3f9"), key="data"), True),
        (secret("ENC[AES256_GCM,data:a]", "sops: {mac: a}\n"), False),
        (secret("${DB_PASSWORD}"), False),
        (secret(encoded("<path:vault/data/db#password>"), key="data"), False),
        (secret("change-me"), False),
        (secret(""), False),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ntype: Opaque\n", False),
    ],
)
def test_a_secret_with_a_value_is_a_plain_one(text: str, is_found: bool, judge: Judge) -> None:
    assert bool(judge("GK201", text)) is is_found


@pytest.mark.parametrize("kind", ["SealedSecret", "ExternalSecret", "SecretProviderClass"])
def test_a_repository_that_has_another_way_is_left_alone(kind: str, judge: Judge) -> None:
    assert not judge("GK201", secret("a3f9"), f"apiVersion: a.example/v1\nkind: {kind}\nmetadata: {{name: a}}\n")
    assert not judge("GK201", secret("a3f9"), secret("a", "sops: {mac: a}\n"))


def test_all_plain_secrets_are_one_finding(judge: Judge) -> None:
    others = [secret("a3f9").replace("name: db", f"name: s{number}") for number in range(5)]
    (finding,) = judge("GK201", *others)
    assert "so do Secret/s1, Secret/s2, Secret/s3, and 1 more" in finding.message
    assert finding.object == "Secret/s0"


@pytest.mark.parametrize(
    ("container", "is_found"),
    [
        ("env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: a}}}]", True),
        ("envFrom: [{secretRef: {name: db}}]", True),
        ("envFrom: [{configMapRef: {name: db}}]", False),
        ("env: [{name: A_FILE, value: /run/secrets/a}]", False),
    ],
)
def test_a_secret_in_the_environment_is_one_finding_a_container(container: str, is_found: bool, judge: Judge) -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: c, {container}}}]}}\n"
    assert len(judge("GK202", text)) == is_found


@pytest.mark.parametrize(
    ("resources", "providers", "is_found"),
    [
        ("[secrets]", "[{identity: {}}, {aescbc: {}}]", True),
        ("['*.*']", "[{identity: {}}]", True),
        ("[configmaps]", "[{identity: {}}]", False),
        ("[secrets]", "[{secretbox: {}}, {identity: {}}]", False),
        ("[secrets]", "[]", False),
    ],
)
def test_the_first_provider_encrypts(resources: str, providers: str, is_found: bool, judge: Judge) -> None:
    head = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n"
    text = f"{head}resources: [{{resources: {resources}, providers: {providers}}}]\n"
    assert bool(judge("GK203", text)) is is_found


def test_a_secret_is_one_finding_that_names_its_field(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\n"
    text = f"{head}data:\n  password: {encoded(PASSWORD)}\n"
    (finding,) = secrets.run(make_tree({"a.yaml": text}), make_context()).findings
    assert (finding.object, finding.field) == ("Secret/shop/db", "data.password")
    assert finding.message.endswith("; Secret/shop/db: data.password")


@pytest.mark.parametrize(
    ("environment", "field"),
    [("{DB_PASSWORD: SECRET}", "environment.DB_PASSWORD"), ("[A=b, DB_PASSWORD=SECRET]", "environment[1]")],
)
def test_a_secret_of_a_compose_service_is_one_finding_that_names_the_service(
    environment: str, field: str, make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    text = f"services:\n  db:\n    image: postgres:17\n    environment: {environment.replace('SECRET', PASSWORD)}\n"
    tree = make_tree({"compose.yaml": text})
    (finding,) = secrets.run(tree, make_context()).findings
    assert (finding.object, finding.field) == ("service/db", field)
    assert not [one for one in kubernetes.run(tree, make_context()).findings if one.rule == "GK415"]


def test_a_secret_in_a_file_that_is_no_manifest_has_no_field(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    (finding,) = secrets.run(make_tree({"a.yaml": f"password: {PASSWORD}\n"}), make_context()).findings
    assert (finding.object, finding.field) == (None, None)


TEXT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  a.properties: |
    first
    second
  key-of-it: x
"""


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ((6, 5), "data.a.properties"),
        ((7, 5), "data.a.properties"),
        ((8, 14), "data.key-of-it"),
        ((8, 3), None),
        ((3, 18), None),
    ],
)
def test_a_place_in_a_key_or_a_name_has_no_field(place: tuple[int, int], field: str | None) -> None:
    objects = tuple(one for value in read_values(TEXT, "a.yaml") for one in objects_of(value))
    found = fields_at(Manifest("a.yaml", TEXT, objects), [place])
    assert found == ({place: ("ConfigMap/c", field)} if field else {})
