"""Jobs that look for weaknesses: they count only where they run and can say no."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabJob
from gate.ci.gitlab.purposes import commands_in, is_scanning
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import JOBS, hit_at, value_of
from gate.ci.rules.scripts import is_scanner
from gate.ci.user_text import FREE_TEXT, user_text_in
from gate.core.lazy_regex import lazy_regex
from gate.model import Severity
from gate.rules import Hit

_OF_TEXT = lazy_regex(
    r"\$\{?(?:CI_COMMIT_MESSAGE|CI_COMMIT_TITLE|CI_COMMIT_DESCRIPTION|CI_MERGE_REQUEST_(?:TITLE|LABELS|DESCRIPTION))"
)


def _is_security(job: GitlabJob) -> bool:
    return is_scanning(job) or any(is_scanner(command) for _, command in commands_in(job))


@rule(
    "GC270",
    Severity.MEDIUM,
    "Security job that may fail",
    looks_at=JOBS,
    why="What it finds, or that it did not run at all, stops no change.",
    mend="Remove allow_failure; to go on in a known case, name its status: allow_failure: exit_codes.",
    references=("CWE-754",),
    bad="scan:\n  script: [gitleaks detect]\n  allow_failure: true\n",
    good="scan:\n  script: [gitleaks detect]\n",
)
def security_job_may_fail(job: GitlabJob) -> Iterator[Hit]:
    allowed = job.value.get("allow_failure")
    if allowed is not None and allowed.data is True and _is_security(job):
        yield hit_at(allowed, f"{job.name} may fail", job.name)


def _rules(job: GitlabJob) -> list[str]:
    rules = job.value.get("rules")
    return [one.text("when") or job.value.text("when") or "on_success" for one in rules.elements()] if rules else []


@rule(
    "GC271",
    Severity.MEDIUM,
    "Security job that never runs",
    looks_at=JOBS,
    why="The definition reads as if the check were there.",
    mend="Remove the rules that switch it off, or the job.",
    references=("CWE-693",),
    bad="include:\n  - template: Jobs/SAST.gitlab-ci.yml\nsast:\n  rules:\n    - when: never\n",
    good="include:\n  - template: Jobs/SAST.gitlab-ci.yml\nsast:\n  rules:\n    - if: $CI_COMMIT_BRANCH\n",
)
def security_job_never_runs(job: GitlabJob) -> Iterator[Hit]:
    outcomes = _rules(job)
    is_off = (bool(outcomes) and set(outcomes) == {"never"}) or (not outcomes and job.value.text("when") == "never")
    if is_off and _is_security(job):
        yield hit_at(value_of(job, "rules"), f"{job.name} never runs", job.name)


@rule(
    "GC272",
    Severity.MEDIUM,
    "Security job that a person has to start",
    looks_at=JOBS,
    why="A check that waits for a button is left out when it is inconvenient, and the pipeline is green without it.",
    mend="Let it run by itself; a long scan can run by schedule, and a short one for each change.",
    references=("CWE-693",),
    bad="scan:\n  script: [trivy fs .]\n  when: manual\n",
    good="scan:\n  script: [trivy fs .]\n",
)
def security_job_is_manual(job: GitlabJob) -> Iterator[Hit]:
    outcomes = [one for one in _rules(job) if one != "never"] or [job.value.text("when")]
    if set(outcomes) == {"manual"} and _is_security(job):
        yield hit_at(value_of(job, "rules" if _rules(job) else "when"), f"{job.name} waits for a person", job.name)


@rule(
    "GC273",
    Severity.LOW,
    "Security job is tried until it passes",
    looks_at=JOBS,
    why="A scan with changing results is green as soon as one try is.",
    mend="Say for which faults it is tried again: retry: {max: 1, when: runner_system_failure}.",
    references=("CWE-754",),
    bad="scan:\n  script: [semgrep ci]\n  retry: 2\n",
    good="scan:\n  script: [semgrep ci]\n  retry: {max: 2, when: [runner_system_failure]}\n",
)
def security_job_is_retried(job: GitlabJob) -> Iterator[Hit]:
    retry = job.value.get("retry")
    when = job.value.texts("retry", "when")
    is_any = retry is not None and retry.text() != "0" and (not when or {"always", "script_failure"} & set(when))
    if retry is not None and is_any and _is_security(job):
        yield hit_at(retry, f"{job.name} is tried again whatever went wrong", job.name)


@rule(
    "GC274",
    Severity.MEDIUM,
    "Template's security job with another script",
    looks_at=JOBS,
    why="The job has the name of GitLab's scan, and runs something else.",
    mend="Remove script; what has to run before it goes into before_script.",
    references=("CWE-693",),
    bad="include:\n  - template: Jobs/Secret-Detection.gitlab-ci.yml\nsecret_detection:\n  script: [echo skipped]\n",
    good="include:\n  - template: Jobs/Secret-Detection.gitlab-ci.yml\nsecret_detection:\n"
    "  before_script: [echo begins]\n",
)
def script_is_replaced(job: GitlabJob) -> Iterator[Hit]:
    includes_one = any(one.kind in ("template", "component") for one in job.pipeline.includes)
    script = job.value.get("script")
    if (
        script is not None
        and includes_one
        and is_scanning(job)
        and not any(is_scanner(one) for _, one in commands_in(job))
    ):
        yield hit_at(script, f"{job.name} runs another script than GitLab's scan", job.name)


@rule(
    "GC275",
    Severity.MEDIUM,
    "Security job that a message or label skips",
    looks_at=JOBS,
    why="The author of the change decides by a word in its message, title or labels that the change is not checked.",
    mend="Let the rule ask for a protected variable, or for the branch.",
    references=("CWE-807",),
    bad="scan:\n  script: [gitleaks detect]\n  rules:\n    - if: $CI_COMMIT_MESSAGE =~ /skip-scan/\n"
    "      when: never\n    - when: on_success\n",
    good="scan:\n  script: [gitleaks detect]\n  rules:\n    - if: $CI_COMMIT_TAG\n      when: never\n"
    "    - when: on_success\n",
)
def message_skips_security_job(job: GitlabJob) -> Iterator[Hit]:
    rules = job.value.get("rules")
    for one in rules.elements() if rules is not None else ():
        condition = one.get("if")
        is_skipped = condition is not None and one.text("when") == "never" and _OF_TEXT.search(condition.text())
        if condition is not None and is_skipped and _is_security(job):
            name = next(user_text_in(condition.text(), FREE_TEXT), "its text")
            yield hit_at(condition, f"{name} decides whether {job.name} runs", job.name, condition.text())
