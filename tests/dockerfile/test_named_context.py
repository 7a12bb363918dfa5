"""The build contexts that Compose and bake files name: what is copied is judged by what lies there."""

from collections.abc import Callable

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.bake import read_bake
from gate.dockerfile.compose import read_compose
from gate.model import Finding, Severity, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import dockerfile

Files = dict[str, str | bytes]
Find = Callable[[Files, str], list[Finding]]
BROAD = "FROM a:1\nCOPY . /srv\n"


@pytest.fixture
def found(make_tree: Callable[[Files], Tree], make_context: Callable[..., LocalContext]) -> Find:
    """Return a function that runs the stage over files and gives the findings of one rule."""

    def run(files: Files, rule: str) -> list[Finding]:
        stages = Stages(dockerfile=DockerfileSettings(trusted_registries=("docker.io",), shellcheck="off"))
        result: StageResult = dockerfile.run(make_tree(files), make_context(stages=stages))
        assert not result.errors
        return [finding for finding in result.findings if finding.rule == rule]

    return run


def service(build: str) -> str:
    return f"services:\n  app:\n    build: {build}\n"


DOCKERFILE = "{context: api, dockerfile: ../docker/Dockerfile}"


def test_what_lies_in_the_named_context_comes_along(found: Find) -> None:
    files: Files = {"docker/Dockerfile": BROAD, "compose.yaml": service(DOCKERFILE), "api/id_rsa": "x", "b.key": "x"}
    (finding,) = found(files, "GD038")
    assert (finding.location.path, finding.message) == ("docker/Dockerfile", "id_rsa comes along")


@pytest.mark.parametrize(
    ("place", "counts"), [("api/", True), ("docker/", False), ("", False), ("docker/Dockerfile", True)]
)
def test_the_named_contexts_ignore_file_counts(found: Find, place: str, counts: bool) -> None:
    files: Files = {"docker/Dockerfile": BROAD, "compose.yaml": service(DOCKERFILE), "api/id_rsa": "x"}
    assert bool(found({**files, f"{place}.dockerignore": "id_rsa"}, "GD038")) is not counts


def test_the_dockerfiles_own_ignore_file_wins_over_the_contexts(found: Find) -> None:
    files: Files = {
        "docker/Dockerfile": BROAD,
        "compose.yaml": service(DOCKERFILE),
        "api/id_rsa": "x",
        "api/.dockerignore": "id_rsa",
        "docker/Dockerfile.dockerignore": "*.md",
    }
    assert found(files, "GD038")


def test_a_file_that_the_named_context_ignores_is_told(found: Find) -> None:
    files: Files = {
        "docker/Dockerfile": "FROM a:1\nCOPY a.md /\n",
        "compose.yaml": service(DOCKERFILE),
        "api/.dockerignore": "*.md",
        "docker/a.md": "",
    }
    (finding,) = found(files, "GD107")
    assert finding.message == "a.md is ignored by api/.dockerignore"


def test_each_context_that_is_named_is_judged(found: Find) -> None:
    compose = "services:\n" + "".join(
        f"  {name}: {{build: {{context: {name}, dockerfile: ../Dockerfile}}}}\n" for name in ("one", "two")
    )
    files: Files = {"Dockerfile": BROAD, "compose.yaml": compose, "one/a": "", "two/id_rsa": "x", "b.key": ""}
    assert [one.message for one in found(files, "GD038")] == ["id_rsa comes along"]


def test_an_inline_dockerfile_has_its_context(found: Find) -> None:
    inline = "{context: api, dockerfile_inline: 'FROM a:1\n\n      COPY . /srv'}"
    files: Files = {"compose.yaml": service(inline), "api/id_rsa": "x", ".dockerignore": "id_rsa"}
    assert [one.message for one in found(files, "GD038")] == ["id_rsa comes along"]
    assert not found({**files, "api/.dockerignore": "id_rsa"}, "GD038")


@pytest.mark.parametrize("context", ["../..", "/", "~", "https://git.example/a.git", "'${WHERE}'"])
def test_an_inline_dockerfile_with_a_context_elsewhere_is_judged_by_its_text(found: Find, context: str) -> None:
    compose = service(f"{{context: {context}, dockerfile_inline: 'FROM a:1\n\n      COPY . /srv'}}")
    assert not found({"compose.yaml": compose, "id_rsa": "x"}, "GD038")
    assert found({"compose.yaml": compose}, "GD007")


FURTHER = (
    "{context: ., additional_contexts: "
    "{keys: ./deploy, tools: 'docker-image://registry.invalid/tool:1', app: 'service:b'}}"
)


def test_what_is_copied_from_a_further_context_is_judged_by_what_lies_there(found: Find) -> None:
    text = "FROM a:1\nCOPY --from=keys . /keys\n"
    files: Files = {"compose.yaml": service(FURTHER), "Dockerfile": text, "deploy/prod.key": "x", "id_rsa": "x"}
    (finding,) = found(files, "GD038")
    assert (finding.message, finding.severity) == ("prod.key comes along", Severity.HIGH)
    assert not found({**files, "compose.yaml": service(".")}, "GD038")
    assert not found({**files, "deploy/.dockerignore": "*.key"}, "GD038")


@pytest.mark.parametrize("rule", ["DL3022", "GD026"])
def test_the_name_of_a_further_context_is_no_unknown_stage_or_image(found: Find, rule: str) -> None:
    text = "FROM a:1\nCOPY --from=keys a /\nCOPY --from=app b /\n"
    assert len(found({"compose.yaml": service("."), "Dockerfile": text}, rule)) == 2
    assert not found({"compose.yaml": service(FURTHER), "Dockerfile": text}, rule)


def test_an_image_behind_a_name_is_judged_by_its_own(found: Find) -> None:
    files: Files = {"compose.yaml": service(FURTHER), "Dockerfile": "FROM tools\nCOPY --from=tools a /\n"}
    assert [one.location.line for one in found(files, "DL3026")] == [1]
    assert [one.location.line for one in found(files, "GD027")] == [2]
    assert not found(files, "DL3006")


def test_what_another_build_makes_is_judged_there(found: Find) -> None:
    assert not found({"compose.yaml": service(FURTHER), "Dockerfile": "FROM app\n"}, "DL3026")
    assert not found({"compose.yaml": service(FURTHER), "Dockerfile": "FROM app\n"}, "DL3006")


def test_a_stage_wins_over_a_further_context(found: Find) -> None:
    text = "FROM a:1 AS keys\nFROM b:1\nCOPY --from=keys . /keys\n"
    files: Files = {"compose.yaml": service(FURTHER), "Dockerfile": text, "deploy/prod.key": "x"}
    assert not found(files, "GD038")


def test_further_contexts_as_a_list_and_in_bake() -> None:
    (listed,) = read_compose(service("{additional_contexts: ['a=./x', 'b=docker-image://c:1']}"), "compose.yaml")
    assert listed.contexts == {"a": "./x", "b": "docker-image://c:1"}
    bake = 'variable "V" { default = "1" }\ntarget "t" { contexts = { a = "../x", b = "docker-image://c:${V}" } }\n'
    (target,) = read_bake(bake, "docker-bake.hcl")
    assert target.contexts == {"a": "../x", "b": "docker-image://c:1"}
