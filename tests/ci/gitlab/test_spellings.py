"""Rules on GitLab CI in other spellings, through the resolver and `gate/ci/gitlab/asking.py`; and their twins."""

from collections.abc import Callable

import pytest

from gate.ci import gitlab
from gate.ci.model import PipelineParty
from gate.declarations.ci import CiSettings
from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import ci
from gate.trees import open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
MakeContext = Callable[..., LocalContext]
ON_MR = "rules: [{if: $CI_MERGE_REQUEST_IID}]"
DIGEST = "0" * 64
COMMIT = "3f2504e04f8911d39a0c0305e82c33019a4d1a2b"

CAUGHT = [
    ("GC200", "include: [https://ci.example/a.yml]"),
    ("GC200", "start: {trigger: {include: [{remote: https://ci.example/a.yml}]}}"),
    ("GC201", "include: {remote: http://ci.example/a.yml}"),
    ("GC202", "include: https://bit.ly/3xyz"),
    ("GC202", "include: https://203.0.113.7/a.yml"),
    ("GC203", "include: {project: a/b, file: [x.yml, y.yml], ref: master}"),
    ("GC203", "include: {project: a/b, file: x.yml, ref: refs/heads/stable-1}"),
    ("GC204", "include: {project: a/b, file: x.yml, ref: 1.0}"),
    ("GC205", "include: {component: gitlab.example/a/b/c@main}"),
    ("GC205", "include: {component: gitlab.example/a/b/c@1}"),
    ("GC206", "include: {component: gitlab.example/a/b/c@1.2.3}"),
    ("GC206", "include: {component: gitlab.example/a/b/c@25.5}"),
    ("GC209", "include: {project: a/b, file: x.yml, ref: $CI_COMMIT_BRANCH}"),
    ("GC210", "default: {image: alpine}\njob: {script: [make]}"),
    ("GC210", "image: {name: 'registry.example:5000/tools/build'}\njob: {script: [make]}"),
    ("GC210", ".base: {image: 'alpine:edge'}\njob: {extends: .base, script: [make]}"),
    ("GC211", "job: {image: 'alpine:3.20', script: [make]}"),
    ("GC212", "job: {services: [{name: 'redis:7', alias: db}], script: [make]}"),
    ("GC213", "job: {image: {name: 'a:1', pull_policy: [if-not-present, always]}, script: [make]}"),
    ("GC214", "job: {image: '$CI_REGISTRY_IMAGE/x:${CI_COMMIT_BRANCH}', script: [make]}"),
    ("GC220", "services: ['docker:dind']\nvariables: {DOCKER_HOST: 'tcp://docker:2375'}\njob: {script: [make]}"),
    ("GC220", "job: {services: ['docker:dind'], script: [make], variables: {DOCKER_TLS_CERTDIR: ''}}"),
    ("GC221", "job: {services: [registry.example/mirror/docker:27-dind], script: [make]}"),
    ("GC223", "job: {script: [make], variables: {DOCKER_HOST: 'unix:///run/docker.sock'}}"),
    ("GC225", f"job:\n  services: ['docker:dind']\n  script: [make]\n  {ON_MR}"),
    ("GC230", "job: {script: [make], variables: {CI_DEBUG_TRACE: true}}"),
    ("GC230", ".debug: {variables: {CI_DEBUG_TRACE: 'true'}}\njob: {extends: .debug, script: [make]}"),
    ("GC232", "variables: {API_TOKEN: {value: Zx9-kq2LmP, description: x}}"),
    ("GC232", "job: {script: [make], variables: {DEPLOY_SECRET: 'a8Jk-29xQz'}}"),
    ("GC233", "job: {script: [make], variables: {NODE_TLS_REJECT_UNAUTHORIZED: 0}}"),
    ("GC235", "variables: {SAST_DISABLED: 1}"),
    ("GC240", 'deploy:\n  environment: live\n  script:\n    - bash -c "tag ${CI_COMMIT_TAG}"\n  only: [tags]'),
    ("GC240", "job:\n  script: ['eval notify $CI_MERGE_REQUEST_TITLE --token $CHAT_TOKEN']\n  only: [merge_requests]"),
    (
        "GC240",
        "job:\n  id_tokens: {T: {aud: a}}\n  before_script:\n    - |\n      ssh a@b <<EOF\n"
        "      git checkout $CI_COMMIT_REF_NAME\n      EOF\n  script: [make]",
    ),
    ("GC242", "job:\n  script: ['echo N=$CI_COMMIT_DESCRIPTION >> a.env']\n  artifacts: {reports: {dotenv: [a.env]}}"),
    ("GC243", "job: {script: ['wget --header=\"X: $CI_JOB_TOKEN\" https://hook.example']}"),
    ("GC244", "job: {script: ['git push https://git.example HEAD']}"),
    ("GC250", "job: {script: [make], artifacts: {paths: [.git/]}}"),
    ("GC250", "job: {script: [make], artifacts: {paths: ['**/*']}}"),
    ("GC251", "job: {script: [make], artifacts: {paths: [deploy/id_rsa]}}"),
    ("GC251", "job: {script: [make], artifacts: {paths: [config/.env.production]}}"),
    ("GC254", "job: {script: [make], artifacts: {paths: [infra/terraform.tfstate]}}"),
    ("GC255", "job: {script: [make], needs: [{project: a/b, job: c, ref: v1, artifacts: true}]}"),
    ("GC260", "cache: [{key: {files: [lock]}, paths: [a], unprotect: true}]\njob: {script: [make]}"),
    ("GC262", "job: {script: [make], cache: {paths: [.docker/config.json]}}"),
    ("GC270", "sast: {allow_failure: true}"),
    ("GC270", ".scan: {script: ['npm audit'], allow_failure: true}\njob: {extends: .scan}"),
    ("GC271", "secret_detection: {when: never}"),
    ("GC272", "job: {script: [semgrep ci], rules: [{if: $CI_COMMIT_TAG, when: never}, {when: manual}]}"),
    (
        "GC275",
        "job: {script: [semgrep ci], rules: [{if: '$CI_MERGE_REQUEST_LABELS =~ /x/', when: never}, {when: always}]}",
    ),
    ("GC280", f"job:\n  script: [helm upgrade shop ./chart]\n  {ON_MR}"),
    ("GC280", "job: {script: [make], environment: {name: live}, only: [merge_requests]}"),
    ("GC281", "job: {script: [kubectl -n shop apply -f shop.yml]}"),
    ("GC281", "job: {script: [aws s3 sync dist s3://shop], except: [main]}"),
    ("GC282", "job: {script: [firebase deploy --only hosting], only: [main]}"),
    ("GC283", "job: {script: [make], environment: {name: x, deployment_tier: production}, when: manual}"),
    ("GC284", "job: {script: [make], environment: prod/eu, only: [main]}"),
    ("GC285", "default: {interruptible: true}\njob: {script: [terraform apply plan], only: [main]}"),
    ("GC286", f"job:\n  script: [twine upload dist/*]\n  {ON_MR}"),
    ("GC286", "job: {script: [./gradlew publish]}"),
    ("GC287", "job: {script: [make], release: {tag_name: x}, only: [branches]}"),
    ("GC289", "job: {script: ['docker push registry.example/shop:latest']}"),
    ("GC290", "job: {script: [make], id_tokens: {T: {aud: 'https://gitlab.com'}}}"),
    ("GC291", "job: {script: [make], id_tokens: {T: {aud: x}}, only: [merge_requests]}"),
    ("GC293", "job: {trigger: a/b, variables: {X: $DEPLOY_TOKEN}}"),
    ("GC296", "variables: {SIZE: {value: small, description: x}}\njob: {script: [make], tags: ['$SIZE']}"),
]
PASSED = [
    ("GC280", f"job:\n  script: [make]\n  environment: docs_preview\n  {ON_MR}"),
    ("GC281", "job: {script: [kubectl -n shop get pods]}"),
    ("GC200", f"include: https://code.example/a/{COMMIT}/a.yml"),
    ("GC200", "include: https://$HOST/a.yml"),
    ("GC202", "include: https://ci.example/a.yml"),
    ("GC203", f"include: {{project: a/b, file: x.yml, ref: {COMMIT}}}"),
    ("GC203", "include: {project: a/b, file: x.yml, ref: $REF}"),
    ("GC205", "include: {component: gitlab.example/a/b/c@1.2.3}"),
    ("GC209", "include: {project: a/b, file: x.yml, ref: $CI_COMMIT_SHA}"),
    ("GC210", "job: {image: $IMAGE, script: [make]}"),
    ("GC210", f"job: {{image: 'a@sha256:{DIGEST}', script: [make]}}"),
    ("GC211", "job: {image: '$CI_REGISTRY_IMAGE:1', script: [make]}"),
    ("GC214", "job: {image: '$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG', script: [make]}"),
    ("GC220", "job: {script: [make], variables: {DOCKER_TLS_CERTDIR: ''}}"),
    ("GC221", "job: {services: ['docker:27-dind-rootless'], script: [make]}"),
    ("GC230", "variables: {CI_DEBUG_TRACE: 'false'}"),
    ("GC232", "variables: {POSTGRES_PASSWORD: Zx9-kq2LmP}"),
    ("GC232", "variables: {TOKEN_FILE: Zx9-kq2LmP}"),
    ("GC232", "variables: {SECRET_NAME: shop, API_TOKEN: test}"),
    ("GC233", "variables: {NODE_TLS_REJECT_UNAUTHORIZED: 1}"),
    ("GC235", "variables: {SAST_DISABLED: 'false'}"),
    ("GC240", 'job:\n  script:\n    - bash -c "tag ${CI_COMMIT_TAG}"'),
    ("GC240", 'job:\n  environment: live\n  script:\n    - bash -c "tag ${CI_COMMIT_REF_SLUG}"'),
    ("GC240", 'job:\n  environment: live\n  script:\n    - bash -c "tag $CI_COMMIT_REF_NAME"\n  only: [main]'),
    ("GC240", "job:\n  environment: live\n  script:\n    - echo $CI_COMMIT_MESSAGE"),
    ("GC242", "job:\n  script: ['echo N=$CI_COMMIT_TITLE >> a.env']\n  artifacts: {reports: {dotenv: [a.env]}}"),
    ("GC242", "job:\n  script: ['echo N=$CI_COMMIT_MESSAGE >> a.txt']\n  artifacts: {reports: {dotenv: [a.env]}}"),
    ("GC243", "job: {script: ['curl -H \"X: $CI_JOB_TOKEN\" https://gitlab.example/api/v4']}"),
    ("GC243", "job: {script: ['curl -H \"X: $CI_JOB_TOKEN\" ${CI_SERVER_URL}/api']}"),
    ("GC244", "job: {script: ['git push'], only: [main]}"),
    ("GC250", "job: {script: [make], artifacts: {paths: [.], exclude: [.git/**/*]}}"),
    ("GC251", "job: {script: [make], artifacts: {paths: [certs/ca.pem]}}"),
    ("GC254", "job: {script: [make], artifacts: {paths: [a.tfstate], public: false}}"),
    ("GC255", "job: {script: [make], needs: [{project: $CI_PROJECT_PATH, job: c, ref: main, artifacts: true}]}"),
    ("GC260", "job: {script: [make], cache: {key: $CI_COMMIT_REF_SLUG, paths: [a], unprotect: true}}"),
    ("GC270", "test: {script: [make], allow_failure: true}"),
    ("GC270", "sast: {allow_failure: {exit_codes: 3}}"),
    ("GC271", "test: {script: [make], when: never}"),
    ("GC272", "job: {script: [semgrep ci], rules: [{if: $CI_COMMIT_TAG, when: manual}, {when: always}]}"),
    ("GC280", f"job:\n  script: [make]\n  environment: review/$CI_COMMIT_REF_SLUG\n  {ON_MR}"),
    ("GC280", f"job:\n  script: [make]\n  environment: {{name: live, action: verify}}\n  {ON_MR}"),
    ("GC280", f"job:\n  script: [helm upgrade --dry-run shop ./chart]\n  {ON_MR}"),
    ("GC281", "job: {script: [make], environment: live, when: manual}"),
    ("GC281", ".job: {script: [make], environment: live}"),
    ("GC282", "test-chart: {script: [helm install shop ./chart]}"),
    ("GC284", "job: {script: [make], environment: staging, only: [main]}"),
    ("GC286", "job: {script: [npm publish --dry-run]}"),
    ("GC287", "job: {script: [make], release: {tag_name: x}, only: [tags]}"),
    ("GC290", "job: {script: [make], id_tokens: {T: {aud: 'https://vault.example'}}}"),
    ("GC293", "job: {trigger: {include: /child.yml}, variables: {X: $DEPLOY_TOKEN}}"),
    ("GC296", "variables: {SIZE: small}\njob: {script: [make], tags: ['$SIZE']}"),
]


def caught(text: str, make_tree: MakeTree, make_context: MakeContext) -> dict[str, str]:
    files: dict[str, str | bytes] = {".gitlab-ci.yml": text + "\n", "child.yml": "inner: {script: [make]}\n"}
    result = ci.run(make_tree(files), make_context())
    assert not result.errors
    return {one.rule: f"{one.location.path}:{one.location.line}" for one in result.findings}


@pytest.mark.parametrize(("id", "text"), CAUGHT)
def test_other_spellings_are_caught(id: str, text: str, make_tree: MakeTree, make_context: MakeContext) -> None:
    assert id in caught(text, make_tree, make_context)


@pytest.mark.parametrize(("id", "text"), PASSED)
def test_what_only_looks_like_it_passes(id: str, text: str, make_tree: MakeTree, make_context: MakeContext) -> None:
    assert id not in caught(text, make_tree, make_context)


def test_what_jobs_inherit_is_found_once_where_it_is_written(make_tree: MakeTree, make_context: MakeContext) -> None:
    files: dict[str, str | bytes] = {
        ".gitlab-ci.yml": "include: /base.yml\na: {extends: .base}\nb: {extends: .base}\n",
        "base.yml": ".base:\n  image: alpine\n  script:\n    - curl http://tools.example/i | sh\n",
    }
    found = ci.run(make_tree(files), make_context()).findings
    assert [(one.rule, one.location.path, one.location.line) for one in found if one.rule in ("GC001", "GC210")] == [
        ("GC210", "base.yml", 2),
        ("GC001", "base.yml", 4),
    ]


def test_settings_leave_out_what_is_in_an_included_file(make_tree: MakeTree, make_context: MakeContext) -> None:
    files: dict[str, str | bytes] = {
        ".gitlab-ci.yml": "include: /base.yml\n",
        "base.yml": "a: {image: alpine, script: [make]}\n",
    }
    context = make_context(stages=Stages(ci=CiSettings(ignore=("base.yml",))))
    assert not ci.run(make_tree(files), context).findings


def test_a_comment_silences_a_rule_in_an_included_file(make_tree: MakeTree, make_context: MakeContext) -> None:
    files: dict[str, str | bytes] = {
        ".gitlab-ci.yml": "include: /base.yml\n",
        "base.yml": "a:\n  image: alpine # gate: ignore[GC210] it is only for a page\n  script: [make]\n",
    }
    result = ci.run(make_tree(files), make_context())
    assert "GC210" not in {one.rule for one in result.findings}
    assert [one.rule for one in result.silenced] == ["GC210"]


def test_a_component_that_the_repository_has_for_others_is_judged_with_its_defaults(
    make_tree: MakeTree, make_context: MakeContext
) -> None:
    files: dict[str, str | bytes] = {
        ".gitlab-ci.yml": "job: {script: [make]}\n",
        "templates/scan.yml": "spec:\n  inputs:\n    image: {default: 'scan:latest'}\n    name:\n---\n"
        "scan:\n  image: $[[ inputs.image ]]\n  script: [scan]\n",
        "templates/chart.yml": "kind: {{ .Values.kind }}\n",
    }
    result = ci.run(make_tree(files), make_context())
    assert not result.errors
    assert [(one.rule, one.location.path, one.location.line) for one in result.findings] == [
        ("GC210", "templates/scan.yml", 7)
    ]


def test_images_and_includes_of_others_are_third_parties(make_tree: MakeTree, make_context: MakeContext) -> None:
    text = """\
include:
  - project: platform/ci
    ref: 3f2504e04f8911d39a0c0305e82c33019a4d1a2b
    file: build.yml
  - component: gitlab.example/a/b/scan@1.2.3
  - remote: https://ci.example/a.yml
deploy:
  image: tools.example/deploy:1
  services: [redis]
  environment: live
  script: [make]
own: {image: $CI_REGISTRY_IMAGE, script: [make]}
"""
    result = ci.run(make_tree({".gitlab-ci.yml": text}), make_context())
    assert [(one.kind, one.name, one.is_pinned, one.receives, one.owner) for one in parties(make_tree, text)] == [
        ("include", "platform/ci build.yml", True, ("code",), "platform"),
        ("component", "gitlab.example/a/b/scan", False, ("code",), "gitlab.example"),
        ("include", "https://ci.example/a.yml", False, ("code",), "ci.example"),
        ("image", "tools.example/deploy", False, ("code", "secrets"), "tools.example"),
        ("service", "redis", False, (), "library"),
    ]
    assert "third_parties" in result.facts


def parties(make_tree: MakeTree, text: str) -> tuple[PipelineParty, ...]:
    return gitlab.judge(open_tree(make_tree({".gitlab-ci.yml": text})), [".gitlab-ci.yml"], ()).third_parties


@pytest.mark.parametrize(
    ("id", "text", "fixed"),
    [
        ("GC213", "pull_policy: if-not-present", "pull_policy: always"),
        ("GC230", "CI_DEBUG_TRACE: 'true'", 'CI_DEBUG_TRACE: "false"'),
        ("GC252", "expire_in: never", "expire_in: 1 week"),
        ("GC260", "unprotect: true", "unprotect: false"),
        ("GC285", "interruptible: true", "interruptible: false"),
    ],
)
def test_a_fix_replaces_the_value_where_it_is_written(
    id: str, text: str, fixed: str, make_tree: MakeTree, make_context: MakeContext
) -> None:
    base = f"""\
.base:
  environment: live
  image: {{name: 'a:1', {text if id == "GC213" else "entrypoint: ['']"}}}
  variables: {{{text if id == "GC230" else ""}}}
  artifacts: {{{text if id == "GC252" else ""}}}
  cache: {{key: a, {text if id == "GC260" else ""}}}
  {text if id == "GC285" else ""}
"""
    files: dict[str, str | bytes] = {
        ".gitlab-ci.yml": "include: /base.yml\njob: {extends: .base, script: [make]}\n",
        "base.yml": base,
    }
    (finding,) = (one for one in ci.run(make_tree(files), make_context()).findings if one.rule == id)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    lines = base.splitlines()
    (line, start), (_, end) = edit.start, edit.end
    assert edit.path == "base.yml"
    assert lines[line - 1][: start - 1] + edit.text + lines[line - 1][end - 1 :] == lines[line - 1].replace(text, fixed)
