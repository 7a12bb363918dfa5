"""What jobs are given to prove who they are, to whom they hand it on, and where they run."""

from collections.abc import Iterator

import msgspec

from gate.ci.gitlab.jobs import GitlabJob, GitlabPipeline
from gate.ci.gitlab.purposes import deploys
from gate.ci.gitlab.starting import MERGE_REQUEST, may_run, runs_unasked
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import JOBS, PIPELINES, hit_at, value_of
from gate.ci.user_text import user_text_in
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.secret_words import is_secret_name
from gate.model import Severity
from gate.rules import Hit

_WIDE = lazy_regex(
    r"\*|https?://(?:www\.)?gitlab\.com/?|\$\{?CI_SERVER_URL\}?/?|\$\{?CI_PROJECT_URL\}?|any|default|all", 2
)
_USED = lazy_regex(r"\$\{?(?P<name>[A-Za-z_]\w{0,80})")
_SHELLS = ("shell", "bash", "powershell", "ssh", "host", "bare-metal", "baremetal")


@rule(
    "GC290",
    Severity.MEDIUM,
    "Identity token for a wide audience",
    looks_at=JOBS,
    why="Each service in the audience can use the token at the others: the one with the least protection decides.",
    mend="One token a service, its aud the address of that service.",
    references=("CWE-345",),
    bad="job:\n  script: [make]\n  id_tokens:\n    TOKEN:\n      aud: [https://vault.example, https://cloud.example]\n",
    good="job:\n  script: [make]\n  id_tokens:\n    TOKEN:\n      aud: https://vault.example\n",
)
def audience_is_wide(job: GitlabJob) -> Iterator[Hit]:
    tokens = job.value.get("id_tokens")
    for name, token in tokens.items() if tokens is not None else ():
        audiences = token.texts("aud")
        wide = next((one for one in audiences if _WIDE.fullmatch(one)), None)
        if wide or len(audiences) > 1:
            who = wide or ", ".join(audiences)
            hit = hit_at(token.get("aud") or token, f"{name} is for {who}", name, who)
            # GitLab's own address is in older examples of its documentation: wide, and often meant for one service
            yield msgspec.structs.replace(hit, severity=None if len(audiences) > 1 else Severity.LOW)


@rule(
    "GC291",
    Severity.MEDIUM,
    "Identity token for the code of any merge request",
    looks_at=JOBS,
    why="The author of a merge request chooses what the job does with the token; whether the other side refuses such "
    "tokens is not in the repository.",
    mend="Leave merge requests out, or give their jobs a token of a role that only reads.",
    references=("CWE-269",),
    bad="job:\n  script: [make]\n  id_tokens:\n    TOKEN: {aud: https://cloud.example}\n"
    '  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
    good="job:\n  script: [make]\n  id_tokens:\n    TOKEN: {aud: https://cloud.example}\n"
    "  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
)
def token_for_merge_requests(job: GitlabJob) -> Iterator[Hit]:
    tokens = job.value.get("id_tokens")
    if tokens is not None and not job.is_hidden and runs_unasked(job, MERGE_REQUEST):
        names = ", ".join(name for name, _ in tokens.items())
        yield hit_at(tokens, f"{job.name} has {names} for merge requests", names)


@rule(
    "GC292",
    Severity.MEDIUM,
    "Trigger that passes on what a person typed",
    looks_at=JOBS,
    why="Variables of a manual or scheduled start, secrets among them, go to the other pipeline and win over its own.",
    mend="Pass the variables that are needed by name, under variables:.",
    references=("CWE-668",),
    bad="start:\n  trigger:\n    project: shop/deploy\n    forward: {pipeline_variables: true}\n",
    good="start:\n  trigger:\n    project: shop/deploy\n    forward: {pipeline_variables: false}\n",
)
def pipeline_variables_are_passed(job: GitlabJob) -> Iterator[Hit]:
    forward = job.value.get("trigger", "forward", "pipeline_variables")
    if forward is not None and forward.data is True:
        yield hit_at(forward, f"{job.name} passes on all variables of the pipeline", "forward")


@rule(
    "GC293",
    Severity.MEDIUM,
    "Secret is passed to another project",
    looks_at=JOBS,
    why="Everyone who may change the other project's pipeline has it, and its logs do not mask it.",
    mend="Give the other project a secret of its own.",
    references=("CWE-668",),
    bad="start:\n  variables: {DEPLOY_TOKEN: $TOKEN_OF_SHOP}\n  trigger:\n    project: shop/deploy\n",
    good="start:\n  variables: {VERSION: $CI_COMMIT_SHA}\n  trigger:\n    project: shop/deploy\n",
)
def secret_is_passed(job: GitlabJob) -> Iterator[Hit]:
    project = job.value.text("trigger", "project") or job.value.text("trigger")
    for variable in job.own_variables.values() if project else ():
        used = [found["name"] for found in _USED.finditer(variable.text)]
        if any(map(is_secret_name, (variable.name, *used))) and used:
            yield hit_at(variable.value, f"{variable.name} is passed to {project}", project, variable.name)


@rule(
    "GC294",
    Severity.LOW,
    "Secret of a vault as a variable",
    looks_at=JOBS,
    why="Variables come into every process of the job, and into its output; a file is read by what needs it.",
    mend="Remove file: false.",
    references=("CWE-526",),
    bad="job:\n  script: [make]\n  secrets:\n    PASSWORD:\n      vault: shop/db/password@ops\n      file: false\n",
    good="job:\n  script: [make]\n  secrets:\n    PASSWORD:\n      vault: shop/db/password@ops\n",
)
def secret_as_variable(job: GitlabJob) -> Iterator[Hit]:
    secrets = job.value.get("secrets")
    for name, secret in secrets.items() if secrets is not None else ():
        if secret.text("file") == "false":
            yield hit_at(secret.get("file") or secret, f"{name} is a variable of {job.name}", name)


@rule(
    "GC295",
    Severity.MEDIUM,
    "Identity token of every job",
    looks_at=PIPELINES,
    why="Every job gets it, those that run tests and packages of others too.",
    mend="Give id_tokens to the jobs that need them.",
    references=("CWE-272",),
    bad="default:\n  id_tokens:\n    TOKEN: {aud: https://cloud.example}\njob:\n  script: [make]\n",
    good="job:\n  script: [make]\n  id_tokens:\n    TOKEN: {aud: https://cloud.example}\n",
)
def token_of_every_job(pipeline: GitlabPipeline) -> Iterator[Hit]:
    tokens = pipeline.root.get("default", "id_tokens")
    if tokens is not None:
        yield hit_at(tokens, f"every job has {', '.join(name for name, _ in tokens.items())}", "default")


@rule(
    "GC296",
    Severity.MEDIUM,
    "Runner that others choose",
    looks_at=JOBS,
    why="Anyone who names a branch or tag, or types a variable, chooses the machine: one with more rights, or their "
    "own.",
    mend="Write the tags down.",
    references=("CWE-668",),
    bad="job:\n  script: [make]\n  tags: [$CI_COMMIT_REF_NAME]\n",
    good="job:\n  script: [make]\n  tags: [build]\n",
)
def runner_is_chosen_by_others(job: GitlabJob) -> Iterator[Hit]:
    asked = {name for name, one in job.pipeline.variables.items() if one.is_asked}
    tags = job.value.get("tags")
    for tag in tags.elements() if tags is not None else ():
        names = [
            *user_text_in(tag.text()),
            *(found["name"] for found in _USED.finditer(tag.text()) if found["name"] in asked),
        ]
        if names:
            yield hit_at(tag, f"{names[0]} chooses the runner of {job.name}", tag.text())


@rule(
    "GC297",
    Severity.LOW,
    "Deployment on any runner",
    looks_at=JOBS,
    why="Without tags the job, with its secrets, runs on whichever runner is free: a shared one, which others use too.",
    mend="Add tags of a protected runner.",
    references=("CWE-653",),
    bad="deploy:\n  environment: production\n  script: [make deploy]\n",
    good="deploy:\n  environment: production\n  script: [make deploy]\n  tags: [protected]\n",
)
def deployment_on_any_runner(job: GitlabJob) -> Iterator[Hit]:
    has_tags = bool(job.value.texts("tags"))
    if deploys(job) and not has_tags and job.value.get("trigger") is None:
        yield hit_at(job.value, f"{job.name} runs on any runner", job.name)


@rule(
    "GC298",
    Severity.LOW,
    "Code of merge requests on a machine without containers",
    looks_at=JOBS,
    why="By its tag the runner has no containers: what a merge request runs stays on the machine, for later jobs.",
    mend="Give merge requests a runner that makes a container for each job.",
    references=("CWE-653",),
    bad='job:\n  script: [make]\n  tags: [shell]\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
    good='job:\n  script: [make]\n  tags: [docker]\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
)
def merge_requests_on_a_machine(job: GitlabJob) -> Iterator[Hit]:
    tag = next((one for one in job.value.texts("tags") if one.lower() in _SHELLS), None)
    if tag and not job.is_hidden and may_run(job, MERGE_REQUEST):
        yield hit_at(value_of(job, "tags"), f"{job.name} runs on {tag} for merge requests", job.name, tag)
