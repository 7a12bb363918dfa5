"""Definitions of GitLab CI as GitLab puts them together: includes, extends, references, defaults, inputs, children."""

from collections.abc import Callable

import pytest

from gate.ci.gitlab.jobs import GitlabJob
from gate.ci.gitlab.pipelines import GitlabDefinitions
from gate.model import Tree
from gate.trees import open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]


def read(make_tree: MakeTree, files: dict[str, str]) -> GitlabDefinitions:
    definitions = GitlabDefinitions(open_tree(make_tree(dict(files))))
    definitions.add(".gitlab-ci.yml")
    return definitions


def job(definitions: GitlabDefinitions, name: str) -> GitlabJob:
    return next(one for pipeline in definitions.pipelines for one in pipeline.jobs if one.name == name)


def test_a_file_that_includes_another_has_the_last_word_and_each_value_keeps_its_place(make_tree: MakeTree) -> None:
    files = {
        ".gitlab-ci.yml": "include: /ci/base.yml\n\nbuild:\n  image: image:2\n",
        "ci/base.yml": "build:\n  image: image:1\n  script: [make]\n",
    }
    build = job(read(make_tree, files), "build").value
    image, script = build.get("image"), build.get("script")
    assert image is not None
    assert script is not None
    assert (image.data, image.path, image.line) == ("image:2", ".gitlab-ci.yml", 4)
    assert (script.path, script.line) == ("ci/base.yml", 3)


def test_a_later_parent_of_several_wins_and_the_job_over_both(make_tree: MakeTree) -> None:
    text = """\
.a: {image: "image:a", variables: {X: a, Y: a}}
.b: {extends: .a, variables: {Y: b}}
.c: {tags: [c], variables: {Z: c}}
job: {extends: [.b, .c], script: [make], variables: {Z: own}}
"""
    value = job(read(make_tree, {".gitlab-ci.yml": text}), "job").value.plain()
    assert value == {
        "image": "image:a",
        "extends": [".b", ".c"],
        "tags": ["c"],
        "variables": {"X": "a", "Y": "b", "Z": "own"},
        "script": ["make"],
    }


def test_a_reference_puts_lines_into_a_script_which_keep_their_lines(make_tree: MakeTree) -> None:
    text = """\
.setup:
  script:
    - one
    - two
job:
  script:
    - !reference [.setup, script]
    - |
      three
      four
"""
    (script,) = job(read(make_tree, {".gitlab-ci.yml": text}), "job").scripts
    assert script.script == "one\ntwo\nthree\nfour"
    assert [script.line_of(number) for number in range(4)] == [3, 4, 9, 10]


@pytest.mark.parametrize(
    ("job_text", "image"),
    [
        ("script: [make]", "image:default"),
        ("script: [make]\n  image: image:own", "image:own"),
        ("script: [make]\n  inherit: {default: false}", None),
        ("script: [make]\n  inherit: {default: [tags]}", None),
        ("trigger: {project: a/b}", None),
    ],
)
def test_a_job_has_the_defaults_that_it_inherits(make_tree: MakeTree, job_text: str, image: str | None) -> None:
    text = f"default:\n  image: image:default\njob:\n  {job_text}\n"
    found = job(read(make_tree, {".gitlab-ci.yml": text}), "job").value.get("image")
    assert (found.data if found else None) == image


def test_anchors_and_merge_keys_are_those_of_yaml(make_tree: MakeTree) -> None:
    text = ".base: &base\n  image: image:1\n  script: [make]\njob:\n  <<: *base\n  image: image:2\n"
    value = job(read(make_tree, {".gitlab-ci.yml": text}), "job").value
    assert value.plain() == {"image": "image:2", "script": ["make"]}


def test_wildcards_name_files_of_one_folder_and_two_stars_of_all_below(make_tree: MakeTree) -> None:
    files = {
        ".gitlab-ci.yml": "include:\n  - local: ci/*.yml\n  - local: more/**.yml\n",
        "ci/a.yml": "a: {script: [a]}",
        "ci/deep/b.yml": "b: {script: [b]}",
        "more/deep/c.yml": "c: {script: [c]}",
    }
    (pipeline,) = read(make_tree, files).pipelines
    assert {one.name for one in pipeline.jobs} == {"a", "c"}


def test_inputs_come_from_the_include_else_from_their_defaults(make_tree: MakeTree) -> None:
    files = {
        ".gitlab-ci.yml": "include:\n  - local: /lint.yml\n    inputs: {stage: check}\n",
        "lint.yml": """\
spec:
  inputs:
    stage:
    name: {default: lint}
    versions: {type: array, default: [1, 2]}
---
"$[[ inputs.name ]]":
  stage: $[[ inputs.stage ]]
  script: ["make $[[ inputs.name ]] $[[ inputs.other ]]"]
  tags: $[[ inputs.versions ]]
""",
    }
    value = job(read(make_tree, files), "lint").value.plain()
    assert value == {
        "stage": "check",
        "script": ["make lint $[[ inputs.other ]]"],
        "tags": [1, 2],
    }


@pytest.mark.parametrize("path", ["templates/scan.yml", "templates/scan/template.yml"])
def test_a_component_of_the_own_project_is_one_of_its_templates(make_tree: MakeTree, path: str) -> None:
    include = "include:\n  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/scan@$CI_COMMIT_SHA\n"
    definitions = read(make_tree, {".gitlab-ci.yml": include, path: "scan: {script: [scan]}"})
    assert job(definitions, "scan").path == path
    assert not definitions.not_resolved


def test_a_child_pipeline_is_one_of_its_own_with_the_job_that_starts_it(make_tree: MakeTree) -> None:
    files = {
        ".gitlab-ci.yml": "start:\n  trigger:\n    include: /child.yml\n",
        "child.yml": "inner: {script: [make]}\n",
    }
    _, child = read(make_tree, files).pipelines
    assert [one.name for one in child.jobs] == ["inner"]
    assert child.parent is not None
    assert child.parent.name == "start"


ELSEWHERE = """\
include:
  - remote: https://ci.example/x.yml
  - project: a/b
    ref: main
    file: x.yml
  - template: Jobs/SAST.gitlab-ci.yml
  - component: gitlab.example/a/b/c@1.0
job: {extends: .of-theirs, script: [!reference [.theirs, script], make]}
"""


def test_what_lies_elsewhere_is_a_fact_and_what_it_may_define_too(make_tree: MakeTree) -> None:
    definitions = read(make_tree, {".gitlab-ci.yml": ELSEWHERE})
    assert not definitions.errors
    assert definitions.not_resolved == [
        ".gitlab-ci.yml:2: remote https://ci.example/x.yml",
        ".gitlab-ci.yml:3: project a/b@main",
        ".gitlab-ci.yml:6: template Jobs/SAST.gitlab-ci.yml",
        ".gitlab-ci.yml:7: component gitlab.example/a/b/c@1.0",
        ".gitlab-ci.yml:8: extends .of-theirs, which is not in the repository",
        ".gitlab-ci.yml:8: !reference ['.theirs', 'script'] leads to nothing in the repository",
    ]
    assert job(definitions, "job").script_text == "make"


@pytest.mark.parametrize(
    ("files", "place", "words"),
    [
        ({".gitlab-ci.yml": "\ninclude: /gone.yml"}, ".gitlab-ci.yml:2", "gone.yml, which does not exist"),
        (
            {".gitlab-ci.yml": "include: /a.yml", "a.yml": "include: /b.yml", "b.yml": "x: 1\ninclude: /a.yml"},
            "b.yml:2",
            "come back to themselves",
        ),
        ({".gitlab-ci.yml": ".a:\n  extends: .b\n.b:\n  extends: .a"}, ".gitlab-ci.yml:4", "comes back to itself"),
        ({".gitlab-ci.yml": "job:\n  extends: .gone"}, ".gitlab-ci.yml:2", "defined nowhere"),
        ({".gitlab-ci.yml": "job:\n  script: !reference [.gone, script]"}, ".gitlab-ci.yml:2", "leads to nothing"),
        ({".gitlab-ci.yml": "a:\n  script:\n  - !reference [a, script]"}, ".gitlab-ci.yml:3", "comes back to itself"),
        ({".gitlab-ci.yml": "include: /a.yml", "a.yml": "job: [\n"}, "a.yml:2", "cannot be parsed"),
    ],
)
def test_what_gitlab_refuses_is_an_error_with_file_and_line(
    make_tree: MakeTree, files: dict[str, str], place: str, words: str
) -> None:
    error = read(make_tree, {**files, "ok.yml": ""}).errors[0]
    assert (error.path, words in error.title) == (place, True), error


@pytest.mark.parametrize(
    "text", ["include: /$TEAM/a.yml", "include:\n- local: gone.yml\n  rules: [{exists: [gone.yml]}]"]
)
def test_a_missing_file_that_may_be_meant_otherwise_is_a_fact(make_tree: MakeTree, text: str) -> None:
    definitions = read(make_tree, {".gitlab-ci.yml": text})
    assert not definitions.errors
    assert "is not in the repository" in definitions.not_resolved[0]


def test_the_template_of_another_program_is_a_fact(make_tree: MakeTree) -> None:
    definitions = read(make_tree, {".gitlab-ci.yml": "{% if x %}\njob: {script: [{{ y }}]}\n"})
    assert not definitions.errors
    assert definitions.not_resolved == [".gitlab-ci.yml: it is the template of another program, no YAML"]


def test_aliases_that_multiply_are_refused(make_tree: MakeTree) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (error,) = read(make_tree, {".gitlab-ci.yml": "\n".join(lines)}).errors
    assert "values" in error.title


def test_scripts_that_multiply_are_bounded(make_tree: MakeTree) -> None:
    long = "x" * 50_000
    text = f".base: {{script: [{long}]}}\n" + "".join(f"job-{n}: {{extends: .base}}\n" for n in range(200))
    definitions = read(make_tree, {".gitlab-ci.yml": text})
    assert "characters of scripts" in definitions.errors[0].title
    assert len(definitions.pipelines[0].jobs) == 80


def test_a_hidden_job_that_no_job_uses_is_one_for_other_repositories(make_tree: MakeTree) -> None:
    text = ".used: {script: [a]}\n.for-others: {script: [b]}\n.data: {x: 1}\njob: {extends: .used}\n"
    text += ".merged: &merged {script: [c]}\nother: {<<: *merged, image: a}\n"
    (pipeline,) = read(make_tree, {".gitlab-ci.yml": text}).pipelines
    assert {one.name for one in pipeline.jobs} == {".for-others", "job", "other"}
