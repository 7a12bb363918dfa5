"""Jobs that publish what they build, the caches that they restore before, and jobs that can publish nothing."""

from collections.abc import Iterator

from gate.ci.github.holdings import STRONG, secrets_in
from gate.ci.github.model import GithubJob, GithubRepository, GithubStep, Workflow
from gate.ci.github.token_needs import needs_of
from gate.ci.model import JobLines
from gate.core.lazy_regex import lazy_regex

_COMMANDS = lazy_regex(
    r"\b(?:npm|pnpm|yarn|lerna|changeset|vsce|ovsx)\s+(?:\S+\s+){0,3}publish\b|twine\s+upload|uv\s+publish|poetry\s+publish"
    r"|cargo\s+publish|gem\s+push|mvnw?\s[^\n]*\bdeploy\b|gradlew?\s[^\n]*\bpublish|dotnet\s+nuget\s+push|docker\s+push"
    r"|gh\s+release\s+(?:create|upload)|semantic-release|goreleaser\s+release|helm\s+push"
)
_ACTIONS = lazy_regex(
    r"pypa/gh-action-pypi-publish|js-devtools/npm-publish|changesets/action|softprops/action-gh-release"
    r"|ncipollo/release-action|goreleaser/goreleaser-action|cycjimmy/semantic-release-action|actions/create-release"
    r"|haaleo/publish-vscode-extension|rubygems/release-gem|googleapis/release-please-action"
)
_CACHES = lazy_regex(
    r"actions/cache(?:/restore)?|swatinem/rust-cache|gradle/actions/setup-gradle|mozilla-actions/sccache-action"
)
_SETUPS = lazy_regex(r"actions/setup-(?:node|python|java)|pnpm/action-setup|astral-sh/setup-uv|ruby/setup-ruby")
_OF_SETUPS = ("cache", "enable-cache", "bundler-cache")
_DRY_RUN = lazy_regex(r"\A\s*(?:check|build)\b|--snapshot\b|--skip[= ]\S*publish\b")
_GHA = lazy_regex(r"type=gha")


def is_publishing(workflow: Workflow, job: GithubJob) -> bool:
    """True for a job that publishes packages or a release."""
    return any(_publishes(step) for step in job.steps)


def _publishes(step: GithubStep) -> bool:
    if step.run is not None:
        return bool(_COMMANDS.search(step.run.text()))
    return bool(_ACTIONS.fullmatch(step.action)) and not _is_dry_run(step)


def _is_dry_run(step: GithubStep) -> bool:
    """True for GoReleaser with arguments that check its configuration, or build and publish nothing."""
    arguments = step.inputs.get("args")
    return arguments is not None and _DRY_RUN.search(arguments.text()) is not None


def caches_of(job: GithubJob) -> str:
    """Say by which step a job restores a cache that all of the repository's workflows share; empty: by none."""
    return next((step.action for step in job.steps if _restores(step)), "")


def _restores(step: GithubStep) -> bool:
    inputs = {name.lower(): value.text().lower() for name, value in step.inputs.items()}
    if _CACHES.fullmatch(step.action):
        return True
    if _SETUPS.fullmatch(step.action):
        return any(inputs.get(name, "") not in ("", "false") for name in _OF_SETUPS)
    if step.action == "actions/setup-go":
        return inputs.get("cache", "true") != "false"
    return bool(_GHA.search(inputs.get("cache-from", "")))


def jobs_without_release(repository: GithubRepository) -> Iterator[JobLines]:
    """Yield the lines of each job that can publish nothing, and that no job needs which can."""
    for workflow in repository.workflows:
        if _is_released_later(workflow, repository):
            continue
        closed = {job.id for job in workflow.jobs.values() if _can_publish_nothing(workflow, job, repository)}
        for job in workflow.jobs.values():
            if closed.issuperset(_with_dependents(job.id, workflow)):
                yield JobLines(workflow.path, job.value.start[0], job.value.end[0])


def _is_released_later(workflow: Workflow, repository: GithubRepository) -> bool:
    """True if another workflow that may publish starts when it ends, and may take its artifacts."""
    after = [other for other in repository.workflows if _follows(other, workflow)]
    jobs = ((other, job) for other in after for job in other.jobs.values())
    return not all(_can_publish_nothing(other, job, repository) for other, job in jobs)


def _follows(other: Workflow, workflow: Workflow) -> bool:
    trigger = other.triggers.get("workflow_run")
    return trigger is not None and any(name in (workflow.name, workflow.path) for name in trigger.texts("workflows"))


def _with_dependents(job_id: str, workflow: Workflow) -> set[str]:
    found = {job_id}
    while more := {job.id for job in workflow.jobs.values() if not found.isdisjoint(job.needs)} - found:
        found |= more
    return found


def _can_publish_nothing(workflow: Workflow, job: GithubJob, repository: GithubRepository) -> bool:
    """True if a job calls no workflow, publishes by no known step, and holds nothing to publish with."""
    if job.uses or job.environment or job.is_self_hosted or is_publishing(workflow, job):
        return False
    if any(True for value in (*workflow.env.values(), *job.value.walk()) for _ in secrets_in(value)):
        return False
    if job.permissions.is_stated:
        return STRONG.isdisjoint(job.permissions.writes())
    needs = needs_of(job, repository)
    return needs is not None and not any(scope in STRONG and level == "write" for scope, level in needs.items())
