"""Caches: what one job leaves is run by another, which may hold more."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabJob, GitlabPipeline
from gate.ci.gitlab.purposes import deploys, holds_of, publishing_command
from gate.ci.gitlab.starting import BRANCH, MERGE_REQUEST, may_run, runs_unasked
from gate.ci.rule import rule
from gate.ci.rules.gitlab.artifacts import SECRET_FILES
from gate.ci.rules.gitlab.scopes import JOBS, PIPELINES, hit_at
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit

_EVERYTHING = frozenset({".", "./", "*", "**", "**/*", "$CI_PROJECT_DIR", ".git", ".git/"})
_PROTECTED = lazy_regex(r".*-protected\Z")
_ONE_EACH = ("$CI_COMMIT_REF", "${CI_COMMIT_REF", "$CI_JOB_ID", "$CI_PIPELINE", "$CI_COMMIT_SHA", "${CI_COMMIT_SHA")
"""Keys with these are not shared between a change and the default branch."""


def caches_of(job: GitlabJob) -> Iterator[Value]:
    """Yield the caches of a job."""
    cache = job.value.get("cache")
    for one in cache.elements() if cache is not None else ():
        if isinstance(one.data, dict):
            yield one


def _key_of(cache: Value) -> str:
    key = cache.get("key")
    if key is None:
        return "default"
    return " ".join(key.texts("files")) if isinstance(key.data, dict) else key.text()


def _is_shared(cache: Value) -> bool:
    """True if protected and other branches use one cache, by GitLab's switch and by the key."""
    return cache.text("unprotect") == "true" and not any(mark in _key_of(cache) for mark in _ONE_EACH)


@rule(
    "GC260",
    Severity.MEDIUM,
    "Cache shared between protected and other branches",
    looks_at=JOBS,
    why="Any branch then fills the cache that jobs on protected branches restore and run.",
    mend="Remove unprotect: true.",
    references=("CWE-349",),
    bad="job:\n  script: [make]\n  cache:\n    key: packages\n    paths: [node_modules/]\n    unprotect: true\n",
    good="job:\n  script: [make]\n  cache:\n    key: packages\n    paths: [node_modules/]\n",
)
def cache_is_shared(job: GitlabJob) -> Iterator[Hit]:
    for cache in caches_of(job):
        if _is_shared(cache):
            yield hit_at(
                cache.get("unprotect") or cache,
                f"cache {_key_of(cache)!r} is shared by all branches",
                _key_of(cache),
                instead="false",
            )


@rule(
    "GC261",
    Severity.LOW,
    "Cache of protected branches as a fallback",
    looks_at=JOBS,
    why="Jobs of any branch read what protected ones have left: it may hold more than they should see.",
    mend="Name a key without -protected.",
    references=("CWE-200",),
    bad="job:\n  script: [make]\n  cache:\n    key: $CI_COMMIT_REF_SLUG\n    fallback_keys: [main-protected]\n"
    "    paths: [build/]\n",
    good="job:\n  script: [make]\n  cache:\n    key: $CI_COMMIT_REF_SLUG\n    fallback_keys: [main]\n"
    "    paths: [build/]\n",
)
def fallback_is_protected(job: GitlabJob) -> Iterator[Hit]:
    for cache in caches_of(job):
        for name in cache.texts("fallback_keys"):
            if _PROTECTED.match(name):
                yield hit_at(cache.get("fallback_keys") or cache, f"{job.name} falls back to the cache {name}", name)


@rule(
    "GC262",
    Severity.MEDIUM,
    "Cache that holds a secret",
    looks_at=JOBS,
    why="Jobs of other branches, and of other projects on a shared runner, restore it.",
    mend="Leave the file out; make it again in the job that needs it.",
    references=("CWE-312",),
    bad="job:\n  script: [make]\n  cache:\n    paths: [.ssh/]\n",
    good="job:\n  script: [make]\n  cache:\n    paths: [.npm/]\n",
)
def secret_is_cached(job: GitlabJob) -> Iterator[Hit]:
    for cache in caches_of(job):
        paths = cache.get("paths")
        for one in paths.elements() if paths is not None else ():
            if SECRET_FILES.fullmatch(one.text().rstrip("/")):
                yield hit_at(one, f"{one.text()} is kept in a cache", one.text())


@rule(
    "GC263",
    Severity.LOW,
    "Whole workspace is cached",
    looks_at=JOBS,
    why="Sources and tools of one branch, and files that tools leave, lie in the workspace of another.",
    mend="Name the folders of the package manager.",
    references=("CWE-349",),
    bad="job:\n  script: [make]\n  cache:\n    paths: [./]\n",
    good="job:\n  script: [make]\n  cache:\n    paths: [.npm/]\n",
)
def workspace_is_cached(job: GitlabJob) -> Iterator[Hit]:
    for cache in caches_of(job):
        everything = next((path for path in cache.texts("paths") if path in _EVERYTHING), None)
        if everything or cache.text("untracked") == "true":
            yield hit_at(cache, f"{job.name} caches {everything or 'all untracked files'}", everything or "untracked")


@rule(
    "GC264",
    Severity.HIGH,
    "Attack path: cache of any branch is run next to secrets",
    looks_at=PIPELINES,
    why="A branch that no one has approved fills the cache; the job that restores it runs those files with its "
    "secrets.",
    mend="The cheapest link to cut: remove unprotect: true from the cache.",
    references=("CWE-349",),
    bad="test:\n  script: [make]\n  cache: &cache\n    key: packages\n    paths: [node_modules/]\n    unprotect: true\n"
    "deploy:\n  environment: production\n  script: [npm run deploy]\n  cache: *cache\n"
    "  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
    good="test:\n  script: [make]\n  cache: &cache\n    key: packages\n    paths: [node_modules/]\n"
    "deploy:\n  environment: production\n  script: [npm run deploy]\n  cache: *cache\n"
    "  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
)
def cache_is_run_next_to_secrets(pipeline: GitlabPipeline) -> Iterator[Hit]:
    sharing = [job for job in pipeline.jobs if any(map(_is_shared, caches_of(job)))]
    writers: dict[str, str] = {}
    for job in sharing:
        start = next((one for one in (MERGE_REQUEST, BRANCH) if runs_unasked(job, one)), None)
        for cache in caches_of(job) if start is not None and not (deploys(job) or publishing_command(job)) else ():
            if _is_shared(cache) and cache.text("policy") != "pull" and start is not None:
                writers.setdefault(_key_of(cache), f"{start.words} → cache {_key_of(cache)!r} of job {job.name}")
    for job in sharing if writers else ():
        held = holds_of(job) if deploys(job) or publishing_command(job) else ()
        for cache in caches_of(job) if held else ():
            way = writers.get(_key_of(cache)) if _is_shared(cache) else None
            if way and cache.text("policy") != "push":
                yield hit_at(cache, f"{way} → job {job.name} → {held[0]}", job.name, _key_of(cache))


@rule(
    "GC265",
    Severity.LOW,
    "Publishing job restores a cache",
    looks_at=JOBS,
    why="What is published then depends on what earlier jobs left, and not on the commit alone.",
    mend="Write cache: [] in the job, or take what it needs as artifacts of the pipeline.",
    references=("CWE-349",),
    bad="publish:\n  script: [npm ci, npm publish]\n  cache:\n    key: packages\n    paths: [node_modules/]\n",
    good="publish:\n  script: [npm ci, npm publish]\n  cache: []\n",
)
def publishing_job_restores_a_cache(job: GitlabJob) -> Iterator[Hit]:
    command = publishing_command(job)
    for cache in caches_of(job) if command and not may_run(job, MERGE_REQUEST) else ():
        if cache.text("policy") != "push":
            yield hit_at(
                cache, f"{job.name} ({command}) restores the cache {_key_of(cache)!r}", job.name, _key_of(cache)
            )
