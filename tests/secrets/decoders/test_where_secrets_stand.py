"""Gate mode in the formats of clusters and CI systems: what is a secret there, and what only looks so."""

import base64
import json

import pytest

from gate.model import Confidence
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from tests.hangs import must_end

PASSWORD = "Krafel_72zor9"
RANDOM = "q7Zp2Lw9xK4mVt8RnB3yHd6JsF1cGa5U"


def found(path: str, content: str) -> list[int]:
    """Return the lines with a secret of medium confidence or more."""
    secrets = examine(content.encode(), path, scanner(GATE)).secrets
    return [one.line for one in secrets if one.confidence is not Confidence.LOW]


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("path", "content", "line"),
    [
        (".gitlab-ci.yml", f"variables:\n  DB_PASSWORD: {PASSWORD}\n", 2),
        (".gitlab-ci.yml", f"variables:\n  DB_PASSWORD:\n    value: {PASSWORD}\n    description: x\n", 3),
        (".gitlab-ci.yml", f"deploy:\n  script:\n    - docker login -u ci -p {PASSWORD} registry.corp\n", 3),
        (".github/workflows/ci.yml", f"env:\n  DB_PASSWORD: {PASSWORD}\n", 2),
        (".github/workflows/ci.yml", f"    steps:\n    - run: curl -u ci:{PASSWORD} https://packages.example/\n", 2),
        ("Jenkinsfile", f"environment {{\n  DB_PASSWORD = '{PASSWORD}'\n}}\n", 2),
        ("Jenkinsfile", f"password(name: 'DB', defaultValue: '{PASSWORD}')\n", 1),
        ("Jenkinsfile", f'sh "docker login -u ci --password {PASSWORD} registry.corp"\n', 1),
        ("compose.yaml", f"services:\n  db:\n    environment:\n      DB_PASSWORD: {PASSWORD}\n", 4),
        ("compose.yaml", f"services:\n  db:\n    environment:\n      - DB_PASSWORD={PASSWORD}\n", 4),
        ("chart/values.yaml", f"db:\n  auth:\n    password: {PASSWORD}\n", 3),
        ("chart/values.yaml", f"env:\n  - name: API_TOKEN\n    value: {RANDOM}\n", 3),
        ("k8s/a.yaml", f"kind: Secret\nstringData:\n  password: {PASSWORD}\n", 3),
        ("k8s/a.yaml", f"kind: Secret\ndata:\n  password: {b64(PASSWORD)}\n", 3),
        ("k8s/a.yaml", f"kind: Secret\ndata:\n  app.ini: {b64(f'[db]{chr(10)}password = {PASSWORD}{chr(10)}')}\n", 3),
        ("k8s/a.yaml", "kind: Secret\ndata:\n  .dockerconfigjson: "
         + b64(json.dumps({"auths": {"registry.corp": {"auth": b64(f"ci:{PASSWORD}")}}})) + "\n", 3),
        ("task.json", json.dumps({"environment": [{"name": "DB_PASSWORD", "value": PASSWORD}]}), 1),
        ("main.tf", f'variable "db_password" {{\n  default = "{PASSWORD}"\n}}\n', 2),
        ("app.service", f"[Service]\nEnvironment=DB_PASSWORD={PASSWORD}\n", 2),
        (".env", f"DB_PASSWORD={PASSWORD}\n", 1),
        (".env.production", f"export DB_PASSWORD='{PASSWORD}'\n", 1),
        ("prod.env", f"DB_PASS={PASSWORD}\n", 1),
        (".envrc", f"export API_TOKEN={RANDOM}\n", 1),
    ],
)  # fmt: skip
def test_secrets_of_clusters_and_pipelines(path: str, content: str, line: int) -> None:
    assert found(path, content) == [line]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".gitlab-ci.yml", "variables:\n  DB_PASSWORD: $PROD_DB_PASSWORD\n"),
        (".github/workflows/ci.yml", "env:\n  DB_PASSWORD: ${{ secrets.DB_PASSWORD }}\n"),
        ("Jenkinsfile", "environment {\n  DB_PASSWORD = credentials('db-password')\n}\n"),
        ("compose.yaml", "environment:\n  - DB_PASSWORD=${DB_PASSWORD:?}\n"),
        ("chart/values.yaml", "db:\n  auth:\n    password: ''\n    existingSecret: shop-db\n"),
        ("chart/templates/a.yaml", "kind: Secret\ndata:\n  password: {{ .Values.password | b64enc | quote }}\n"),
        ("k8s/a.yaml", "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: {key: password}\n"),
        ("k8s/a.yaml", f"kind: Secret\ndata:\n  password: {b64('changeme')}\n  user: {b64('deploy')}\n"),
        ("k8s/a.yaml", f"kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB{RANDOM}{RANDOM}\n"),
        ("sops.yaml", f"password: ENC[AES256_GCM,data:{RANDOM},iv:{RANDOM}=,tag:{RANDOM}==,type:str]\n"
         f"sops:\n  kms:\n  - enc: AQICAH{RANDOM}\n  mac: ENC[AES256_GCM,data:{RANDOM}]\n"),
        ("group_vars/all.yml", f"db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  {'61326233' * 10}\n"),
        ("external.yaml", "kind: ExternalSecret\nspec:\n  data:\n  - secretKey: password\n    remoteRef: {key: db}\n"),
        (".env.example", "DB_PASSWORD=changeme\nAPI_TOKEN=<your token>\n"),
        ("main.tf", 'variable "db_password" {\n  type      = string\n  sensitive = true\n}\n'),
    ],
)  # fmt: skip
def test_references_and_what_is_sealed(path: str, content: str) -> None:
    assert found(path, content) == []


BLANKS = " " * 500_000


@pytest.mark.parametrize(
    "line",
    [
        f"kind: Secret{BLANKS}x",
        f"kind{BLANKS}: Secret",
        f"kind: Secret\ndata:{BLANKS}x",
        f"kind: Secret\ndata:\n  a:{BLANKS}x",
        f"kind: Secret\ndata:\n  a: {'A' * 500_000}!",
        f"encryptedData:{BLANKS}x\nSealedSecret",
        f"$ANSIBLE_VAULT;\n{BLANKS}x",
        "kind: Secret\ndata:\n" + "  password: >\n" * 20_000,
        f"{BLANKS[:9000]}name: password{BLANKS[:900]}x\n  value: y\n" * 50,
        "- name: password\n" * 50_000 + "  value: y\n",
        "---\n" * 100_000 + "kind: Secret\n",
    ],
)
def test_time_is_linear(line: str) -> None:
    with must_end():
        assert found("a.yaml", line) is not None
