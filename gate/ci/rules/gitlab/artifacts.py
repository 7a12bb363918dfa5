"""What jobs keep for others: files that hold secrets, that are too many, or that stay for ever."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabJob
from gate.ci.gitlab.purposes import holds_of
from gate.ci.references import is_commit
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import JOBS, hit_at
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit

_EVERYTHING = frozenset(
    {".", "./", "*", "./*", "**", "**/*", "./**", "./**/*", "$CI_PROJECT_DIR", "$CI_PROJECT_DIR/", "/"}
)
_REPOSITORY = lazy_regex(r"(?:\./)?\.git(?:/|/config|/\*\*?)?")
SECRET_FILES = lazy_regex(
    r"(?:.*/)?(?:\.env(?:\.(?!example|sample|dist|test|template)[\w-]+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.vault-token|"
    r"\.ssh(?:/.*)?|\.aws(?:/.*)?|\.kube(?:/.*)?|\.docker(?:/.*)?|\.gnupg(?:/.*)?|kubeconfig[\w.-]*|id_(?:rsa|ed25519|ecdsa)|"
    r"[\w.-]*credentials?\.(?:json|ya?ml|xml)|secrets?\.(?:json|ya?ml|env|txt)|[\w.-]+\.(?:pem|key|p12|pfx|jks|keystore))"
)
"""Names of files that hold secrets where they are what they are called."""
_PUBLIC = lazy_regex(r"(?:.*/)?(?:[\w.-]*(?:public|pub|cert|ca|chain|test|dummy|snakeoil)[\w.-]*)\.(?:pem|key)", 2)
_STATE = lazy_regex(
    r"(?:.*/)?(?:[\w.*-]*\.tfstate(?:\.backup)?|[\w.*-]*\.tfplan|tfplan[\w.-]*|plan\.(?:cache|tfplan|out)|planfile)"
)


_MAX_PATH = 1_000
"""Characters; nothing longer is a path, and the patterns above are not linear."""


def _paths(job: GitlabJob) -> Iterator[Value]:
    paths = job.value.get("artifacts", "paths")
    for one in paths.elements() if paths is not None else ():
        if not isinstance(one.data, dict | list) and len(one.text()) < _MAX_PATH:
            yield one


def _is_kept_from_others(job: GitlabJob) -> bool:
    artifacts = job.value.get("artifacts")
    return artifacts is not None and (
        artifacts.text("public") == "false" or artifacts.text("access") in ("developer", "none", "maintainer")
    )


@rule(
    "GC250",
    Severity.MEDIUM,
    "Whole workspace becomes an artifact",
    looks_at=JOBS,
    why="It holds .git/config with the job's token, and files with secrets that other tools leave: everyone who may "
    "read "
    "the pipeline downloads them.",
    mend="Name the folders that later jobs need, or leave .git out by artifacts:exclude.",
    references=("CWE-200",),
    bad="job:\n  script: [make]\n  artifacts:\n    paths: [.]\n",
    good="job:\n  script: [make]\n  artifacts:\n    paths: [build/]\n",
)
def workspace_is_kept(job: GitlabJob) -> Iterator[Hit]:
    excluded = " ".join(job.value.texts("artifacts", "exclude"))
    for one in _paths(job):
        is_repository = bool(_REPOSITORY.fullmatch(one.text()))
        if is_repository or (one.text() in _EVERYTHING and ".git" not in excluded):
            what = "the repository with the job's token" if is_repository else "the whole workspace"
            yield hit_at(one, f"{one.text()} keeps {what}", one.text())


@rule(
    "GC251",
    Severity.MEDIUM,
    "Artifact that holds a secret",
    looks_at=JOBS,
    why="Everyone who may read the pipeline downloads it; in a public project that is everyone.",
    mend="Make the file again in the job that needs it, from a variable of type file or a vault.",
    references=("CWE-312",),
    bad="job:\n  script: [make]\n  artifacts:\n    paths: [.env]\n",
    good="job:\n  script: [make]\n  artifacts:\n    paths: [.env.example]\n",
)
def secret_is_kept(job: GitlabJob) -> Iterator[Hit]:
    for one in _paths(job):
        if SECRET_FILES.fullmatch(one.text()) and not _PUBLIC.fullmatch(one.text()) and not _is_kept_from_others(job):
            yield hit_at(one, f"{one.text()} is kept for others", one.text())


@rule(
    "GC252",
    Severity.LOW,
    "Artifact that never ends",
    looks_at=JOBS,
    why="What was in it by mistake can be downloaded for ever.",
    mend="Give it a time: expire_in: 1 week. Releases and packages are the place for what has to stay.",
    references=("CWE-459",),
    bad="job:\n  script: [make]\n  artifacts:\n    paths: [build/]\n    expire_in: never\n",
    good="job:\n  script: [make]\n  artifacts:\n    paths: [build/]\n    expire_in: 1 week\n",
)
def artifact_never_ends(job: GitlabJob) -> Iterator[Hit]:
    expires = job.value.get("artifacts", "expire_in")
    if expires is not None and expires.text() in ("never", "0"):
        yield hit_at(expires, f"the artifacts of {job.name} stay for ever", "expire_in", instead="1 week")


@rule(
    "GC253",
    Severity.LOW,
    "All untracked files become an artifact",
    looks_at=JOBS,
    why="Files with secrets that tools leave in the workspace are among them.",
    mend="Name the folders that later jobs need.",
    references=("CWE-200",),
    bad="job:\n  script: [make]\n  artifacts:\n    untracked: true\n",
    good="job:\n  script: [make]\n  artifacts:\n    paths: [build/]\n",
)
def untracked_files_are_kept(job: GitlabJob) -> Iterator[Hit]:
    untracked = job.value.get("artifacts", "untracked")
    if untracked is not None and untracked.data is True and job.value.get("artifacts", "exclude") is None:
        yield hit_at(untracked, f"{job.name} keeps all untracked files", "untracked")


@rule(
    "GC254",
    Severity.MEDIUM,
    "Plan or state of the infrastructure is open",
    looks_at=JOBS,
    why="Terraform's plans and states hold passwords and keys in plain text.",
    mend="Add access: developer (or public: false) to the artifacts; keep states in a backend.",
    references=("CWE-312",),
    bad="plan:\n  script: [terraform plan -out=plan.tfplan]\n  artifacts:\n    paths: [plan.tfplan]\n",
    good="plan:\n  script: [terraform plan -out=plan.tfplan]\n  artifacts:\n    access: developer\n"
    "    paths: [plan.tfplan]\n",
)
def plan_is_open(job: GitlabJob) -> Iterator[Hit]:
    for one in _paths(job):
        if _STATE.fullmatch(one.text()) and not _is_kept_from_others(job):
            yield hit_at(one, f"{one.text()} is kept for all who may read the pipeline", one.text())


@rule(
    "GC255",
    Severity.LOW,
    "Artifacts of another project's branch",
    looks_at=JOBS,
    why="Anyone who may push there decides what this job gets, and often runs.",
    mend="Take a released package by version and digest.",
    references=("CWE-829",),
    bad="job:\n  script: [make]\n  needs:\n    - project: platform/tools\n      job: build\n      ref: main\n"
    "      artifacts: true\n",
    good="job:\n  script: [make]\n  needs:\n    - job: build\n      artifacts: true\n",
)
def artifacts_of_a_branch(job: GitlabJob) -> Iterator[Hit]:
    needs = job.value.get("needs")
    for one in needs.elements() if needs is not None else ():
        project, reference = one.text("project"), one.text("ref")
        if (
            project
            and not is_commit(reference)
            and "$CI_PROJECT_PATH" not in project
            and "{CI_PROJECT_PATH" not in project
        ):
            yield hit_at(one, f"{job.name} takes artifacts of {project} at {reference}", project, reference)


@rule(
    "GC256",
    Severity.LOW,
    "Public artifacts of a job with secrets",
    looks_at=JOBS,
    why="It says outright that everyone may download them, of a job in which a secret may come into a file.",
    mend="Write access: developer.",
    references=("CWE-200",),
    bad="job:\n  environment: production\n  script: [make]\n  artifacts:\n    access: all\n    paths: [build/]\n",
    good="job:\n  environment: production\n  script: [make]\n  artifacts:\n    access: developer\n"
    "    paths: [build/]\n",
)
def artifacts_are_public(job: GitlabJob) -> Iterator[Hit]:
    for key, value in (("public", "true"), ("access", "all")):
        stated = job.value.get("artifacts", key)
        held = holds_of(job) if stated is not None and stated.text() == value else ()
        if stated is not None and held:
            yield hit_at(stated, f"the artifacts of {job.name}, which holds {held[0]}, are public", key)
