"""Jobs that change what others use: who may start them, with which code, and what keeps two apart."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabJob
from gate.ci.gitlab.purposes import (
    commands_in,
    deploying_command,
    deploys,
    is_production,
    is_review_app,
    publishing_command,
    starts_environment,
)
from gate.ci.gitlab.starting import BRANCH, MERGE_REQUEST, runs_unasked
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import JOBS, hit_at, value_of
from gate.ci.shell_steps import command_hit
from gate.model import Severity
from gate.rules import Hit

_BUILDERS = ("docker", "podman", "buildah", "skopeo", "crane", "nerdctl")
_INFRASTRUCTURE = ("terraform", "tofu", "terragrunt", "pulumi")
_UNASKED = ("-auto-approve", "--auto-approve", "--yes", "-y", "--terragrunt-non-interactive")


@rule(
    "GC280",
    Severity.MEDIUM,
    "Deployment by a merge request",
    looks_at=JOBS,
    why="Code that no one has approved is deployed, or runs with what deploys: anyone who may open a merge request, "
    "from a "
    "fork once a member starts its pipeline here.",
    mend="Leave merge requests out: rules: - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH.",
    references=("CWE-284",),
    bad="deploy:\n  environment: production\n  script: [make deploy]\n"
    '  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
    good="deploy:\n  environment: production\n  script: [make deploy]\n"
    "  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
)
def deployed_by_merge_request(job: GitlabJob) -> Iterator[Hit]:
    what = deploys(job)
    if what and not job.is_hidden and runs_unasked(job, MERGE_REQUEST):
        yield hit_at(job.value, f"{job.name} deploys ({what}) for merge requests", job.name)


@rule(
    "GC281",
    Severity.MEDIUM,
    "Deployment by any branch",
    looks_at=JOBS,
    why="Anyone who may push a branch deploys its code, without an approval.",
    mend="Add rules: - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH, or when: manual and a protected environment.",
    references=("CWE-284",),
    bad="deploy:\n  environment: production\n  script: [make deploy]\n",
    good="deploy:\n  environment: production\n  script: [make deploy]\n"
    "  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
)
def deployed_by_any_branch(job: GitlabJob) -> Iterator[Hit]:
    what = deploys(job)
    if what and not job.is_hidden and runs_unasked(job, BRANCH):
        yield hit_at(job.value, f"{job.name} deploys ({what}) at a push to any branch", job.name)


@rule(
    "GC282",
    Severity.LOW,
    "Deployment without an environment",
    looks_at=JOBS,
    why="Only an environment can be protected: who may deploy, who approves, and which secrets the job gets.",
    mend="Add environment: with the name of what it changes.",
    references=("CWE-284",),
    bad="deploy:\n  script: [kubectl apply -f shop.yml]\n",
    good="deploy:\n  environment: production\n  script: [kubectl apply -f shop.yml]\n",
)
def deployed_without_environment(job: GitlabJob) -> Iterator[Hit]:
    command = deploys(job) if not job.environment else ""
    if command:
        yield hit_at(job.value, f"{job.name} deploys by {command} and names no environment", job.name)


@rule(
    "GC283",
    Severity.LOW,
    "Manual deployment that the pipeline does not wait for",
    looks_at=JOBS,
    why="The pipeline passes without it: later jobs, checks of what was deployed too, run as if it had happened.",
    mend="Add allow_failure: false.",
    references=("CWE-754",),
    bad="deploy:\n  environment: production\n  script: [make deploy]\n  when: manual\n",
    good="deploy:\n  environment: production\n  script: [make deploy]\n  when: manual\n  allow_failure: false\n",
)
def manual_deployment_is_optional(job: GitlabJob) -> Iterator[Hit]:
    is_manual = job.value.text("when") == "manual" and job.value.get("rules") is None
    if is_manual and job.value.get("allow_failure") is None and is_production(job) and starts_environment(job):
        yield hit_at(value_of(job, "when"), f"{job.name} is optional", job.name)


@rule(
    "GC284",
    Severity.LOW,
    "Deployments that run at the same time",
    looks_at=JOBS,
    why="Two pipelines deploy at once, and the older code may win.",
    mend="Add resource_group: with the environment's name.",
    references=("CWE-362",),
    bad="deploy:\n  environment: production\n  script: [make deploy]\n",
    good="deploy:\n  environment: production\n  resource_group: production\n  script: [make deploy]\n",
)
def deployments_overlap(job: GitlabJob) -> Iterator[Hit]:
    is_alone = job.value.get("resource_group") is not None or job.value.get("trigger") is not None
    if is_production(job) and starts_environment(job) and not is_review_app(job) and not is_alone:
        yield hit_at(job.value, f"{job.name} has no resource_group", job.name)


@rule(
    "GC285",
    Severity.MEDIUM,
    "Deployment that a new pipeline interrupts",
    looks_at=JOBS,
    why="It is ended half done by the next push.",
    mend="Write interruptible: false in the job.",
    references=("CWE-362",),
    bad="deploy:\n  environment: production\n  interruptible: true\n  script: [make deploy]\n",
    good="deploy:\n  environment: production\n  interruptible: false\n  script: [make deploy]\n",
)
def deployment_is_interrupted(job: GitlabJob) -> Iterator[Hit]:
    interruptible = job.value.get("interruptible")
    if interruptible is not None and interruptible.data is True and (what := deploys(job) or publishing_command(job)):
        yield hit_at(interruptible, f"{job.name} ({what}) may be interrupted", job.name, instead="false")


@rule(
    "GC286",
    Severity.MEDIUM,
    "Package published by any branch",
    looks_at=JOBS,
    why="Anyone who may push a branch or open a merge request publishes its code to all who install the package.",
    mend="Publish from protected tags: rules: - if: $CI_COMMIT_TAG.",
    references=("CWE-284",),
    bad="publish:\n  script: [npm publish]\n",
    good="publish:\n  script: [npm publish]\n  rules:\n    - if: $CI_COMMIT_TAG\n",
)
def published_by_any_branch(job: GitlabJob) -> Iterator[Hit]:
    command = publishing_command(job)
    start = next((one for one in (MERGE_REQUEST, BRANCH) if command and runs_unasked(job, one)), None)
    if start is not None and not job.is_hidden:
        yield hit_at(job.value, f"{job.name} publishes ({command}) at {start.words}", job.name)


@rule(
    "GC287",
    Severity.MEDIUM,
    "Release from any branch",
    looks_at=JOBS,
    why="A release, and the tag that it makes, then comes from code that no one has approved.",
    mend="Release from protected tags or the default branch: rules: - if: $CI_COMMIT_TAG.",
    references=("CWE-284",),
    bad="release:\n  script: [echo release]\n  release:\n    tag_name: v$CI_PIPELINE_IID\n    description: A release\n",
    good="release:\n  script: [echo release]\n  release:\n    tag_name: $CI_COMMIT_TAG\n    description: A release\n"
    "  rules:\n    - if: $CI_COMMIT_TAG\n",
)
def released_by_any_branch(job: GitlabJob) -> Iterator[Hit]:
    release = job.value.get("release")
    start = next((one for one in (MERGE_REQUEST, BRANCH) if release is not None and runs_unasked(job, one)), None)
    if release is not None and start is not None:
        yield hit_at(release, f"{job.name} makes a release at {start.words}", job.name)


@rule(
    "GC288",
    Severity.MEDIUM,
    "Infrastructure is changed without a question",
    looks_at=JOBS,
    why="A plan that no one has read destroys what it says, with rights on everything.",
    mend="Plan in one job, keep the plan, and apply it in a manual job on the default branch.",
    references=("CWE-284",),
    bad="apply:\n  script: [terraform apply -auto-approve]\n",
    good="apply:\n  script: [terraform apply plan.tfplan]\n  when: manual\n",
)
def infrastructure_without_question(job: GitlabJob) -> Iterator[Hit]:
    if deploying_command(job).split(" ")[0] not in _INFRASTRUCTURE or not runs_unasked(job, BRANCH):
        return
    for script, command in commands_in(job):
        option = next((word for word in command.arguments if word in _UNASKED), None)
        if command.program in _INFRASTRUCTURE and option:
            yield command_hit(script, command, f"{command.program} is given {option} at a push to any branch")


@rule(
    "GC289",
    Severity.MEDIUM,
    "Image that others pull is pushed by any branch",
    looks_at=JOBS,
    why="`latest` is what users, and other pipelines, pull: any branch decides what it is.",
    mend="Push latest from the default branch or a tag, and name other images by $CI_COMMIT_SHA.",
    references=("CWE-284",),
    bad="push:\n  script: [docker build -t $CI_REGISTRY_IMAGE:latest ., docker push $CI_REGISTRY_IMAGE:latest]\n",
    good="push:\n  script: [docker build -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA ., docker push "
    "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA]\n",
)
def latest_by_any_branch(job: GitlabJob) -> Iterator[Hit]:
    start = next((one for one in (MERGE_REQUEST, BRANCH) if runs_unasked(job, one)), None)
    for script, command in commands_in(job) if start is not None and "push" in job.script_text else ():
        pushes = command.program in _BUILDERS and "push" in command.arguments[:2]
        latest = next((word for word in command.arguments if word.endswith(":latest")), None)
        if pushes and latest and start is not None and not job.is_hidden:
            yield command_hit(script, command, f"{latest} is pushed at {start.words}")
