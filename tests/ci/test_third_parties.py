"""Third parties of pipelines: what scripts and known plug-ins send, and the lists of the settings.

`gate/ci/third_parties.py`, `gate/ci/rules/third_parties.py` and `gate/model/third_party.py`.
"""

from collections.abc import Callable

import pytest

from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.rules.third_parties import PartyLists
from gate.ci.third_parties import third_parties
from gate.declarations.ci import CiSettings
from gate.declarations.section import ThirdPartySettings
from gate.model import Severity, Tree
from gate.model.third_party import columns_of
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import ci

SENT = [
    ("bash <(curl -s https://codecov.io/bash)", "Codecov"),
    ("./codecov -t $TOKEN", "Codecov"),
    ("mvn -B verify sonar:sonar", "SonarQube"),
    ('curl -X POST -d "$TEXT" https://hooks.slack.com/services/$HOOK', "Slack"),
    ("snyk monitor --all-projects", "Snyk"),
    ("npm publish --access public", "npm registry"),
    ("yarn npm publish", "npm registry"),
    ("python -m twine upload dist/*", "PyPI"),
    ("poetry publish --build", "PyPI"),
    ("cargo publish", "crates.io"),
    ("./gradlew publishToSonatype", "Maven repository"),
    ("mvn -B deploy", "Maven repository"),
    ("docker push registry.example/team/shop:$TAG", "registry.example/team/shop"),
    ("docker push team/shop:1.2", "team/shop"),
    ("docker push $IMAGE", "container registry"),
    ("docker buildx build --push -t a .", "container registry"),
    ("aws s3 sync dist s3://shop-site/new --delete", "s3://shop-site"),
    ("gsutil -m cp -r dist gs://shop-site", "gs://shop-site"),
    ("gh release upload v1 a.tgz", "GitHub releases"),
    ("curl --upload-file a.tgz https://files.example.com/a.tgz", "files.example.com"),
    ("curl -F file=@a.tgz https://files.example.com/", "files.example.com"),
]
NOT_SENT = [
    "npm pack",
    "cargo publish --dry-run",
    "./gradlew publishToMavenLocal",
    "aws s3 cp s3://shop-site/a.tgz .",
    "gsutil cp gs://shop-site/a.tgz .",
    "# npm publish",
    "docker pull team/shop",
    "curl -sSf https://files.example.com/a.tgz -o a.tgz",
    "curl -fsS https://files.example.com/health",
    "pip install codecov",
    "goreleaser release --snapshot",
]


def found(script: str) -> list[PipelineParty]:
    job = JobScript(name="job", script=script, path="ci.yml", line=7)
    return list(third_parties([SystemJudged(jobs=(job,))]))


@pytest.mark.parametrize(("script", "name"), SENT)
def test_what_a_command_sends_to_is_named(script: str, name: str) -> None:
    assert [party.name for party in found(script)] == [name]


@pytest.mark.parametrize("script", NOT_SENT)
def test_a_command_that_sends_nothing_names_none(script: str) -> None:
    assert found(script) == []


def test_the_place_is_that_of_the_command() -> None:
    assert [(one.line, one.receives) for one in found("make\nnpm publish\n")] == [(8, ("artifacts",))]


def test_the_owner_of_a_registry_is_its_host() -> None:
    assert found("docker push registry.example/a:1")[0].owner == "registry.example"


@pytest.mark.parametrize(
    ("kind", "name", "service"),
    [
        ("action", "codecov/codecov-action", "Codecov"),
        ("orb", "circleci/slack", "Slack"),
        ("plugin", "plugins/docker", "container registry"),
        ("plugin", "SonarCloudAnalyze", "SonarQube"),
        ("include", "team/slack-templates", None),
        ("action", "actions/checkout", None),
    ],
)
def test_a_known_plug_in_names_the_service_behind_it(kind: str, name: str, service: str | None) -> None:
    party = PipelineParty(kind=kind, name=name, path="ci.yml", line=1)
    parties = third_parties([SystemJudged(third_parties=(party,))])
    assert [one.name for one in parties if one.kind in ("service", "upload")] == ([service] if service else [])


def test_a_line_of_facts_has_the_columns_whatever_a_name_holds() -> None:
    party = PipelineParty(kind="orb", name="a | b", reference="1", receives=("code", "secrets"), path="c", line=2)
    assert columns_of(party.text) == ("orb", "a b", "1", "not pinned", "code, secrets", "", "c:2")
    assert columns_of("something else") == ()


def test_the_image_of_a_service_can_be_pinned_and_what_is_sent_to_cannot() -> None:
    image = PipelineParty(kind="service", name="postgres", reference="17", path="c", line=2)
    assert (image.columns[3], NPM.columns[3]) == ("not pinned", "")


NPM = PipelineParty(kind="upload", name="npm registry", owner="npmjs.com", path="a", line=1)


@pytest.mark.parametrize(
    ("allow", "deny", "is_refused"),
    [
        ((), (), False),
        (("npmjs.com",), (), False),
        (("NPM *",), (), False),
        (("codecov.io",), (), True),
        ((), ("npm*",), True),
        (("*",), ("npmjs.com",), True),
    ],
)
def test_lists_go_by_name_or_owner_and_deny_wins(
    allow: tuple[str, ...], deny: tuple[str, ...], is_refused: bool
) -> None:
    assert PartyLists(allow=allow, deny=deny).refuse(NPM) is is_refused


def test_what_receives_code_or_secrets_is_high_and_a_comment_can_accept_it(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    config = """version: 2.1
orbs:
  slack: circleci/slack@4.12.5
  codecov: codecov/codecov@3.2.4  # gate: ignore[GC090] asked in 2026
"""
    settings = CiSettings(third_parties=ThirdPartySettings(allow=("slack.com",)))
    result = ci.run(make_tree({".circleci/config.yml": config}), make_context(stages=Stages(ci=settings)))
    assert [(one.rule, one.severity, one.location.line) for one in result.findings] == [("GC090", Severity.HIGH, 3)]
    assert {one.location.line for one in result.silenced} == {4}


def test_facts_and_result_list_all_of_them(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = ci.run(
        make_tree({".drone.yml": "steps: [{name: a, image: 'a:1', commands: [npm publish]}]\n"}), make_context()
    )
    assert result.facts["third_parties"] == [
        "image | a | 1 | not pinned | code | library | .drone.yml:1",
        "upload | npm registry |  |  | artifacts | npmjs.com | .drone.yml:1",
    ]
    assert [one.name for one in result.third_parties] == ["a", "npm registry"]
