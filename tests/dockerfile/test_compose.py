"""Compose and bake files lead to Dockerfiles: which are found, in which variants, and what is said of the others.

Goes through `gate/dockerfile/targets.py`.
"""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import ConfigError, GateError, LimitError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.bake import read_bake
from gate.dockerfile.compose import read_compose
from gate.dockerfile.definition import Definition
from gate.dockerfile.definition_names import is_definition
from gate.model import Severity, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import dockerfile

Files = dict[str, str | bytes]


@pytest.fixture
def run(
    make_tree: Callable[[Files], Tree], make_context: Callable[..., LocalContext]
) -> Callable[[Files], StageResult]:
    return lambda files: dockerfile.run(make_tree(files), make_context())


def places(result: StageResult, rule: str) -> list[tuple[str | None, int | None]]:
    return [(one.location.path, one.location.line) for one in result.findings if one.rule == rule]


def severities(result: StageResult, rule: str) -> list[tuple[int | None, Severity]]:
    return [(one.location.line, one.severity) for one in result.findings if one.rule == rule]


def builds(*services: str, **more: object) -> str:
    return "services:\n" + "".join(f"  s{number}:\n    build: {build}\n" for number, build in enumerate(services))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("compose.yaml", True),
        ("compose.yml", True),
        ("docker-compose.yml", True),
        ("docker-compose.prod.yaml", True),
        ("compose.override.yml", True),
        ("docker-compose-test.yml", True),
        ("docker-bake.hcl", True),
        ("docker-bake.json", True),
        ("docker-bake.override.hcl", True),
        ("composer.yaml", False),
        ("my-compose.yaml", False),
        ("compose.json", False),
    ],
)
def test_which_files_define_builds(name: str, expected: bool) -> None:
    assert is_definition(name) is expected


@pytest.mark.parametrize(
    ("build", "path"),
    [
        ("./api", "api/Dockerfile"),
        ("{context: ., dockerfile: docker/api.prod}", "docker/api.prod"),
        ("{context: api, dockerfile: ../docker/api}", "docker/api"),
        ("{context: '${WHERE:-api}', dockerfile: '${FILE-prod}'}", "api/prod"),
        ("{dockerfile: build.txt}", "build.txt"),
    ],
)
def test_the_dockerfile_that_a_service_names_is_judged(
    run: Callable[[Files], StageResult], build: str, path: str
) -> None:
    result = run({"compose.yaml": builds(build), path: "FROM debian:latest\n"})
    assert places(result, "DL3007") == [(path, 1)]
    assert not places(result, "GD090")


def test_a_definition_in_a_folder_counts_from_there(run: Callable[[Files], StageResult]) -> None:
    files: Files = {"deploy/compose.yaml": builds("{context: .., dockerfile: x}"), "x": "FROM debian:latest\n"}
    assert places(run(files), "DL3007") == [("x", 1)]


@pytest.mark.parametrize(
    "leading",
    [
        "include: [sub/base.yml]\n",
        "include: sub/base.yml\n",
        "include: [{path: [sub/base.yml]}]\n",
        "include: ['${WHERE:-sub}/base.yml']\n",
        "services: {a: {extends: {file: sub/base.yml, service: b}}}\n",
        "include: [sub/other.yml]\n",
    ],
)
def test_files_that_services_are_taken_from_are_read_from_their_own_folder(
    run: Callable[[Files], StageResult], leading: str
) -> None:
    base = "services: {b: {build: {context: ., dockerfile: built}}}\n"
    files = {"sub/other.yml": "include: [base.yml, other.yml]\n", "sub/built": "FROM a:1\nRUN chmod 777 /srv\n"}
    result = run({"compose.yaml": leading, "sub/base.yml": base, **files})
    assert places(result, "GD003") == [("sub/built", 2)]


@pytest.mark.parametrize(
    ("leading", "why"),
    [
        ("include: [gone.yml]\n", "gone.yml is no file of the repository"),
        ("include: ['oci://registry.example/a']\n", "oci://registry.example/a is no file of the repository"),
        ("include: [../out.yml]\n", "../out.yml is no file of the repository"),
        ("include: ['${WHERE}/base.yml']\n", "is known at build time only"),
        ("include: [{path: a.yml, project_directory: ..}]\n", "is known at build time only"),
    ],
)
def test_a_file_that_is_included_and_not_there_is_said(
    run: Callable[[Files], StageResult], leading: str, why: str
) -> None:
    result = run({"compose.yaml": leading, "Dockerfile": "FROM a:1\n", "a.yml": ""})
    assert result.facts["not_followed"] == [f"compose.yaml:1: what it includes: {why}"]


def test_anchors_merges_and_extensions_are_followed(run: Callable[[Files], StageResult]) -> None:
    compose = """\
x-build: &build
  context: ./api
  dockerfile: one
services:
  a:
    build: *build
  b:
    build:
      <<: *build
      dockerfile: two
  c: &c
    build: !override
      <<: [{dockerfile: three}, *build]
  d:
    <<: *c
  e:
    image: nginx
    build: !reset null
"""
    result = run({"compose.yaml": compose, **{f"api/{name}": "FROM a\n" for name in ("one", "two", "three")}})
    assert sorted(places(result, "DL3006")) == [("api/one", 1), ("api/three", 1), ("api/two", 1)]


def test_build_arguments_are_the_values_of_arg(run: Callable[[Files], StageResult]) -> None:
    text = "ARG BASE\nFROM $BASE\n"
    for arguments in ("{BASE: 'debian:latest'}", "['BASE=debian:latest', OTHER]", "['BASE=${B:-debian:latest}']"):
        result = run({"compose.yaml": builds(f"{{context: ., args: {arguments}}}"), "Dockerfile": text})
        assert places(result, "DL3007") == [("Dockerfile", 2)]
    assert not places(run({"compose.yaml": "services: {}", "Dockerfile": text}), "DL3007")


def test_the_stage_that_is_built_is_judged_as_the_last_one_and_the_last_one_too(
    run: Callable[[Files], StageResult],
) -> None:
    text = "FROM a:1 AS dev\nUSER root\nFROM a:1 AS prod\nUSER root\n"
    named = run({"compose.yaml": builds("{context: ., target: dev}"), "Dockerfile": text})
    assert severities(named, "DL3002") == [(2, Severity.MEDIUM), (4, Severity.MEDIUM)]
    plain = run({"compose.yaml": "services:\n", "Dockerfile": text})
    assert severities(plain, "DL3002") == [(2, Severity.INFO), (4, Severity.MEDIUM)]


def test_a_target_that_the_dockerfile_lacks_is_told_where_it_is_named(run: Callable[[Files], StageResult]) -> None:
    compose = """\
services:
  web:
    build:
      context: .
      target: tset
  api:
    build: {context: ., target: TEST}
  number:
    build: {context: ., target: "1"}
  beyond:
    build: {context: ., target: "2"}
  inline:
    build:
      target: x
      dockerfile_inline: FROM a:1
"""
    bake = 'target "b" {\n  target = "gone"\n}\ntarget "c" {\n  inherits = ["b"]\n  target = "test"\n}\n'
    files: Files = {"compose.yaml": compose, "docker-bake.hcl": bake, "Dockerfile": "FROM a:1 AS test\nFROM b\n"}
    result = run(files)
    assert places(result, "GD092") == [("compose.yaml", 5), ("compose.yaml", 11), ("compose.yaml", 14)]
    assert "service web is built up to the stage tset" in next(f.message for f in result.findings if f.rule == "GD092")
    assert places(result, "DL3006") == [("Dockerfile", 2)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [("build", Severity.HIGH), ("other", Severity.MEDIUM)],
)
def test_what_ships_is_what_the_target_is_made_of(
    run: Callable[[Files], StageResult], target: str, expected: Severity
) -> None:
    text = "FROM a:1 AS build\nRUN chmod 777 /srv\nFROM a:1 AS other\nFROM a:1\nCOPY --from=other /a /b\n"
    result = run({"compose.yaml": builds(f"{{context: ., target: {target}}}"), "Dockerfile": text})
    assert severities(result, "GD003") == [(2, expected)]


def test_an_inline_dockerfile_is_judged_at_its_place_and_not_mended(run: Callable[[Files], StageResult]) -> None:
    compose = """\
services:
  app:
    build:
      dockerfile_inline: |

        FROM debian:12
        ADD a /a
        USER root
"""
    result = run({"compose.yaml": compose})
    (found,) = [one for one in result.findings if one.rule == "DL3020"]
    assert (found.location.path, found.location.line, found.location.column) == ("compose.yaml", 7, 9)
    assert found.fix is not None
    assert not found.fix.edits
    assert result.facts["files"] == 1


@pytest.mark.parametrize("style", [">", '"FROM debian:latest\\nUSER 1"', "'FROM debian:latest'"])
def test_an_inline_dockerfile_that_is_folded_or_quoted_is_judged_on_its_first_line(
    run: Callable[[Files], StageResult], style: str
) -> None:
    text = ">\n        FROM debian:latest\n" if style == ">" else f"{style}\n"
    result = run({"compose.yaml": f"services:\n  a:\n    build:\n      dockerfile_inline: {text}"})
    assert places(result, "DL3007") == [("compose.yaml", 4)]


def test_a_dockerfile_that_is_not_there_is_a_finding(run: Callable[[Files], StageResult]) -> None:
    result = run({"compose.yaml": builds("./api", "{context: ., dockerfile: folder}"), "folder/x": ""})
    assert places(result, "GD090") == [("compose.yaml", 3), ("compose.yaml", 5)]
    assert "api/Dockerfile, which does not exist" in result.findings[0].message


@pytest.mark.parametrize(
    ("build", "why"),
    [
        ("../../other", "out of the repository"),
        ("/etc", "out of the repository"),
        ("{context: ., dockerfile: ../../../etc/passwd}", "out of the repository"),
        ("{context: ., dockerfile: /etc/passwd}", "out of the repository"),
        ("~/x", "out of the repository"),
        ("https://git.example/a.git", "not a folder"),
        ("git@git.example:a.git", "not a folder"),
        ("'${WHERE}'", "known at build time only"),
        ("'${WHERE:?say it}/x'", "known at build time only"),
    ],
)
def test_what_cannot_be_followed_is_said(run: Callable[[Files], StageResult], build: str, why: str) -> None:
    (said,) = run({"compose.yaml": builds(build)}).facts["not_followed"]  # type: ignore[union-attr, misc]
    assert said.startswith("compose.yaml:3: service s0: ")
    assert why in said


def test_a_file_that_cannot_be_parsed_is_an_error_that_names_it(run: Callable[[Files], StageResult]) -> None:
    result = run({"compose.yaml": "services: ]", "docker-bake.hcl": 'target "a" {', "Dockerfile": "FROM a:1\n"})
    assert ["cannot be parsed" in one.title for one in result.errors] == [True, True]
    assert [one.path for one in result.errors] == ["compose.yaml:1", "docker-bake.hcl:1"]
    assert result.findings


def test_settings_hold_for_named_files_too(
    make_tree: Callable[[Files], Tree], make_context: Callable[..., LocalContext]
) -> None:
    tree = make_tree({"compose.yaml": builds("{dockerfile: x}"), "x": "FROM a\n"})
    result = dockerfile.run(tree, make_context(stages=Stages(dockerfile=DockerfileSettings(ignore=("x",)))))
    assert not result.findings
    assert result.facts["excluded"] == ["x"]


BAKE = """\
// how the images are built
variable "TAG" { default = "1.2" }
variable "BASE" {
  default = "debian:${TAG}"
}
function "join" {
  params = [a, b]
  result = "${a}-${b}"
}
group "default" { targets = ["app", "inline"] }
target "_common" {
  context = "./src"
  args = {
    BASE = BASE
    "OTHER" : join("a", TAG), PLAIN = "x" # two on one line
    NUMBER = 3
  }
}
target "app" {
  inherits   = ["_common"]
  dockerfile = "docker/${TAG}.txt"
  target     = "prod"
  tags       = ["x:${TAG}", equal(TAG, "") ? "" : "y"]
  contexts   = { base = "docker-image://x" }
  output     = [{ type = "registry" }]
}
target "inline" {
  dockerfile-inline = <<EOT
FROM debian
RUN x
EOT
}
target "computed" { dockerfile = TAG == "1.2" ? "a" : "b" }
"""


def test_the_simple_part_of_hcl_is_read() -> None:
    common, app, inline, computed = read_bake(BAKE, "docker-bake.hcl")
    arguments = {"BASE": "debian:1.2", "PLAIN": "x", "NUMBER": "3"}
    assert common == Definition(name="target _common", line=11, context="./src", arguments=arguments, is_base=True)
    assert app == Definition(
        name="target app",
        line=19,
        context="./src",
        dockerfile="docker/1.2.txt",
        target="prod",
        target_line=22,
        arguments=arguments,
        contexts={"base": "docker-image://x"},
    )
    assert inline.inline is not None
    assert (inline.inline.text, inline.inline.line) == ("FROM debian\nRUN x\n", 29)
    assert computed.dockerfile is None


def test_bake_as_json() -> None:
    text = '{"variable": {"V": {"default": "x"}}, "target": {"a": {"dockerfile": "${V}/y", "args": {"N": 1}}}}'
    (found,) = read_bake(text, "docker-bake.json")
    assert (found.dockerfile, found.arguments) == ("x/y", {"N": "1"})


def test_a_bake_file_leads_to_its_dockerfiles(run: Callable[[Files], StageResult]) -> None:
    files: Files = {"docker-bake.hcl": BAKE, "src/docker/1.2.txt": "ARG BASE\nFROM $BASE AS prod\nFROM b\n"}
    result = run(files)
    assert places(result, "DL3006") == [("src/docker/1.2.txt", 3), ("docker-bake.hcl", 29)]
    assert places(result, "GD007") == [("src/docker/1.2.txt", 2)]
    assert not places(result, "GD090")


def test_aliases_and_inheritance_cost_nothing() -> None:
    bomb = "a0: &a0 {build: .}\n" + "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 40)}]}}\n" for n in range(1, 40)
    )
    assert len(read_compose(f"{bomb}services: {{s: *a39}}\n", "compose.yaml")) == 1
    targets = "".join(
        f'target "t{n}" {{\n inherits = [{", ".join([chr(34) + f"t{n - 1}" + chr(34)] * 40)}]\n}}\n' for n in range(30)
    )
    assert len(read_bake(targets, "docker-bake.hcl")) == 30
    with pytest.raises(LimitError):
        read_compose(builds(*(["."] * 1001)), "compose.yaml")


@pytest.mark.parametrize(("key", "most"), [("args", 1000), ("additional_contexts", 100)])
def test_more_arguments_or_contexts_than_anybody_gives_are_an_error(
    run: Callable[[Files], StageResult], key: str, most: int
) -> None:
    for count, is_error in ((most, False), (most + 1, True)):
        names = ", ".join(f"n{number}: x" for number in range(count))
        result = run({"compose.yaml": builds(f"{{context: ., {key}: {{{names}}}}}"), "Dockerfile": "FROM a:1\n"})
        assert [one.path for one in result.errors] == ["compose.yaml:3"] * is_error


HCL = st.lists(
    st.sampled_from([*'{}[]()=,:"\n $\\', "target", ' "a" ', "<<E", "E", "${A}", "/*", "*/", "#", "x", "1"]),
    max_size=40,
)


@given(
    st.one_of(HCL.map("".join), st.text(max_size=60), st.integers(0, len(BAKE)).map(lambda n: BAKE[:n] + BAKE[n + 3 :]))
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for name, read in (("docker-bake.hcl", read_bake), ("docker-bake.json", read_bake), ("compose.yaml", read_compose)):
        try:
            assert isinstance(read(text, name), tuple)
        except GateError as error:
            assert isinstance(error, ConfigError | LimitError)  # noqa: PT017


def test_a_user_that_the_final_stage_inherits_is_one_finding(run: Callable[[Files], StageResult]) -> None:
    result = run({"Dockerfile": "FROM a:1 AS base\nUSER root\nFROM base\nRUN make\n"})
    assert severities(result, "DL3002") == [(2, Severity.MEDIUM)]
