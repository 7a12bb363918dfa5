"""Jobs that publish what they build, and the caches that they restore before."""

from gate.ci.github.model import GithubJob, GithubStep, Workflow
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
_GHA = lazy_regex(r"type=gha")


def is_publishing(workflow: Workflow, job: GithubJob) -> bool:
    """True for a job that publishes packages or a release."""
    return any(_publishes(step) for step in job.steps)


def _publishes(step: GithubStep) -> bool:
    if step.run is not None:
        return bool(_COMMANDS.search(step.run.text()))
    return bool(_ACTIONS.fullmatch(step.action))


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
