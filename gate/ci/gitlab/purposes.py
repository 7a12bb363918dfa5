"""What a job is for, by its keywords and commands: deploy, publish, look for weaknesses, hold secrets."""

from collections.abc import Iterator
from functools import lru_cache

from gate.ci.gitlab.jobs import GitlabJob
from gate.ci.model import JobScript
from gate.ci.shell_steps import commands_of
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.secret_words import is_secret_name
from gate.dockerfile.step import Command

_DEPLOYS: dict[str, tuple[str, ...]] = {
    "ansible-playbook": ("",),
    "argocd": ("app sync",),
    "aws": ("s3 sync", "ecs update-service", "lambda update-function-code", "cloudformation deploy", "deploy create"),
    "az": ("webapp deploy", "webapp up", "functionapp deployment", "deployment group create"),
    "cap": ("production deploy", "staging deploy"),
    "cdk": ("deploy",),
    "cf": ("push",),
    "docker": ("stack deploy",),
    "eb": ("deploy",),
    "firebase": ("deploy",),
    "fly": ("deploy",),
    "flyctl": ("deploy",),
    "gcloud": ("app deploy", "run deploy", "functions deploy"),
    "helm": ("upgrade", "install"),
    "helmfile": ("apply", "sync"),
    "kubectl": ("apply", "set image", "rollout restart", "replace"),
    "netlify": ("deploy",),
    "nomad": ("run", "job run"),
    "oc": ("apply", "rollout", "start-build"),
    "pulumi": ("up",),
    "serverless": ("deploy",),
    "sls": ("deploy",),
    "terraform": ("apply", "destroy"),
    "terragrunt": ("apply", "run-all apply"),
    "tofu": ("apply", "destroy"),
    "vercel": ("deploy", "--prod"),
    "wrangler": ("deploy", "publish"),
}
"""By program, the words behind it with which it changes what runs elsewhere."""
_PUBLISHES: dict[str, tuple[str, ...]] = {
    "cargo": ("publish",),
    "dotnet": ("nuget push",),
    "flit": ("publish",),
    "gem": ("push",),
    "gradle": ("publish",),
    "gradlew": ("publish",),
    "goreleaser": ("release",),
    "hatch": ("publish",),
    "lerna": ("publish",),
    "maturin": ("publish", "upload"),
    "mvn": ("deploy",),
    "mvnw": ("deploy",),
    "npm": ("publish",),
    "nuget": ("push",),
    "pnpm": ("publish",),
    "poetry": ("publish",),
    "semantic-release": ("",),
    "twine": ("upload",),
    "uv": ("publish",),
    "vsce": ("publish",),
    "yarn": ("publish", "npm publish"),
}
"""By program, the words with which it gives a package to others."""
_SIGNS = tuple(sorted({*_DEPLOYS, *_PUBLISHES}))
_DRY = ("--dry-run", "--dryrun", "--check")
_SCANNING_JOBS = lazy_regex(
    r"(?:[\w-]+-)?sast|secret_detection|container_scanning|(?:[\w-]+-)?dependency_scanning|dast|api_fuzzing\w*|"
    r"coverage_fuzzing\w*|license_scanning|cluster_image_scanning"
)
"""Jobs of GitLab's own templates."""
_REVIEW = lazy_regex(
    r"(?:^|[^a-z])(?:re|pre)view|^(?:dynamic|ephemeral|mr|pr|test)\b|\$\{?CI_(?:COMMIT_REF|MERGE_REQUEST|COMMIT_BRANCH)",
    2,
)
_PRODUCTION = lazy_regex(r"(?:^|[^a-z])(?:prod|production|live)(?:$|[^a-z])", 2)
_PAGES = "pages"
_USED_VARIABLE = lazy_regex(r"\$\{?(?P<name>[A-Za-z_]\w{0,80})")
_OF_GITLAB = ("CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD", "CI_BUILD_TOKEN", "CI_JOB_JWT")
"""Secrets that every job has; those of a deployment are others."""
_TESTING = lazy_regex(r"(?:^|[^a-z])(?:tests?|e2e|lint|check|build|verify|dry|plan|diff|kind|minikube)(?:$|[^a-z])", 2)


def commands_in(job: GitlabJob) -> Iterator[tuple[JobScript, Command]]:
    """Yield the commands of a job's scripts, each with its script."""
    for script in job.scripts:
        for command in commands_of(script):
            if command.words:
                yield script, command


@lru_cache(maxsize=4096)
def deploying_command(job: GitlabJob) -> str:
    """Return the words of the first command that deploys; empty if there is none."""
    return _first(job, _DEPLOYS)


@lru_cache(maxsize=4096)
def publishing_command(job: GitlabJob) -> str:
    """Return the words of the first command that publishes a package; empty if there is none."""
    return _first(job, _PUBLISHES)


def _first(job: GitlabJob, table: dict[str, tuple[str, ...]]) -> str:
    if not any(map(job.script_text.__contains__, table)):
        return ""
    for _, command in commands_in(job):
        wanted = table.get(command.program)
        if wanted is None or any(word.startswith(_DRY) for word in command.arguments):
            continue
        found = next((one for one in wanted if _begins_with(command.arguments, one.split())), None)
        if found is not None:
            return f"{command.program} {found}".strip()
    return ""


def _begins_with(arguments: tuple[str, ...], wanted: list[str]) -> bool:
    """True if the words behind a program's options, or behind their values too, are these."""
    words = [word for word in arguments if not word.startswith("-") or word in wanted]
    behind = ("", *arguments)
    bare = [
        word
        for before, word in zip(behind, arguments, strict=False)
        if word in words and not (before.startswith("-") and "=" not in before)
    ]
    return bool(words) and wanted in (words[: len(wanted)], bare[: len(wanted)])


def starts_environment(job: GitlabJob) -> bool:
    """True if a job deploys to an environment: it does not only look at it, prepare or stop it."""
    action = job.value.text("environment", "action") or "start"
    return bool(job.environment) and action == "start"


def is_review_app(job: GitlabJob) -> bool:
    """True for an environment that each change has of its own."""
    environment = job.value.get("environment")
    ends = environment is not None and (environment.get("on_stop") or environment.get("auto_stop_in"))
    return bool(ends) or bool(_REVIEW.search(job.environment))


def is_production(job: GitlabJob) -> bool:
    """True for what GitLab, or the environment's name, says to be production."""
    tier = job.value.text("environment", "deployment_tier")
    return tier == "production" or (not tier and bool(_PRODUCTION.search(job.environment)))


def deploys(job: GitlabJob) -> str:
    """Say what a job deploys to, review apps and tests left out; empty if it deploys nothing."""
    if starts_environment(job):
        return "" if is_review_app(job) else f"environment {job.environment}"
    command = deploying_command(job)
    is_test = bool(_TESTING.search(f"{job.name} {job.value.text('stage')}"))
    return command if command and not is_test else ""


def is_scanning(job: GitlabJob) -> bool:
    """True for a job of GitLab's security templates."""
    return bool(_SCANNING_JOBS.fullmatch(job.name))


def holds_of(job: GitlabJob) -> tuple[str, ...]:
    """Return what a job holds that is worth stealing: identity tokens, secrets, an environment's variables."""
    held = [f"the identity token {name}" for name, _ in _items(job, "id_tokens")]
    held += [f"the secret {name}" for name, _ in _items(job, "secrets")]
    if starts_environment(job) and not is_review_app(job):
        held.append(f"the variables of environment {job.environment}")
    used = (found["name"] for found in _USED_VARIABLE.finditer(job.script_text))
    stated = {name for name, one in job.variables.items() if "$" not in one.text}
    secrets = [name for name in dict.fromkeys(used) if is_secret_name(name) and name not in stated]
    held += [f"${name}" for name in secrets if name not in _OF_GITLAB]
    return tuple(dict.fromkeys(held))


def _items(job: GitlabJob, key: str) -> Iterator[tuple[str, object]]:
    found = job.value.get(key)
    yield from found.items() if found is not None else ()
