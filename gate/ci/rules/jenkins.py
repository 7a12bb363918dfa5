"""Rules on Jenkins."""

import re
from collections.abc import Iterator

from gate.ci.carried import carriers
from gate.ci.families import DEPLOYS, images_by_tag, is_secret_file, moving_code, party_hit
from gate.ci.jenkins.pipeline import JenkinsPipeline
from gate.ci.rule import rule
from gate.core.lazy_regex import lazy_regex
from gate.model import Severity
from gate.rules import Hit, RuleScope

JENKINS = RuleScope(JenkinsPipeline, "jenkins")
_TEXTS = lazy_regex(
    r"\b(?:CHANGE_(?:TITLE|BRANCH|AUTHOR(?:_DISPLAY_NAME|_EMAIL)?)|ghprb(?:PullTitle|PullLongDescription|CommentBody"
    r"|SourceBranch|PullDescription)|gitlab(?:MergeRequestTitle|MergeRequestDescription|SourceBranch|TriggerPhrase)"
    r"|pullRequest\.(?:title|body|headRef)|GIT_COMMIT_MESSAGE)\b"
)
_BRANCHES = lazy_regex(r"\b(?:env\.)?(?:BRANCH_NAME|GIT_BRANCH|TAG_NAME)\b")
_ASKS_FOR_MESSAGE = lazy_regex(r"\bgit[ \t]+(?:log|show)\b[^\n]{0,200}%(?:B|b|s)\b")
_MESSAGE = "the commit's message"
_NAME = lazy_regex(r"[A-Za-z_]\w*")
_CLEANED = lazy_regex(r"\.(?:replaceAll|replace|startsWith|equals|contains|matches|hashCode|substring|take)\b|[=!]=|\?")
_PARAMETERS = lazy_regex(r"\Aparams\.(?P<name>\w+)\Z")
_RIGHTS = lazy_regex(r"--privileged\b(?!=false)|/run/docker\.sock|/run/containerd/containerd\.sock")
_PRIVILEGED_POD = lazy_regex(r"^\s*privileged:\s*true\b|/run/docker\.sock\s*$", re.MULTILINE)
_REMOTE = lazy_regex(r"\b(?:URL|httpRequest|toURL)\b")
_HEAD = "pipeline {\n  agent any\n  stages {\n    stage('Build') {\n      steps {\n        "
_TAIL = "\n      }\n    }\n  }\n}\n"


@rule(
    "GC301",
    Severity.HIGH,
    "Title or branch of a pull request becomes part of a script",
    looks_at=JENKINS,
    why="Groovy puts the text into the script before the shell reads it: `$(command)` in a title runs that command.",
    mend="Write the script in single quotes, and the variable in double quotes inside: sh 'note \"$CHANGE_TITLE\"'.",
    references=("CWE-78",),
    bad=f"{_HEAD}sh \"./note '${{env.CHANGE_TITLE}}'\"{_TAIL}",
    good=f"{_HEAD}sh './note \"$CHANGE_TITLE\"'{_TAIL}",
)
def title_in_a_script(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    yield from _expressions(pipeline, _TEXTS, "which others write")
    carried = carriers(pipeline.assignments, _brought, _names_in)
    for step in pipeline.steps if carried else ():
        for expression, line in step.expressions:
            origin = carried.get(expression.removeprefix("env."), "")
            if origin:
                message = f"The script of {step.script.name} holds {expression}, which is {origin}: others write it"
                severity = Severity.MEDIUM if origin == _MESSAGE else None
                evidence = (step.script.name, expression)
                yield Hit(message=message, path=pipeline.path, line=line, evidence=evidence, severity=severity)


def _brought(value: str) -> str:
    """Say which text of others a variable is set to; empty: none, or it is cleaned before."""
    if _CLEANED.search(value):
        return ""
    found = _TEXTS.search(value)
    if found:
        return found[0]
    return _MESSAGE if _ASKS_FOR_MESSAGE.search(value) else ""


def _names_in(value: str) -> list[str]:
    return [] if _CLEANED.search(value) else _NAME.findall(value)


@rule(
    "GC302",
    Severity.MEDIUM,
    "Branch becomes part of a script",
    looks_at=JENKINS,
    why="Groovy puts the name into the script before the shell reads it. A branch may be called `a$(command)`.",
    mend="Write the script in single quotes, and the variable in double quotes inside.",
    references=("CWE-78",),
    bad=f'{_HEAD}sh "./build ${{env.BRANCH_NAME}}"{_TAIL}',
    good=f"{_HEAD}sh './build \"$BRANCH_NAME\"'{_TAIL}",
)
def branch_in_a_script(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    yield from _expressions(pipeline, _BRANCHES, "which may hold a command")


@rule(
    "GC303",
    Severity.LOW,
    "Parameter becomes part of a script",
    looks_at=JENKINS,
    why="Anyone who may start the build writes a part of the script, which runs with the agent's rights.",
    mend="Write the script in single quotes, and the variable in double quotes inside: sh './build \"$TARGET\"'.",
    references=("CWE-78",),
    bad=f'{_HEAD}sh "./build ${{params.TARGET}}"{_TAIL}',
    good=f"{_HEAD}sh './build \"$TARGET\"'{_TAIL}",
)
def parameter_in_a_script(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    yield from _expressions(pipeline, _PARAMETERS, "a parameter of the build")


@rule(
    "GC304",
    Severity.MEDIUM,
    "Credential becomes part of a script",
    looks_at=JENKINS,
    why="Groovy writes the secret into the script, so that it stands in the list of processes and in traces.",
    mend="Write the script in single quotes: the shell reads the variable from its environment.",
    references=("CWE-522",),
    bad=f"{_HEAD}withCredentials([string(credentialsId: 'a', variable: 'KEY')]) {{ sh \"./push ${{KEY}}\" }}{_TAIL}",
    good=f"{_HEAD}withCredentials([string(credentialsId: 'a', variable: 'KEY')]) {{ sh './push \"$KEY\"' }}{_TAIL}",
)
def credential_in_a_script(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for step in pipeline.steps:
        for expression, line in step.expressions:
            name = expression.removeprefix("env.")
            if name in pipeline.credentials:
                message = f"The script of {step.script.name} holds the credential {name}"
                yield Hit(message=message, path=pipeline.path, line=line, evidence=(step.script.name, name))


@rule(
    "GC305",
    Severity.MEDIUM,
    "Shared library by branch",
    looks_at=JENKINS,
    why="Anyone who can push to that branch changes what runs here, with the credentials of this pipeline.",
    mend="Name a commit, or a tag that is protected.",
    references=("CWE-829",),
    bad=f"@Library('build-steps@main') _\n{_HEAD}sh 'make'{_TAIL}",
    good=f"@Library('build-steps@{'0f' * 20}') _\n{_HEAD}sh 'make'{_TAIL}",
)
def library_by_branch(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    named = [party for party in pipeline.parties if party.reference]
    yield from moving_code(named, "include", "The shared library")


@rule(
    "GC306",
    Severity.LOW,
    "Shared library without a version",
    looks_at=JENKINS,
    why="What runs is what the controller's settings say today, most often the newest commit of a branch.",
    mend="Name a commit or a protected tag: `@Library('name@v1.2.3')`.",
    references=("CWE-829",),
    bad=f"@Library('build-steps') _\n{_HEAD}sh 'make'{_TAIL}",
    good=f"@Library('build-steps@v1.2.3') _\n{_HEAD}sh 'make'{_TAIL}",
)
def library_without_version(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for party in pipeline.parties:
        if party.kind == "include" and not party.reference:
            yield party_hit(party, f"The shared library {party.name} is taken without a version")


@rule(
    "GC307",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=JENKINS,
    why="A tag can be moved. What then runs has the code and the credentials of the build.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad="pipeline { agent { docker { image 'team/build:latest' } } }",
    good=f"pipeline {{ agent {{ docker {{ image 'team/build@sha256:{'0f' * 32}' }} }} }}",
)
def image_by_tag(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    yield from images_by_tag(pipeline.parties)


@rule(
    "GC308",
    Severity.MEDIUM,
    "Agent's container has the rights of its host",
    looks_at=JENKINS,
    why="A privileged container, or one with the runtime's socket, is root on the machine that runs other builds too.",
    mend="Remove `--privileged` and the socket; build images with a builder that runs without root.",
    references=("CWE-250",),
    bad="pipeline { agent { docker { image 'a:1'; args '-v /var/run/docker.sock:/var/run/docker.sock' } } }",
    good="pipeline { agent { docker { image 'a:1'; args '-v /var/cache/m2:/root/.m2' } } }",
)
def agent_with_rights_of_the_host(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for setting in pipeline.settings:
        text, line = setting.values.get("", ("", 0))
        pattern = {"args": _RIGHTS, "yaml": _PRIVILEGED_POD}.get(setting.name)
        found = pattern.search(text) if pattern else None
        if found:
            message = f"The agent's container has the rights of its host: {found[0].strip()}"
            yield Hit(
                message=message,
                path=pipeline.path,
                line=line + text.count("\n", 0, found.end()),
                evidence=(found[0].strip(),),
            )


@rule(
    "GC309",
    Severity.HIGH,
    "Downloaded Groovy is run on the controller",
    looks_at=JENKINS,
    why="Anyone who controls that server runs code with the rights of the pipeline, its credentials among them.",
    mend="Put the code into a shared library, by commit.",
    references=("CWE-494",),
    bad="evaluate(new URL('https://ci.example/steps.groovy').text)\n",
    good="library 'build-steps@v1.2.3'\n",
)
def downloaded_groovy(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for setting in pipeline.settings:
        words = setting.values.get("*", ("", 0))[0]
        if setting.name == "evaluate" and _REMOTE.search(words):
            address = setting.values.get("", ("an address", 0))[0]
            message = f"What {address[:200]} answers is run as Groovy"
            yield Hit(message=message, path=pipeline.path, line=setting.line, evidence=(address,))


@rule(
    "GC310",
    Severity.MEDIUM,
    "Secrets among the artifacts",
    looks_at=JENKINS,
    why="Everyone who can see the build can download its artifacts.",
    mend="Name the files that are wanted, and leave this one out.",
    references=("CWE-538",),
    bad=f"{_HEAD}archiveArtifacts artifacts: '.env'{_TAIL}",
    good=f"{_HEAD}archiveArtifacts artifacts: 'dist/*'{_TAIL}",
)
def secrets_among_artifacts(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for setting in pipeline.settings:
        if setting.name == "archiveArtifacts":
            text, line = setting.values.get("artifacts") or setting.values.get("", ("", 0))
            for path in filter(is_secret_file, map(str.strip, text.split(","))):
                message = f"The artifacts hold {path}, which usually holds secrets"
                yield Hit(message=message, path=pipeline.path, line=line, evidence=(path,))


@rule(
    "GC311",
    Severity.MEDIUM,
    "Certificate check is switched off",
    looks_at=JENKINS,
    why="Anyone on the way to the server can replace what the build receives, and read what it sends.",
    mend="Remove `ignoreSslErrors`; add the server's authority to the controller.",
    references=("CWE-295",),
    bad=f"{_HEAD}httpRequest url: 'https://ci.example/go', ignoreSslErrors: true{_TAIL}",
    good=f"{_HEAD}httpRequest url: 'https://ci.example/go'{_TAIL}",
)
def certificate_check_is_off(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for setting in pipeline.settings:
        value, line = setting.values.get("ignoreSslErrors", ("", 0))
        if setting.name == "httpRequest" and value == "true":
            address = setting.values.get("url", ("its server", 0))[0]
            message = f"The certificate of {address[:200]} is not checked"
            yield Hit(message=message, path=pipeline.path, line=line, evidence=(address,))


@rule(
    "GC312",
    Severity.LOW,
    "Stage that deploys to production runs for every branch",
    looks_at=JENKINS,
    why="In a project of several branches, pull requests among them, each of them deploys.",
    mend="Add `when { branch 'main' }`, or `input` before it.",
    references=("CWE-862",),
    bad="pipeline { agent any\n stages { stage('Deploy to production') { steps { sh './deploy' } } } }",
    good=(
        "pipeline { agent any\n stages { stage('Deploy to production') { when { branch 'main' }\n"
        " steps { sh './deploy' } } } }"
    ),
)
def deploys_every_branch(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for stage in pipeline.stages:
        is_guarded = not stage.words.isdisjoint({"when", "input", "if", "milestone"})
        if not is_guarded and DEPLOYS.search(stage.name) and "prod" in stage.name.lower() and "sh" in stage.words:
            message = f"The stage {stage.name} has neither `when` nor `input`"
            yield Hit(message=message, path=pipeline.path, line=stage.line, evidence=(stage.name,))


@rule(
    "GC313",
    Severity.MEDIUM,
    "Any comment starts the build",
    looks_at=JENKINS,
    why="Everyone who can comment starts it, with the credentials that it has, for code that is in the pull request.",
    mend="Name the words of the comment: `issueCommentTrigger('^/build$')`.",
    references=("CWE-862",),
    bad="properties([pipelineTriggers([issueCommentTrigger('.*')])])\nnode { sh 'make' }\n",
    good="properties([pipelineTriggers([issueCommentTrigger('^/build$')])])\nnode { sh 'make' }\n",
)
def any_comment_starts_it(pipeline: JenkinsPipeline) -> Iterator[Hit]:
    for setting in pipeline.settings:
        text, line = setting.values.get("", ("", 0))
        if setting.name == "issueCommentTrigger" and text.strip("^$") in (".*", ".+", ""):
            yield Hit(message=f"The pattern of the comment is {text}", path=pipeline.path, line=line, evidence=(text,))


def _expressions(pipeline: JenkinsPipeline, pattern: re.Pattern[str], what: str) -> Iterator[Hit]:
    """Yield the expressions of a kind that Groovy puts into scripts; one that is compared or cleaned is left out."""
    for step in pipeline.steps:
        for expression, line in step.expressions:
            found = None if _CLEANED.search(expression) else pattern.search(expression)
            if found:
                message = f"The script of {step.script.name} holds {expression}, {what}"
                yield Hit(message=message, path=pipeline.path, line=line, evidence=(step.script.name, expression))
