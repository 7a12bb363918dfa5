"""When a job runs: its `rules`, `only` and `except`, and those of its pipeline, asked of typical starts.

A start is what a person does who may not deploy: opens a merge request from a fork, pushes an ordinary branch. What
depends on variables that the repository does not state counts as not running, so that no rule claims it.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from gate.ci.gitlab.conditions import UNKNOWN, holds, matches_pattern
from gate.ci.gitlab.jobs import GitlabJob, GitlabPipeline
from gate.core.values import Value

NEVER = "never"
_BY_DEFAULT = "on_success"
_OF_MERGE_REQUESTS = (
    *("CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_ID", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_MERGE_REQUEST_TITLE"),
    *("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_MERGE_REQUEST_LABELS", "CI_MERGE_REQUEST_EVENT_TYPE"),
    *("CI_MERGE_REQUEST_PROJECT_PATH", "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "CI_MERGE_REQUEST_APPROVED"),
)


class Start(msgspec.Struct, frozen=True, eq=False):
    """Something that starts a pipeline."""

    words: str
    known: Mapping[str, object]
    """Variables as GitLab sets them."""
    kinds: frozenset[str]
    """What `only` and `except` call it."""
    ref: str


def _start(words: str, source: str, ref: str, kinds: str, known: Mapping[str, object]) -> Start:
    common = {
        "CI_PIPELINE_SOURCE": source,
        "CI_COMMIT_REF_NAME": ref,
        "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_BRANCH": None,
        "CI_COMMIT_TAG": None,
        "CI_COMMIT_REF_PROTECTED": "false",
        **dict.fromkeys(_OF_MERGE_REQUESTS),
    }
    return Start(words, {**common, **known}, frozenset(kinds.split()), ref)


_CHANGE = "some-change"
MERGE_REQUEST = _start(
    "a merge request",
    "merge_request_event",
    _CHANGE,
    "merge_requests",
    {
        **dict.fromkeys(_OF_MERGE_REQUESTS, UNKNOWN),
        "CI_MERGE_REQUEST_IID": "1",
        "CI_MERGE_REQUEST_ID": "1",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": _CHANGE,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "someone/fork",
    },
)
BRANCH = _start("a push to any branch", "push", _CHANGE, "branches pushes", {"CI_COMMIT_BRANCH": _CHANGE})
TAG = _start("a tag", "push", "1.2.3", "tags pushes", {"CI_COMMIT_TAG": "1.2.3"})
STARTS = (MERGE_REQUEST, BRANCH, TAG)
_SOURCES = {"parent": "parent_pipeline"}


@lru_cache(maxsize=4096)
def outcomes(job: GitlabJob, start: Start) -> frozenset[str]:
    """Return the words of `when` with which a job may be added to the pipeline; empty: it is not, as far as known."""
    pipeline = job.pipeline
    if not _begins(pipeline, start):
        return frozenset()
    known = _known(job, start)
    if job.value.get("rules") is not None:
        return _by_rules(job.value.get("rules"), job.value.text("when") or _BY_DEFAULT, known) - {NEVER}
    return _by_only(job, start, known) - {NEVER}


def runs_unasked(job: GitlabJob, start: Start) -> bool:
    """True if a start alone makes the job run, so that no person has to press a button."""
    return bool(outcomes(job, start) & {"on_success", "always", "delayed"}) and _parents_run(job, start)


def may_run(job: GitlabJob, start: Start) -> bool:
    """True if a start makes the job run, or lets the person start it."""
    return bool(outcomes(job, start) - {"on_failure"})


def _parents_run(job: GitlabJob, start: Start) -> bool:
    parent = job.pipeline.parent
    return parent is None or bool(outcomes(parent, start) & {"on_success", "always", "delayed"})


def _begins(pipeline: GitlabPipeline, start: Start) -> bool:
    if pipeline.parent is not None and not outcomes(pipeline.parent, start):
        return False
    rules = pipeline.workflow_rules
    if rules is None:
        return True
    known = {**_stated(pipeline), **_of_start(pipeline, start)}
    return bool(_by_rules(rules, "always", known) - {NEVER})


def _of_start(pipeline: GitlabPipeline, start: Start) -> Mapping[str, object]:
    if pipeline.parent is None:
        return start.known
    return {**start.known, "CI_PIPELINE_SOURCE": _SOURCES["parent"]}


def _stated(pipeline: GitlabPipeline) -> dict[str, object]:
    return {name: _literal(one.text) for name, one in pipeline.variables.items() if not one.is_asked}


def _known(job: GitlabJob, start: Start) -> Mapping[str, object]:
    stated = {name: _literal(one.text) for name, one in job.variables.items() if not one.is_asked}
    return {**stated, **_of_start(job.pipeline, start)}


def _literal(text: str) -> object:
    return UNKNOWN if "$" in text else text


def _by_rules(rules: Value | None, when: str, known: Mapping[str, object]) -> frozenset[str]:
    """Return the outcomes of the rules that may be the first to match; those of unknown conditions left out."""
    found: set[str] = set()
    for rule in _flat(rules):
        condition = rule.get("if")
        answer = holds(condition.text(), known) if condition is not None else True
        then = rule.text("when") or when
        if answer is False:
            continue
        if answer is None:
            if then == NEVER:
                return frozenset()
            continue
        found.add(then)
        if rule.get("changes") is None and rule.get("exists") is None:
            break
    return frozenset(found)


def _flat(value: Value | None) -> Iterator[Value]:
    for one in value.elements() if value is not None else ():
        if isinstance(one.data, list):
            yield from _flat(one)
        else:
            yield one


def _by_only(job: GitlabJob, start: Start, known: Mapping[str, object]) -> frozenset[str]:
    only, excepted = job.value.get("only"), job.value.get("except")
    if excepted is not None and _meets(excepted, start, known) is not False:
        return frozenset()
    if only is None:
        has_workflow = job.pipeline.workflow_rules is not None
        is_added = has_workflow or bool(start.kinds & {"branches", "tags"})
    else:
        is_added = _meets(only, start, known) is True
    return frozenset({job.value.text("when") or _BY_DEFAULT}) if is_added else frozenset()


def _meets(value: Value, start: Start, known: Mapping[str, object]) -> bool | None:
    """Return whether `only` or `except` means a start: one of its refs, and one of its variables if it has some."""
    if not isinstance(value.data, dict):
        return _one_of(_is_ref(name, start) for name in value.texts())
    answers = []
    if value.get("refs") is not None:
        answers.append(_one_of(_is_ref(name, start) for name in value.texts("refs")))
    if value.get("variables") is not None:
        answers.append(_one_of(holds(text, known) for text in value.texts("variables")))
    if not answers:
        return None if value.get("kubernetes") is not None else bool(start.kinds & {"branches", "tags"})
    if False in answers:
        return False
    return None if None in answers else True


def _one_of(answers: Iterator[bool | None]) -> bool | None:
    found = set(answers)
    if True in found:
        return True
    return None if None in found else False


def _is_ref(name: str, start: Start) -> bool | None:
    bare, at, path = name.partition("@") if not name.startswith("/") else _split_pattern(name)
    if at and path:
        return None  # it counts in one project, which may be this one
    if bare.startswith("/"):
        return bool(start.kinds & {"branches", "tags"}) and matches_pattern(bare, start.ref)
    return bare in start.kinds or (bool(start.kinds & {"branches", "tags"}) and bare == start.ref)


def _split_pattern(name: str) -> tuple[str, str, str]:
    pattern, at, path = name.rpartition("@")
    return (pattern, at, path) if at and pattern.rstrip("iu").endswith("/") else (name, "", "")
