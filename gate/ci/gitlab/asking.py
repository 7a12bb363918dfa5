"""The rules of GitLab CI are asked here, each of what it looks at: pipelines, jobs, includes, images, variables."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gate.ci.gitlab.includes import GitlabInclude
from gate.ci.gitlab.jobs import GitlabImage, GitlabPipeline, GitlabVariable
from gate.rules import Hit, StageRule, ask


def asked_of(rules: Iterable[StageRule], pipelines: Iterable[GitlabPipeline]) -> Iterator[tuple[StageRule, Hit]]:
    """Yield what the rules say of some pipelines; rules on other subjects are not asked."""
    by_kind: dict[type, list[StageRule]] = defaultdict(list)
    for rule in rules:
        by_kind[rule.looks_at.kind].append(rule)
    for pipeline in pipelines:
        for subject in _subjects(pipeline):
            yield from ask(by_kind[type(subject)], subject)


def _subjects(pipeline: GitlabPipeline) -> Iterator[object]:
    """Yield everything in a pipeline that a rule may look at; what several jobs inherit comes once."""
    yield pipeline
    yield from pipeline.includes
    yield from pipeline.variables.values()
    seen: set[int] = set()
    for job in pipeline.jobs:
        yield job
        parts: list[GitlabImage | GitlabInclude | GitlabVariable]
        parts = [*job.images, *job.child_includes, *job.own_variables.values()]
        for part in parts:
            if id(part.value) not in seen:
                seen.add(id(part.value))
                yield part
