"""Jenkinsfiles: tokens, the steps that run a shell, and what Groovy puts into them.

`gate/ci/jenkins/reader.py` over `gate/ci/jenkins/pipeline.py` and `gate/ci/jenkins/groovy.py`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.ci.jenkins.groovy import MAX_TOKENS, tokens_of
from gate.ci.jenkins.pipeline import JenkinsPipeline, pipeline_of
from gate.ci.jenkins.reader import is_definition
from gate.ci.rules import all_rules
from gate.ci.rules.jenkins import JENKINS
from gate.core.errors import LimitError
from gate.rules import ask
from tests.hangs import must_end


def read(text: str) -> JenkinsPipeline:
    return pipeline_of(tokens_of(text, "Jenkinsfile"), "Jenkinsfile")


def caught(text: str) -> dict[str, int]:
    rules = [rule for rule in all_rules() if rule.looks_at is JENKINS]
    return {rule.id: hit.line or 0 for rule, hit in ask(rules, read(text))}


@pytest.mark.parametrize(
    ("text", "script", "line"),
    [
        ("sh 'make'", "make", 1),
        ('sh "make"', "make", 1),
        ("\nsh('make')", "make", 2),
        ("sh(script: 'make', returnStdout: true)", "make", 1),
        ("sh label: 'a', script: '''\nmake\n'''", "\nmake\n", 1),
        ("x = sh(\n  returnStdout: true,\n  script: 'make'\n).trim()", "make", 3),
        ("sh 'make ' + env.TARGET + ' all'", "make ${env.TARGET} all", 1),
        (r"sh 'echo \'a\' \$B'", "echo 'a' $B", 1),
        ("pwsh './build.ps1'", "./build.ps1", 1),
    ],
)
def test_a_shell_step_is_read_however_it_is_written(text: str, script: str, line: int) -> None:
    assert [(one.script, one.line) for one in read(text).scripts] == [(script, line)]


@pytest.mark.parametrize(
    "text", ["// sh 'make'", "/* sh 'make' */", "'sh \"make\"'", "docker.sh('a')", "def sh = 'make'", "sh(command)"]
)
def test_what_only_resembles_a_step_is_none(text: str) -> None:
    assert read(text).scripts == ()


def test_a_step_is_called_after_the_innermost_stage() -> None:
    text = "stage('All') { stage('Build') { sh 'a' }\n sh 'b' }\nsh 'c'"
    assert [one.name for one in read(text).scripts] == ["Build", "All", "the pipeline"]


@pytest.mark.parametrize(
    "text",
    [
        'sh "note ${env.CHANGE_TITLE}"',
        'sh "note $CHANGE_TITLE"',
        "sh 'note ' + env.CHANGE_TITLE",
        'sh """\nnote "${CHANGE_BRANCH}"\n"""',
        'bat(script: "note ${env.ghprbPullTitle}")',
        'sh "note ${env.CHANGE_TITLE.trim()}"',
    ],
)
def test_text_of_others_that_groovy_puts_in_is_caught(text: str) -> None:
    assert "GC301" in caught(text)


@pytest.mark.parametrize(
    "text",
    [
        "sh 'note \"$CHANGE_TITLE\"'",
        "sh '''\nnote \"${CHANGE_TITLE}\"\n'''",
        r'sh "note \"\$CHANGE_TITLE\""',
        'echo "${env.CHANGE_TITLE}"',
        "sh \"note ${env.CHANGE_TITLE ? 'pr' : 'branch'}\"",
        "sh \"note ${env.CHANGE_TITLE.replaceAll('[^a-z]', '')}\"",
    ],
)
def test_what_the_shell_reads_itself_or_groovy_cleans_is_not(text: str) -> None:
    assert "GC301" not in caught(text)


def test_the_line_is_that_of_the_expression() -> None:
    assert caught('sh """\nmake\nnote ${env.CHANGE_TITLE}\n"""')["GC301"] == 3


def test_the_path_of_a_key_is_no_secret() -> None:
    assert caught("sshUserPrivateKey(credentialsId: 'a', keyFileVariable: 'KEY')\nsh \"ssh -i ${KEY} a\"") == {}


def test_a_credential_is_known_by_what_fills_it() -> None:
    text = 'environment { KEY = credentials(\'deploy\') }\nsh "push ${KEY}"\nsh "push ${OTHER}"'
    assert caught(text) == {"GC304": 2}


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("@Library('a@main') _", [("include", "a", "main")]),
        ("@Library(['a@1.2', 'b']) _", [("include", "a", "1.2"), ("include", "b", "")]),
        ("library identifier: 'a@master', retriever: modernSCM([$class: 'G'])", [("include", "a", "master")]),
        ("agent { docker { image 'a:1' } }", [("image", "a", "1")]),
        ("docker.image('team/a:1').inside { sh 'make' }", [("image", "team/a", "1")]),
        ("docker.build('a')", []),
    ],
)
def test_libraries_and_images_are_named(text: str, parties: list[tuple[str, str, str]]) -> None:
    assert [(one.kind, one.name, one.reference) for one in read(text).parties] == parties


def test_a_privileged_pod_is_found_in_its_yaml() -> None:
    text = "kubernetes { yaml '''\nspec:\n  containers:\n  - securityContext:\n      privileged: true\n''' }"
    assert caught(text) == {"GC308": 5}


def test_what_is_loaded_is_said() -> None:
    assert read("def steps = load 'ci/steps.groovy'").not_resolved == ("Jenkinsfile:1: ci/steps.groovy",)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Jenkinsfile", True),
        ("ci/Jenkinsfile-release", True),
        ("ci/release.Jenkinsfile", True),
        ("src/Jenkins.groovy", False),
    ],
)
def test_jenkinsfiles_are_known_by_their_name(path: str, expected: bool) -> None:
    assert is_definition(path) is expected


@given(st.text(alphabet="abs'\"{}()[]$\\/*\n:,+.= shLibrarystgedock@", max_size=300))
def test_any_text_is_read(text: str) -> None:
    pipeline = read(text)
    for rule in all_rules():
        if rule.looks_at is JENKINS:
            list(rule.check(pipeline))


def test_no_bytes_are_lost_between_tokens() -> None:
    text = "a'b\nc\"${d}\" /* e */ f // g\n'''h\ni'''"
    assert [(one.text, one.line) for one in tokens_of(text, "x")] == [
        ("a", 1),
        ("'b", 1),
        ("\n", 1),
        ("c", 2),
        ('"${d}"', 2),
        ("f", 2),
        ("\n", 2),
        ("'''h\ni'''", 3),
    ]


@pytest.mark.parametrize("part", ['"${', "'''", "/*", "\\", "stage('a') {", "sh 'a' + ", "@Library("])
def test_time_is_linear(part: str) -> None:
    with must_end():
        read(part * 20_000)


def test_a_file_of_too_many_tokens_is_an_error() -> None:
    with pytest.raises(LimitError):
        tokens_of("a " * (MAX_TOKENS + 1), "Jenkinsfile")
