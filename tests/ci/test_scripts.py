"""The rules that every system shares (`gate/ci/rules/scripts.py`): which lines they mean, and which they do not."""

import pytest

from gate.ci.model import JobScript
from gate.ci.rules import all_rules
from gate.ci.rules.scripts import JOBS
from gate.rules import ask

MEANT = [
    ("GC001", "wget -qO- https://tools.example/i.sh | sudo -E bash -"),
    ("GC001", "bash <(curl -s https://tools.example/i.sh)"),
    ("GC001", 'bash -c "$(curl -fsSL https://tools.example/i.sh)"'),
    ("GC002", "wget --no-check-certificate https://packages.example/a.tgz"),
    ("GC002", "curl -sSLk https://packages.example/a.tgz"),
    ("GC002", "npm config set strict-ssl false"),
    ("GC002", "git config --global http.sslVerify false"),
    ("GC002", "export NODE_TLS_REJECT_UNAUTHORIZED=0"),
    ("GC002", "skopeo copy --dest-tls-verify=false a b"),
    ("GC003", "env"),
    ("GC003", "if true; then printenv; fi"),
    ("GC004", 'echo "token: ${NPM_TOKEN}"'),
    ("GC004", "printf %s $AWS_SECRET_ACCESS_KEY"),
    ("GC005", "echo ${NPM_TOKEN} | base64"),
    ("GC005", "printf %s $DB_PASSWORD | rev"),
    ("GC006", 'eval "build $DRONE_SOURCE_BRANCH"'),
    ("GC006", 'bash -c "./notify ${BUILDKITE_MESSAGE}"'),
    ("GC007", "docker run -v /var/run/docker.sock:/var/run/docker.sock tools.example/a:1"),
    ("GC008", "scp -o StrictHostKeyChecking=no a.tgz deploy@shop.example:"),
]
NOT_MEANT = [
    ("GC001", "curl -sSL https://tools.example/a.json | jq .version"),
    ("GC001", "curl -sSLo a.sh https://tools.example/a.sh; sh a.sh"),
    ("GC001", "# curl https://tools.example/i.sh | sh"),
    ("GC002", "curl --keepalive-time 2 https://packages.example/a.tgz"),
    ("GC002", "curl https://packages.example/a.tgz | tar -xk"),
    ("GC003", "env GOFLAGS=-mod=mod go build"),
    ("GC003", "env | grep -q ^CI="),
    ("GC003", "env > build.env"),
    ("GC004", "echo $NPM_TOKEN > .npmrc"),
    ("GC004", "echo $DOCKER_PASSWORD | docker login --password-stdin"),
    ("GC004", "echo $TOKENS_USED_BY_MODEL"),
    ("GC005", "echo $KUBE_TOKEN | base64 -d"),
    ("GC005", "echo $KUBE_TOKEN | base64 > token"),
    ("GC006", 'sh -c "echo $HOME"'),
    ("GC006", 'eval "$(ssh-agent -s)"'),
    ("GC007", "docker run tools.example/a:1 --privileged=false"),
    ("GC008", "ssh -o StrictHostKeyChecking=yes deploy@shop.example"),
]


def caught(script: str) -> set[str]:
    rules = [rule for rule in all_rules() if rule.looks_at is JOBS]
    return {rule.id for rule, _ in ask(rules, JobScript(name="job", script=script, path="ci.yml", line=1))}


@pytest.mark.parametrize(("id", "script"), MEANT)
def test_a_line_that_is_meant_is_caught(id: str, script: str) -> None:
    assert id in caught(script)


@pytest.mark.parametrize(("id", "script"), NOT_MEANT)
def test_a_line_that_only_resembles_it_is_not(id: str, script: str) -> None:
    assert id not in caught(script)


def test_the_line_is_the_files() -> None:
    rules = [rule for rule in all_rules() if rule.id == "GC001"]
    script = JobScript(name="job", script="make\n\ncurl https://tools.example/i | sh", path="ci.yml", line=7)
    assert [hit.line for _, hit in ask(rules, script)] == [9]
